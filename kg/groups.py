"""Which mentions speak of one group: «المتمردين الحوثيين» and later «المتمردون», «3000 جندي» and «القوات».

Troops, weapons and agreements seldom have a name; that a document speaks of the same ones again shows in many small signs. A ranker
learned from annotated documents (`kg.training.groups`) weighs them: for a mention it chooses among those before it, or none (mention
ranking, Denis and Baldridge 2008). What the rules of `kg.entities` have joined stays joined; the ranker joins more.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from kg.language import _
from kg.lexicon import Lexicon
from kg.mentions import plain
from kg.model import Mention, Quantity, Sentence
from kg.packs import loading
from kg.text import clean, fold

#: The types of entities that are joined so.
TYPES = ("FORCE", "WEAPON", "AGREEMENT")

_THESE = frozenset(["هذا", "هذه", "هولا", "تلك", "ذلك", "اوليك", "هذان", "هذين", "هاتان", "هاتين"])
_OTHER = frozenset(["اخر", "اخري", "اخرين", "اخرون", "اضافي", "اضافيه", "اضافيين", "جديد", "جديده"])
_NEAR = (0, 1, 2, 3, 5, 8)


@dataclass(frozen=True, slots=True)
class Group:
    """A mention of a group with all that the ranker asks of it."""

    type: str
    text: str
    words: tuple[str, ...]  # folded, without articles
    lemmas: frozenset[str]
    definite: bool
    pointed: bool  # هذه before it
    other: bool  # آخرون behind it
    owners: frozenset[str]  # states of its nisbas, and what stands in the genitive behind it
    quantity: Quantity | None
    concept: str | None
    sentence: int
    vector: Any  # of its first word, None if it has none
    draft: int  # what rules take it for


def group(s: Sentence, m: Mention, lexicon: Lexicon, owner: str | None, quantity: Quantity | None, vector: Any, draft: int) -> Group:
    """What the ranker asks of a mention. `owner` names the entity behind it in the genitive, if there is one."""
    first, last = m.words
    names = [plain(s.words, i) for i in range(first, last)]
    owners = {found[0].id for i in range(len(names)) if (found := lexicon.nisba_phrase(names, i))}
    after = {fold(s.words[i].text) for i in range(first, min(last + 2, len(s.words)))}
    return Group(
        m.type, fold(m.span.text), tuple(stem(w) for w in clean(m.span.text).text.split()),
        frozenset(fold(w.lemma) for w in s.words[first:last] if w.upos != "ADP"), fold(m.span.text).startswith("ال"),
        first > 0 and fold(s.words[first - 1].text) in _THESE, bool(after & _OTHER), frozenset(owners | ({owner} if owner else set())), quantity,
        m.concept, m.sentence, vector, draft,
    )  # fmt: skip


def stem(word: str) -> str:
    """A word folded without article and without the endings of number, case and a sound plural."""
    bare = fold(word[2:] if word.startswith("ال") and len(word) > 4 else word)
    for ending in ("يين", "ين", "ون", "ان", "ات", "يه", "ي", "ه", "ا", "و"):
        if bare.endswith(ending) and len(bare) - len(ending) >= 3:
            return bare[: -len(ending)]
    return bare


#: How many numbers `pair` and `alone` give.
PAIR, ALONE = 48, 13


def pair(m: Group, o: Group, between: int, latest: bool) -> list[float]:
    """What speaks for and against two mentions being of one group: `o` stands before `m`.

    Args:
        between: mentions of the same type that stand between them.
        latest: whether `o` is the last before `m` that begins with the same word.
    """
    mine, theirs = set(m.words[1:]), set(o.words[1:])
    alike = 0.0
    if m.vector is not None and o.vector is not None:
        alike = float(m.vector @ o.vector)
    counted, known = m.quantity is not None, o.quantity is not None
    same = m.quantity is not None and o.quantity is not None and m.quantity.value == o.quantity.value
    owned = bool(m.owners) + 2 * bool(o.owners)
    gap = m.sentence - o.sentence
    head = m.words[:1] == o.words[:1]
    signs: list[Any] = [
        m.text == o.text, m.words == o.words, head, bool(m.lemmas & o.lemmas), alike, alike > 0.5, m.draft == o.draft,
        m.concept is not None and m.concept == o.concept, None not in (m.concept, o.concept) and m.concept != o.concept,
        m.definite, o.definite, m.definite and not o.definite, not m.definite and not o.definite, not m.definite and o.definite,
        len(m.words) == 1, len(o.words) == 1, len(m.words) == 1 and head, m.definite and head, bool(mine) and mine <= theirs,
        bool(theirs) and theirs <= mine, bool(mine & theirs), bool(mine and theirs) and not mine & theirs,
        owned == 0, owned == 1, owned == 2, bool(m.owners & o.owners), owned == 3 and not m.owners & o.owners,
        same, counted and known and not same, counted and not known, known and not counted, m.pointed, m.other, o.other,
        *(gap >= n for n in _NEAR), between == 0, between == 1, between > 3, latest, o.sentence == 0, o.sentence == 0 and m.sentence <= 2,
        m.type == "WEAPON", m.type == "AGREEMENT",
    ]  # fmt: skip
    return [float(x) for x in signs]


def alone(m: Group, before: Sequence[Group]) -> list[float]:
    """What speaks for a mention being the first of its group. `before`: those of its type that stand before it."""
    drafts = len({o.draft for o in before})
    signs: list[Any] = [
        m.definite, len(m.words) == 1, m.definite and len(m.words) == 1, m.quantity is not None, bool(m.owners), m.pointed, m.other,
        drafts == 1, drafts > 2, m.sentence == 0, m.sentence <= 2, m.type == "WEAPON", m.type == "AGREEMENT",
    ]  # fmt: skip
    return [float(x) for x in signs]


@dataclass(frozen=True, slots=True)
class Sizes:
    """Dimensions of a ranker."""

    pair: int = PAIR
    alone: int = ALONE
    hidden: int = 32


class Ranker(nn.Module):
    """Scores of a mention's antecedents, and of none."""

    def __init__(self, sizes: Sizes) -> None:
        super().__init__()
        self.sizes = sizes
        self.pair = nn.Sequential(nn.Linear(sizes.pair, sizes.hidden), nn.ReLU(), nn.Dropout(0.2), nn.Linear(sizes.hidden, 1))
        self.alone = nn.Sequential(nn.Linear(sizes.alone, sizes.hidden // 2), nn.ReLU(), nn.Linear(sizes.hidden // 2, 1))

    def forward(self, pairs: Tensor, alone: Tensor) -> Tensor:
        """Logits of the antecedents (pairs: antecedent, sign), and last that of none."""
        return torch.cat([self.pair(pairs).squeeze(1), self.alone(alone)])


def signs(groups: Sequence[Group], i: int) -> tuple[list[int], list[list[float]], list[float]]:
    """The mentions before mention `i` that are of its type, `pair` for each, and `alone`."""
    m = groups[i]
    before = [k for k in range(i) if groups[k].type == m.type]
    last = max((k for k in before if groups[k].words[:1] == m.words[:1]), default=-1)
    pairs = [pair(m, groups[k], len(before) - 1 - n, k == last) for n, k in enumerate(before)]
    return before, pairs, alone(m, [groups[k] for k in before])


@dataclass(frozen=True, slots=True)
class Joiner:
    """A ranker with the word vectors that it reads."""

    ranker: Ranker
    least: float
    vectors: Tensor
    lookup: Callable[[str], int]

    def vector(self, word: str) -> Any:
        """The direction of a word's vector; None if it has none."""
        n = self.lookup(word)
        return nn.functional.normalize(self.vectors[n], dim=0) if n > 3 else None

    @torch.no_grad()
    def joins(self, groups: Sequence[Group]) -> list[tuple[int, int]]:
        """Mentions that continue an earlier one: (mention, earlier mention), in the order of the text."""
        out = []
        for i in range(len(groups)):
            before, pairs, first = signs(groups, i)
            if before:
                odds = self.ranker(torch.tensor(pairs), torch.tensor(first)).softmax(0)
                # What rules have made one is one: its mentions speak together.
                by_draft: dict[int, float] = {}
                for k, p in zip(before, odds.tolist(), strict=False):
                    by_draft[groups[k].draft] = by_draft.get(groups[k].draft, 0.0) + p
                best = max(by_draft, key=lambda d: by_draft[d])
                if by_draft[best] >= self.least and best != groups[i].draft:
                    out.append((i, max(k for k in before if groups[k].draft == best)))
        return out


def save(ranker: Ranker, least: float, path: Path) -> None:
    """Write a ranker and the probability from which on it joins."""
    torch.save({"sizes": asdict(ranker.sizes), "least": least, "weights": ranker.state_dict()}, path)


def load(path: Path, vectors: Tensor, lookup: Callable[[str], int]) -> Joiner:
    """Read what `save` wrote. KgError if it is not what it should be."""
    with loading(_("cannot load the ranker of groups {path}: {error} {why}"), path):
        saved = torch.load(io.BytesIO(path.read_bytes()), weights_only=True)
        ranker = Ranker(Sizes(**saved["sizes"]))
        ranker.load_state_dict(saved["weights"])
        return Joiner(ranker.eval(), float(saved["least"]), vectors, lookup)
