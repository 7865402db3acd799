"""kg.clusters, kg.tellings and kg.copies: what is told twice is found, by whom it is told, and with what numbers; in graph and RDF."""

from __future__ import annotations

import json
import os
import random
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.clusters import Cluster, Member, Numbers, clusters
from kg.copies import families
from kg.graph import Graph
from kg.lexicon import broader
from kg.model import EVENT_ROLES, Document, Entity, Event, Extraction, Fact, Span
from kg.namespaces import DEFAULT_BASE, KGO, PREFIXES
from kg.rdf import serialize, to_dataset, write
from kg.validation import validate
from tests.told import NAMES, TROOPS, Told, document

# rdflib warns of its own use of what it is about to rename.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")

ROOT = Path(__file__).resolve().parents[1]
ARTICLE = " ".join(f"خبر{n}" for n in range(100))


def members(found: Sequence[Cluster]) -> list[list[str]]:
    """The members of each cluster as "document event"."""
    return [[f"{m.document} {m.event}" for m in c.members] for c in found]


def sources(c: Cluster) -> list[str]:
    return [s.key for s in c.sources]


# What is one event


def test_twice_in_a_document() -> None:
    other = Told("ATTACK", {"agent": "Q159", "target": "Q212"}, None)
    (cluster,) = clusters([document("d1", TROOPS, other, TROOPS, published=None)])
    assert cluster.type == "SEND"
    assert cluster.members == (Member("d1", "V1", "asserted"), Member("d1", "V3", "asserted"))
    assert cluster.participants == {"agent": ("Q423",), "recipient": ("Q159",)}
    assert cluster.theme == "force/soldiers"
    assert cluster.documents == ("d1",)
    assert sources(cluster) == ["publisher/صحيفه-d1"]
    assert cluster.numbers == (Numbers("soldiers", 3000, 3000, 1),)
    assert (cluster.first, cluster.last, cluster.stances) == (None, None, {"asserted": 2})


def test_what_is_told_once_makes_no_cluster() -> None:
    other = Told("ATTACK", {"agent": "Q159", "target": "Q212"}, None)
    assert clusters([document("d1", TROOPS, other)]) == ()
    assert clusters([]) == ()


def test_three_independent_reports_with_different_numbers() -> None:
    xs = [
        document("d1", TROOPS, published="2025-03-27"),
        document("d2", TROOPS.but(count=1500), published="2025-03-29T08:30:00+03:00"),
        document("d3", TROOPS.but(count=None), published="2025-03-30"),
        document("d4", TROOPS.but(count=4000), published="2025-03-28"),
    ]
    (cluster,) = clusters(xs)
    assert cluster.documents == ("d1", "d2", "d3", "d4")
    assert len(cluster.sources) == 4
    assert cluster.numbers == (Numbers("soldiers", 1500, 4000, 3),)
    assert (cluster.first, cluster.last) == (date(2025, 3, 27), date(2025, 3, 30))


@pytest.mark.parametrize(
    ("change", "same"),
    [
        ({}, True),
        ({"type": "SUPPORT"}, False),
        ({"roles": {"agent": "Q794", "recipient": "Q159"}}, False),
        ({"roles": {"agent": "Q423 Q794", "recipient": "Q159"}}, True),  # he is part of the group
        ({"roles": {"agent": "Q423", "recipient": "Q212"}}, False),
        ({"roles": {"agent": "Q423"}}, True),
        ({"roles": {"recipient": "Q159"}}, True),
        ({"roles": {"recipient": "Q423"}}, False),
        ({"roles": {"agent": "Q159", "recipient": "Q423"}}, False),
        ({"roles": {}}, False),
        ({"concept": "weapon/ballistic-missile"}, False),
        ({"concept": "force/troops"}, True),  # broader
        ({"concept": "force/marines"}, True),  # narrower
        ({"concept": "force/gunmen"}, False),
        ({"concept": None}, True),
        ({"roles": {"agent": "Q423"}, "concept": None}, False),  # of one agent much is told
        ({"modality": "planned"}, True),
        ({"polarity": "negative"}, True),
    ],
)
@pytest.mark.parametrize("ids", [("d1", "d1"), ("d1", "d2")])
def test_what_is_the_same(ids: tuple[str, str], change: dict[str, object], same: bool) -> None:
    told = TROOPS.but(**change)
    xs = [document("d1", TROOPS, told)] if ids[0] == ids[1] else [document("d1", TROOPS), document("d2", told)]
    assert len(clusters(xs)) == same


@pytest.mark.parametrize(("a", "b", "same"), [("kursk", "kursk", True), ("kursk", "", True), ("kursk", "kyiv", False)])
def test_places(a: str, b: str, same: bool) -> None:
    one, other = (Told("ATTACK", {"agent": "Q159", "target": "Q212", **({"location": f"place/{place}"} if place else {})}, None) for place in (a, b))
    assert len(clusters([document("d1", one), document("d2", other)])) == same


@pytest.mark.parametrize(
    ("days", "found"),
    [
        (("2025-03-27", "2025-04-03"), [["d0 V1", "d1 V1"]]),
        (("2025-03-27", "2025-04-04"), []),
        (("2025-03-27", None), []),
        ((None, None), []),
        (("2025-03-27", "أمس"), []),
        # A week at most, however long the news go on.
        (("2025-03-01", "2025-03-05", "2025-03-09", "2025-03-13"), [["d0 V1", "d1 V1"], ["d2 V1", "d3 V1"]]),
    ],
)
def test_dates(days: Sequence[str | None], found: list[list[str]]) -> None:
    xs = [document(f"d{n}", TROOPS, published=day) for n, day in enumerate(days)]
    assert members(clusters(xs)) == found
    assert len({c.id for c in clusters(xs)}) == len(found)


def test_contradicting_agents_make_two_clusters() -> None:
    iran = TROOPS.but(roles={"agent": "Q794", "recipient": "Q159"})
    xs = [document("d1", TROOPS, iran), document("d2", TROOPS), document("d3", iran)]
    assert members(clusters(xs)) == [["d1 V1", "d2 V1"], ["d1 V2", "d3 V1"]]


def test_a_vague_report_does_not_make_two_events_one() -> None:
    xs = [
        document("d1", Told("SANCTION", {"agent": "Q30", "target": "Q794"}, None)),
        document("d2", Told("SANCTION", {"agent": "Q159", "target": "Q794"}, None)),
        document("d3", Told("SANCTION", {"target": "Q794"}, None)),
    ]
    found = clusters([*xs, document("d4", Told("SANCTION", {"agent": "Q159", "target": "Q794"}, None), published="2025-03-28")])
    assert members(found) == [["d2 V1", "d4 V1"]]
    # Between the two stands one that fits both: «American and British».
    parts = [Told("ATTACK", {"agent": who, "target": "Q794", "location": "place/kursk"}, None) for who in ("Q30", "Q30 Q145", "Q145")]
    found = clusters([document(f"d{n}", part) for n, part in enumerate(parts)])
    assert len(found) == 1
    assert len(found[0].members) == 2


def test_the_parties_of_a_meeting_are_equals() -> None:
    roles = ({"agent": "Q159", "partner": "Q30"}, {"agent": "Q30 Q159"}, {"agent": "Q159", "partner": "Q794"})
    (cluster,) = clusters(document(f"d{n}", Told("MEET", who, None)) for n, who in enumerate(roles, 1))
    assert cluster.documents == ("d1", "d2")
    assert cluster.participants == {"party": ("Q159", "Q30")}


def test_nobody_is_killed_twice() -> None:
    killed = Told("KILL", {"victim": "Q5"}, None)
    (cluster,) = clusters([document("d1", killed, published="2025-03-20"), document("d2", killed, published="2025-03-26")])
    assert cluster.participants == {"victim": ("Q5",)}


def test_one_speaker_with_two_numbers_tells_of_two_events() -> None:
    """«أرسلت 3000 جندي، بعد 11000 في الخريف»."""
    more = TROOPS.but(count=11000)
    assert clusters([document("d1", TROOPS, more)]) == ()
    found = clusters([document("d1", TROOPS, more), document("d2", TROOPS, more)])
    assert members(found) == [["d1 V1", "d2 V1"], ["d1 V2", "d2 V2"]]
    assert len({c.id for c in found}) == 2
    # Others may count otherwise, and "at least 3000" may be 11000.
    assert len(clusters([document("d1", TROOPS.but(says="Q884"), more.but(says="Q212"))])) == 1
    assert len(clusters([document("d1", TROOPS.but(bound="at-least"), more)])) == 1
    assert len(clusters([document("d1", TROOPS.but(bound="about"), TROOPS.but(count=3500))])) == 1


def test_a_bare_name_is_one_man_in_his_document_only() -> None:
    def visit(id: str) -> Extraction:
        x = document(id, Told("VISIT", {"location": "Q794"}, None), Told("VISIT", {"location": "Q794"}, None))
        man = Entity("E9", "PERSON", "شويغو", "شويغو")
        return replace(x, entities=(*x.entities, man), events=tuple(replace(e, roles={**e.roles, "agent": ("E9",)}) for e in x.events))

    found = clusters([visit("d1"), visit("d2")])
    assert members(found) == [["d1 V1", "d1 V2"], ["d2 V1", "d2 V2"]]
    assert found[0].participants == {"agent": ("d1/person-id-E9",), "location": ("Q794",)}


def test_an_event_type_of_a_users_own() -> None:
    launder = Told("LAUNDER_MONEY", {"agent": "Q423", "bank": "Q1"}, None)
    (cluster,) = clusters([document("d1", launder), document("d2", launder)])
    assert cluster.participants == {"agent": ("Q423",), "bank": ("Q1",)}


def test_classes_of_a_users_own() -> None:
    a, b = document("d1", TROOPS.but(concept="force/own")), document("d2", TROOPS)
    assert clusters([a, b]) == ()
    assert len(clusters([a, b], broader={"force/own": frozenset({"force/soldiers"})})) == 1


def test_the_lexicon_says_what_is_broader(tmp_path: Path) -> None:
    assert broader()["force/marines"] >= {"force/soldiers", "force/troops"}
    own = """@prefix skos: <http://www.w3.org/2004/02/skos/core#> . @base <https://example.org/kg/lexicon/weapon/> .
        <own> skos:broader <drone> . <drone> skos:broader <own> ."""
    (tmp_path / "own.ttl").write_text(own, encoding="utf-8")
    assert broader(tmp_path)["weapon/own"] >= {"weapon/drone", "weapon/weapon"}  # a loop does no harm
    assert "weapon/own" not in broader(tmp_path)["weapon/own"]


# Who says so


def test_a_denial_belongs_to_what_it_denies() -> None:
    xs = [
        document("d1", TROOPS.but(says="Q884")),
        document("d2", TROOPS.but(says="Q159", modality="denied", count=1)),
        document("d3", TROOPS.but(says="Q423", polarity="negative", count=None)),
    ]
    (cluster,) = clusters(xs)
    assert [m.stance for m in cluster.members] == ["asserted", "denied", "denied"]
    assert cluster.stances == {"asserted": 1, "denied": 2}
    assert sources(cluster) == ["Q884"]
    assert [s.key for s in cluster.deniers] == ["Q159", "Q423"]
    assert cluster.numbers == (Numbers("soldiers", 3000, 3000, 1),)


@pytest.mark.parametrize("copy", [ARTICLE, "بيونغ يانغ ترسل جنودا: " + ARTICLE + " (وكالات)", ARTICLE[:400], ARTICLE.replace("خبر1", "خَبَرٌ1")])
def test_copies_of_one_text_count_once(copy: str) -> None:
    xs = [
        document("d1", TROOPS, text=ARTICLE, source="رويترز", published="2025-03-26"),
        document("d2", TROOPS, text=copy, source="الجزيرة", published="2025-03-27"),
        document("d3", TROOPS, source="العربية"),
    ]
    (cluster,) = clusters(xs)
    assert len(cluster.members) == 3
    assert sources(cluster) == ["publisher/العربيه", "publisher/رويترز"]
    assert cluster.numbers == (Numbers("soldiers", 3000, 3000, 2),)


def test_copies_without_a_date_are_as_old_as_the_text() -> None:
    xs = [document("d1", TROOPS, text=ARTICLE), document("d2", TROOPS, text=ARTICLE + " انتهى", published=None)]
    assert [len(c.sources) for c in clusters(xs)] == [1]
    assert [len(c.sources) for c in clusters([replace(x, document=replace(x.document, published=None)) for x in xs])] == [1]


def test_copies_speak_with_the_voice_of_whom_one_names() -> None:
    xs = [document("d1", TROOPS, text=ARTICLE), document("d2", TROOPS.but(says="Q884"), text=ARTICLE + " انتهى")]
    assert sources(clusters(xs)[0]) == ["Q884"]


def test_one_publisher_is_one_source() -> None:
    xs = [document(f"d{n}", TROOPS, source=name) for n, name in enumerate(("وكالة الأنباء", "وكالة الانباء", "", "  "))]
    (cluster,) = clusters(xs)
    assert [(s.key, s.name) for s in cluster.sources] == [("d2", "d2"), ("d3", "d3"), ("publisher/وكاله-الانبا", "وكالة الأنباء")]
    # A publisher that others quote is one source with the entity that they name.
    xs = [document("d1", TROOPS, source="وكالة يونهاب"), document("d2", TROOPS.but(says="Q165862"))]
    assert sources(clusters(xs)[0]) == ["Q165862"]


def test_a_state_and_its_ministry_are_one_source() -> None:
    xs = [document("d1", TROOPS.but(says="Q884")), document("d2", TROOPS.but(says="Q1"))]
    assert sources(clusters(xs)[0]) == ["Q1", "Q884"]
    ministry = Entity("Q884", "STATE", "South Korea", "كوريا الجنوبية", (), "Q884")
    fact = Fact("F1", "Q1", "agencyOf", "Q884", Span(0, 2, "كل"), 0)
    xs[1] = replace(xs[1], entities=(*xs[1].entities, ministry), facts=(fact,))
    assert sources(clusters(xs)[0]) == ["Q884"]


def test_copies() -> None:
    def of(*texts: str) -> dict[str, str]:
        return families(Document(f"d{n}", text) for n, text in enumerate(texts))

    words = ARTICLE.split()
    assert of(ARTICLE, ARTICLE) == {"d0": "d0", "d1": "d0"}
    assert of(ARTICLE, " ".join(words[:30])) == {"d0": "d0", "d1": "d0"}
    # Half of it is another text: 46 of 146 runs.
    assert of(ARTICLE, " ".join(words[:50]) + " " + " ".join(f"آخر{n}" for n in range(50))) == {"d0": "d0", "d1": "d1"}
    # A short notice that two articles quote does not make them one.
    notice = " ".join(f"بيان{n}" for n in range(10))
    found = of(f"{ARTICLE} {notice}", notice + " ".join(f" آخر{n}" for n in range(100)), notice)
    assert (found["d0"], found["d1"]) == ("d0", "d1")
    assert of("", "", "خبر", "خبر") == {"d0": "d0", "d1": "d1", "d2": "d2", "d3": "d2"}


# The same, whatever the order; fast


def many(seed: int, documents: int, events: int, states: int = 12) -> list[Extraction]:
    """Documents that tell of much, some of it twice, some of them copies, some without a date."""
    rng = random.Random(seed)
    keys = [k for k in NAMES if NAMES[k][0] == "STATE"]
    out = []
    for n in range(documents):
        told = []
        for _ in range(events):
            type = rng.choice(["SEND", "ATTACK", "MEET", "SANCTION"])
            roles = {r: " ".join(rng.sample(keys, rng.choice([1, 1, 2]))) for r in EVENT_ROLES[type][:3] if r != "theme" and rng.random() < 0.8}
            modality = rng.choice(["asserted", "asserted", "planned", "denied"])
            concept = rng.choice(["force/soldiers", "force/troops", "weapon/drone", "weapon/missile", None])
            told.append(Told(type, roles, concept, rng.choice([None, 100, 200]), "exact", rng.choice(["", *keys[:4]]), modality=modality))
        published = rng.choice([None, *(f"2025-03-{day:02}" for day in range(1, 15))])
        out.append(document(f"d{n}", *told, published=published, text=ARTICLE if n % 5 == 0 else None))
    return out


@settings(deadline=None, max_examples=25)
@given(st.randoms(use_true_random=False), st.integers(0, 5))
def test_the_order_of_documents_and_their_parts_does_not_matter(rng: random.Random, seed: int) -> None:
    xs = many(seed, 12, 6)
    mixed = [replace(x, events=tuple(rng.sample(x.events, len(x.events))), entities=tuple(rng.sample(x.entities, len(x.entities)))) for x in xs]
    found = clusters(iter(rng.sample(mixed, len(mixed))))
    assert found == clusters(xs)
    assert len(found) > 3
    assert len({c.id for c in found}) == len(found)
    in_one = [m for c in found for m in c.members]
    assert len(set(in_one)) == len(in_one)


def test_an_id_stays_when_more_is_told() -> None:
    xs = [document("d1", TROOPS), document("d2", TROOPS)]
    (before,) = clusters(xs)
    other = TROOPS.but(roles={"agent": "Q794", "recipient": "Q159"})
    after = clusters([*xs, document("d3", TROOPS.but(count=5000, says="Q884"), published="2025-03-30"), document("a0", other, other)])
    assert before.id in {c.id for c in after}


def test_ten_thousand_events_are_clustered() -> None:
    rng = random.Random(7)
    xs = []
    for n in range(800):
        names = [Entity(f"E{k}", "STATE", "s", "دولة", (), f"Q{rng.randrange(1, 60)}") for k in range(8)]
        text = " ".join(f"كلمة{rng.randrange(5000)}" for _ in range(250))
        told = [
            Event(f"V{k}", rng.choice(list(EVENT_ROLES)), Span(k, k + 1, text[k]), {"agent": (f"E{k % 8}",), "target": (f"E{(k + 1) % 8}",)}, 0)
            for k in range(13)
        ]
        day = date(2025, 1, 1) + timedelta(rng.randrange(60))
        xs.append(Extraction(Document(f"d{n}", text, None, day.isoformat()), (), tuple(names), tuple(told)))
    assert len(clusters(xs)) > 20


def test_what_is_not_sound_is_refused() -> None:
    x = document("d1", TROOPS, TROOPS)
    with pytest.raises(ValueError, match="Q423"):
        clusters([replace(x, entities=tuple(e for e in x.entities if e.id != "Q423"))])
    with pytest.raises(ValueError, match="type"):
        clusters([replace(x, entities=tuple(replace(e, type="THING") for e in x.entities))])


# In the graph and in RDF

REPORTS = [
    document("d1", TROOPS.but(says="Q884"), published="2025-03-27"),
    document("d2", TROOPS.but(count=4000), published="2025-03-28", source="رويترز"),
    document("d3", TROOPS.but(says="Q159", modality="denied", count=None), published="2025-03-30"),
]


def test_the_graph_has_clusters() -> None:
    graph = Graph.of(REPORTS)
    ((key, data),) = graph.clusters()
    assert key == f"cluster/{clusters(REPORTS)[0].id}"
    assert (data["label_ar"], data["label_en"]) == ("إرسال: كوريا الشمالية، روسيا", "send: North Korea, Russia")
    assert data["members"] == ["d1/send-0", "d2/send-0", "d3/send-0"]
    assert [(a, d["stance"]) for a, b, _, d in graph.edges("member") if b == key] == [
        ("d1/send-0", "asserted"), ("d2/send-0", "asserted"), ("d3/send-0", "denied"),
    ]  # fmt: skip
    assert graph.roles("d1/send-0") == {"agent": ["Q423"], "recipient": ["Q159"], "theme": ["d1/force-id-G1"]}
    merged = Graph.merge(Graph.of([x]) for x in reversed(REPORTS))
    assert merged.clusters() == graph.clusters()
    assert Graph.of(REPORTS[:1]).clusters() == []


def test_an_event_is_known_by_its_id() -> None:
    x = document("d1", TROOPS, TROOPS, TROOPS)
    x = replace(x, events=(*x.events[:2], replace(x.events[2], id="V2")))
    ((_, data),) = Graph.of([x]).clusters()
    assert data["members"] == ["d1/send-0", "d1/send-2"]


def example() -> str:
    """The query in docs/architecture.md."""
    found = re.search(r"```sparql\n(.*?)```", (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8"), re.DOTALL)
    assert found
    return found[1]


def test_the_example_in_the_documentation() -> None:
    rows = to_dataset(Graph.of(REPORTS), {"force/soldiers": ("جندي", "soldier")}).query(example())
    assert [tuple(str(t) for t in row) for row in rows] == [  # type: ignore[union-attr]
        ("إرسال: كوريا الشمالية، روسيا (جندي)", "2", "3", "3000", "4000", "2025-03-27", "روسيا"),
    ]


def test_clusters_in_rdf(tmp_path: Path) -> None:
    graph = Graph.of(REPORTS)
    dataset = to_dataset(graph)
    name = rdflib.URIRef(DEFAULT_BASE + "graph/clusters")
    node = rdflib.URIRef(graph.iri(graph.clusters()[0][0]))

    def values(property: str) -> set[str]:
        return {str(o).removeprefix(DEFAULT_BASE) for o in dataset.graph(name).objects(node, rdflib.URIRef(KGO + property))}

    members = dataset.graph(name).subjects(rdflib.URIRef(KGO + "inCluster"), node)
    assert {str(s).removeprefix(DEFAULT_BASE) for s in members} == {f"d{n}/send-0" for n in (1, 2, 3)}
    assert values("toldBy") == {"Q884", "publisher/رويترز"}
    assert values("deniedBy") == {"Q159"}
    assert values("involves") == {"Q423", "Q159"}
    assert values("themeClass") == {"concept/force/soldiers"}
    assert values("eventClass") == {"ontology#Send"}
    assert values("unit") == {"soldiers"}
    assert values("numberReports") == {"2"}
    assert (values("firstReported"), values("lastReported")) == ({"2025-03-27"}, {"2025-03-30"})
    assert {str(o) for o in dataset.graph(name).objects(node, rdflib.URIRef(PREFIXES["prov"] + "wasDerivedFrom"))} == {
        f"{DEFAULT_BASE}d{n}" for n in (1, 2, 3)
    }
    assert [str(o) for o in dataset.objects(rdflib.URIRef(DEFAULT_BASE + "publisher/رويترز"), rdflib.RDFS.label)] == ["رويترز"]
    write(graph, tmp_path / "graph.ttl")
    assert validate(tmp_path / "graph.ttl").lines == []


def test_one_document_that_tells_nothing_twice_has_no_trace_of_them() -> None:
    data = serialize(Graph.of(REPORTS[:1]), ".nq")
    assert b"luster" not in data


def test_many_clusters_conform(tmp_path: Path) -> None:
    graph = Graph.of(many(1, 10, 5))
    assert len(graph.clusters()) > 3
    write(graph, tmp_path / "graph.trig")
    assert validate(tmp_path / "graph.trig").lines == []


def test_two_runs_write_the_same_bytes(tmp_path: Path) -> None:
    xs = many(3, 10, 5)
    (tmp_path / "x.jsonl").write_text("\n".join(json.dumps(x.to_json()) for x in xs), encoding="utf-8")
    code = (
        "import json, sys; from kg.graph import Graph; from kg.model import Extraction; from kg.rdf import serialize\n"
        "lines = open('x.jsonl', encoding='utf-8').read().splitlines()[:: int(sys.argv[1])]\n"
        "sys.stdout.buffer.write(serialize(Graph.of(Extraction.from_json(json.loads(l)) for l in lines), '.nq'))"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    runs = [
        subprocess.run([sys.executable, "-c", code, step], cwd=tmp_path, check=True, capture_output=True, env={**environment, "PYTHONHASHSEED": seed})
        for step, seed in (("1", "1"), ("-1", "2"))
    ]
    assert runs[0].stdout == runs[1].stdout
    assert b"EventCluster" in runs[0].stdout


def test_a_line_under_every_article_makes_no_copies(monkeypatch: pytest.MonkeyPatch) -> None:
    from kg import copies

    monkeypatch.setattr(copies, "COMMON", 3)
    footer = " ".join(f"تذييل{n}" for n in range(12))
    own = [" ".join(f"كلمة{d}س{n}" for n in range(40)) for d in range(8)]
    documents = [Document(str(d), f"{text} {footer}") for d, text in enumerate(own)]
    again = Document("again", f"{own[3]} {footer}")
    assert copies.families([*documents, again]) == {str(d): str(d) for d in range(8)} | {"3": "3", "again": "3"}
