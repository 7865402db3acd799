"""kg.coding and kg.plover: the codes of events, and records as users of PLOVER and POLECAT expect them."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from kg.cli import cli
from kg.coding import Codes
from kg.model import Document, Entity, Event, Extraction, Fact, Span, When
from kg.plover import ADDED, POLECAT, countries, records
from kg.vocabulary import vocabulary

EXAMPLES = Path(__file__).parent / "data" / "extractions.jsonl"


def entity(id: str, type: str, label: str, name: str = "", qid: str | None = None, concept: str | None = None) -> Entity:
    return Entity(id, type, name or label, label, (), qid, concept)


def say(text: str, type: str, trigger: str, roles: dict[str, Entity], facts: tuple[Fact, ...] = (), **event: object) -> Extraction:
    start = text.index(trigger)
    others = event.pop("others", ())
    assert isinstance(others, tuple)
    entities = {e.id: e for e in (*roles.values(), *others)}
    e = Event("V1", type, Span(start, start + len(trigger), trigger), {r: (x.id,) for r, x in roles.items()}, 0, **event)  # type: ignore[arg-type]
    d = Document("d1", text, published="2025-03-27", source="https://news.example/1")
    return Extraction(d, (Span(0, len(text), text),), tuple(entities.values()), (e,), facts)


def codes(text: str, type: str, trigger: str, **roles: Entity) -> Codes:
    x = say(text, type, trigger, roles)
    return vocabulary().coder.code(x.events[0], {e.id: e for e in x.entities}, text, len(text))


ARMS = entity("W", "WEAPON", "صواريخ", concept="weapon/missile")
BALLISTIC = entity("B", "WEAPON", "صاروخ باليستي", concept="weapon/srbm")
DRONE = entity("D", "WEAPON", "مسيرات", concept="weapon/shahed")
TROOPS = entity("F", "FORCE", "جنود")
MAN = entity("P", "PERSON", "رجل")
TOWN = entity("T", "PLACE", "مدينة")
US, UKRAINE = entity("U", "STATE", "الولايات المتحدة", "United States", "Q30"), entity("K", "STATE", "أوكرانيا", "Ukraine", "Q212")


@pytest.mark.parametrize(
    ("text", "type", "trigger", "roles", "expected"),
    [
        ("أرسلت واشنطن صواريخ", "SEND", "أرسلت", {"theme": ARMS}, ("AID", "military", "072")),
        ("أرسلت بيونغ يانغ جنودا", "SEND", "أرسلت", {"theme": TROOPS}, ("AID", "military", "072")),
        ("حولت الرياض وديعة بمليار دولار", "SEND", "حولت", {}, ("AID", "economic", "071")),
        ("قدمت قطر مساعدات بقيمة 5 ملايين دولار", "SUPPORT", "مساعدات", {}, ("AID", "economic", "071")),
        ("أرسلت تركيا مواد إغاثية", "SEND", "أرسلت", {}, ("AID", "humanitarian", "073")),
        ("أرسلت تركيا شيئا", "SEND", "أرسلت", {}, ("AID", None, "070")),
        ("أشاد الوزير بالقرار", "SUPPORT", "أشاد", {}, ("SUPPORT", None, "051")),
        ("عين الملك وزيرا", "APPOINT_DISMISS", "عين", {}, ("SUPPORT", None, "050")),
        ("أقالت الحكومة قائدا", "APPOINT_DISMISS", "أقالت", {}, ("SANCTION", "expel", "160")),
        ("بعد استقالته من المنصب", "APPOINT_DISMISS", "استقالته"[:-1], {}, ("RETREAT", "resign", "0831")),
        ("قصفت طائرات المدينة", "ATTACK", "قصفت", {}, ("ASSAULT", "heavy-weapons", "194")),
        ("هاجمت المدينة بمسيرات", "ATTACK", "هاجمت", {"instrument": DRONE}, ("ASSAULT", "drone", "195")),
        ("شنت غارات على المدينة", "ATTACK", "غارات", {}, ("ASSAULT", "aerial", "195")),
        ("نفذ هجوما انتحاريا", "ATTACK", "هجوما", {}, ("ASSAULT", "suicide-attack", "1831")),
        ("أطلقت صاروخا باليستيا", "FIRE", "أطلقت", {"theme": BALLISTIC}, ("MOBILIZE", "weapons", "150")),
        ("أطلقت صاروخا باليستيا على مدينة", "FIRE", "أطلقت", {"theme": BALLISTIC, "location": TOWN}, ("ASSAULT", "heavy-weapons", "194")),
        ("اعتقلت الشرطة رجلا", "CAPTURE", "اعتقلت", {"theme": MAN}, ("COERCE", "arrest", "173")),
        ("خطف مسلحون رجلا", "CAPTURE", "خطف", {"theme": MAN}, ("ASSAULT", "abduct", "181")),
        ("احتلت القوات مدينة", "CAPTURE", "احتلت", {"theme": TOWN}, ("COERCE", "seize", "192")),
        ("اغتالت إسرائيل رجلا", "KILL", "اغتالت", {"victim": MAN}, ("ASSAULT", "assassinate", "186")),
        ("هدد بفرض عقوبات", "WARN", "هدد", {}, ("THREATEN", "restrict", "1312")),
        ("بحث في اتصال هاتفي", "MEET", "اتصال", {}, ("CONSULT", "phone", "041")),
        ("نظم العمال إضرابا", "PROTEST", "إضرابا", {}, ("PROTEST", "strike", "143")),
    ],
)
def test_codes_depend_on_type_theme_and_trigger(
    text: str, type: str, trigger: str, roles: dict[str, Entity], expected: tuple[str, str | None, str]
) -> None:
    found = codes(text, type, trigger, **roles)
    assert (found.plover, found.mode, found.cameo) == expected


def test_intensity_is_a_value_of_its_own() -> None:
    assert codes("حذرت موسكو", "WARN", "حذرت").intensity == -3.0
    assert codes("هددت موسكو", "WARN", "هددت").intensity == -5.1
    assert codes("أرسلت واشنطن صواريخ", "SEND", "أرسلت", theme=ARMS).intensity == 7.4


def test_words_before_the_trigger_do_not_count() -> None:
    assert codes("بعد دولارات كثيرة أرسلت شيئا", "SEND", "أرسلت").cameo == "070"


def test_a_users_own_rules(tmp_path: Path) -> None:
    (tmp_path / "own.ttl").write_text(
        """@prefix kgo: <https://example.org/kg/ontology#> . @prefix x: <http://x/> .
        x:l a kgo:EventType ; kgo:typeName "LAUNDER" ; kgo:mayHave "agent" ; kgo:plover "SANCTION" .
        x:r a kgo:CodingRule ; kgo:onType x:l ; kgo:order 1 ; kgo:ifWord "بنك" ; kgo:cameo "1621" ; kgo:context "crime" ; kgo:intensity -6.5 .
        x:s a kgo:CodingRule ; kgo:onType kgo:Send ; kgo:order 1 ; kgo:ifTrigger "هرب يهرب" ; kgo:context "crime" .""",
        encoding="utf-8",
    )
    coder = vocabulary(tmp_path / "own.ttl").coder
    text = "غسل أموالا في البنك"
    x = say(text, "LAUNDER", "غسل", {"agent": MAN})
    found = coder.code(x.events[0], {}, text, len(text))
    assert found == Codes("SANCTION", None, ("crime",), "1621", -6.5, "MATERIAL CONFLICT")
    x = say("يهربون صواريخ", "SEND", "يهربون", {"theme": ARMS})
    assert coder.code(x.events[0], {"W": ARMS}, x.document.text, 13).contexts == ("crime", "military")


def test_a_record() -> None:
    when = When("2025-03-26", "2025-03-26", Span(0, 2, "أر"))
    x = say("أرسلت واشنطن صواريخ إلى كييف", "SEND", "أرسلت", {"agent": US, "theme": ARMS, "recipient": UKRAINE}, when=when, modality="planned")
    (r,) = records(x, vocabulary())
    assert (r.id, r.date, r.published, r.url) == ("d1/V1", "2025-03-26", "2025-03-27", "https://news.example/1")
    assert (r.event_type, r.event_mode, r.quad_code, r.contexts) == ("AID", "military", "MATERIAL COOPERATION", ("future", "military"))
    assert [(a.name, a.country, a.sector, a.wikidata) for a in r.source] == [("United States", "USA", "GOV", "Q30")]
    assert [(a.name, a.country) for a in r.target] == [("Ukraine", "UKR")]
    assert r.text == x.document.text


def test_the_visitor_is_the_source() -> None:
    (r,) = records(say("استقبل ترامب زيلينسكي", "HOST", "استقبل", {"agent": US, "guest": UKRAINE}), vocabulary())
    assert ([a.country for a in r.source], [a.country for a in r.target]) == (["UKR"], ["USA"])


def test_a_town_is_no_target() -> None:
    (r,) = records(say("قصفت واشنطن مدينة", "ATTACK", "قصفت", {"agent": US, "location": TOWN}), vocabulary())
    assert (r.target, [a.raw for a in r.location]) == ((), ["مدينة"])


def test_countries_come_from_facts_and_the_lexicon() -> None:
    ministry = entity("M", "ORGANISATION", "وزارة ما")
    fact = Fact("F1", "M", "agencyOf", "K", Span(0, 2, "حذ"), 0)
    (r,) = records(say("حذرت الوزارة", "WARN", "حذرت", {"agent": ministry}, (fact,), others=(UKRAINE,)), vocabulary())
    assert r.source[0].country == "UKR"
    # A chain that leads back to itself leads nowhere.
    other = entity("N", "ORGANISATION", "جيش ما")
    loop = (Fact("F1", "M", "memberOf", "N", Span(0, 2, "حذ"), 0), Fact("F2", "N", "memberOf", "M", Span(0, 2, "حذ"), 0))
    (r,) = records(say("حذرت الوزارة", "WARN", "حذرت", {"agent": ministry}, loop, others=(other,)), vocabulary())
    assert r.source[0].country is None
    assert (countries()["Q159"], countries()["Q423"]) == ("RUS", "PRK")


def export(*arguments: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(cli, ["export", "--plover", *arguments])
    return done.exit_code, done.stdout, done.stderr


def test_both_forms_say_the_same(tmp_path: Path) -> None:
    status, lines, _ = export(str(EXAMPLES))
    assert status == 0
    made = [json.loads(line) for line in lines.splitlines()]
    assert export(str(EXAMPLES), "-o", str(tmp_path / "e.tsv"))[0] == 0
    with (tmp_path / "e.tsv").open(encoding="utf-8", newline="") as f:
        rows = list(csv.DictReader(f, delimiter="\t"))
    assert len(rows) == len(made) > 5
    assert tuple(rows[0]) == (*POLECAT, *ADDED)
    for r, line in zip(rows, made, strict=True):
        assert (r["Event ID"], r["Event Type"], r["Event Mode"]) == (line["id"], line["event_type"], line["event_mode"] or "")
        assert r["Actor Country"].split("; ") == [c for a in line["source"] if (c := a["country"])] or not r["Actor Country"]
        assert r["Event Text"] == " ".join(line["text"].split())
    first = made[0]
    assert (first["event_type"], first["cameo"], first["date"]) == ("AID", "072", "2025-03-27")


def test_what_is_no_extraction_is_named_and_skipped(tmp_path: Path) -> None:
    good = EXAMPLES.read_text(encoding="utf-8").splitlines()[0]
    (tmp_path / "x.jsonl").write_text(f"{good}\n{{}}\nno\n", encoding="utf-8")
    status, lines, said = export(str(tmp_path / "x.jsonl"))
    assert status == 1
    assert lines.count("\n") == len(json.loads(good)["events"])
    assert f"{tmp_path / 'x.jsonl'}:2" in said
    assert f"{tmp_path / 'x.jsonl'}:3" in said
    assert "2 inputs could not be read" in said


def test_a_type_without_a_code_is_counted(tmp_path: Path) -> None:
    x = say("غسل أموالا", "LAUNDER", "غسل", {"agent": MAN})
    (tmp_path / "x.jsonl").write_text(json.dumps(x.to_json()), encoding="utf-8")
    status, lines, said = export(str(tmp_path / "x.jsonl"))
    assert (status, lines) == (0, "")
    assert "1 event is of a type without a PLOVER code" in said


def test_the_format_is_told_by_the_ending(tmp_path: Path) -> None:
    assert export(str(EXAMPLES), "-o", str(tmp_path / "e.doc"))[0] == 2
    assert export(str(EXAMPLES), "-o", str(tmp_path / "e.doc"), "--format", "tsv")[0] == 0
    assert CliRunner().invoke(cli, ["export", str(EXAMPLES)]).exit_code == 2
