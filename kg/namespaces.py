"""IRIs: the vocabulary's, the data's, and the local names ("keys") that nodes have under the data base.

A key is what follows the base IRI. Its first segment tells what it is: a Wikidata item ("Q423"), a kind
("person/...", "graph/edges") or a document ("d1/send-206"). Documents are named by their users, so that
`document_key` keeps their names clear of all others.
"""

from __future__ import annotations

import re
import unicodedata
from hashlib import sha256
from urllib.parse import quote

from kg.errors import KgError
from kg.language import _
from kg.text import fold

#: The vocabulary. Fixed, so that graphs of different users can be joined.
KGO = "https://example.org/kg/ontology#"
#: The lexicon that travels with kg, and the entries of a user's own.
KGL = "https://example.org/kg/lexicon/"
#: Where the data stand, unless the user says otherwise.
DEFAULT_BASE = "https://example.org/kg/"

PREFIXES = {
    "kgo": KGO,
    "dcterms": "http://purl.org/dc/terms/",
    "oa": "http://www.w3.org/ns/oa#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "https://schema.org/",
    "sem": "http://semanticweb.cs.vu.nl/2009/11/sem/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "wd": "http://www.wikidata.org/entity/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}

#: First segments of keys that no document may have; some are kept for later use.
RESERVED = frozenset(
    {
        "person", "state", "organisation", "weapon", "force", "place", "agreement", "conflict",
        "concept", "fact", "edge", "graph", "run", "part", "cluster", "document", "event", "ontology", "publisher", "source", "identity",
    }
)  # fmt: skip

_QID = re.compile(r"Q[1-9][0-9]*")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_BASE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`\x00-\x20]*[/#]")
#: What XML 1.0, and so RDF/XML, cannot hold, and surrogates, which no UTF-8 file can.
UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_SLUG_LENGTH = 80  # in characters; longer names end in a hash


def is_qid(text: str | None) -> bool:
    """Whether `text` is a Wikidata item's identifier, such as "Q423"."""
    return bool(text and _QID.fullmatch(text, endpos=20))


def checked_name(text: str) -> str:
    """`text` if it can be the local name of a class or property; ValueError otherwise."""
    if not _NAME.fullmatch(text):
        raise ValueError(_("{name!r} is no name of a type, role or predicate (letters, digits and _)").format(name=text))
    return text


def checked_base(base: str) -> str:
    """`base` if local names can follow it: an absolute IRI that ends in / or #; KgError otherwise."""
    if not _BASE.fullmatch(base):
        raise KgError(_("the base {base!r} is no absolute IRI that ends in / or #").format(base=base))
    return base


def namespace(iri: str) -> str:
    """An IRI without its last name, up to "/" or "#"; empty if it has neither."""
    return iri[: max(iri.rfind("/"), iri.rfind("#")) + 1]


def class_name(type: str) -> str:
    """The class of an entity or event type: SEND -> Send, LIFT_SANCTION -> LiftSanction."""
    return "".join(part.capitalize() for part in checked_name(type).split("_"))


def type_of_class(name: str) -> str:
    """The entity or event type of a class, as `class_name` is the class of a type: LiftSanction -> LIFT_SANCTION."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).upper()


def segment(text: str) -> str:
    """`text` as one segment of an IRI: all but ASCII letters, digits, "-", "_" and "." is percent-encoded.

    Different texts give different segments (lone surrogates included), and none is empty, "." or "..", which IRI
    resolution would swallow.
    """
    encoded = quote(text.encode("utf-8", "surrogatepass"), safe="").replace("~", "%7E")
    if encoded.endswith("."):
        # rdflib does not read a Turtle name that ends in an escaped dot.
        encoded = f"{encoded[:-1]}%2E"
    return f"~{encoded}" if encoded in ("", "%2E", ".%2E") else encoded


def document_key(id: str) -> str:
    """The key of the document of that id. "~" goes before an id that would read as the key of something else."""
    encoded = segment(id)
    return f"~{encoded}" if encoded in RESERVED or is_qid(encoded) else encoded


def concept_key(concept: str) -> str:
    """The key of a lexicon entry: "Q423" for a Wikidata item, "concept/..." for any other."""
    return concept if is_qid(concept) else "concept/" + "/".join(map(segment, concept.split("/")))


def slug(name: str) -> str:
    """A name as a readable segment of an IRI, equal for all its spellings; empty if it has neither letter nor digit.

    Arabic stays Arabic, as in the IRIs of the Arabic DBpedia: `slug("سيرغي شويغو") == "سيرغي-شويغو"`.
    """
    words = re.findall(r"\w+", unicodedata.normalize("NFKC", fold(printable(name))))
    out = "-".join(words)
    return out if len(out) <= _SLUG_LENGTH else f"{out[:_SLUG_LENGTH]}-{digest(out)}"


def digest(*parts: str) -> str:
    """Twelve hexadecimal digits that stand for these texts."""
    return sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:12]


def printable(text: str) -> str:
    """`text` with every character that a file format cannot hold replaced by U+FFFD, one for one, so that offsets hold.

    These are lone surrogates, U+FFFE, U+FFFF and control characters other than tab, line feed and carriage return.
    """
    return UNPRINTABLE.sub("\ufffd", text)
