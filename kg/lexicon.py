"""The lexicon: names and classes that kg knows, from the Turtle files in ontology/lexicon.

An entry is a `skos:Concept` that also has one of kg's entity types (`kgo:State`, `kgo:Weapon` …) or is a `kgo:Office`. Its
names are `skos:prefLabel`, `skos:altLabel` and `kgo:ambiguousLabel`; the last are names that are ordinary words as well
(`مالي` is Mali and "financial") and match only when asked for. A `kgo:contextLabel` never matches: it is a name only in a document that
mentions what `kgo:beside` names (`kg.descriptions`).

`Lexicon.match` compares folded words (see `kg.text.fold`). Classes of weapons, troops and offices match in whatever
number, case and definiteness: `صاروخ باليستي` also finds `الصاروخين الباليستيين`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

import pyoxigraph as ox

from kg import phonetic
from kg.language import _, joined
from kg.model import COUNTED
from kg.namespaces import KGL, KGO
from kg.text import clean, fold, is_arabic

_SKOS = "http://www.w3.org/2004/02/skos/core#"
_RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_WIKIDATA = "http://www.wikidata.org/entity/"

#: Classes of the vocabulary -> types of entries.
TYPES: Mapping[str, str] = MappingProxyType(
    {
        "Person": "PERSON", "State": "STATE", "Organisation": "ORGANISATION", "Weapon": "WEAPON", "Force": "FORCE",
        "Place": "PLACE", "Agreement": "AGREEMENT", "Conflict": "CONFLICT", "Office": "OFFICE",
    }
)  # fmt: skip

#: Types whose labels are common nouns, so that they inflect.
_INFLECTED = frozenset({"WEAPON", "FORCE", "OFFICE"})

#: Words in labels of common nouns that never inflect.
_FIXED_WORDS = "من دون بدون بلا لا غير على في عن إلى ذات ذو ذي طراز نوع أرض جو بحر سطح عالي قيد ما"
_FIXED = frozenset(fold(w) for w in _FIXED_WORDS.split())


#: Offices that many hold at a time, and predicates that many offices share.
_VAGUE = ("official", "envoy", "spokesperson", "leads", "holdsOffice")


class LexiconError(ValueError):
    """A lexicon file is not Turtle, or an entry in it lacks what an entry must have; the message names the file."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry. `id` is what follows the lexicon's IRI: "Q423" or "weapon/ballistic-missile".

    `labels` are all names, the preferred Arabic one first; `ambiguous` those that are ordinary words too. `plural_en` and
    `unit` are English plurals: what a group of it is called, and what a number before it counts (inherited from broader
    entries). `values` holds the other properties: local name -> values; entries are given by their id.
    """

    id: str
    type: str
    label_ar: str
    label_en: str
    labels: tuple[str, ...]
    ambiguous: frozenset[str] = frozenset()
    qid: str | None = None
    same_as: tuple[str, ...] = ()
    broader: tuple[str, ...] = ()
    plural_en: str | None = None
    unit: str | None = None
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def concept(self) -> str:
        """The identifier that mentions and entities carry as `concept`."""
        return self.id

    def get(self, name: str) -> str | None:
        """The first value of a property such as "seatOf", None if there is none."""
        values = self.values.get(name)
        return values[0] if values else None

    @property
    def seat(self) -> str | None:
        """The state whose government a place stands for in speech: as its capital or another city, or as the building where it sits."""
        return self.get("residenceOf") or self.get("seatOf") or self.get("capitalOf")


class Match(NamedTuple):
    """Words [start, end) are a name of `entries` (ids, sorted). `ambiguous`: it may also be an ordinary word."""

    start: int
    end: int
    entries: tuple[str, ...]
    ambiguous: bool


class _Node:
    """A state of the automaton: `exact` edges are spellings of a label, `loose` ones inflected forms, `own` builds the trie."""

    __slots__ = ("exact", "final", "loose", "own")

    def __init__(self) -> None:
        self.own: dict[str, _Node] = {}
        self.exact: dict[str, list[_Node]] = {}
        self.loose: dict[str, list[_Node]] = {}
        self.final: dict[str, bool] = {}  # entry id -> whether the name is ambiguous

    def begins(self, text: str) -> bool:
        """Whether an edge is spelt so."""
        return text in self.exact or text in self.loose


class _Token(NamedTuple):
    text: str
    start: int  # words [start, end)
    end: int
    opens: bool  # first of its word
    closes: bool  # last of its word
    definite: bool = False  # has the article; in the folded text أل of ألمانيا looks the same


# Letters and digits are pieces of their own: إس300, إس-300 and إس 300 are one name.
_PIECE = re.compile(r"\d+|[^\W\d_]+")
#: What may stand inside a name as a word of its own.
_INNER = re.compile(r"[-+/'\"«»()\[\]_]+")
_ARTICLE = re.compile(r"\W*ال")
_JOINS_NEXT = frozenset({"عبد", "ابو"})
_JOINS_PREVIOUS = frozenset({"الله", "الدين"})
#: What makes one token of several words, or changes how the next one may be spelt.
_JOINED = _JOINS_NEXT | _JOINS_PREVIOUS | {"ل"}


@lru_cache(1 << 16)
def _pieces(word: str) -> tuple[tuple[str, bool], ...]:
    """The folded pieces of a word, and whether each has the article. What no name can hold is an empty piece, what names leave out none."""
    pieces = _PIECE.findall(fold(word))
    plain = clean(word).text
    if not pieces:
        return () if _INNER.fullmatch(plain.strip() or "-") else (("", False),)
    return tuple((piece, k == 0 and len(piece) > 4 and _ARTICLE.match(plain) is not None) for k, piece in enumerate(pieces))


def _tokens(words: Sequence[str]) -> list[_Token]:
    """Folded pieces of the words. عبد الله and عبدالله give the same; what no name can hold is an empty token."""
    out: list[_Token] = []
    for i, word in enumerate(words):
        pieces = _pieces(word)
        for k, (piece, definite) in enumerate(pieces):
            previous = out[-1] if out else None
            if piece and previous and previous.text and (previous.text in _JOINS_NEXT or piece in _JOINS_PREVIOUS):
                out[-1] = previous._replace(text=previous.text + piece, end=i + 1, closes=k == len(pieces) - 1)
            else:
                out.append(_Token(piece, i, i + 1, k == 0, k == len(pieces) - 1, definite))
    return out


def _inflected(token: _Token, human: bool, head: bool) -> set[str]:
    """Forms of a noun or adjective of a label: article, case, dual, sound plural, what is left before a cut pronoun.

    Args:
        token: a token of the label.
        human: masculines have a sound plural.
        head: the label's noun; a noun in -ī has no feminine (عسكري the soldier, but قوات عسكرية).
    """
    text = token.text
    if text in _FIXED or not is_arabic(text) or len(text) < 3:
        return {text}
    stem = text[2:] if token.definite else text
    forms = {stem}
    if stem.endswith("ه"):
        # Feminine: طائرة, طائرتان, طائرتين, طائرتي, طائرات, طائرت|ه.
        forms |= {stem[:-1] + s for s in ("تان", "تين", "تا", "تي", "ات", "ت")}
    elif stem.endswith("ون") and len(stem) > 4:
        forms |= {stem[:-2] + s for s in ("ين", "و", "ي")}
    elif stem.endswith("ين") and human and len(stem) > 4:
        forms |= {stem[:-2] + "ون"}
    elif stem.endswith(("ات", "ا")):
        pass
    elif stem.endswith("ي"):
        # A nisba agrees in everything: باليستي, باليستية, باليستيين.
        forms |= {stem + s for s in ("ا", "ان", "ين", "ون")}
        forms |= {stem + "و"} if head and human else {stem + s for s in ("ه", "ات", "تين", "تان")}
    else:
        forms |= {stem + s for s in ("ا", "ان", "ين")}
        if human:
            forms |= {stem + s for s in ("ون", "و", "ي")}
    return forms | {"ال" + f for f in forms}


def _spellings(token: str, kind: str) -> set[str]:
    """Spellings of a folded foreign name: g is written غ or ج."""
    if "غ" in token and len(token) > 2 and not token.startswith("ال") and kind in ("PERSON", "PLACE", "STATE", "WEAPON"):
        return {token, token.replace("غ", "ج")}
    return {token}


def _split(token: str) -> Iterator[tuple[str, str]]:
    """How a parser may cut a clitic off a word inside a label: للقارات, والهرسك, بدون."""
    if token.startswith("لل") and len(token) > 4:
        yield from (("ل", "ال" + token[2:]), ("ل", token[1:]), ("ل", token[2:]))
    elif token[0] in "وبل" and len(token) > 2:
        yield token[0], token[1:]


def _join(edges: dict[str, list[_Node]], text: str, target: _Node) -> None:
    targets = edges.setdefault(text, [])
    if target not in targets:
        targets.append(target)


class Lexicon:
    """Entries with what finds them in text. Make one with `load`."""

    def __init__(self, entries: Iterable[Entry], sha256: str = "") -> None:
        self.entries: Mapping[str, Entry] = {e.id: e for e in entries}
        #: A hash of the files, for the record of a run.
        self.sha256 = sha256
        self._root = _Node()
        self._nisbas = _Node()
        self._sounds: dict[str, dict[str, list[tuple[str, str]]]] = {}  # by type, made when it is first asked for
        for e in self.entries.values():
            for label in e.labels:
                self._add_label(e, label)
        #: Folded words of a name and an entry that is called so beside what its `beside` names.
        self.in_context = tuple(
            (words, e) for e in self.entries.values() for label in e.values.get("contextLabel", ()) if (words := tuple(fold(label).split()))
        )
        self._offices: dict[str, Entry] = {}
        for e in self.entries.values():
            for name in (e.get("predicate"), e.label_en) if e.type == "OFFICE" else ():
                if name not in (None, *_VAGUE):
                    self._offices.setdefault(str(name), e)
        # Such a name in -ā is no nisba: سوريا is Syria, though it is the accusative of سوري too.
        self._state_names = frozenset(fold(s) for e in self.entries.values() if e.type == "STATE" for s in e.labels)
        for e in self.entries.values():
            for name, ambiguous in (("nisba", False), ("demonymPlural", False), ("ambiguousNisba", True)):
                for nisba in e.values.get(name, ()):
                    self._add_nisba(e, nisba, ambiguous, plural=name == "demonymPlural")

    @classmethod
    def load(cls, *paths: str | Path) -> Lexicon:
        """Read Turtle files, or all *.ttl of folders; without paths, the lexicon that comes with kg.

        An entry may be spread over several files, so that a user's file can add names to an entry of kg's.

        Raises:
            LexiconError: a file is not Turtle, or an entry is wrong.
            OSError: a file cannot be read.
        """
        if not paths:
            from kg.resources import ontology_dir

            paths = (ontology_dir() / "lexicon",)
        digest = hashlib.sha256()
        raw: dict[str, _Raw] = {}
        for file in _files(paths):
            data = file.read_bytes()
            digest.update(b"%d " % len(data) + data)
            try:
                for s, p, o in ((q.subject, q.predicate, q.object) for q in ox.parse(data, ox.RdfFormat.TURTLE)):
                    if isinstance(s, ox.NamedNode) and s.value.startswith(KGL):
                        raw.setdefault(s.value, _Raw(file)).add(p.value, o)
            except SyntaxError as e:
                raise LexiconError(f"{file}: {e}") from e
        return cls(_entries(raw), digest.hexdigest())

    def __len__(self) -> int:
        return len(self.entries)

    def entry(self, id: str) -> Entry:
        """The entry of that id. KeyError if there is none."""
        return self.entries[id]

    def match(self, words: Sequence[str], ambiguous: bool = False) -> list[Match]:
        """The names in a sequence of syntactic words: from left to right the longest ones, which do not overlap.

        Args:
            words: words as they stand, clitics cut off; punctuation may be among them.
            ambiguous: also give names that are ordinary words too.
        """
        tokens = _tokens(words)
        out: list[Match] = []
        i = 0
        while i < len(tokens):
            found = self._longest(self._root, tokens, i, ambiguous) if tokens[i].opens else None
            if found is None:
                i += 1
                continue
            last, final = found
            out.append(Match(tokens[i].start, tokens[last].end, tuple(sorted(final)), all(final.values())))
            i = last + 1
        return out

    def find(self, text: str) -> tuple[Entry, ...]:
        """The entries of which the whole text is a name, ambiguous ones too, in order of their ids."""
        words = text.split()
        tokens = _tokens(words)
        if not tokens:
            return ()
        found = self._longest(self._root, tokens, 0, True)
        return tuple(self.entries[i] for i in sorted(found[1])) if found and found[0] == len(tokens) - 1 else ()

    def sounding(self, text: str, type: str) -> Entry | None:
        """The one entry of a type that has a name of several words which sounds like the text, word by word (`kg.phonetic`)."""
        if type not in self._sounds:
            self._sounds[type] = {}
            for entry in self.entries.values():
                for label in entry.labels if entry.type == type else ():
                    if len(label.split()) > 1:
                        self._sounds[type].setdefault(_sounds(label), []).append((label, entry.id))
        found = {id for label, id in self._sounds[type].get(_sounds(text), ()) if phonetic.same_name(label, text)}
        return self.entries[found.pop()] if len(found) == 1 else None

    def nisba(self, word: str, accusative: bool = False) -> Entry | None:
        """The one state that a word is the nisba or demonym of: `الروسية`, `روسيين`, `الروس` -> Russia.

        Args:
            word: one word.
            accusative: also take what is the name of a state otherwise: `جنديا روسيا`.
        """
        found = self.nisbas(word, accusative=accusative)
        return found[0] if len(found) == 1 else None

    def nisbas(self, word: str, accusative: bool = False, ambiguous: bool = False) -> tuple[Entry, ...]:
        """All states that a word may be the nisba of: `كوري` gives two, in order of their ids."""
        found = self._nisba([word], 0, accusative, ambiguous)
        return found[0] if found else ()

    def nisba_phrase(self, words: Sequence[str], i: int) -> tuple[Entry, int] | None:
        """The state whose nisba begins at word `i`, and how many words it takes: `الكورية الشمالية` -> North Korea, 2."""
        found = self._nisba(words, i, False, False)
        return (found[0][0], found[1]) if found and len(found[0]) == 1 else None

    def office_of(self, person: Entry) -> tuple[Entry, Entry] | None:
        """The one office of a state that a person holds to this day, and the state."""
        state = self.entries.get(person.get("officeOf") or "")
        if state is None or state.type != "STATE" or person.get("termUntil") or len(person.values.get("office", ())) != 1:
            return None
        office = self._offices.get(person.values["office"][0])
        return (office, state) if office else None

    def ancestors(self, id: str) -> tuple[str, ...]:
        """The ids of the broader entries, nearest first; without the entry itself."""
        return _ancestors(self.entries, id)

    def is_a(self, id: str, ancestor: str) -> bool:
        """Whether an entry is another or one of the narrower ones of it."""
        return id == ancestor or ancestor in self.ancestors(id)

    # -- the automaton

    def _longest(self, root: _Node, tokens: Sequence[_Token], i: int, ambiguous: bool) -> tuple[int, dict[str, bool]] | None:
        """The last token of the longest name that begins at token `i`, with its entries."""
        if not root.begins(tokens[i].text) and not (i and tokens[i - 1].text == "ل"):
            return None
        states: list[tuple[_Node, bool]] = [(root, True)]
        best: tuple[int, dict[str, bool]] | None = None
        j, inner = i, False
        while j < len(tokens):
            texts = [tokens[j].text]
            if j == i and i and tokens[i - 1].text == "ل":
                # لليمن is cut into ل and يمن, ل and ليمن, or ل and اليمن.
                texts += ["ال" + texts[0]] + (["ال" + texts[0][1:]] if texts[0].startswith("ل") else [])
            following: list[tuple[_Node, bool]] = []
            for node, exact in states:
                for text in texts:
                    following += [(n, exact) for n in node.exact.get(text, ())]
                    following += [(n, False) for n in node.loose.get(text, ())]
            if following:
                states = following
                if tokens[j].closes and (final := self._final(states, ambiguous, inner)):
                    best = j, final
                j += 1
            elif j > i and not inner and root is self._root and (nisba := self._longest(self._nisbas, tokens, j, True)):
                # An owner may stand inside the name of a class: طائرات أميركية بدون طيار.
                j, inner = nisba[0] + 1, True
            else:
                break
        return best

    def _final(self, states: Sequence[tuple[_Node, bool]], ambiguous: bool, classes: bool) -> dict[str, bool]:
        """Entries whose names end here; if one is spelt as its label is, inflected forms of others do not count.

        Args:
            states: nodes, and whether every token so far was spelt as in the label.
            ambiguous: with names that are ordinary words too.
            classes: only classes of weapons and troops.
        """
        for exactly in (True, False):
            final: dict[str, bool] = {}
            for node, exact in states:
                if exact == exactly:
                    for id, unsure in node.final.items():
                        if (ambiguous or not unsure) and not (classes and self.entries[id].type not in COUNTED):
                            final[id] = final.get(id, True) and unsure
            if final:
                return final
        return {}

    def _add_label(self, e: Entry, label: str) -> None:
        unsure = label in e.ambiguous
        human = e.type in ("FORCE", "OFFICE")
        node = self._root
        for token in (t for t in _tokens(label.split()) if t.text):
            head = node is self._root
            forms = _inflected(token, human, head) if e.type in _INFLECTED else {token.text}
            node = self._step(node, token.text, _spellings(token.text, e.type), forms, not head)
        if node is not self._root:
            node.final[e.id] = node.final.get(e.id, True) and unsure

    def _add_nisba(self, e: Entry, nisba: str, ambiguous: bool, plural: bool) -> None:
        node = self._nisbas
        for token in _tokens(nisba.split()):
            stem = token.text[2:] if token.definite else token.text
            forms = {stem}
            if stem.endswith("ي") and not plural:
                forms |= {stem + s for s in ("ا", "ه", "ون", "ين", "ان", "ات", "تان", "تين", "و")}
            elif stem.endswith("ون"):
                forms |= {stem[:-2] + "ين"}
            node = self._step(node, token.text, {token.text}, forms | {"ال" + f for f in forms}, False)
        if node is not self._nisbas:
            node.final[e.id] = node.final.get(e.id, True) and ambiguous

    @staticmethod
    def _step(node: _Node, token: str, spellings: set[str], forms: set[str], split: bool) -> _Node:
        """The node after a token of a label, made and joined by edges for all its forms if it was not there."""
        target = node.own.setdefault(token, _Node())
        for edges, texts in ((node.exact, spellings), (node.loose, forms - spellings)):
            for text in texts:
                _join(edges, text, target)
        for clitic, rest in _split(token) if split else ():
            between = node.own.setdefault(clitic, _Node())
            _join(node.exact, clitic, between)
            _join(between.exact, rest, target)
        return target

    def _nisba(self, words: Sequence[str], i: int, accusative: bool, ambiguous: bool) -> tuple[tuple[Entry, ...], int] | None:
        if not accusative and words[i].endswith("ا") and fold(words[i]) in self._state_names:
            return None
        offset = max(0, i - 1)
        if not any(self._nisbas.begins(piece) or piece in _JOINED for word in words[offset : i + 5] for piece, _ in _pieces(word)):
            return None  # which is so of nearly all words, and quickly seen
        tokens = _tokens(words[offset : i + 5])
        first = next((k for k, t in enumerate(tokens) if t.start + offset == i), None)
        if first is None or not tokens[first].opens:
            return None
        found = self._longest(self._nisbas, tokens, first, ambiguous)
        if found is None:
            return None
        last, final = found
        return tuple(self.entries[k] for k in sorted(final)), tokens[last].end + offset - i


def broader(*own: Path) -> Mapping[str, frozenset[str]]:
    """Class -> all classes broader than it, in kg's lexicon and a user's own files or folders: `Lexicon.ancestors` without the names.

    Raises:
        LexiconError: a file is not Turtle.
        OSError: a file cannot be read.
    """
    from kg.resources import ontology_dir

    parents: dict[str, set[str]] = {}
    for file in _files((ontology_dir() / "lexicon", *own)):
        data = file.read_bytes()
        if b"broader" not in data:  # most files; parsing them is most of the time
            continue
        try:
            for q in ox.parse(data, ox.RdfFormat.TURTLE):
                if q.predicate.value == _SKOS + "broader" and isinstance(q.subject, ox.NamedNode) and isinstance(q.object, ox.NamedNode):
                    parents.setdefault(q.subject.value.removeprefix(KGL), set()).add(q.object.value.removeprefix(KGL))
        except SyntaxError as e:
            raise LexiconError(f"{file}: {e}") from e
    return {id: frozenset(_above(parents, id)) for id in parents}


def _above(parents: Mapping[str, set[str]], id: str) -> set[str]:
    """What can be reached from an entry by going up, whatever loops a user's file makes; without the entry itself."""
    out: set[str] = set()
    queue = list(parents[id])
    while queue:
        if (b := queue.pop()) not in out:
            out.add(b)
            queue += parents.get(b, ())
    return out - {id}


# -- reading


def _files(paths: Iterable[str | Path]) -> list[Path]:
    """Files as they are given, and all *.ttl of folders."""
    return [file for p in map(Path, paths) for file in (sorted(p.glob("*.ttl")) if p.is_dir() else [p])]


class _Raw:
    """What the files say of one entry."""

    __slots__ = ("file", "labels", "types", "values")

    def __init__(self, file: Path) -> None:
        self.file = file
        self.types: list[str] = []
        self.labels: list[tuple[str, str, str]] = []  # kind, text, language
        self.values: dict[str, list[str]] = {}

    def add(self, predicate: str, o: object) -> None:
        if predicate == _RDF_TYPE:
            if isinstance(o, ox.NamedNode) and o.value.startswith(KGO):
                self.types.append(o.value[len(KGO) :])
            return
        name = predicate[len(KGO) :] if predicate.startswith(KGO) else predicate[len(_SKOS) :] if predicate.startswith(_SKOS) else None
        if name is None:
            return
        if isinstance(o, ox.Literal) and name in ("prefLabel", "altLabel", "ambiguousLabel", "pluralLabel", "unit"):
            self.labels.append((name, o.value, o.language or ""))
        elif isinstance(o, ox.NamedNode):
            self.values.setdefault(name, []).append(o.value[len(KGL) :] if o.value.startswith(KGL) else o.value)
        elif isinstance(o, ox.Literal):
            self.values.setdefault(name, []).append(o.value)

    def label(self, kind: str, language: str) -> str | None:
        return next((text for k, text, lang in self.labels if k == kind and lang == language), None)


def _entries(raw: Mapping[str, _Raw]) -> list[Entry]:
    out: dict[str, Entry] = {}
    for iri, r in raw.items():
        id = iri[len(KGL) :]
        types = list(dict.fromkeys(TYPES[t] for t in r.types if t in TYPES))
        ar, en = r.label("prefLabel", "ar"), r.label("prefLabel", "en")
        if len(types) != 1:
            raise LexiconError(
                _("{file}: <{id}> must have one of the types {types}, it has {n}").format(
                    file=r.file, id=id, types=joined("kgo:" + t for t in TYPES), n=len(types)
                )
            )
        if not ar or not en:
            raise LexiconError(
                _("{file}: <{id}> has no skos:prefLabel in {language}").format(file=r.file, id=id, language=_("Arabic") if not ar else _("English"))
            )
        names = [text for kind, text, _language in r.labels if kind in ("prefLabel", "altLabel", "ambiguousLabel")]
        unsure = {text for kind, text, _language in r.labels if kind == "ambiguousLabel"}
        if "true" in r.values.pop("ambiguous", ()):
            unsure |= {n for n in names if is_arabic(n)}
        same = r.values.pop("exactMatch", [])
        qid = next((s[len(_WIKIDATA) :] for s in same if s.startswith(_WIKIDATA)), None)
        broader = tuple(r.values.pop("broader", ()))
        out[id] = Entry(
            id, types[0], ar, en, tuple(dict.fromkeys([ar, *names])), frozenset(unsure), qid, tuple(same), broader,
            r.label("pluralLabel", "en"), r.label("unit", "en"), MappingProxyType({k: tuple(v) for k, v in r.values.items()}),
        )  # fmt: skip
    for id, e in out.items():
        if e.unit is None and (unit := next((out[a].unit for a in _ancestors(out, id) if out[a].unit), None)):
            out[id] = replace(e, unit=unit)
    return list(out.values())


def _ancestors(entries: Mapping[str, Entry], id: str) -> tuple[str, ...]:
    """Broader entries, nearest first; each once, whatever loops a user's file makes."""
    out: list[str] = []
    queue = list(entries[id].broader)
    while queue:
        b = queue.pop(0)
        if b in entries and b != id and b not in out:
            out.append(b)
            queue += entries[b].broader
    return tuple(out)


def _sounds(name: str) -> str:
    return " ".join(map(phonetic.key, name.split()))
