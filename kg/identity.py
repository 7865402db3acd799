"""What is one thing: the keys that the entities of a document have in a graph.

A linked entity is its Wikidata item, another one that the lexicon knows its lexicon entry. A full name ("سيرغي شويغو") is
one thing in all documents. A bare name ("شويغو"), a description ("الهدنة", "الرئيس الروسي") and a group of weapons or
troops belong to their document.
"""

from __future__ import annotations

from collections import defaultdict

from kg.model import COUNTED, ENTITY_TYPES, Document, Entity, Extraction
from kg.namespaces import class_name, concept_key, document_key, is_qid, segment, slug
from kg.text import fold
from kg.vocabulary import Vocabulary


def entity_keys(x: Extraction, vocabulary: Vocabulary) -> dict[str, str]:
    """Entity id -> key, of all entities of a document.

    Args:
        x: what the document says.
        vocabulary: tells which nouns alone name nothing ("الاتفاق").

    Raises:
        ValueError: a type is none of the eight, or two entities have one id.
    """
    wanted: dict[str, list[Entity]] = defaultdict(list)
    for e in x.entities:
        wanted[entity_key(x.document, e, vocabulary)].append(e)
    keys: dict[str, str] = {}
    for key, entities in wanted.items():
        for e in entities:
            if e.id in keys:
                raise ValueError(f"document {x.document.id!r} has two entities with the id {e.id!r}")
            # Two groups at one place are two things: there the id tells them apart.
            keys[e.id] = f"{key}-{segment(e.id)}" if len(entities) > 1 and is_local(key, x.document) else key
    return keys


def entity_key(document: Document, e: Entity, vocabulary: Vocabulary) -> str:
    """The key of an entity by itself; `entity_keys` tells those at one place apart. ValueError for an unknown type."""
    if e.type not in ENTITY_TYPES:
        raise ValueError(f"document {document.id!r}: {e.type!r} is no type of entities")
    if e.qid and is_qid(e.qid):
        return e.qid
    if e.type not in COUNTED:
        if e.concept:
            return concept_key(e.concept)
        if (name := slug(e.label)) and is_name(e.type, e.label, vocabulary):
            return f"{e.type.lower()}/{name}"
    place = str(min(m.start for m in e.mentions)) if e.mentions else f"id-{segment(e.id)}"
    return f"{document_key(document.id)}/{e.type.lower()}-{place}"


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
