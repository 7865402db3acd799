"""What is one thing: the keys that the entities of a document have in a graph.

A linked entity is its Wikidata item, another one that the lexicon knows its lexicon entry. A full name ("سيرغي شويغو") is
one thing in all documents. A bare name ("شويغو"), a description ("الهدنة", "الرئيس الروسي") and a group of weapons or
troops belong to their document.

A user's own file (`kg build --identity FILE`) wins over all that. It is Turtle, with IRIs of the graph, of the lexicon or of Wikidata:

    kg:d1/person-12 kgo:same kg:Q7747 .                    # two nodes become one
    kg:d7/person-3 kgo:different kg:person/محمد-علي .       # what stands there in d7 is somebody else: it becomes a node of its own
    kg:d1/person-5 kgo:different kg:person/سيرغي-شويغو .    # and is not held for possibly the same

`d1/person-12` is what begins at character 12 of the document d1, whatever node kg gave it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pyoxigraph as ox

from kg.errors import KgError
from kg.language import _, strerror
from kg.model import COUNTED, ENTITY_TYPES, Document, Entity, Extraction
from kg.namespaces import KGL, KGO, PREFIXES, class_name, concept_key, digest, document_key, is_qid, segment, slug
from kg.text import fold
from kg.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Identity:
    """What a user says is one thing, and what is not.

    node: key -> the key of the node that it belongs to, for all that is said to be the same as something.
    apart: pairs of keys that are different, each both ways.
    """

    node: Mapping[str, str] = field(default_factory=dict)
    apart: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @property
    def names(self) -> frozenset[str]:
        """All keys that are named."""
        return frozenset(self.node) | frozenset(self.apart)

    def key(self, key: str, place: str) -> str:
        """The node of what kg would call `key` and what stands at `place` of its document (a key too)."""
        if place in self.node:
            return self.node[place]
        known = self.node.get(key, key)
        return place if key != place and not self.apart.get(place, frozenset()).isdisjoint((key, known)) else known

    def differ(self, a: str, b: str) -> bool:
        """Whether two nodes are said to be different."""
        return b in self.apart.get(a, ())


def load_identity(paths: Iterable[Path], base: str) -> Identity:
    """Read Turtle files of `kgo:same` and `kgo:different`.

    Args:
        paths: of the user's files, taken together.
        base: what the IRIs of the graph start with.

    Raises:
        KgError: a file cannot be read or is not Turtle, something in it is no IRI of a graph, a lexicon or Wikidata, or two things are
            the same by one statement and different by another.
    """
    same: list[tuple[str, str]] = []
    apart: list[tuple[str, str]] = []
    for path in paths:
        try:
            with path.open("rb") as file:
                for q in ox.parse(file, format=ox.RdfFormat.TURTLE, base_iri=base):
                    name = q.predicate.value.removeprefix(KGO)
                    if name not in ("same", "different"):
                        raise KgError(
                            _("{path}: <{predicate}> says nothing of identity: write kgo:same or kgo:different").format(
                                path=path, predicate=q.predicate.value
                            )
                        )
                    pair = _key(q.subject, base, path), _key(q.object, base, path)
                    (same if name == "same" else apart).append(pair)
        except SyntaxError as e:
            raise KgError(_("{path} is not Turtle: {why}").format(path=path, why=e)) from e
        except OSError as e:
            raise KgError(_("cannot read {path}: {why}").format(path=path, why=strerror(e))) from e
    node = {key: _chosen(group) for group in _groups(same) for key in group}
    ways: dict[str, set[str]] = defaultdict(set)
    for a, b in apart:
        if node.get(a, a) == node.get(b, b):
            raise KgError(
                _("<{base}{a}> and <{base}{b}> are the same by one statement and different by another: take one of them out").format(
                    base=base, a=a, b=b
                )
            )
        for x, y in ((a, b), (b, a)):
            # What is said of a thing is said of all that is the same.
            ways[x] |= {y, node.get(y, y)}
            ways[node.get(x, x)] |= {y, node.get(y, y)}
    return Identity(node, {key: frozenset(others) for key, others in ways.items()})


def _key(term: object, base: str, path: Path) -> str:
    iri = term.value if isinstance(term, ox.NamedNode) else ""
    for start in (KGL, PREFIXES["wd"], base):  # the lexicon may lie under the base
        if iri.startswith(start) and (name := iri.removeprefix(start)):
            return concept_key(name) if start == KGL else name
    raise KgError(
        _("{path}: {term} is no node: write an IRI that starts with {base}, {wikidata} or {lexicon}").format(
            path=path, term=term, base=base, wikidata=PREFIXES["wd"], lexicon=KGL
        )
    )


def _groups(pairs: Iterable[tuple[str, str]]) -> Iterator[list[str]]:
    """The sets of keys that pairs join, directly or over others."""
    group: dict[str, set[str]] = {}
    for a, b in pairs:
        joined = group.get(a, {a}) | group.get(b, {b})
        group |= dict.fromkeys(joined, joined)
    yield from {min(g): sorted(g) for g in group.values()}.values()


def _chosen(group: list[str]) -> str:
    """The key of a thing with several: its Wikidata item, else its lexicon entry, else its full name; else one made of the first."""
    ranks = [key for key in group if is_qid(key)], [key for key in group if key.startswith("concept/")], [key for key in group if _is_global(key)]
    return next((min(keys) for keys in ranks if keys), f"identity/{digest(min(group))}")


def _is_global(key: str) -> bool:
    return key.partition("/")[0] in {t.lower() for t in ENTITY_TYPES}


def entity_keys(x: Extraction, vocabulary: Vocabulary, identity: Identity | None = None) -> dict[str, str]:
    """Entity id -> key, of all entities of a document.

    Args:
        x: what the document says.
        vocabulary: tells which nouns alone name nothing ("الاتفاق").
        identity: what the user knows better.

    Raises:
        ValueError: a type is none of the eight, or two entities have one id.
    """
    wanted: dict[str, list[Entity]] = defaultdict(list)
    for e in x.entities:
        key = entity_key(x.document, e, vocabulary)
        wanted[identity.key(key, place_key(x.document, e)) if identity else key].append(e)
    keys: dict[str, str] = {}
    for key, entities in wanted.items():
        for e in entities:
            if e.id in keys:
                raise ValueError(_("document {id!r} has two entities with the id {entity!r}").format(id=x.document.id, entity=e.id))
            # Two groups at one place are two things: there the id tells them apart.
            keys[e.id] = f"{key}-{segment(e.id)}" if len(entities) > 1 and is_local(key, x.document) else key
    return keys


def entity_key(document: Document, e: Entity, vocabulary: Vocabulary) -> str:
    """The key of an entity by itself; `entity_keys` tells those at one place apart. ValueError for an unknown type."""
    if e.type not in ENTITY_TYPES:
        raise ValueError(_("document {id!r}: {type!r} is no type of entities").format(id=document.id, type=e.type))
    if e.qid and is_qid(e.qid):
        return e.qid
    if e.type not in COUNTED:
        if e.concept:
            return concept_key(e.concept)
        if (name := slug(e.label)) and is_name(e.type, e.label, vocabulary):
            return f"{e.type.lower()}/{name}"
    return place_key(document, e)


def place_key(document: Document, e: Entity) -> str:
    """The key of what stands at this place of the document, whether or not it is known elsewhere."""
    place = str(min(m.start for m in e.mentions)) if e.mentions else f"id-{segment(e.id)}"
    return f"{document_key(document.id)}/{e.type.lower()}-{place}"


def unmatched(identity: Identity, extractions: Iterable[Extraction], vocabulary: Vocabulary) -> list[str]:
    """The keys of which the user says something and that nothing in these documents has, sorted."""
    names = set(identity.names)
    for x in extractions:
        for e in x.entities:
            names -= {entity_key(x.document, e, vocabulary), place_key(x.document, e)}
    return sorted(names - set(identity.node.values()))


def is_local(key: str, document: Document) -> bool:
    """Whether a key is of a thing that belongs to the document."""
    return key.startswith(document_key(document.id) + "/")


def is_name(type: str, label: str, vocabulary: Vocabulary) -> bool:
    """Whether a label names one thing in whichever document it stands."""
    words = fold(label).split()
    if type == "PERSON":
        return len(words) > 1 and not is_description(words)
    nouns = vocabulary.class_nouns.get(class_name(type), frozenset())
    return not all(stem(w) in nouns or w in nouns for w in words)


def is_description(words: list[str]) -> bool:
    """Whether all words have the article, as in "الرئيس الروسي"; a full name has a first name without it."""
    return all(w.startswith("ال") for w in words)


def stem(word: str) -> str:
    """A folded word without its article."""
    return word[2:] if word.startswith(("ال", "لل")) and len(word) > 4 else word
