"""The store on disk holds what one build over all its documents gives, whatever came in which order and went again."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from itertools import permutations
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg import store_copies
from kg.copies import families as all_families
from kg.copies import sorted_runs
from kg.errors import KgError
from kg.graph import Graph
from kg.identity import Identity
from kg.model import Document, Entity, Event, Extraction, Fact, Span
from kg.namespaces import DEFAULT_BASE, PREFIXES
from kg.rdf import ConceptLabels, quads
from kg.store import Reader, Store
from kg.store_copies import families
from kg.store_ledger import encoded, stored
from kg.store_pending import Pending
from tests.told import NAMES, TROOPS, Told, document

EXAMPLES = Path(__file__).parent / "data" / "extractions.jsonl"
CONCEPTS = {"force/soldiers": ("جنود", "soldiers"), "Q5": ("سلامي", "Salami"), "weapon/drone": ("مسيرات", None)}
SLOW = settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])


def examples() -> list[Extraction]:
    return [Extraction.from_json(json.loads(line)) for line in EXAMPLES.read_text(encoding="utf-8").splitlines()]


def whole(xs: Sequence[Extraction], concepts: ConceptLabels | None = None, identity: Identity | None = None) -> set[ox.Quad]:
    """The quads of one build, as Oxigraph keeps them."""
    return stored(quads(Graph.of(xs, identity=identity), concepts))


def named(store: ox.Store) -> set[ox.Quad]:
    """The quads of the named graphs; the default graph must hold their triples, each once."""
    quads = list(store)
    found = {q for q in quads if not isinstance(q.graph_name, ox.DefaultGraph)}
    assert {q.triple for q in quads if isinstance(q.graph_name, ox.DefaultGraph)} == {q.triple for q in found}
    return found


def differences(store: Store, expected: set[ox.Quad]) -> tuple[list[str], list[str]]:
    found = named(store._quads)
    return sorted(map(str, found - expected)), sorted(map(str, expected - found))


def fill(store: Store, xs: Sequence[Extraction]) -> None:
    for x in xs:
        store.put(x)
    store.settle()


def filled(path: Path, xs: Sequence[Extraction]) -> set[ox.Quad]:
    with Store(path) as store:
        fill(store, xs)
        return set(store)


# The same as one build


def test_a_store_holds_the_graph_of_its_documents(tmp_path: Path) -> None:
    assert filled(tmp_path / "store", examples()) == whole(examples())


def test_the_order_of_documents_does_not_matter(tmp_path: Path) -> None:
    xs = [
        document("a", TROOPS, source="وكالة يونهاب"),
        document("b", TROOPS.but(count=4000.0, says="Q884")),
        document("c", TROOPS.but(polarity="negative", says="Q159"), published="2025-03-29"),
        document("d", Told("VISIT", {"agent": "Q5", "location": "Q159"}, concept=None, says="Q165862")),
    ]
    expected = whole(xs)
    assert any(str(q.predicate).endswith("#inCluster>") for q in expected)
    for n, order in enumerate(permutations(xs)):
        if n % 5 == 0:
            assert filled(tmp_path / str(n), order) == expected


def test_a_document_is_replaced_with_all_that_only_it_said(tmp_path: Path) -> None:
    old, other = document("a", TROOPS.but(roles={"agent": "Q423", "recipient": "Q794"})), document("b", TROOPS)
    new = document("a", Told("MEET", {"agent": "Q884", "partner": "Q30"}, concept=None))
    with Store(tmp_path / "store") as store:
        for x in (old, other, new):
            store.put(x)
        # Before the run is settled, too, nothing is left of what was replaced.
        iran = ox.NamedNode(DEFAULT_BASE + "Q794")
        edges = ox.NamedNode(DEFAULT_BASE + "graph/edges")
        assert not [q for q in store if iran in (q.subject, q.object) and q.graph_name == edges]
        store.settle()
        assert differences(store, whole([other, new])) == ([], [])
        store.put(old)
        store.remove("b")
        store.settle()
        assert differences(store, whole([old])) == ([], [])


def test_an_entity_is_called_as_all_documents_call_it_in_every_document(tmp_path: Path) -> None:
    def calls(id: str, label: str, name: str) -> Extraction:
        text = f"{label} هنا في {id}"
        return Extraction(Document(id, text), (), (Entity("E1", "STATE", name, label, (Span(0, len(label), label),), "Q30"),))

    xs = [calls("a", "أمريكا", "America"), calls("b", "الولايات المتحدة", "United States"), calls("c", "الولايات المتحدة", "United States")]
    with Store(tmp_path / "store") as store:
        store.put(xs[0])
        store.settle()
        label, united = ox.NamedNode(PREFIXES["rdfs"] + "label"), ox.Literal("الولايات المتحدة", language="ar")
        assert not any(q.predicate == label and q.object == united for q in store)
        for x in xs[1:]:
            store.put(x)
        store.settle()
        graphs = {str(q.graph_name).rpartition("/")[2] for q in store if q.predicate == label and q.object == united}
        assert graphs == {"a>", "b>", "c>"}
        assert differences(store, whole(xs)) == ([], [])


def test_a_document_that_did_not_change_changes_nothing(tmp_path: Path) -> None:
    filled(tmp_path / "store", examples())
    with Store(tmp_path / "store") as store:
        store.put(examples()[0])
        assert not (tmp_path / "store" / "unsettled").exists()
        assert set(store) == whole(examples())


# Whatever documents there are

people = st.sampled_from(["سيرغي شويغو", "شويغو", "محمد علي", "علي", "علي حسن", "الرئيس الروسي", "كيم"])
told = st.builds(
    Told,
    type=st.sampled_from(["SEND", "LOSE", "MEET", "ATTACK", "VISIT", "MADE_UP"]),
    roles=st.dictionaries(
        st.sampled_from(["agent", "recipient", "partner", "victim", "location"]), st.sampled_from([*NAMES, "Q423 Q159"]), max_size=3
    ),
    concept=st.sampled_from([None, "force/soldiers", "force/troops", "weapon/drone"]),
    count=st.sampled_from([None, 3000.0, 4000.0, 2.5]),
    says=st.sampled_from(["", "Q884", "Q165862", "Q1 Q884"]),
    polarity=st.sampled_from(["positive", "positive", "negative"]),
    modality=st.sampled_from(["asserted", "asserted", "planned", "denied"]),
)
TEXTS = [" ".join(f"كلمة{t}{n}" for n in range(40)) for t in "ab"] + [" ".join(f"كلمةa{n}" for n in range(33)), "نص"]
NOTHING = "-" * 12


@st.composite
def extractions(draw: st.DrawFn) -> Extraction:
    id = draw(st.sampled_from(["a", "b", "c", "Q5", "د/1"]))
    published = draw(st.sampled_from([None, "2025-03-27", "2025-03-28", "2025-04-20", "2025-03-27T10:00:00+00:00"]))
    source = draw(st.sampled_from(["", "وكالة يونهاب", "صحيفة", "وكاله يونهاب"]))
    text = draw(st.sampled_from([*TEXTS, NOTHING, None]))
    x = document(id, *draw(st.lists(told, max_size=4 if text and len(text) > 4 else 1)), published=published, source=source, text=text)
    labels = draw(st.lists(people, max_size=3, unique=True))
    text = x.document.text
    entities = [
        replace(e, label=draw(st.sampled_from([e.label, e.label, "اسم آخر"])), mentions=(Span(0, 1, text[0]),)) if e.qid else e for e in x.entities
    ]
    entities += [Entity(f"P{n}", "PERSON", label, label, (Span(n, n + 2, text[n : n + 2]),)) for n, label in enumerate(labels) if len(text) > n + 2]
    facts = ()
    if len(entities) > 1 and draw(st.booleans()):
        predicate = draw(st.sampled_from(["spokesperson", "headOfState", "agencyOf"]))
        office = draw(st.sampled_from([None, "وزير"]))
        facts = (Fact("F1", entities[0].id, predicate, entities[1].id, Span(0, 1, text[0]), 0, office),)
    return replace(x, entities=tuple(entities), facts=facts)


@SLOW
@given(st.lists(st.lists(st.one_of(extractions(), st.sampled_from(["a", "b", "c"])), max_size=5), min_size=1, max_size=3), st.booleans())
def test_whatever_comes_and_goes(tmp_path_factory: pytest.TempPathFactory, runs: list[list[Extraction | str]], apart: bool) -> None:
    identity = None
    if apart:
        pair = {"person/علي-حسن", "Q5/person-0", "identity/x"}
        identity = Identity({"Q884": "Q30", "Q30": "Q30"}, {k: frozenset(pair - {k}) for k in pair})
    now: dict[str, Extraction] = {}
    with Store(tmp_path_factory.mktemp("any") / "store", concepts=CONCEPTS, identity=identity) as store:
        for run in runs:
            for step in run:
                if isinstance(step, Extraction):
                    store.put(step)
                    now[step.document.id] = step
                elif step in now:
                    store.remove(step)
                    del now[step]
            store.settle()
            assert differences(store, whole(list(now.values()), CONCEPTS, identity)) == ([], [])
        assert store.documents() == sorted(now)


hostile = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from("\"'\\\n\r\t\x00\x07\x7f\u202e\u200f\u2028\ufffe\ud800\udfff{}<>^`|%~.؟"),
        st.characters(min_codepoint=0x600, max_codepoint=0x6FF),
    ),
    min_size=1,
    max_size=12,
)


@SLOW
@given(hostile, hostile, hostile, hostile, st.sampled_from(["", "\\u0022 . } ; DROP ALL #", "\\U0001F600\\"]))
def test_hostile_texts(tmp_path_factory: pytest.TempPathFactory, id: str, text: str, name: str, source: str, more: str) -> None:
    text += more
    span = Span(0, len(text), text)
    entities = (
        Entity("E1", "PERSON", name, text, (span,)),
        Entity("E2", "ORGANISATION", text, name + more, (), None, name),
        Entity("\ud800", "STATE", name, name),
    )
    event = Event("V", "ACCUSE", span, {"agent": ("E1",), "target": ("E2", "\ud800")}, 0, source=("E2",))
    fact = Fact("F", "E1", "memberOf", "E2", span, 0, source + more)
    x = Extraction(Document(id, text, source + more, source, name), (span,), entities, (event,), (fact,), {"kg": source})
    y = replace(x, document=replace(x.document, id=id + "2"))
    with Store(tmp_path_factory.mktemp("any") / "store", texts=True) as store:
        for each in (x, y, replace(x, facts=())):
            store.put(each)
        store.settle()
        assert differences(store, whole([replace(x, facts=()), y])) == ([], [])
        assert list(store.extractions()) == sorted((replace(x, facts=()), y), key=lambda e: e.document.id)
        store.remove(id)
        store.remove(id + "2")
        store.settle()
        assert not list(store)


def test_an_unsound_extraction_leaves_the_store_as_it_was(tmp_path: Path) -> None:
    with Store(tmp_path / "store") as store:
        fill(store, examples())
        (bad,) = [replace(x, events=(replace(x.events[0], roles={"agent": ("E99",)}),)) for x in examples() if x.document.id == "d1"]
        with pytest.raises(ValueError, match="E99"):
            store.put(bad)
        store.settle()
        assert differences(store, whole(examples())) == ([], [])


# Copies


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(st.sampled_from("abcdefgh"), max_size=30), max_size=12))
def test_families_are_those_of_all_texts_at_once(texts: list[list[str]]) -> None:
    documents = [Document(f"d{n}", " ".join(words)) for n, words in enumerate(texts)]
    expected = {encoded(id): encoded(head) for id, head in all_families(documents).items()}
    assert stored_families(documents) == expected
    # The same with files for shares of the runs.
    part, store_copies.PART = store_copies.PART, 7
    try:
        assert stored_families(documents) == expected
    finally:
        store_copies.PART = part


def stored_families(documents: Sequence[Document]) -> dict[bytes, bytes]:
    runs = {encoded(d.id): sorted_runs(d.text) for d in documents}
    return families(runs.items, runs.__getitem__)


def test_a_common_line_leads_from_no_text_to_another() -> None:
    line = " ".join(f"سطر{n}" for n in range(12))
    documents = [Document(f"d{n:03}", f"{line} نهاية{n} {n} آخر{n}") for n in range(260)]
    documents += [Document("e", line)]
    expected = {encoded(id): encoded(head) for id, head in all_families(documents).items()}
    assert stored_families(documents) == expected


# A store that is made at once

QUADS = [
    ox.Quad(ox.NamedNode("a:s"), ox.NamedNode("a:p"), o, g)
    for o in (ox.Literal("\x01 .\n"), ox.Literal("\x01"), ox.Literal(""), ox.NamedNode("a:o"))
    for g in (ox.NamedNode("a:g"), ox.NamedNode("a:h"))
]
SOME = st.sets(st.sampled_from(QUADS))


@given(st.lists(st.tuples(SOME, SOME)))
def test_of_changes_that_are_noted_the_last_holds(changes: list[tuple[set[ox.Quad], set[ox.Quad]]]) -> None:
    pending, holds = Pending(), set[ox.Quad]()
    for gone, come in changes:
        pending.change(gone - come, come)
        holds = holds - gone | come
    store = ox.Store()
    pending.load(store)
    assert {q for q in store if not isinstance(q.graph_name, ox.DefaultGraph)} == holds
    assert {q.triple for q in store} == {q.triple for q in holds}


@SLOW
@given(st.lists(extractions(), max_size=8, unique_by=lambda x: x.document.id))
def test_a_new_store_is_what_one_build_gives(tmp_path_factory: pytest.TempPathFactory, xs: list[Extraction]) -> None:
    path = tmp_path_factory.mktemp("new") / "store"
    with Store(path, new=True) as store:
        fill(store, xs)
        assert set(store) == whole(xs)
    # What it remembers is what a store remembers that is filled as documents come.
    with Store(path) as store:
        fill(store, examples())
        assert set(store) == whole([*examples(), *xs])
        for x in xs:
            store.remove(x.document.id)
        store.settle()
        assert set(store) == whole(examples())


# Opening


def test_texts_are_kept_where_they_are_asked_for(tmp_path: Path) -> None:
    with Store(tmp_path / "with", texts=True) as store:
        fill(store, examples())
        assert list(store.extractions()) == examples()
    with Store(tmp_path / "without") as store:
        fill(store, examples())
        assert list(store.extractions()) == []
    raw = b"".join(p.read_bytes() for p in (tmp_path / "without").rglob("*") if p.is_file())
    assert examples()[0].document.text.encode() not in raw


def test_a_store_that_is_being_filled_is_not_opened(tmp_path: Path) -> None:
    path = tmp_path / "store"
    with Store(path):
        for open_it in (Store, Reader):
            with pytest.raises(KgError, match="another process has the store"):
                open_it(path)
    with Reader(path), Reader(path), pytest.raises(KgError, match="another process"):
        Store(path)
    with Store(path) as store:
        assert not list(store)


def test_a_store_that_another_program_writes_to_is_not_opened(tmp_path: Path) -> None:
    filled(tmp_path / "store", examples())
    code = "import pyoxigraph, sys; s = pyoxigraph.Store(sys.argv[1]); print(len(s), flush=True); sys.stdin.read()"
    command = [sys.executable, "-c", code, str(tmp_path / "store" / "quads")]
    other = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        assert other.stdout is not None and other.stdout.readline().strip() == str(
            len(whole(examples())) + len({q.triple for q in whole(examples())})
        )
        for open_it in (Store, Reader):
            with pytest.raises(KgError, match="another process"):
                open_it(tmp_path / "store")
    finally:
        other.communicate("")
    with Reader(tmp_path / "store") as reader:
        assert named(reader.quads) == whole(examples())


def test_a_store_of_another_schema_is_refused(tmp_path: Path) -> None:
    filled(tmp_path / "store", examples())
    about = tmp_path / "store" / "store.json"
    about.write_text(json.dumps(json.loads(about.read_text()) | {"schema": 0}))
    for open_it in (Store, Reader):
        with pytest.raises(KgError, match="is a store of schema 0, and this kg reads schema 1: build it anew"):
            open_it(tmp_path / "store")
    about.write_text("{")
    with pytest.raises(KgError, match="damaged"):
        Reader(tmp_path / "store")


def test_other_folders_are_no_stores(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(KgError, match=r"not empty \(notes.txt\)"):
        Store(tmp_path)
    with pytest.raises(KgError, match="is no store of kg: make one"):
        Reader(tmp_path)
    with pytest.raises(KgError, match="is no store of kg: make one"):
        Reader(tmp_path / "nowhere")
    with pytest.raises(KgError, match="cannot open the store"):
        Store(tmp_path / "notes.txt" / "store")
    assert [p.name for p in tmp_path.iterdir()] == ["notes.txt"]


def test_a_store_keeps_its_base(tmp_path: Path) -> None:
    base = "https://news.example.org/graph/"
    with Store(tmp_path / "store", base=base) as store:
        fill(store, examples())
        assert set(store) == stored(quads(Graph.of(examples(), base)))
    with Store(tmp_path / "store") as store:
        assert store.base == base
    with pytest.raises(KgError, match="is a store with the base"):
        Store(tmp_path / "store", base=DEFAULT_BASE)


def test_a_reader_hears_that_a_run_did_not_end(tmp_path: Path) -> None:
    with Store(tmp_path / "store") as store:
        store.put(examples()[0])
    with Reader(tmp_path / "store") as reader:
        assert not reader.settled
        assert {q for q in reader.quads if str(q.graph_name).endswith("/d1>")}
    with Store(tmp_path / "store") as store:
        store.settle()
        assert differences(store, whole(examples()[:1])) == ([], [])
    with Reader(tmp_path / "store") as reader:
        assert reader.settled


# Under other settings


IDENTITIES = [
    None,
    Identity({"person/كيم-جونغ-أون": "Q56226"}, {}),
    Identity({"Q159": "Q159", "Q212": "Q159"}, {}),
    Identity({}, {"Q159": frozenset({"Q212"}), "Q212": frozenset({"Q159"}), "d1/state-0": frozenset({"Q159"})}),
]


@pytest.mark.parametrize(("before", "after"), list(permutations(range(len(IDENTITIES)), 2)))
def test_given_again_with_another_identity_all_is_as_in_one_build(tmp_path: Path, before: int, after: int) -> None:
    xs = [*examples(), document("n1", TROOPS, published="2025-03-27"), document("n2", TROOPS, published="2025-03-28")]
    with Store(tmp_path / "store", identity=IDENTITIES[before]) as store:
        fill(store, xs)
    with Store(tmp_path / "store", identity=IDENTITIES[after]) as store:
        assert store.outdated() == len(xs)
        fill(store, xs)
        assert store.outdated() == 0
        assert set(store) == stored(quads(Graph.of(xs, identity=IDENTITIES[after])))


def test_labels_of_the_lexicon_are_those_of_the_last_run(tmp_path: Path) -> None:
    x, concept = document("n1", TROOPS), "place/kursk"
    town = Entity("W", "PLACE", "Kursk", "Kursk", (Span(0, 2, x.document.text[:2]),), None, concept)
    xs = [replace(x, entities=(*x.entities, town))]
    for concepts in ({}, {concept: ("اسم", "a name")}, {concept: ("آخر", "another")}):
        with Store(tmp_path / "store", concepts=concepts) as store:
            fill(store, xs)
            assert set(store) == stored(quads(Graph.of(xs), concepts))


def test_documents_that_were_put_in_otherwise_are_counted(tmp_path: Path) -> None:
    with Store(tmp_path / "store") as store:
        fill(store, examples())
        assert store.outdated() == 0
    with Store(tmp_path / "store", identity=IDENTITIES[2]) as store:
        fill(store, examples()[:1])
        assert store.outdated() == len(examples()) - 1


def test_names_that_nothing_has_are_told_run_after_run(tmp_path: Path) -> None:
    place = f"{DEFAULT_BASE}{examples()[0].document.id}/person-999"
    identity = Identity({"person/لا-أحد": "Q159", "Q159": "Q159"}, {"d1/person-999": frozenset({"Q212"}), "Q212": frozenset({"d1/person-999"})})
    wanted = sorted([f"{DEFAULT_BASE}person/لا-أحد", place])
    for xs in (examples(), examples(), examples()[1:]):
        with Store(tmp_path / "store", identity=identity) as store:
            fill(store, xs)
            assert store.unmatched() == wanted
    with Store(tmp_path / "store") as store:
        assert store.unmatched() == []


@pytest.mark.parametrize("lost", ["ledger.sqlite", "quads"])
def test_a_store_without_one_of_its_files_is_refused(tmp_path: Path, lost: str) -> None:
    with Store(tmp_path / "store") as store:
        fill(store, examples())
    (tmp_path / "store" / lost).rename(tmp_path / lost)
    with pytest.raises(KgError, match=f"{lost} is not there"):
        Store(tmp_path / "store")


def test_a_damaged_ledger_is_one_line(tmp_path: Path) -> None:
    with Store(tmp_path / "store") as store:
        fill(store, examples())
    (tmp_path / "store" / "ledger.sqlite").write_bytes(b"nothing of the kind" * 100)
    with pytest.raises(KgError, match="not a database"):
        Store(tmp_path / "store")
    with Reader(tmp_path / "store") as reader, pytest.raises(KgError, match="not a database"):
        reader.documents()


def test_a_reader_has_the_extractions_and_leaves_the_folder_as_it_was(tmp_path: Path) -> None:
    with Store(tmp_path / "store", texts=True) as store:
        fill(store, examples())
    before = sorted(p.name for p in (tmp_path / "store").iterdir())
    with Reader(tmp_path / "store") as one, Reader(tmp_path / "store") as other:
        assert list(one.extractions()) == list(other.extractions()) == examples()
        assert one.documents() == [x.document.id for x in examples()]
    assert sorted(p.name for p in (tmp_path / "store").iterdir()) == before
