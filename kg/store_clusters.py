"""The clusters of a store, event type by event type: the same as `kg.clusters.clusters` finds in all documents at once.

Events of different types are never one, so that no more than the events of one type are in memory. What goes across types is found
first: which documents are copies of one text (`kg.store_copies`), and which publishers are organisations that others quote. A type is
looked at again only if one of its documents changed, or what is known of their copies, their publishers and their participants.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pyoxigraph as ox

from kg import rdf
from kg.clusters import Cluster, Source, cluster_of
from kg.identity import is_local
from kg.namespaces import digest, document_key
from kg.store_copies import Runs, families
from kg.store_ledger import Ledger, decoded, stored
from kg.store_parts import CLUSTERS, Settings, unpack
from kg.store_settle import Step
from kg.tellings import Telling, When, group, tellings_of


def settle_clusters(ledger: Ledger, settings: Settings, step: Step) -> None:
    """Bring the clusters of all types that a run touched up to date, each type in one transaction."""
    _settle_families(ledger, settings)
    _settle_publishers(ledger)
    step()
    names = {decoded(name): Source(key, decoded(label)) for name, key, label in ledger.db.execute("SELECT name, key, label FROM publisher")}
    for type in ledger.column("SELECT type FROM stale ORDER BY type"):
        _settle_type(ledger, settings, type, names)
        ledger.db.execute("DELETE FROM stale WHERE type = ?", (type,))
        step()


def _settle_families(ledger: Ledger, settings: Settings) -> None:
    """Which documents are copies of one text, and how old they are: a copy without a date is as old as the text."""

    def texts() -> Iterator[tuple[bytes, Runs]]:
        return ((id, np.frombuffer(runs, dtype=np.uint64)) for id, runs in ledger.db.execute("SELECT id, runs FROM document"))

    def runs_of(id: bytes) -> Runs:
        return np.frombuffer(ledger.one("SELECT runs FROM document WHERE id = ?", id), dtype=np.uint64)

    family = families(texts, runs_of)
    before = ledger.db.execute("SELECT id, day, family, at FROM document").fetchall()
    oldest: dict[bytes, int] = {}
    for id, day, _, _ in before:
        if day is not None:
            oldest[family[id]] = min(day, oldest.get(family[id], day))
    for id, day, *known in before:
        now = [family[id], oldest.get(family[id]) if day is None else day]
        if now != known:
            ledger.db.execute("UPDATE document SET family = ?, at = ? WHERE id = ?", (*now, id))
            ledger.db.execute("INSERT OR IGNORE INTO stale SELECT type FROM told WHERE document = ?", (id,))
            ledger.say(_copy(id), "copy", _copy_quads(settings, id, family[id]))
    for owner in set(ledger.owners("copy")) - {_copy(id) for id in family}:  # of documents that are gone
        ledger.say(owner, "copy", set())


def _copy(id: bytes) -> str:
    return f"{document_key(decoded(id))} copyOf"


def _copy_quads(settings: Settings, id: bytes, origin: bytes) -> set[ox.Quad]:
    graph = settings.graph()
    graph.copies = {} if id == origin else {decoded(id): decoded(origin)}
    return stored(rdf.unsorted(graph, settings.concepts))


def _settle_publishers(ledger: Ledger) -> None:
    """Folded name -> the one organisation that goes by it: an agency that publishes and that others quote is one source."""
    rows = "SELECT name, min(key), min(label) FROM voice WHERE name != x'' GROUP BY name HAVING count(DISTINCT key) = 1"
    now = {name: (key, label) for name, key, label in ledger.db.execute(rows)}
    before = {name: (key, label) for name, key, label in ledger.db.execute("SELECT name, key, label FROM publisher")}
    for name in sorted(now.keys() | before.keys()):
        if now.get(name) == before.get(name):
            continue
        ledger.db.execute("DELETE FROM publisher WHERE name = ?", (name,))
        if name in now:
            ledger.db.execute("INSERT INTO publisher VALUES (?, ?, ?)", (name, *now[name]))
        sql = "INSERT OR IGNORE INTO stale SELECT type FROM told WHERE document IN (SELECT id FROM document WHERE publisher = ?)"
        ledger.db.execute(sql, (name,))


def _settle_type(ledger: Ledger, settings: Settings, type: str, names: dict[str, Source]) -> None:
    kind = f"cluster {type}"
    gone = set(ledger.owners(kind))
    keys: dict[tuple[str, str], str] = {}
    tellings = list(_tellings(ledger, settings, type, keys))
    taken: set[tuple[str, ...]] = set()
    for told in group(tellings, settings.broader):
        parts, cluster = cluster_of(told, names)
        # As in `kg.clusters.clusters`.
        more = (told[0].document.id, told[0].event.id) if parts in taken else ()
        taken.add(parts)
        found = replace(cluster, id=digest(*parts, *more))
        owner = f"cluster/{found.id}"
        ledger.say(owner, kind, _quads(ledger, settings, found, told, keys))
        gone.discard(owner)
    for owner in sorted(gone):
        ledger.say(owner, kind, set())


def _tellings(ledger: Ledger, settings: Settings, type: str, keys: dict[tuple[str, str], str]) -> Iterator[Telling]:
    """The tellings of a type, by document and place; `keys` is given (document id, event id) -> key of the event."""
    rows = ledger.db.execute("SELECT cut, family, at FROM told JOIN document ON id = document WHERE type = ? ORDER BY document", (type,))
    for cut, family, at in rows:
        x, names = unpack(cut)
        when: When = (decoded(family), 0) if at is None else ("", at)
        keys.update({(x.document.id, id): key for id, key in names.items()})
        yield from tellings_of(x, decoded(family), when, settings.vocabulary, settings.identity)


def _quads(ledger: Ledger, settings: Settings, cluster: Cluster, told: list[Telling], keys: dict[tuple[str, str], str]) -> set[ox.Quad]:
    builder = settings.builder()
    builder.event_keys = {(m.document, m.event): keys[m.document, m.event] for m in cluster.members}
    entities = {key: (t.document, e) for t in told for who in t.roles.values() for key, e in who}
    for key in {k for ks in cluster.participants.values() for k in ks}:
        document, e = entities[key]
        if is_local(key, document):
            builder.nx.add_node(key, **builder.entity_node([(document.id, e)]))
        else:
            attributes = json.loads(ledger.one("SELECT attributes FROM entity WHERE key = ?", key))
            builder.nx.add_node(key, **attributes, documents=[document.id])
    builder.add_cluster(cluster)
    graph = settings.graph()
    graph.nx.add_nodes_from(builder.nx.nodes(data=True))
    # Nodes of the member edges come without attributes.
    graph.nx.remove_nodes_from([k for k, d in builder.nx.nodes(data=True) if not d])
    return stored(q for q in rdf.unsorted(graph, settings.concepts) if q.graph_name == settings.name(CLUSTERS))
