"""What the learned scorer of events sees: words, triggers that frames propose, and pairs of a trigger and an argument, as numbers.

    sentences, arguments, frames -> Words (one row a word) and Pairs (one row for each argument that a trigger may have)

The same functions serve training (`kg.training.events`) and extraction (`kg.scorer`). Categories without a closed list
(dependency paths, prepositions, letters of a word) are hashed with CRC-32, so that a model needs no vocabulary file.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from zlib import crc32

from kg import quantities
from kg.arguments import Argument, Sites
from kg.events import Reading
from kg.model import ENTITY_TYPES, EVENT_ROLES, Sentence

TYPES = tuple(EVENT_ROLES)
ROLES = tuple(sorted({r for roles in EVENT_ROLES.values() for r in roles}))
UPOS = (
    "ADJ", "ADP", "ADV", "AUX", "CCONJ", "DET", "INTJ", "NOUN", "NUM", "PART", "PRON", "PROPN", "PUNCT", "SCONJ", "SYM", "VERB", "X",
)  # fmt: skip
DEPRELS = (
    "acl", "advcl", "advmod", "amod", "appos", "aux", "case", "cc", "ccomp", "clf", "compound", "conj", "cop", "csubj", "dep", "det",
    "discourse", "dislocated", "expl", "fixed", "flat", "goeswith", "iobj", "list", "mark", "nmod", "nsubj", "nummod", "obj", "obl", "orphan",
    "parataxis", "punct", "reparandum", "root", "vocative", "xcomp",
)  # fmt: skip
KINDS = ("verb", "noun", "participle")
VIAS = ("mention", "nisba", "name")

#: Sizes of the hashed categories.
LETTERS, PATHS, PREPOSITIONS = 8192, 4096, 128

#: How far back (in sentences) an argument may stand.
BACK = 2

_UPOS = {u: i + 1 for i, u in enumerate(UPOS)}
_DEPREL = {d: i + 1 for i, d in enumerate(DEPRELS)}
_TYPE = {t: i for i, t in enumerate(TYPES)}
_ENTITY = {t: i + 1 for i, t in enumerate(ENTITY_TYPES)}
_DISTANCES = (0, 1, 2, 3, 4, 6, 8, 11, 15, 20, 30)
#: Numbers of a pair that are not categories, before the scores of frames.
FLAGS = 19


def bucket(text: str, size: int) -> int:
    """A number from 1 to size - 1 for a string; 0 is kept for nothing."""
    return crc32(text.encode()) % (size - 1) + 1 if text else 0


def distance(n: int) -> int:
    """A class of signed distances in words, from 0 to 2 * len(_DISTANCES)."""
    size = sum(abs(n) >= d for d in _DISTANCES)
    return len(_DISTANCES) + size if n > 0 else len(_DISTANCES) - size


@dataclass(frozen=True, slots=True)
class Words:
    """A sentence, a row a word. `frames` lists what frames say of a word: (event type, strength in [0, 1])."""

    forms: tuple[str, ...]
    lemmas: tuple[str, ...]
    upos: tuple[int, ...]
    deprel: tuple[int, ...]
    heads: tuple[int, ...]  # -1 for the root
    argument: tuple[int, ...]  # type and kind of the argument that covers it, 0 for none
    letters: tuple[tuple[int, ...], ...]
    frames: tuple[tuple[tuple[int, float], ...], ...]
    states: Any  # of the parser: an array, words x dimensions, or None


@dataclass(frozen=True, slots=True)
class Pair:
    """A trigger at a word with an event type, and an argument, as categories and numbers."""

    categories: tuple[int, ...]  # see CATEGORIES
    numbers: tuple[float, ...]  # FLAGS, then for every role: its score by frames, whether their rules give it, whether they do in another event


#: The sizes of a pair's categories, in order.
CATEGORIES = (
    len(ENTITY_TYPES) + 1, len(VIAS), 2 * len(_DISTANCES) + 1, 9, PREPOSITIONS, PREPOSITIONS, PATHS, len(KINDS) + 1, len(DEPRELS) + 1, BACK + 1,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Target:
    """A trigger: sentence, word and event type, with the modality and polarity that rules give it (indices)."""

    sentence: int
    at: int
    type: int
    modality: int
    polarity: int
    surety: float = 1.0  # the probability that it is one


@dataclass(frozen=True, slots=True)
class Candidate:
    """An argument for a target (index): where its head stands, and what `kg.features` says of the two.

    `entity` numbers what stands for one thing as seen from one target: its arguments are scored together. `thing` numbers it in its document.
    """

    target: int
    sentence: int
    head: int
    pair: Pair
    entity: int
    thing: int


@lru_cache(1 << 16)
def letters(form: str) -> tuple[int, ...]:
    """Hashed pieces of a folded word: beginnings, ends and runs of three and four letters."""
    padded = f"<{form}>"
    pieces = {padded[i : i + n] for n in (3, 4) for i in range(len(padded) - n + 1)} | {padded}
    return tuple(sorted(bucket(p, LETTERS) for p in pieces))


def words(sites: Sites, readings: Sequence[Reading]) -> Words:
    """The rows of a sentence."""
    covered = [0] * len(sites.words)
    for a in sites.args:
        for i in range(a.start, a.end):
            covered[i] = covered[i] or _ENTITY[a.type] + (len(ENTITY_TYPES) if a.via == "nisba" else 0)
    proposed: list[dict[int, float]] = [{} for _ in sites.words]
    for r in readings:
        kind = _TYPE.get(r.trigger.frame.type)
        if kind is not None:
            strength = 0.4 if r.found is None else min(1.0, 0.6 + 0.2 * r.found.score)
            proposed[r.trigger.start][kind] = max(proposed[r.trigger.start].get(kind, 0.0), strength)
    return Words(
        tuple(sites.names), tuple(w.lemma for w in sites.words), tuple(_UPOS.get(w.upos, 0) for w in sites.words),
        tuple(_DEPREL.get(w.deprel.split(":")[0], 0) for w in sites.words), tuple(w.head for w in sites.words), tuple(covered),
        tuple(letters(f) for f in sites.folded), tuple(tuple(sorted(p.items())) for p in proposed),
        sites.sentence.states,
    )  # fmt: skip


#: Relations that join words of one noun phrase or list: a path means the same without them.
_TRANSPARENT = frozenset({"conj", "flat", "appos", "fixed", "compound", "nummod"})


def path(sentence: Sentence, start: int, end: int, limit: int = 6) -> tuple[str, int, int, int]:
    """The relations from one word up to the lowest word above both and down to the other.

    Returns:
        The relations without those inside noun phrases and lists ("" if the words are too far apart), how many steps it goes up
        and down (`limit` + 1 each if too far), and the word where it turns (-1 if too far).
    """

    def above(i: int) -> list[int]:
        out = [i]
        while sentence.words[i].head >= 0 and len(out) <= limit:
            i = sentence.words[i].head
            out.append(i)
        return out

    up, down = above(start), above(end)
    for n, node in enumerate(up):
        if node in down:
            m = down.index(node)
            if n + m > limit:
                break
            relations = [
                (sign, sentence.words[i].deprel.split(":")[0])
                for sign, nodes in (("<", up[:n]), (">", down[m - 1 :: -1] if m else ()))
                for i in nodes
            ]
            kept = [f"{sign}{r}" for sign, r in relations if r not in _TRANSPARENT]
            return "|" + "".join(kept), n, m, node
    return "", limit + 1, limit + 1, -1


@dataclass(frozen=True, slots=True)
class Anchor:
    """A word of a sentence as the trigger of an event of one type, with what frames of that type read there."""

    at: int
    type: str
    readings: tuple[Reading, ...]

    @classmethod
    def of(cls, at: int, type: str, readings: Sequence[Reading]) -> Anchor:
        return cls(at, type, tuple(r for r in readings if r.trigger.start <= at < r.trigger.end and r.trigger.frame.type == type))


def pair(sites: Sites, anchor: Anchor, arg: Argument, elsewhere: frozenset[str], speaker: bool) -> Pair:
    """A trigger and an argument of its sentence.

    Args:
        sites: of the sentence.
        anchor: the trigger.
        arg: one of the arguments of `sites`.
        elsewhere: the roles that frames give the argument's entity in other events of the sentence.
        speaker: whether the rules of attribution take it for the event's source.
    """
    at = anchor.at
    begin, preposition = sites.phrase_start(arg)
    low, high = (at, arg.start) if arg.start > at else (arg.end - 1, at)
    between = [a for a in sites.args if low < a.start and a.end <= high and a is not arg]
    marks = sum(sites.words[i].upos == "PUNCT" for i in range(low + 1, high))
    verbs = sum(sites.words[i].upos == "VERB" for i in range(low + 1, high))
    kind = KINDS.index(anchor.readings[0].trigger.kind) + 1 if anchor.readings else 0
    light = next((r.trigger.light for r in anchor.readings if r.trigger.light is not None), None)
    route, up, down, turn = path(sites.sentence, at, arg.head)
    if light is not None and up:
        lit, *_ = path(sites.sentence, light, arg.head)
        route = f"light{lit}" if lit else route
    grouped = [a for a in sites.args if a.group == arg.group]
    scores: dict[str, float] = {}
    ruled: set[str] = set()
    for r in anchor.readings:
        for o in r.options:
            if o.argument.group == arg.group and o.slot.score > scores.get(o.role.name, 0.0):
                scores[o.role.name] = o.slot.score if o.argument is arg else o.slot.score - 0.1
        if r.found:
            ruled |= {name for name, group in r.found.roles.items() if any(a.handle == arg.handle for a in group)}
    categories = (
        _ENTITY[arg.type], VIAS.index(arg.via), distance((arg.start if arg.start > at else arg.end - 1) - at),
        min(len(between), 3) + (4 if arg.start > at else 0), bucket(preposition or "", PREPOSITIONS),
        bucket(sites.preposition(arg.head) or "", PREPOSITIONS), bucket(route, PATHS), kind,
        _DEPREL.get(sites.words[arg.head].deprel.split(":")[0], 0), 0,
    )  # fmt: skip
    word = sites.words[at]
    flags = (
        word.feats.get("Voice") == "Pass", light is not None, grouped[0] is not arg, len(grouped) > 1, min(marks, 4) / 4, min(verbs, 4) / 4,
        speaker, sites.speaks(arg), begin == at, arg.start <= at < arg.end, word.upos == "VERB", quantities.is_number(sites.words[arg.phrase].text),
        up / 4, down / 4, turn == at, turn >= 0 and sites.words[turn].upos == "VERB", turn < 0,
        at + 1 < len(sites.words) and sites.words[at + 1].upos == "PRON" and sites.words[at + 1].token == word.token, word.text.startswith("ال"),
    )  # fmt: skip
    known = (*(scores.get(r, 0.0) for r in ROLES), *(float(r in ruled) for r in ROLES), *(float(r in elsewhere) for r in ROLES))
    return Pair(categories, (*map(float, flags), *known))


def earlier(sites: Sites, arg: Argument, back: int, roles: frozenset[str], speaker: bool) -> Pair:
    """An argument that stands `back` sentences before the trigger's, where it has `roles` by the rules of frames."""
    number = sites.args.index(arg)
    first = next(a for a in sites.args if a.group == arg.group)
    categories = (
        _ENTITY[arg.type], VIAS.index(arg.via), 0, min(number, 3), 0, bucket(sites.preposition(arg.head) or "", PREPOSITIONS), 0, 0,
        _DEPREL.get(sites.words[arg.head].deprel.split(":")[0], 0), back,
    )  # fmt: skip
    flags = [0.0] * FLAGS
    flags[2], flags[6], flags[7], flags[16] = float(first is not arg), float(speaker), float(sites.speaks(arg)), 1.0
    return Pair(categories, (*flags, *(0.0 for _ in ROLES), *(0.0 for _ in ROLES), *(float(r in roles) for r in ROLES)))
