"""A process that fills a store is killed again and again, at any moment: whole documents are there, and no halves."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.graph import Graph
from kg.model import Extraction
from kg.namespaces import DEFAULT_BASE
from kg.rdf import quads
from kg.store import Reader, Store
from kg.store_ledger import stored
from tests.test_store import named
from tests.told import NAMES, TROOPS, Told, document

EXAMPLES = Path(__file__).parents[1] / "data" / "extractions.jsonl"

#: Documents in a run.
RUN = 20

#: Fills a store from a file, and says of each document that it is in when `put` has returned.
FILLER = """
import json, sys
from kg.model import Extraction
from kg.store import Store
with Store(sys.argv[1]) as store:
    print("open", flush=True)
    for line in open(sys.argv[2], encoding="utf-8"):
        store.put(Extraction.from_json(json.loads(line)))
        print("in", flush=True)
    store.settle()
    print("settled", flush=True)
"""


def documents() -> list[Extraction]:
    """Those of the examples, and sixty that share events, names and texts; some come twice, changed."""
    given = [Extraction.from_json(json.loads(line)) for line in EXAMPLES.read_text(encoding="utf-8").splitlines()]
    chance = random.Random(7)
    made = []
    for n in range(60):
        who, whom, says = chance.sample([k for k in NAMES if NAMES[k][0] == "STATE"], 3)
        events = [
            TROOPS.but(count=float(chance.choice([3000, 4000])), says=says, polarity=chance.choice(["positive", "negative"])),
            Told(chance.choice(["MEET", "ACCUSE"]), {"agent": who, "partner": whom}, concept=None),
        ]
        made.append(document(f"n{n % 45}", *events, published=f"2025-03-{20 + n % 9}", source=chance.choice(["صحيفة", "وكالة يونهاب", ""])))
    labelled = [replace(x, entities=tuple(replace(e, label=f"{e.label} {i % 2}") for e in x.entities)) for i, x in enumerate(made)]
    return [*given, *labelled]


def start(store: Path, file: Path) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-c", FILLER, str(store), str(file)], stdout=subprocess.PIPE, text=True, bufsize=1)


def graphs(found: set[ox.Quad], xs: list[Extraction]) -> dict[str, set[ox.Quad]]:
    """Document id -> the quads of its graph, without what depends on other documents: how entities are called, and of what type they are."""
    events = {x.document.id: ox.NamedNode(f"{DEFAULT_BASE}{x.document.id}") for x in xs}
    own = {name.value: id for id, name in events.items()}
    out: dict[str, set[ox.Quad]] = {}
    for q in found:
        id = own.get(getattr(q.graph_name, "value", ""))
        if id is not None and str(q.subject).startswith(f"<{DEFAULT_BASE}{id}/"):
            out.setdefault(id, set()).add(q)
    return out


def latest(xs: list[Extraction]) -> list[Extraction]:
    return list({x.document.id: x for x in xs}.values())


def kills(most: int) -> Iterator[int]:
    """After how many documents to kill: anywhere, and when all are in and the store is being settled."""
    chance = random.Random(11)
    for _ in range(5):
        yield chance.randrange(most)
        yield most


@pytest.mark.slow
def test_killed_at_any_moment(tmp_path: Path) -> None:
    xs = documents()
    file, path = tmp_path / "xs.jsonl", tmp_path / "store"
    chance = random.Random(3)
    held: dict[str, Extraction] = {}  # what the store is to hold
    for after in kills(RUN):
        # Each run gets some documents, in an order of its own.
        run = chance.sample(xs, RUN)
        file.write_text("".join(json.dumps(x.to_json()) + "\n" for x in run), encoding="utf-8")
        child = start(path, file)
        assert child.stdout is not None
        said = [child.stdout.readline() for _ in range(after + 1)]
        # Not at once: somewhere in the midst of what comes next.
        try:
            child.wait(chance.random() * (0.5 if after == RUN else 0.05))
        except subprocess.TimeoutExpired:
            child.send_signal(signal.SIGKILL)
        said += child.stdout.readlines()
        child.wait()
        done = said.count("in\n")
        assert said[0] == "open\n" and done >= after
        held |= {x.document.id: x for x in run[:done]}
        hand = run[done] if done < len(run) else None
        with Reader(path) as reader:
            seen = named(reader.quads)
        found = graphs(seen, xs)
        wanted = {id: graphs(stored(quads(Graph.of([x]))), [x])[id] for id, x in held.items()}
        if hand is not None:
            # The document in hand is wholly in or not at all, in its old form or its new one.
            new = graphs(stored(quads(Graph.of([hand]))), [hand])[hand.document.id]
            assert found.get(hand.document.id) in (wanted.get(hand.document.id), new)
            if found.get(hand.document.id) == new:
                held[hand.document.id] = hand
            found.pop(hand.document.id, None)
            wanted.pop(hand.document.id, None)
        assert found == wanted
        if hand is not None:
            # Written down and not done yet in the quads: whoever opens the store next does it.
            with Store(path) as store:
                if graphs(set(store), xs).get(hand.document.id) == new:
                    held[hand.document.id] = hand
        # Nothing in the shared graphs speaks of a claim that is not there.
        claims = {q.object for q in seen if q.predicate.value.endswith("#claim")}
        subjects = {q.subject for q in seen}
        assert claims <= subjects
        # Nor is a statement there without a claim.
        with_claims = {q.subject for q in seen if q.predicate.value.endswith("#claim")}
        statements = {q.subject for q in seen if str(q.object).endswith(("#Edge>", "#Fact>")) and str(q.graph_name).endswith("graph/edges>")}
        assert statements == with_claims
    with Store(path) as store:
        assert set(store.documents()) == set(held) | ({hand.document.id} if hand and hand.document.id in store.documents() else set())
        store.settle()
        for x in latest(xs):
            store.put(x)
        store.settle()
        assert set(store) == stored(quads(Graph.of(latest(xs))))
