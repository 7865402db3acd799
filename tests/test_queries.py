"""The gallery on invented reports, and kg query and kg rank through the command line."""

from __future__ import annotations

import json
import re
import signal
import sys
import time
from pathlib import Path

import psutil
import pyoxigraph as ox
import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from kg.api import json_line
from kg.cli import cli
from kg.errors import KgError
from kg.graph import Graph
from kg.model import Extraction
from kg.namespaces import DEFAULT_BASE, KGO
from kg.queries import gallery, named
from kg.ranks import ranks
from kg.rdf import quads
from kg.store import Store
from kg.store_query import Question, checked, limited, masked, opened, run
from kg.store_table import table
from kg.text import fold
from tests.gallery_data import CONCEPTS, reports
from tests.told import Told, document

EXAMPLES = Path(__file__).parent / "data" / "extractions.jsonl"
KIM, NORTH, RUSSIA = "كيم جونغ أون", "كوريا الشمالية", "روسيا"


def merged(xs: list[Extraction]) -> ox.Store:
    store = ox.Store()
    store.extend(each for q in quads(Graph.of(xs), CONCEPTS) for each in (q, ox.Quad(*q.triple)))
    return store


@pytest.fixture(scope="module")
def invented() -> ox.Store:
    return merged(reports())


@pytest.fixture(scope="module")
def examples() -> ox.Store:
    return merged([Extraction.from_json(json.loads(line)) for line in EXAMPLES.read_text(encoding="utf-8").splitlines()])


def answers(store: ox.Store, name: str, **values: str) -> list[tuple[str, ...]]:
    """The rows of a query of the gallery; IRIs of kg's vocabulary by their name, of sentences the first word."""
    results = store.query(named(name).with_values(values))
    assert isinstance(results, ox.QuerySolutions)
    names = [v.value for v in results.variables]

    def text(name: str, term: object) -> str:
        value = getattr(term, "value", "")
        return value.split()[0] if name == "sentence" else value.removeprefix(KGO)

    return [tuple(text(n, row[n]) for n in names) for row in results]


EXPECTED: dict[str, list[tuple[str, ...]]] = {
    "agreements": [
        ("معاهدة بيونغيانغ", "إيران", "2024-06-19", "asserted"),
        ("معاهدة بيونغيانغ", "روسيا", "2024-06-19", "asserted"),
        ("معاهدة بيونغيانغ", "كوريا الشمالية", "2024-06-19", "asserted"),
    ],
    "best-confirmed": [
        ("إرسال: كوريا الشمالية، روسيا (جنود)", "3", "4", "3000", "4000", "2025-03-27"),
    ],
    "central-actors": [
        ("كوريا الشمالية", "6", "6"),
        ("روسيا", "5", "8"),
        ("الولايات المتحدة", "2", "3"),
        ("أوكرانيا", "2", "1"),
        ("إيران", "2", "1"),
        ("حسين سلامي", "1", "2"),
        ("بريطانيا", "1", "1"),
        ("كوريا الجنوبية", "1", "1"),
    ],
    "contradictory-claims": [
        ("إرسال: كوريا الشمالية، روسيا (جنود)", "صحيفة plans", "روسيا"),
        ("إرسال: كوريا الشمالية، روسيا (جنود)", "صحيفة الشرق", "روسيا"),
        ("إرسال: كوريا الشمالية، روسيا (جنود)", "كوريا الجنوبية", "روسيا"),
    ],
    "denied-claims": [
        ("إيران", "BuySell", "إيران", "2025-04-20", "كلمةno-sale0"),
        ("روسيا", "Send", "كوريا الشمالية", "2025-03-28", "كلمةdenial0"),
    ],
    "dyad-timeline": [
        ("2024-06-19", "Agree", "كوريا الشمالية", "agent", "روسيا", "partner", "positive", "asserted"),
        ("2025-03-27", "Send", "كوريا الشمالية", "agent", "روسيا", "recipient", "positive", "asserted"),
        ("2025-03-27", "Send", "كوريا الشمالية", "agent", "روسيا", "recipient", "positive", "planned"),
        ("2025-03-28", "Send", "كوريا الشمالية", "agent", "روسيا", "recipient", "negative", "asserted"),
    ],
    "events-by-place": [
        ("روسيا", "Visit", "2", "2025-03-27", "2025-03-28"),
        ("كورسك", "Attack", "1", "2025-06-01", "2025-06-01"),
    ],
    "losses-by-source": [
        ("Lose", "كوريا الشمالية", "مجموعة", "500", "أوكرانيا"),
    ],
    "most-quoted-sources": [
        ("وكالة يونهاب", "2", "2"),
        ("أوكرانيا", "1", "1"),
        ("إيران", "1", "1"),
        ("روسيا", "1", "1"),
        ("كوريا الجنوبية", "1", "1"),
    ],
    "office-holders": [
        ("حسين سلامي", "leads", "الحرس الثوري الإيراني", "قائد الحرس", "1"),
    ],
    "one-source-only": [
        ("أوكرانيا", "Lose", "كلمةlosses0"),
        ("وكالة يونهاب", "Visit", "كلمةvisit-10"),
        ("وكالة يونهاب", "Visit", "كلمةvisit-20"),
    ],
    "paths": [
        ("1", "كوريا الشمالية", "^agreesWith", "", "", "", "", "روسيا"),
        ("1", "كوريا الشمالية", "agreesWith", "", "", "", "", "روسيا"),
        ("1", "كوريا الشمالية", "sendsTo", "", "", "", "", "روسيا"),
    ],
    "planned-not-done": [
        ("الولايات المتحدة", "Send", "أوكرانيا", "2025-03-27", "كلمةplans0"),
        ("بريطانيا", "LiftSanction", "إيران", "2025-05-01", "كلمةrelief0"),
    ],
    "sanctions": [
        ("Sanction", "الولايات المتحدة", "كوريا الشمالية", "asserted", "2025-03-27"),
        ("LiftSanction", "بريطانيا", "إيران", "planned", "2025-05-01"),
    ],
    "single-source-clusters": [
        ("زيارة: حسين سلامي، روسيا", "2", "وكالة يونهاب", "2025-03-27"),
    ],
    "weapons-by-class": [
        ("طائرات مسيرة", "إيران", "seller", "1"),
        ("طائرات مسيرة", "روسيا", "buyer", "1"),
    ],
    "who-accused-whom": [
        ("الولايات المتحدة", "كوريا الشمالية", "2025-03-27", "كلمةblame0"),
        ("بريطانيا", "روسيا", "2025-03-27", "كلمةblame0"),
    ],
    "who-armed-whom": [
        ("2025-04", "إيران", "روسيا", "طائرات مسيرة", "1"),
    ],
    "who-met-whom": [
        ("الولايات المتحدة", "كوريا الجنوبية", "2025-02-01", "1"),
    ],
    "whose-numbers-differ": [
        ("إرسال: كوريا الشمالية، روسيا (جنود)", "3000", "soldiers", "صحيفة plans"),
        ("إرسال: كوريا الشمالية، روسيا (جنود)", "3000", "soldiers", "كوريا الجنوبية"),
        ("إرسال: كوريا الشمالية، روسيا (جنود)", "4000", "soldiers", "صحيفة الشرق"),
    ],
}


def test_the_gallery_has_twenty_queries() -> None:
    assert set(gallery()) == set(EXPECTED)
    assert len(EXPECTED) == 20


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_the_gallery_on_invented_reports(name: str, invented: ox.Store) -> None:
    assert answers(invented, name) == EXPECTED[name]


@pytest.mark.parametrize("name", sorted(gallery()))
def test_each_query_says_what_it_finds_and_runs_anywhere(name: str, examples: ox.Store) -> None:
    q = gallery()[name]
    assert all(re.search("[a-z]", t) for t in (q.title[0], q.description[0], *(en for en, _ in q.parameters.values())))
    assert all(re.search("[ء-ي]", t) for t in (q.title[1], q.description[1], *(ar for _, ar in q.parameters.values())))
    # Plain SPARQL, with prefixes of its own; each parameter is a variable of it and takes a value.
    examples.query(q.query)
    for parameter in q.parameters:
        hostile = fold('لا\\"أحد } #')
        assert '"{}"'.format(hostile.replace("\\", "\\\\").replace('"', '\\"')) in q.with_values({parameter: 'لا\\"أحد } #'})
        assert not answers(examples, name, **{parameter: 'لا\\"أحد } #'})
    with pytest.raises(KgError, match="has no parameter 'colour'"):
        q.with_values({"colour": "red"})


def test_the_gallery_on_the_examples(examples: ox.Store) -> None:
    assert answers(examples, "who-armed-whom") == [("2025-04", "إيران", RUSSIA, "طائرات مسيرة", "1")]
    assert [row[:3] for row in answers(examples, "denied-claims")] == [("فولوديمير زيلينسكي", "Send", NORTH)]
    assert answers(examples, "who-met-whom", who="شويغو")[0][:2] == (KIM, "سيرغي شويغو")
    assert {row[0] for row in answers(examples, "most-quoted-sources")} == {"أوكرانيا", "فولوديمير زيلينسكي"}


def test_what_is_denied_is_not_told_as_said() -> None:
    """He who denies the losses is no source of them, nor does he accuse who denies that he did."""
    denied = merged(
        [
            document("told", Told("LOSE", {"victim": "Q423"}, "force/soldiers", 500.0, says="Q212")),
            document("more", Told("LOSE", {"victim": "Q423"}, "force/soldiers", 700.0, says="Q30")),
            document("not-so", Told("LOSE", {"victim": "Q423"}, "force/soldiers", 900.0, says="Q423", modality="denied")),
            document("no-blame", Told("ACCUSE", {"agent": "Q30", "target": "Q423"}, None, says="Q30", modality="denied")),
        ]
    )
    said = {("500", "أوكرانيا"), ("700", "الولايات المتحدة")}
    assert {(value, source) for *_, value, source in answers(denied, "losses-by-source")} == said
    assert {(value, source) for _, value, _, source in answers(denied, "whose-numbers-differ")} == said
    assert answers(denied, "who-accused-whom") == []


@pytest.mark.parametrize(
    ("name", "values", "rows"),
    [
        ("who-accused-whom", {"who": "الولايات المتّحدة"}, 1),
        ("who-accused-whom", {"who": "الولايات المتحده", "whom": "كوريا الشمالية"}, 1),
        ("who-accused-whom", {"who": "المتحد"}, 0),  # a part of a word is no name
        ("who-accused-whom", {"whom": "الولايات المتحدة"}, 0),
        ("events-by-place", {"where": "كورسك"}, 1),
        ("office-holders", {"of": "الحرس الثورى"}, 1),
        ("office-holders", {"of": "إيران"}, 0),
        ("dyad-timeline", {"one": "بريطانيا", "other": "إيران"}, 1),
        ("losses-by-source", {"whose": "روسيا"}, 0),
        ("best-confirmed", {"who": "إيران"}, 0),
        ("denied-claims", {"who": "إيران"}, 1),
    ],
)
def test_parameters_choose_by_name_whatever_the_spelling(name: str, values: dict[str, str], rows: int, invented: ox.Store) -> None:
    assert len(answers(invented, name, **values)) == rows


def test_paths_go_over_others(invented: ox.Store) -> None:
    assert answers(invented, "paths", start="بريطانيا", goal="الولايات المتحدة") == [
        ("3", "بريطانيا", "accuses", RUSSIA, step, NORTH, back, "الولايات المتحدة")
        for step in ("^agreesWith", "^sendsTo", "agreesWith") for back in ("^accuses", "^sanctions")
    ]  # fmt: skip
    assert answers(invented, "paths", start="كوريا الجنوبية", goal="كورسك") == []


# Ranks


def test_ranks_are_those_of_the_network(invented: ox.Store) -> None:
    by_degree = ranks(invented, "degree")
    assert (by_degree[0].label_ar, by_degree[0].label_en) == (RUSSIA, "Russia")
    russia = by_degree[0]
    # Neighbours among seven others: North Korea, Iran, Britain, Ukraine, Salami.
    assert len(by_degree) == 8 and russia.degree == pytest.approx(5 / 7, abs=1e-6)
    assert sum(r.pagerank for r in by_degree) == pytest.approx(1, abs=1e-4)
    assert ranks(invented, "betweenness")[0].betweenness > 0.5
    assert {r.betweenness for r in by_degree if r.label_ar in ("بريطانيا", "أوكرانيا")} == {0.0}
    assert ranks(ox.Store()) == []


# The command


def kg(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli, ["query", *map(str, arguments)])


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("query") / "store"
    with Store(path, concepts=CONCEPTS) as store:
        for x in reports():
            store.put(x)
        store.settle()
    return path


def test_files_and_a_store_give_the_same(store: Path, tmp_path: Path) -> None:
    lines = tmp_path / "found.jsonl"
    lines.write_text("".join(map(json_line, reports())), encoding="utf-8")
    ox.serialize({q.triple for q in quads(Graph.of(reports()), CONCEPTS)}, str(tmp_path / "graph.ttl"))
    ox.serialize(quads(Graph.of(reports()), CONCEPTS), str(tmp_path / "graph.trig"))
    count = "SELECT (COUNT(*) AS ?n) WHERE { ?s a kgo:Claim }"
    printed = {
        kg(count, *source, "--format", "csv").stdout for source in ([lines], [tmp_path / "graph.ttl"], [tmp_path / "graph.trig"], ["--store", store])
    }
    assert printed == {"n\n20\n"}
    # A name that stands in the graphs of many documents is one triple.
    label = 'SELECT (COUNT(*) AS ?n) WHERE { kg:Q159 rdfs:label ?l FILTER (lang(?l) = "ar") }'
    assert {kg(label, *source, "--format", "csv").stdout for source in ([tmp_path / "graph.trig"], ["--store", store])} == {"n\n1\n"}


def test_formats(store: Path) -> None:
    select = 'SELECT ?a ?name WHERE { ?a kgo:sanctions ?b ; rdfs:label ?name FILTER (lang(?name) = "ar") }'
    assert kg(select, "--store", store).stdout == "a       name\n------  ----------------\nkg:Q30  الولايات المتحدة\n"
    assert kg(select, "--store", store, "--format", "csv").stdout == f"a,name\n{DEFAULT_BASE}Q30,الولايات المتحدة\n"
    assert '"الولايات المتحدة"@ar' in kg(select, "--store", store, "--format", "tsv").stdout
    assert json.loads(kg(select, "--store", store, "--format", "json").stdout)["results"]["bindings"][0]["name"]["xml:lang"] == "ar"
    assert kg(select, "--store", store, "--format", "xml").stdout.startswith("<?xml")
    assert kg("ASK { ?a kgo:sanctions ?b }", "--store", store).stdout == "true\n"
    assert kg("ASK { ?a kgo:sanctions ?a }", "--store", store).stdout == "false\n"
    construct = "CONSTRUCT { ?a kgo:sanctions ?b } WHERE { ?a kgo:sanctions ?b }"
    assert "kg:Q30 kgo:sanctions kg:Q423 ." in kg(construct, "--store", store).stdout
    assert kg(construct, "--store", store, "--format", "nt").stdout == f"<{DEFAULT_BASE}Q30> <{KGO}sanctions> <{DEFAULT_BASE}Q423> .\n"
    assert "CONSTRUCT and DESCRIBE give triples" in kg(construct, "--store", store, "--format", "csv").stderr
    assert "SELECT and ASK give no triples" in kg(select, "--store", store, "--format", "turtle").stderr


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("SELECT ?a WHERE { ?a ?b }", "the query is not in order: error at 1:"),
        ("PREFIX a: <b:> # x\nINSERT DATA { a:a a:b a:c }", "INSERT is an update, and kg query only reads"),
        ("drop all", "DROP is an update"),
        ("SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", "SERVICE would call another machine"),
        ("SELECT * { SER\\u0056ICE <http://127.0.0.1:9/> { ?s ?p ?o } }", "the query is not in order"),
    ],
)
def test_what_is_refused(query: str, message: str, store: Path) -> None:
    result = kg(query, "--store", store)
    assert result.exit_code == 2 and message in result.stderr and len(result.stderr.splitlines()) == 1


def test_own_prefixes_win_and_words_in_strings_are_no_keywords(store: Path) -> None:
    assert kg("PREFIX kgo: <x:> ASK { ?a kgo:sanctions ?b }", "--store", store).stdout == "false\n"
    assert kg('ASK { BIND ("SERVICE <x:> DROP ALL LIMIT 5" AS ?x) } # INSERT', "--store", store).stdout == "true\n"


def test_a_query_that_takes_too_long_is_stopped(store: Path) -> None:
    endless = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
    result = kg(endless, "--store", store, "--timeout", "2")
    assert result.exit_code == 2 and "took longer than 2 s and was stopped" in result.stderr
    # The store is free again.
    Store(store).close()


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("SELECT * { ?s ?p ?o }", 3),
        ("SELECT * { ?s ?p ?o } LIMIT 2", 2),
        ("SELECT * { ?s ?p ?o } limit 9 # LIMIT 1", 3),
        ("SELECT * { ?s ?p ?o } LIMIT 9 OFFSET 1", 3),
        ("SELECT * { ?s ?p ?o } OFFSET 1", 3),
        ("SELECT * { { SELECT * { ?s ?p ?o } LIMIT 2 } }", 2),
        ("SELECT * { ?s ?p ?o } VALUES ?p { rdf:type }", 3),
        ("SELECT * { ?s ?p ?o } LIMIT 2 VALUES (?p) { (rdf:type) (rdfs:label) } # VALUES ?s {}", 2),
    ],
)
def test_limit(query: str, expected: int, store: Path) -> None:
    answer, _ = run(Question(query, str(store), format="csv", limit=3))
    assert len(answer.read().splitlines()) == 1 + expected
    assert limited("ASK { ?s ?p ?o }", 3) == "ASK { ?s ?p ?o }"


def test_a_name_without_a_letter_is_not_taken_for_any() -> None:
    with pytest.raises(KgError, match="names nobody"):
        named("sanctions").with_values({"whom": "؟"})
    assert named("sanctions").with_values({"whom": ""}) == named("sanctions").query


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_a_query_ends_with_the_command_that_asked(how: signal.Signals, store: Path) -> None:
    endless = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l FILTER (?a != ?l) }"
    asking = psutil.Popen([sys.executable, "-m", "kg.cli", "query", endless, "--store", str(store)])
    try:
        for _ in range(300):
            # It has the store open: the query runs, or is about to.
            if children := [c for c in asking.children() if any("/quads/" in f.path for f in c.open_files())]:
                break
            time.sleep(0.1)
        asking.send_signal(how)
        asking.wait()
        _, alive = psutil.wait_procs(children, timeout=30)
        # Who adopts it may let it lie.
        assert children and not [c for c in alive if c.status() != psutil.STATUS_ZOMBIE]
    finally:
        for process in (asking, *children):
            if process.is_running():
                process.kill()


@given(st.text(st.sampled_from("\"'\\#<>{}\n aS?:~"), max_size=30))
def test_masking_keeps_every_place(query: str) -> None:
    assert len(masked(query)) == len(query)
    assert masked(query).count("\n") <= query.count("\n")


def test_examples_are_listed_shown_and_run(store: Path, tmp_path: Path) -> None:
    listed = kg("--example")
    assert listed.exit_code == 0 and all(f"{name}\n" in listed.stdout for name in EXPECTED)
    assert "--set who=…" in listed.stdout
    shown = kg("--example", "sanctions", "--set", "whom=كوريا", "--show").stdout
    assert 'VALUES ?whom { "كوريا" }' in shown
    (tmp_path / "own.rq").write_text(shown, encoding="utf-8")
    by_name = kg("--example", "sanctions", "--set", "whom=كوريا", "--store", store)
    assert by_name.stdout == kg("--file", tmp_path / "own.rq", "--store", store).stdout
    assert len(by_name.stdout.splitlines()) == 3
    assert "there is no query 'nothing' in the gallery; there are agreements" in kg("--example", "nothing", "--store", store).stderr


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["ASK {}"],
        ["ASK {}", "x.ttl", "--store", "y"],
        ["ASK {}", "--set", "a=b", "--store", "y"],
        ["--example", "sanctions", "--set", "whom", "--store", "y"],
    ],
)
def test_wrong_usage(arguments: list[str]) -> None:
    assert kg(*arguments).exit_code == 2


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "a.ttl").write_text("not turtle")
    (tmp_path / "a.jsonl").write_text('{"no": "text"}\n')
    for file, message in (("a.ttl", "a.ttl:1: is not Turtle"), ("a.jsonl", "a.jsonl:1: is no extraction"), ("none.ttl", "is no file")):
        result = kg("ASK {}", tmp_path / file)
        assert result.exit_code == 2 and message in result.stderr and len(result.stderr.splitlines()) == 1


def test_a_store_whose_run_did_not_end_is_asked_with_a_word(tmp_path: Path) -> None:
    with Store(tmp_path / "store") as store:
        store.put(reports()[0])
    result = kg("ASK { ?a a kgo:Claim }", "--store", tmp_path / "store")
    assert result.stdout == "true\n" and "did not end" in result.stderr and result.exit_code == 0


def test_rank(store: Path) -> None:
    result = CliRunner().invoke(cli, ["rank", "--store", str(store), "--by", "degree", "--limit", "2"])
    assert result.stdout.splitlines()[2].split()[:3] == ["kg:Q159", RUSSIA, "Russia"]
    assert len(result.stdout.splitlines()) == 4
    rows = json.loads(CliRunner().invoke(cli, ["rank", "--store", str(store), "--json"]).stdout)
    assert [r["pagerank"] for r in rows] == sorted((r["pagerank"] for r in rows), reverse=True)


# Tables


def test_vowel_signs_take_no_room_and_lines_stay_lines() -> None:
    russia = ox.Literal("رُوسِيَا", language="ar")
    rows = [[russia, ox.Literal(7)], [ox.Literal("صين\n\u202eصين"), None], [ox.NamedNode("https://x.org/a(b"), ox.Literal(12)]]
    lines = table(["name", "n"], rows, {"x": "https://x.org/"}).splitlines()
    width = len("<https://x.org/a(b>")
    assert lines[0] == "name".ljust(width) + "   n"
    assert lines[1] == "-" * width + "  --"
    # Five letters are seen, and three signs on them.
    assert lines[2] == "رُوسِيَا" + " " * (width - 5) + "   7"
    assert lines[3] == "صين صين"
    assert lines[4] == "<https://x.org/a(b>  12"
    assert table(["name"], [[russia]], {}, isolated=True).endswith("\u2068رُوسِيَا\u2069\n")


def test_checked_gives_the_query_back() -> None:
    assert checked("ASK {}") == "ASK {}"
    with opened(None, []) as (store, base, notes):
        assert (len(store), base, notes) == (0, DEFAULT_BASE, [])
