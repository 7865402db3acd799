"""What `ontology/kg.ttl` says, as plain tables: labels, codes, and which pairs of roles make which short edge."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pyoxigraph as ox

from kg.coding import Coder, coder
from kg.errors import KgError
from kg.language import _, joined
from kg.namespaces import KGO, PREFIXES, class_name
from kg.resources import ontology_dir
from kg.text import fold

#: The short edge of a pair of roles that the ontology has no word for.
OTHER = "actsOn"


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Names are local names under `kgo:` (class "Send", property "sendsTo").

    short: (event class, role the edge starts from, role it ends at) -> property; symmetric ones have the roles "party", "party".
    labels: name -> (Arabic, English). plover: event class -> code.
    class_nouns: entity class -> folded words that alone name no particular thing ("اتفاق", "الحزب").
    superclasses: class -> its direct superclasses, those of other vocabularies as IRIs.
    coder: gives events their codes of PLOVER and CAMEO.
    """

    labels: Mapping[str, tuple[str | None, str | None]] = field(default_factory=dict)
    plover: Mapping[str, str] = field(default_factory=dict)
    short: Mapping[tuple[str, str, str], str] = field(default_factory=dict)
    class_nouns: Mapping[str, frozenset[str]] = field(default_factory=dict)
    superclasses: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    coder: Coder = field(default_factory=Coder)

    @classmethod
    def load(cls, *paths: Path) -> Vocabulary:
        """Read Turtle files. OSError if one cannot be read, ValueError with its name if it is not Turtle."""
        store = ox.Store()
        for path in paths:
            try:
                store.load(path=str(path), format=ox.RdfFormat.TURTLE)
            except SyntaxError as e:
                raise ValueError(f"{path}: {e}") from e
        try:
            return _vocabulary(store)
        except ValueError as e:
            raise ValueError(f"{', '.join(map(str, paths))}: {e}") from e

    def label(self, name: str, language: str = "ar") -> str:
        """The label of a class or property in "ar" or "en"; the other language's, or the name itself, where it has none."""
        ar, en = self.labels.get(name, (None, None))
        return (ar or en or name) if language == "ar" else (en or ar or name)


def vocabulary(*own: Path) -> Vocabulary:
    """The vocabulary that kg ships, with what a user's own frame files say of their event types: labels, codes and rules for codes.

    KgError if one of these cannot be read.
    """
    if not own:
        return _shipped()
    try:
        return Vocabulary.load(*_files(), *own)
    except (OSError, ValueError) as e:
        raise KgError(_("cannot read the frames in {files}: {why}").format(files=joined(own), why=e)) from e


@cache
def _shipped() -> Vocabulary:
    return Vocabulary.load(*_files())


def _files() -> tuple[Path, ...]:
    return ontology_dir() / "kg.ttl", ontology_dir() / "plover.ttl"


def _vocabulary(store: ox.Store) -> Vocabulary:
    def term(curie: str) -> ox.NamedNode:
        prefix, name = curie.split(":")
        return ox.NamedNode(PREFIXES[prefix] + name)

    # An event type of a frame file goes by its kgo:typeName, whatever its IRI.
    types = {
        q.subject: class_name(q.object.value)
        for q in store.quads_for_pattern(None, term("kgo:typeName"), None, None)
        if isinstance(q.object, ox.Literal)
    }

    def pairs(curie: str) -> list[tuple[str, ox.NamedNode | ox.Literal]]:
        out = []
        for quad in store.quads_for_pattern(None, term(curie), None, None):
            subject, value = quad.subject, quad.object
            name = types.get(subject)
            if name is None and isinstance(subject, ox.NamedNode) and subject.value.startswith(KGO):
                name = subject.value.removeprefix(KGO)
            if name and isinstance(value, ox.NamedNode | ox.Literal):
                out.append((name, value))
        return sorted(out, key=lambda pair: (pair[0], str(pair[1])))

    def values(curie: str) -> dict[str, list[str]]:
        out: dict[str, list[str]] = {}
        for name, o in pairs(curie):
            out.setdefault(name, []).append(o.value.removeprefix(KGO))
        return out

    labels: dict[str, tuple[str | None, str | None]] = {}
    for name, o in pairs("rdfs:label"):
        ar, en = labels.get(name, (None, None))
        language = o.language if isinstance(o, ox.Literal) else None
        labels[name] = (o.value, en) if language == "ar" else (ar, o.value) if language == "en" else (ar, en)
    start, end = values("kgo:fromRole"), values("kgo:toRole")
    short = {
        (event, a, b): name
        for name, events in values("kgo:ofEvent").items()
        for event in events for a in start.get(name, []) for b in end.get(name, [])
    }  # fmt: skip
    nouns = {name: frozenset(fold(w) for w in words) for name, words in values("kgo:classNoun").items()}
    plover = {name: codes[0] for name, codes in values("kgo:plover").items()}
    parents = {name: tuple(classes) for name, classes in values("rdfs:subClassOf").items()}
    return Vocabulary(labels, plover, short, nouns, parents, coder(store))
