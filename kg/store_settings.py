"""What a store was filled with beside documents: the user's identity, the vocabulary, the lexicon.

Each document is marked with what it was put in with. Under other settings it is put in anew when it comes again; until then it stands
as it is, and the store can tell how many do.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from hashlib import blake2b
from typing import Any

import pyoxigraph as ox

from kg.identity import entity_key, place_key
from kg.model import Extraction
from kg.namespaces import document_key
from kg.store_ledger import Ledger, decoded
from kg.store_parts import Settings

#: Bytes of a mark; it stands behind the sixteen of a document's digest.
_LENGTH = 8


def mark(settings: Settings) -> bytes:
    """Eight bytes that are equal for equal settings."""
    return blake2b(repr(_plain(settings)).encode("utf-8", "surrogatepass"), digest_size=_LENGTH).digest()


def _plain(value: Any) -> Any:
    """A value whose `repr` does not depend on the order of what has none."""
    if is_dataclass(value):
        return [(f.name, _plain(getattr(value, f.name))) for f in fields(value)]
    if isinstance(value, Mapping):
        return sorted((repr(k), _plain(v)) for k, v in value.items())
    if isinstance(value, frozenset):
        return sorted(map(repr, value))
    return [_plain(v) for v in value] if isinstance(value, tuple) else value


def outdated(ledger: Ledger, mark: bytes) -> list[str]:
    """The ids of the documents that were put in under other settings."""
    return [decoded(id) for id in ledger.column("SELECT id FROM document WHERE substr(digest, 17) != ? ORDER BY id", mark)]


def known_names(x: Extraction, settings: Settings) -> set[str]:
    """Of what the user's identity files name, what a document has."""
    if not settings.identity:
        return set()
    found = {key for e in x.entities for key in (entity_key(x.document, e, settings.vocabulary), place_key(x.document, e))}
    return found & settings.identity.names


def unmatched(ledger: Ledger, store: ox.Store, settings: Settings, mark: bytes) -> list[str]:
    """The keys of which the user says something and that no document has, as `kg.identity.unmatched` finds them, sorted.

    Of documents that were put in before he said it, only the keys of their nodes are known; what he says of places in them is passed over.
    """
    if not settings.identity:
        return []
    names = settings.identity.names - set(settings.identity.node.values()) - {decoded(n) for n in ledger.column("SELECT name FROM named")}
    old = {document_key(id) for id in outdated(ledger, mark)}
    return sorted(
        key for key in names if key.rpartition("/")[0] not in old and not any(store.quads_for_pattern(settings.name(key), None, None, None))
    )
