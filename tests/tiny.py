"""What tests of the learned reader share: short documents with the right answers, vectors of twenty words, networks of a few dimensions."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import torch
from hypothesis import strategies as st

from kg import word_models
from kg.entities import Register
from kg.extract import Extractor
from kg.factuality import Cues
from kg.features import CATEGORIES, DEPRELS, FLAGS, ROLES, UPOS, Pair, Words
from kg.frames import Frames
from kg.model import Sentence
from kg.scenes import Scene, scenes
from kg.scorer import Network, Scorer, Sizes
from kg.word_models import WordModels
from tests import small

SIZES = Sizes(vectors=5, hidden=4, input=6, letters=3, pair=4, layers=2, states=6, context=3, dropout=0.1, span=3, message=4, read=4, meaning=3)
VOCABULARY = (
    "أرسلت", "كوريا", "الشمالية", "3000", "جندي", "إلى", "روسيا", ".", "هاجمت", "أوكرانيا", "قالت", "اليابان", "إن", "إيران", "لم", "ترسل", "صواريخ",
    "موسكو",
)  # fmt: skip
VECTORS = torch.randn(20, 5, generator=torch.Generator().manual_seed(20))


def number(word: str) -> int:
    """Of a word in VECTORS; 1 for one that is not there."""
    return VOCABULARY.index(word) + 2 if word in VOCABULARY else 1


def reader(seed: int = 1) -> WordModels:
    """Word models as they are before training."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return WordModels(word_models.Sizes(vectors=5, letters=3, hidden=2, layers=1), VECTORS, number).eval()


READER = reader()


def network(seed: int = 1, sizes: Sizes = SIZES) -> Network:
    """A network as it is before training."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return Network(sizes, VECTORS, number, READER.of_documents).eval()


@cache
def _frames() -> Frames:
    with tempfile.TemporaryDirectory() as folder:
        return small.frames(Path(folder))


@cache
def _cues() -> Cues:
    return Cues.load()


def extractor(scorer: Scorer | None = None, frames: Frames | None = None) -> Extractor:
    """The small lexicon, the small frames and kg's own cues."""
    return Extractor(small.LEXICON, frames or _frames(), _cues(), {}, scorer)


# ---------------------------------------------------------------------------------------------------------------------
# Documents

Parsed = tuple[dict[str, Any], tuple[Sentence, ...]]

SENT = """أرسلت أرسل VERB 0 root
كوريا كوريا PROPN 1 nsubj
الشمالية شمالي ADJ 2 amod
3000 3000 NUM 1 obj
جندي جندي NOUN 4 nmod
إلى إلى ADP 7 case
روسيا روسيا PROPN 1 obl
. . PUNCT 1 punct"""
ATTACKED = "هاجمت هاجم VERB 0 root\nروسيا روسيا PROPN 1 nsubj\nأوكرانيا أوكرانيا PROPN 1 obj\n. . PUNCT 1 punct"
DENIED = """قالت قال VERB 0 root
اليابان اليابان PROPN 1 nsubj
إن إن SCONJ 6 mark
إيران إيران PROPN 6 nsubj
لم لم PART 6 advmod
ترسل أرسل VERB 1 ccomp
صواريخ صاروخ NOUN 6 obj
باليستية باليستي ADJ 7 amod
إلى إلى ADP 10 case
موسكو موسكو PROPN 6 obl
. . PUNCT 1 punct"""
PLANNED = "س س PART 2 aux\nتهاجم هاجم VERB 0 root\nإيران إيران PROPN 2 nsubj\nأوكرانيا أوكرانيا PROPN 2 obj\n. . PUNCT 2 punct"


def span(text: str, part: str) -> dict[str, Any]:
    """The first place of a part in a text, in the annotation format."""
    return {"start": text.index(part), "end": text.index(part) + len(part), "text": part}


def _gold(id: str, text: str, entities: Mapping[str, tuple[str, tuple[str, ...]]], *events: Mapping[str, Any]) -> dict[str, Any]:
    described = [{"id": e, "type": type, "name": e, "mentions": [span(text, m) for m in found]} for e, (type, found) in entities.items()]
    told = [{"polarity": "positive", "modality": "asserted", "source": [], **e, "trigger": span(text, e["trigger"])} for e in events]
    return {"id": id, "text": text, "entities": described, "events": told, "facts": []}


def sent() -> Parsed:
    """North Korea has sent soldiers to Russia; Russia, of which the second sentence speaks too, has attacked Ukraine."""
    text = "أرسلت كوريا الشمالية 3000 جندي إلى روسيا. هاجمت روسيا أوكرانيا."
    first = small.sentence(text, SENT, [(1, 3, "STATE"), (4, 5, "FORCE"), (6, 7, "STATE")])
    second = small.sentence(text, ATTACKED, [(1, 2, "STATE"), (2, 3, "STATE")], 1, first.end)
    russia = [span(text, "روسيا"), {"start": text.rindex("روسيا"), "end": text.rindex("روسيا") + 5, "text": "روسيا"}]
    gold = _gold(
        "sent",
        text,
        {"NK": ("STATE", ("كوريا الشمالية",)), "men": ("FORCE", ("جندي",)), "RU": ("STATE", ()), "UA": ("STATE", ("أوكرانيا",))},
        {"type": "SEND", "trigger": "أرسلت", "roles": {"agent": ["NK"], "theme": ["men"], "recipient": ["RU"]}},
        {"type": "ATTACK", "trigger": "هاجمت", "roles": {"agent": ["RU"], "target": ["UA"]}},
    )
    gold["entities"][2]["mentions"] = russia
    return gold, (first, second)


def denied() -> Parsed:
    """Japan says that Iran has not sent missiles to Russia."""
    text = "قالت اليابان إن إيران لم ترسل صواريخ باليستية إلى موسكو."
    parsed = small.sentence(text, DENIED, [(1, 2, "STATE"), (3, 4, "STATE"), (6, 8, "WEAPON"), (9, 10, "STATE")])
    entities = {
        "JP": ("STATE", ("اليابان",)),
        "IR": ("STATE", ("إيران",)),
        "missiles": ("WEAPON", ("صواريخ باليستية",)),
        "RU": ("STATE", ("موسكو",)),
    }
    roles = {"agent": ["IR"], "theme": ["missiles"], "recipient": ["RU"]}
    event = {"type": "SEND", "trigger": "ترسل", "roles": roles, "polarity": "negative", "source": ["JP"]}
    return _gold("denied", text, entities, event), (parsed,)


def planned() -> Parsed:
    """Iran will attack Ukraine."""
    text = "ستهاجم إيران أوكرانيا."
    parsed = small.sentence(text, PLANNED, [(2, 3, "STATE"), (3, 4, "STATE")])
    event = {"type": "ATTACK", "trigger": "تهاجم", "roles": {"agent": ["IR"], "target": ["UA"]}, "modality": "planned"}
    return _gold("planned", text, {"IR": ("STATE", ("إيران",)), "UA": ("STATE", ("أوكرانيا",))}, event), (parsed,)


def told(document: Parsed, by: Extractor | None = None) -> tuple[Register, list[Scene]]:
    """The entities of a document and its scenes."""
    gold, sentences = document
    return scenes(gold["text"], sentences, by or extractor())


def words(*documents: Parsed) -> list[Words]:
    """The sentences of documents as a network sees them."""
    return [s.words for d in documents for s in told(d)[1]]


def with_states(sentence: Sentence, dimensions: int = SIZES.states, seed: int = 0) -> Sentence:
    """A sentence of which a parser has said something."""
    return replace(sentence, states=np.random.default_rng(seed).normal(size=(len(sentence.words), dimensions)).astype(np.float32))


# ---------------------------------------------------------------------------------------------------------------------
# Chance


def pair(chance: random.Random) -> Pair:
    """A trigger and an argument of which anything may be said."""
    return Pair(tuple(chance.randrange(size) for size in CATEGORIES), tuple(chance.uniform(0, 1) for _ in range(FLAGS + 3 * len(ROLES))))


@st.composite
def trees(draw: st.DrawFn, size: int) -> list[int]:
    """Heads of a tree of words, -1 for its root."""
    order = draw(st.permutations(range(size)))
    heads = [-1] * size
    for n, word in enumerate(order[1:], 1):
        heads[word] = order[draw(st.integers(0, n - 1))]
    return heads


@st.composite
def parses(draw: st.DrawFn, sentence: Sentence) -> Sentence:
    """A sentence parsed and tagged anyhow."""
    heads = draw(trees(len(sentence.words)))
    tags: Sequence[str] = draw(st.lists(st.sampled_from(UPOS), min_size=len(heads), max_size=len(heads)))
    relations = draw(st.lists(st.sampled_from(DEPRELS), min_size=len(heads), max_size=len(heads)))
    changed = (replace(w, head=h, upos=u, deprel=d) for w, h, u, d in zip(sentence.words, heads, tags, relations, strict=True))
    return replace(sentence, words=tuple(changed))
