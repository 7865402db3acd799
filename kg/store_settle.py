"""What a store says of entities, once all documents of a run are in: how they are called, and whom a bare name may mean.

Only what the run touched is made anew: entities of the documents that came or went, and bare names that share a word with a person
who is called otherwise than before.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import pyoxigraph as ox

from kg import rdf
from kg.graph import Attributes, Graph
from kg.identity import stem
from kg.namespaces import document_key
from kg.store_ledger import ENOUGH, Ledger, chunks, decoded, stored
from kg.store_parts import EDGES, LEXICON, Settings, described, entity
from kg.text import fold

#: Documents whose graphs are changed at a time when an entity is called otherwise, entities and words that are read at a time.
DOCUMENTS, KEYS = 500, 500

#: What a document's own graph says of an entity depends on these of its attributes (see `kg.rdf`); all others stand in the lexicon's.
IN_DOCUMENTS = ("type", "label_ar", "label_en", "qid", "concept")

#: Gives way to what waits, and begins the next transaction.
Step = Callable[[], None]


def settle_entities(ledger: Ledger, store: ox.Store, settings: Settings, step: Step) -> None:
    """Give each entity that a run touched what all its documents say of it, in their graphs and in the lexicon's."""
    builder = settings.builder()
    read = lru_cache(maxsize=4096)(entity)
    while keys := ledger.column("SELECT key FROM entity WHERE dirty LIMIT ?", KEYS):
        for key in keys:
            rows = ledger.db.execute("SELECT document, entity FROM seen JOIN form ON form.id = form WHERE key = ? ORDER BY document, n", (key,))
            seen = [(decoded(document), read(form)) for document, form in rows]
            if not seen:
                ledger.say(key, "entity", set())
                forget_person(ledger, key)
                ledger.db.execute("DELETE FROM entity WHERE key = ?", (key,))
                continue
            attributes = builder.entity_node(seen)
            documents = attributes.pop("documents")
            before = json.loads(ledger.one("SELECT attributes FROM entity WHERE key = ?", key))
            if attributes != before:
                _describe(ledger, store, settings, key, before, attributes, documents, step)
                ledger.db.execute(
                    "INSERT OR IGNORE INTO stale SELECT DISTINCT type FROM told WHERE document IN (SELECT document FROM seen WHERE key = ?)", (key,)
                )
            # Also where nothing else changed: a document that has both a bare name and the full one makes that more likely.
            remember_person(ledger, key, attributes, None)
            ledger.db.execute("UPDATE entity SET attributes = ?, dirty = 0 WHERE key = ?", (json.dumps(attributes), key))
            if len(ledger.delta) > ENOUGH:
                step()
        step()


def _describe(
    ledger: Ledger, store: ox.Store, settings: Settings, key: str, old: Attributes, new: Attributes, documents: list[str], step: Step
) -> None:
    # A run that was killed here may have changed some documents: only where that cannot be, what stayed as it was needs no look.
    if not ledger.pending or any(old[name] != new[name] for name in IN_DOCUMENTS):
        for some in chunks(documents, DOCUMENTS):
            now = _in_documents(key, new, settings, some)
            if ledger.pending:  # which tells what holds at the end only
                before = _in_documents(key, old, settings, some)
            else:
                node, predicates = settings.name(key), {q.predicate for q in now}
                graphs = (settings.name(document_key(id)) for id in some)
                before = {q for g in graphs for q in store.quads_for_pattern(node, None, None, g) if q.predicate in predicates}
            ledger.delta.then(before - now, now - before)
            if len(ledger.delta) > ENOUGH:
                step()
    ledger.say(key, "entity", lexicon_share(key, new, settings, documents[0]))


def _in_documents(key: str, attributes: Attributes, settings: Settings, documents: list[str]) -> set[ox.Quad]:
    """What the graphs of documents say of an entity that others speak of too."""
    lexicon = settings.name(LEXICON)
    return stored(q for q in described({key: {**attributes, "documents": documents}}, settings) if q.graph_name != lexicon)


def lexicon_share(key: str, attributes: Attributes, settings: Settings, document: str) -> set[ox.Quad]:
    """What an entity says in the lexicon's graph; `document` is any that mentions it."""
    return stored(described({key: {**attributes, "documents": [document]}}, settings, LEXICON))


# Bare names


def remember_person(ledger: Ledger, key: str, attributes: Attributes, document: bytes | None) -> None:
    """Keep how a person is called; `document` if he belongs to one. Whatever shares a word with him, before or now, is looked at again."""
    forget_person(ledger, key)
    if attributes["type"] != "PERSON":
        return
    label = fold(attributes["label_ar"]).split()
    single = stem(label[0]) if len(label) == 1 and not attributes["qid"] and not attributes["concept"] else None
    words = {stem(w) for name in (attributes["label_ar"], *attributes["aliases"]) if len(ws := fold(name).split()) > 1 for w in ws}
    ledger.db.execute("INSERT INTO person VALUES (?, ?, ?, ?)", (key, document, json.dumps(attributes), single))
    ledger.db.executemany("INSERT INTO word VALUES (?, ?)", [(w, key) for w in sorted(words)])
    _touch(ledger, key)


def forget_person(ledger: Ledger, key: str) -> None:
    _touch(ledger, key)
    if ledger.one("SELECT single FROM person WHERE key = ?", key):
        ledger.say(_candidate(key), "candidate", set())
    ledger.db.execute("DELETE FROM person WHERE key = ?", (key,))
    ledger.db.execute("DELETE FROM word WHERE key = ?", (key,))


def _touch(ledger: Ledger, key: str) -> None:
    ledger.db.execute(
        "INSERT OR IGNORE INTO touched SELECT word FROM word WHERE key = ?1 "
        "UNION SELECT single FROM person WHERE key = ?1 AND single IS NOT NULL", (key,)
    )  # fmt: skip


def settle_candidates(ledger: Ledger, settings: Settings, step: Step) -> None:
    """Join each bare name that a run touched to the one full name that holds it, if there is one."""
    while words := ledger.column("SELECT word FROM touched ORDER BY word LIMIT ?", KEYS):
        for word in words:
            bare = ledger.column("SELECT key FROM person WHERE single = ? ORDER BY key", word)
            for some in chunks(bare, KEYS):
                found = _candidates(ledger, settings, some, word)
                for key in some:
                    ledger.say(_candidate(key), "candidate", found.get(key, set()))
                if len(ledger.delta) > ENOUGH:
                    step()
            ledger.db.execute("DELETE FROM touched WHERE word = ?", (word,))
        step()


def _candidate(key: str) -> str:
    return f"{key} possiblySame"


def _candidates(ledger: Ledger, settings: Settings, bare: list[str], word: str) -> dict[str, set[ox.Quad]]:
    """Bare name -> what is said of it and of the one full name that it can be short for."""
    by_full: dict[str, list[str]] = defaultdict(list)
    for key in bare:
        apart = settings.identity.apart.get(key, frozenset()) if settings.identity else frozenset()
        found = ledger.column("SELECT key FROM word WHERE word = ? LIMIT ?", word, len(apart) + 2)
        if len(named := [k for k in found if k not in apart]) == 1:
            by_full[named[0]].append(key)
    out = {}
    for full, keys in by_full.items():
        builder = settings.builder()
        for key in keys:
            builder.nx.add_node(key, **_person(ledger, key, None))
        if full not in builder.nx:
            builder.nx.add_node(full, **_person(ledger, full, {id for key in keys for id in builder.nx.nodes[key]["documents"]}))
        builder.add_candidates()
        for key in keys:
            alone: Graph = settings.graph()
            alone.nx.add_nodes_from((k, builder.nx.nodes[k]) for k in (key, full))
            alone.nx.add_edges_from((a, b, k, d) for a, b, k, d in builder.nx.out_edges(key, keys=True, data=True) if b == full)
            out[key] = stored(q for q in rdf.unsorted(alone, settings.concepts) if q.graph_name == settings.name(EDGES))
    return out


def _person(ledger: Ledger, key: str, among: set[str] | None) -> dict[str, Any]:
    """The attributes of a person, with those documents of his that are `among` these."""
    document, attributes = ledger.db.execute("SELECT document, attributes FROM person WHERE key = ?", (key,)).fetchone()
    if document is not None:
        documents = [decoded(document)]
    else:
        documents = [decoded(d) for d in ledger.column("SELECT DISTINCT document FROM seen WHERE key = ? ORDER BY document", key)]
    return {**json.loads(attributes), "documents": [d for d in documents if among is None or d in among] or documents[:1]}
