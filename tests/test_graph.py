"""kg.graph, kg.namespaces and kg.vocabulary: what is one thing, what its key is, and which edges events give."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import KgError
from kg.graph import Graph
from kg.model import ENTITY_TYPES, EVENT_ROLES, PREDICATES, SYMMETRIC, Document, Entity, Event, Extraction, Fact, Quantity, Span
from kg.namespaces import DEFAULT_BASE, RESERVED, class_name, concept_key, document_key, printable, segment, slug
from kg.vocabulary import Vocabulary, vocabulary

EXAMPLES = Path(__file__).parent / "data" / "extractions.jsonl"
GOLD = Path(__file__).parents[2] / "shared" / "gold" / "train.jsonl"


def read(path: Path = EXAMPLES) -> list[Extraction]:
    return [Extraction.from_json(json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines()]


def dump(graph: Graph) -> tuple[Any, ...]:
    edges = sorted(((a, b, k, d) for a, b, k, d in graph.nx.edges(keys=True, data=True)), key=lambda e: e[:3])
    return sorted(graph.nx.nodes(data=True)), edges, list(graph.documents.items())


def one(type: str, label: str, **more: Any) -> Extraction:
    """A document that holds one mention, of that label."""
    entity = Entity("E1", type, label, label, (Span(0, len(label), label),), **more)
    return Extraction(Document("d1", label), (Span(0, len(label), label),), (entity,))


def key_of(type: str, label: str, **more: Any) -> str:
    ((key, _),) = Graph.of([one(type, label, **more)]).entities()
    return key


def with_event(type: str, roles: dict[str, tuple[str, ...]], **more: Any) -> Graph:
    """A graph of one event at the start of a text whose entities are E1, E2, E3 (states)."""
    text = "فعل ألف باء تاء"
    names = {"E1": "ألف", "E2": "باء", "E3": "تاء"}
    entities = tuple(Entity(i, "STATE", n, n, (Span(text.index(n), text.index(n) + 3, n),), f"Q{i[1]}") for i, n in names.items())
    event = Event("V1", type, Span(0, 3, "فعل"), roles, 0, **more)
    return Graph.of([Extraction(Document("d1", text), (Span(0, len(text), text),), entities, (event,))])


def short(graph: Graph) -> list[tuple[str, str, str]]:
    return [(a, key, b) for a, b, key, _ in graph.edges("short")]


# Identity


@pytest.mark.parametrize(
    ("type", "label", "more", "key"),
    [
        ("STATE", "كوريا الشمالية", {"qid": "Q423"}, "Q423"),
        ("STATE", "كوريا الشمالية", {"qid": "Q423", "concept": "state/kp"}, "Q423"),
        ("ORGANISATION", "سلاح الجو", {"concept": "organisation/air-force"}, "concept/organisation/air-force"),
        ("PERSON", "سيرغي شويغو", {}, "person/سيرغي-شويغو"),
        ("PERSON", "سيرغي شويغو", {"concept": "Q2323"}, "Q2323"),
        ("PERSON", "شويغو", {}, "d1/person-0"),
        ("PERSON", "الرئيس الروسي", {}, "d1/person-0"),
        ("ORGANISATION", "طالبان", {}, "organisation/طالبان"),
        ("ORGANISATION", "الجيش السوري", {}, "organisation/الجيش-السوري"),
        ("ORGANISATION", "الحزب", {}, "d1/organisation-0"),
        ("ORGANISATION", "القوات المسلحة", {}, "d1/organisation-0"),
        ("PLACE", "كورسك", {}, "place/كورسك"),
        ("PLACE", "الجنوب", {}, "d1/place-0"),
        ("AGREEMENT", "هدنة إنسانية", {}, "d1/agreement-0"),
        ("AGREEMENT", "وقف إطلاق النار", {}, "d1/agreement-0"),
        ("AGREEMENT", "القرار 2216", {}, "agreement/القرار-2216"),
        ("AGREEMENT", "اتفاق الرياض", {}, "agreement/اتفاق-الرياض"),
        ("CONFLICT", "عاصفة الحزم", {}, "conflict/عاصفه-الحزم"),
        ("WEAPON", "صواريخ باليستية", {"concept": "weapon/ballistic-missile"}, "d1/weapon-0"),
        ("FORCE", "القوات الروسية", {}, "d1/force-0"),
        ("FORCE", "القوات الروسية", {"qid": "Q1"}, "Q1"),
        ("STATE", "بلد", {"qid": "Q1> <x"}, "d1/state-0"),
        ("PLACE", "«»", {}, "d1/place-0"),
    ],
)
def test_identity(type: str, label: str, more: dict[str, Any], key: str) -> None:
    assert key_of(type, label, **more) == key


def test_spellings_of_one_name_are_one_thing() -> None:
    a, b = one("PERSON", "أنطونيو غوتيريش"), one("PERSON", "انطونيو غوتيريش")
    graph = Graph.of([a, replace(b, document=replace(b.document, id="d2"))])
    ((key, data),) = graph.entities()
    assert key == "person/انطونيو-غوتيريش"
    assert data["documents"] == ["d1", "d2"]
    assert {data["label_ar"], *data["aliases"]} == {"أنطونيو غوتيريش", "انطونيو غوتيريش"}


def test_two_groups_at_one_place_stay_two() -> None:
    x = one("WEAPON", "صواريخ")
    graph = Graph.of([replace(x, entities=(x.entities[0], replace(x.entities[0], id="E2")))])
    assert [k for k, _ in graph.entities()] == ["d1/weapon-0-E1", "d1/weapon-0-E2"]


def test_entities_without_mentions() -> None:
    graph = Graph.of(
        [Extraction(Document("d1", "نص"), (), (Entity("E/1", "FORCE", "troops", "قوات"), Entity("E2", "STATE", "Sudan", "السودان", qid="Q1049")))]
    )
    assert [k for k, _ in graph.entities()] == ["Q1049", "d1/force-id-E%2F1"]


def test_examples() -> None:
    graph = Graph.of(read())
    assert {k for k, _ in graph.entities()} == {
        "Q56226", "Q159", "Q3874799", "Q423", "Q212", "Q794", "concept/place/tehran", "person/سيرغي-شويغو",
        "d1/force-36", "d1/weapon-115", "d2/person-4", "d2/agreement-48", "d2/weapon-72",
    }  # fmt: skip
    russia = graph.nx.nodes["Q159"]
    assert (russia["label_ar"], russia["label_en"], russia["aliases"], russia["documents"]) == ("روسيا", "Russia", ["موسكو"], ["d1", "d2"])
    assert graph.nx.nodes["d1/force-36"]["quantity"]["bound"] == "at-least"
    send = graph.nx.nodes["d1/send-0"]
    assert send["trigger"] == "أرسل"
    assert send["sentence"] == "أرسل كيم جونغ أون ما لا يقل عن 3000 جندي إلى روسيا."
    assert graph.roles("d1/send-0") == {"agent": ["Q56226"], "recipient": ["Q159"], "theme": ["d1/force-36"]}
    assert short(graph) == [
        ("Q159", "violates", "d2/agreement-48"),
        ("Q212", "accuses", "Q159"),
        ("Q56226", "sendsTo", "Q159"),
        ("Q56226", "sends", "d1/force-36"),
        ("Q56226", "meets", "person/سيرغي-شويغو"),
        ("Q794", "sendsTo", "Q159"),
        ("Q794", "sends", "d2/weapon-72"),
        ("d2/person-4", "visits", "concept/place/tehran"),
    ]
    ((_, _, _, office),) = [e for e in graph.edges("fact") if e[2] == "holdsOffice"]
    assert office["office"] == "وزير الدفاع"


def test_bare_name_may_be_the_one_full_name() -> None:
    graph = Graph.of(read())
    assert [(a, b, d["score"]) for a, b, _, d in graph.edges("candidate")] == [("d2/person-4", "person/سيرغي-شويغو", 0.6)]
    other = one("PERSON", "مايا شويغو")
    assert Graph.of([*read(), replace(other, document=replace(other.document, id="d3"))]).edges("candidate") == []


# Independence of order


@given(st.randoms())
def test_the_order_of_documents_and_their_parts_does_not_matter(rng: random.Random) -> None:
    def shuffled(items: Iterable[Any]) -> tuple[Any, ...]:
        return tuple(rng.sample(items := list(items), len(items)))

    xs = [replace(x, entities=shuffled(x.entities), events=shuffled(x.events), facts=shuffled(x.facts)) for x in read()]
    mixed = Graph.of(iter(shuffled(xs)))
    assert dump(mixed) == dump(Graph.of(read()))
    assert [k for k, _ in mixed.events()] == [k for k, _ in Graph.of(read()).events()]


def test_merging_is_building() -> None:
    graphs = [Graph.of([x]) for x in read()]
    assert dump(Graph.merge(reversed(graphs))) == dump(Graph.of(read()))
    assert dump(Graph.merge([*graphs, *graphs])) == dump(Graph.of(read()))
    assert dump(Graph.merge([])) == dump(Graph.of([]))


def test_extractions_survive_json() -> None:
    assert dump(Graph.of(Extraction.from_json(json.loads(json.dumps(x.to_json()))) for x in read())) == dump(Graph.of(read()))


@pytest.mark.skipif(not GOLD.exists(), reason="the gold data do not travel with kg")
def test_gold_documents() -> None:
    xs = read(GOLD)
    graph = Graph.of(xs)
    assert len(graph.events()) == sum(len(x.events) for x in xs)
    assert dump(Graph.merge(Graph.of([x]) for x in xs)) == dump(graph)


# Short edges


@pytest.mark.parametrize(
    ("type", "roles", "edges"),
    [
        ("SEND", {"agent": ("E1",), "theme": ("E2",), "recipient": ("E3",)}, [("Q1", "sends", "Q2"), ("Q1", "sendsTo", "Q3")]),
        ("SEND", {"theme": ("E2",), "recipient": ("E3",)}, []),
        ("ATTACK", {"agent": ("E1", "E2"), "target": ("E3",)}, [("Q1", "attacks", "Q3"), ("Q2", "attacks", "Q3")]),
        ("KILL", {"agent": ("E1",), "victim": ("E2",), "location": ("E3",)}, [("Q1", "kills", "Q2"), ("Q1", "killsIn", "Q3")]),
        ("KILL", {"victim": ("E2",), "location": ("E3",)}, [("Q2", "killedIn", "Q3")]),
        ("LOSE", {"victim": ("E1",), "theme": ("E2",)}, [("Q1", "loses", "Q2")]),
        ("BUY_SELL", {"seller": ("E1",), "buyer": ("E2",), "theme": ("E3",)}, [("Q1", "sellsTo", "Q2"), ("Q1", "sells", "Q3")]),
        ("BUY_SELL", {"buyer": ("E2",), "theme": ("E3",)}, [("Q2", "buys", "Q3")]),
        ("MEET", {"agent": ("E2", "E1"), "partner": ("E3",)}, [("Q1", "meets", "Q2"), ("Q1", "meets", "Q3"), ("Q2", "meets", "Q3")]),
        ("MEET", {"agent": ("E1", "E2"), "location": ("E3",)}, [("Q1", "meets", "Q2"), ("Q1", "meetsIn", "Q3"), ("Q2", "meetsIn", "Q3")]),
        ("FIGHT", {"agent": ("E2",), "opponent": ("E1",)}, [("Q1", "fights", "Q2")]),
        ("SUPPORT", {"agent": ("E1",), "recipient": ("E1",)}, []),
        ("MEET", {"agent": ("E1",)}, []),
        ("PARADE", {"agent": ("E1",), "theme": ("E2",)}, [("Q1", "actsOn", "Q2")]),
    ],
)
def test_short_edges(type: str, roles: dict[str, tuple[str, ...]], edges: list[tuple[str, str, str]]) -> None:
    graph = with_event(type, roles)
    assert sorted(short(graph)) == sorted(edges)
    assert len(graph.events()) == 1  # an event without an edge is still there


@pytest.mark.parametrize("more", [{"polarity": "negative"}, {"modality": "planned"}, {"modality": "denied"}])
def test_only_what_is_said_to_have_happened_gives_an_edge(more: dict[str, str]) -> None:
    graph = with_event("SEND", {"agent": ("E1",), "recipient": ("E2",)}, **more)
    assert short(graph) == []
    assert graph.roles("d1/send-0") == {"agent": ["Q1"], "recipient": ["Q2"]}


def test_two_events_of_one_trigger_stay_two() -> None:
    x = with_event("SEND", {"agent": ("E1",), "recipient": ("E2",)}).extractions["d1"]
    graph = Graph.of([replace(x, events=(*x.events, replace(x.events[0], id="V2", roles={"agent": ("E3",), "recipient": ("E2",)})))])
    assert [k for k, _ in graph.events()] == ["d1/send-0", "d1/send-0-2"]
    assert short(graph) == [("Q1", "sendsTo", "Q2"), ("Q3", "sendsTo", "Q2")]


def test_one_edge_gathers_the_claims_of_all_documents() -> None:
    x = with_event("SEND", {"agent": ("E1",), "recipient": ("E2",)}).extractions["d1"]
    ((_, _, _, data),) = Graph.of([x, replace(x, document=replace(x.document, id="d2"))]).edges("short")
    assert data["events"] == ["d1/send-0", "d2/send-0"]
    assert [c["document"] for c in data["claims"]] == ["d1", "d2"]


def test_a_fact_found_twice_at_one_place_is_said_once() -> None:
    x = with_event("SEND", {"agent": ("E1",)}).extractions["d1"]
    fact = Fact("F1", "E1", "memberOf", "E2", Span(4, 11, x.document.text[4:11]), 0, confidence=0.5)
    ((_, _, _, data),) = Graph.of([replace(x, facts=(fact, replace(fact, id="F2", confidence=0.7)))]).edges("fact")
    assert [c["confidence"] for c in data["claims"]] == [0.7]


# What is refused


@pytest.mark.parametrize(
    "broken",
    [
        lambda x: replace(x, entities=(replace(x.entities[0], type="CLAIM"), *x.entities[1:])),
        lambda x: replace(x, entities=(replace(x.entities[0], mentions=(Span(0, 3, "لا"),)), *x.entities[1:])),
        lambda x: replace(x, entities=(*x.entities, x.entities[0])),
        lambda x: replace(x, entities=(replace(x.entities[1], quantity=Quantity(float("nan"), False, "", "")), *x.entities[2:], x.entities[0])),
        lambda x: replace(x, events=(replace(x.events[0], type="SE ND"),)),
        lambda x: replace(x, events=(replace(x.events[0], type="FORCE"),)),
        lambda x: replace(x, events=(replace(x.events[0], roles={"a>b": ("E1",)}),)),
        lambda x: replace(x, events=(replace(x.events[0], roles={"agent": ("E99",)}),)),
        lambda x: replace(x, events=(replace(x.events[0], trigger=Span(900, 904, "أرسل")),)),
        lambda x: replace(x, events=(replace(x.events[0], confidence=1.5),)),
        lambda x: replace(x, events=(replace(x.events[0], modality="no> such"),)),
        lambda x: replace(x, facts=(replace(x.facts[0], predicate="is a"),)),
        lambda x: replace(x, facts=(replace(x.facts[0], subject="E1", object="E3", predicate="sendsTo"),)),
        lambda x: replace(x, facts=(replace(x.facts[0], subject="E99"),)),
    ],
)
def test_what_is_not_sound_is_refused(broken: Any) -> None:
    with pytest.raises(ValueError):
        Graph.of([broken(read()[0])])


def test_one_id_for_two_documents_is_refused() -> None:
    a, b = read()
    with pytest.raises(KgError, match="two documents"):
        Graph.of([a, replace(b, document=replace(b.document, id="d1"))])


@pytest.mark.parametrize("base", ["", "kg/", "https://example.org/kg", "https://example.org/a b/", "https://example.org/<x>/"])
def test_a_base_that_names_cannot_follow_is_refused(base: str) -> None:
    with pytest.raises(KgError, match="base"):
        Graph.of([], base=base)


def test_no_such_node() -> None:
    with pytest.raises(KeyError):
        Graph.of([]).roles("d1/send-0")


# Names


HOSTILE = st.text(st.characters(codec=None), max_size=30) | st.sampled_from(
    [
        "",
        ".",
        "..",
        "~",
        "~.",
        "Q423",
        "person",
        "~person",
        "graph",
        "d1/send-206",
        "d1%2Fsend",
        "a b",
        '<>"{}|\\^`',
        "أخبار",
        "\ud800",
        "?",
        "#",
        "../..",
        "\x00",
    ]
)


@given(HOSTILE, HOSTILE)
def test_document_keys_are_safe_and_clear_of_others(a: str, b: str) -> None:
    key = document_key(a)
    assert key.isascii()
    assert "/" not in key
    assert key not in RESERVED
    assert not ox.NamedNode(DEFAULT_BASE + key).value.endswith(("/", "/.", "/.."))
    assert Graph.of([Extraction(Document(a, ""))]).iri(key) == DEFAULT_BASE + key
    assert key[0] != "Q" or not key[1:].isdigit()
    assert (document_key(b) == key) == (a == b)
    assert unquote(key.removeprefix("~"), errors="surrogatepass") == a


@given(HOSTILE, HOSTILE)
def test_segments_and_concepts(a: str, b: str) -> None:
    assert (segment(a) == segment(b)) == (a == b)
    ox.NamedNode(DEFAULT_BASE + concept_key(a))


@given(st.text(st.characters(codec=None), max_size=200))
def test_slugs_are_valid_and_stable(name: str) -> None:
    out = slug(name)
    ox.NamedNode(f"{DEFAULT_BASE}person/{out}")
    assert len(out) < 100
    assert not set(out) & set(' /?#%<>"')
    assert slug(f" {name}ـ ") == out


@given(st.text(st.characters(codec=None)))
def test_printable_keeps_offsets(text: str) -> None:
    out = printable(text)
    assert len(out) == len(text)
    out.encode()
    assert printable(out) == out


def test_printable_replaces_lone_surrogates_and_controls() -> None:
    assert printable("a\ud800b\x00c\td\r\n\uffff") == "a\ufffdb\ufffdc\td\r\n\ufffd"


# The vocabulary


def test_the_vocabulary_has_a_word_for_everything_kg_finds() -> None:
    words = vocabulary()
    names = [class_name(t) for t in (*ENTITY_TYPES, *EVENT_ROLES)] + [r for rs in EVENT_ROLES.values() for r in rs]
    names += [*PREDICATES, *words.short.values(), "positive", "negative", "asserted", "planned", "possible", "conditional", "denied"]
    for name in names:
        ar, en = words.labels[name]
        assert ar and en and any("\u0600" <= c <= "\u06ff" for c in ar), name
    assert not set(words.short.values()) & {*PREDICATES, *(r for rs in EVENT_ROLES.values() for r in rs)}


def test_every_pair_of_roles_has_a_short_edge() -> None:
    words = vocabulary()
    for type, roles in EVENT_ROLES.items():
        lead = next(r for r in ("agent", "seller", "victim") if r in roles)
        others = [r for r in roles if r != lead and not (type in SYMMETRIC and r in ("partner", "opponent"))]
        assert all((class_name(type), lead, r) in words.short for r in others), type
        assert ((class_name(type), "party", "party") in words.short) == (type in SYMMETRIC)


def test_a_new_event_type_is_an_edit_of_turtle(tmp_path: Path) -> None:
    more = tmp_path / "more.ttl"
    more.write_text(
        """@prefix kgo: <https://example.org/kg/ontology#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
        kgo:parades rdfs:label "يستعرض"@ar ; kgo:ofEvent kgo:Parade ; kgo:fromRole kgo:agent ; kgo:toRole kgo:theme .""",
        encoding="utf-8",
    )
    x = with_event("PARADE", {"agent": ("E1",), "theme": ("E2",)}).extractions["d1"]
    words = Vocabulary.load(more)
    assert short(Graph.of([x], vocabulary=words)) == [("Q1", "parades", "Q2")]
    assert (words.label("parades"), words.label("parades", "en"), words.label("sends")) == ("يستعرض", "يستعرض", "sends")
    more.write_text("kgo:broken", encoding="utf-8")
    with pytest.raises(ValueError, match=r"more\.ttl"):
        Vocabulary.load(more)
