"""kg.lexicon: how names are found, and whether the lexicon that comes with kg is consistent."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.lexicon import TYPES, Lexicon, LexiconError, Match
from kg.namespaces import KGL, KGO
from kg.resources import ontology_dir
from kg.text import fold, is_arabic

FOLDER = ontology_dir() / "lexicon"
SKOS = "http://www.w3.org/2004/02/skos/core#"
HEAD = f"@base <{KGL}> . @prefix kgo: <{KGO}> . @prefix skos: <{SKOS}> . "


@cache
def lexicon() -> Lexicon:
    return Lexicon.load()


def made(folder: Path, *turtle: str) -> Lexicon:
    """A lexicon of files with the given text."""
    files = []
    for i, text in enumerate(turtle):
        files.append(folder / f"{i}.ttl")
        files[-1].write_text(HEAD + text, encoding="utf-8")
    return Lexicon.load(*files)


def found(text: str, ambiguous: bool = False) -> list[Match]:
    return lexicon().match(text.split(), ambiguous=ambiguous)


def ids(matches: Iterable[Match]) -> list[str]:
    return [e for m in matches for e in m.entries]


# -- matching


@pytest.mark.parametrize(
    ("words", "start", "end", "id"),
    [
        ("أرسلت صواريخ باليستية إلى روسيا", 1, 3, "weapon/ballistic-missile"),
        ("الصواريخ الباليستية", 0, 2, "weapon/ballistic-missile"),
        ("أطلقت صاروخا باليستيا", 1, 3, "weapon/ballistic-missile"),
        ("صاروخين باليستيين", 0, 2, "weapon/ballistic-missile"),
        ("صواريخ باليستية قصيرة المدى", 0, 4, "weapon/srbm"),
        ("صواريخ عابرة ل القارات", 0, 4, "weapon/icbm"),
        ("منظومة إس-300", 0, 2, "weapon/s-300"),
        ("إس - 300", 0, 3, "weapon/s-300"),
        ("اس 300", 0, 2, "weapon/s-300"),
        ("إس٣٠٠", 0, 1, "weapon/s-300"),
        ("مقاتلات « إف 16 »", 0, 4, "weapon/f-16"),
        ("طائرات بدون طيار", 0, 3, "weapon/drone"),
        ("طائرات ب دون طيار", 0, 4, "weapon/drone"),
        ("طائرات أميركية بدون طيار", 0, 4, "weapon/drone"),
        ("طائرتين مُسيّرتين", 0, 2, "weapon/drone"),
        ("الألغام الأرضية", 0, 2, "weapon/mine"),
        ("الدبابات", 0, 1, "weapon/tank"),
        ("ميج 29", 0, 2, "weapon/mig-29"),
        ("جنودا", 0, 1, "force/soldiers"),
        ("عسكريون", 0, 1, "force/servicemen"),
        ("مقاتلي", 0, 1, "force/fighters"),
        ("بيونج يانج", 0, 2, "place/pyongyang"),
        ("عبدالفتاح السيسي", 0, 2, "person/sisi"),
        ("عبد الفتاح السيسي", 0, 3, "person/sisi"),
        ("حزبالله", 0, 1, "organisation/hezbollah"),
        ("وزيرة خارجية", 0, 2, "office/foreign-minister"),
        ("البوسنة و الهرسك", 0, 3, "Q225"),
    ],
)
def test_names_are_found_as_writers_write_them(words: str, start: int, end: int, id: str) -> None:
    assert [(m.start, m.end) for m in found(words) if id in m.entries] == [(start, end)]


@pytest.mark.parametrize("words", ["عسكرية", "إرهابية", "صفقة", "البيت", "دوما", "شاهد", "مالي", "القاعدة", "جنديٌ،ا"])
def test_ordinary_words_are_no_names(words: str) -> None:
    assert found(words) == []


def test_ambiguous_names_match_on_request() -> None:
    (match,) = lexicon().match(["مالي"], ambiguous=True)
    assert match == Match(0, 1, ("Q912",), True)
    assert [e.id for e in lexicon().find("مالي")] == ["Q912"]


def test_longest_name_wins_and_matches_do_not_overlap() -> None:
    matches = found("قال البيت الأبيض إن القوات المسلحة الروسية في جنوب السودان")
    assert "place/white-house" in ids(matches) and "Q958" in ids(matches) and "Q1049" not in ids(matches)
    assert all(a.end <= b.start for a, b in pairwise(matches))


def test_a_comma_ends_a_name() -> None:
    assert "Q423" in ids(found("كوريا الشمالية"))
    assert "Q423" not in ids(found("كوريا ، الشمالية"))


@pytest.mark.parametrize("words", ["ل أمم المتحدة", "ل لأمم المتحدة", "ل الأمم المتحدة"])
def test_article_swallowed_by_a_preposition(words: str) -> None:
    assert found(words) == [Match(1, 3, ("organisation/un",), False)]
    assert found("أمم المتحدة") == []


def test_a_name_ends_where_its_word_ends() -> None:
    assert "weapon/s-300" not in ids(lexicon().match(["إس-300ب"]))


WORDS = "صواريخ باليستية الروسية روسيا ، - ( في ل كوريا الشمالية عبد الله حزب إس 300 إس-400 \u0640 %"


@given(st.lists(st.sampled_from(WORDS.split()) | st.text(max_size=6), max_size=12))
def test_any_words_can_be_matched(words: list[str]) -> None:
    for ambiguous in (False, True):
        matches = lexicon().match(words, ambiguous=ambiguous)
        last = 0
        for m in matches:
            assert last <= m.start < m.end <= len(words) and m.entries and (ambiguous or not m.ambiguous)
            assert all(e in lexicon().entries for e in m.entries)
            last = m.end
    for i, word in enumerate(words):
        lexicon().nisbas(word)
        phrase = lexicon().nisba_phrase(words, i)
        assert phrase is None or 0 < phrase[1] <= len(words) - i


@given(st.sampled_from(sorted(lexicon().entries)), st.data())
def test_every_label_finds_its_entry(id: str, data: st.DataObject) -> None:
    label = data.draw(st.sampled_from(lexicon().entry(id).labels))
    assert id in [e.id for e in lexicon().find(label)]
    # Writers leave out hamza and write tatweel and vowel signs at will.
    spelt = label.translate(str.maketrans("أإآ", "ااا")).replace("ر", "رـ\u064e")
    assert id in [e.id for e in lexicon().find(spelt)]
    matches = found(label, ambiguous=True)
    assert id in ids(matches)


@pytest.mark.parametrize(
    ("words", "start", "end", "id"),
    [
        ("الرئيس الروسي", 0, 1, "president"),
        ("رئيسة كوريا الجنوبية", 0, 1, "president"),
        ("ل لرئيس", 1, 2, "president"),
        ("رئيس وزراء اليابان", 0, 2, "prime-minister"),
        ("وزيري خارجية البلدين", 0, 2, "foreign-minister"),
        ("المتحدثة ب اسم الوزارة", 0, 3, "spokesperson"),
        ("الأمين العام", 0, 2, "secretary-general"),
        ("ولي ولي العهد السعودي", 0, 3, "deputy-crown-prince"),
        ("رئيس هيئة الأركان المشتركة", 0, 4, "chief-of-staff"),
        ("نائب رئيس الوزراء", 0, 3, "deputy-prime-minister"),
    ],
)
def test_offices(words: str, start: int, end: int, id: str) -> None:
    assert found(words)[0] == Match(start, end, (f"office/{id}",), False)


def test_a_title_is_no_part_of_a_name() -> None:
    assert ids(found("الملك محمد السادس")) == ["office/king", "person/mohammed-vi"]
    assert ids(found("رئيس الكنيست")) == ["office/president", "organisation/knesset"]


def test_every_office_says_what_its_holder_does() -> None:
    predicates = {"headOfState", "headOfGovernment", "holdsOffice", "leads", "spokesperson", "memberOf"}
    for e in lexicon().entries.values():
        if e.type == "OFFICE":
            assert e.get("predicate") in predicates and e.get("predicateOfOrganisation") in {None, "leads"}, e.id


# -- nisbas


@pytest.mark.parametrize(
    ("word", "id"),
    [
        ("الروسي", "Q159"), ("روسية", "Q159"), ("الروسيين", "Q159"), ("روسيتين", "Q159"), ("الروس", "Q159"), ("الأمريكية", "Q30"),
        ("أميركيون", "Q30"), ("السعودية", "Q851"),
        ("الألمانية", "Q183"), ("ألمان", "Q183"), ("الأتراك", "Q43"), ("أفغان", "Q889"), 
        ("السوفياتية", "state/soviet-union"), ("الإماراتية", "Q878"), ("بريطاني", "Q145"),
    ],
)  # fmt: skip
def test_nisba(word: str, id: str) -> None:
    state = lexicon().nisba(word)
    assert state is not None and state.id == id
    assert lexicon().nisba_phrase(["القوات", word], 1) == (state, 1)


@pytest.mark.parametrize("word", ["روسيا", "سوريا", "ليبيا", "المالية", "عربي", "ماني", "كوري", "", "،"])
def test_no_nisba(word: str) -> None:
    assert lexicon().nisba(word) is None
    assert lexicon().nisba_phrase([word], 0) is None


def test_nisbas_that_need_context() -> None:
    assert [e.id for e in lexicon().nisbas("الكورية")] == ["Q423", "Q884"]
    assert [e.id for e in lexicon().nisbas("المالية", ambiguous=True)] == ["Q912"]
    state = lexicon().nisba("روسيا", accusative=True)
    assert state is not None and state.id == "Q159"


@pytest.mark.parametrize(
    ("words", "id", "length"),
    [
        ("الكورية الشمالية", "Q423", 2),
        ("كوريين جنوبيين", "Q884", 2),
        ("جنوب أفريقي", "Q258", 2),
        ("جنوب أفريقية", "Q258", 2),
        ("الروسي الجديد", "Q159", 1),
    ],
)
def test_nisba_of_two_words(words: str, id: str, length: int) -> None:
    phrase = lexicon().nisba_phrase(words.split(), 0)
    assert phrase is not None and (phrase[0].id, phrase[1]) == (id, length)


# -- reading


def test_entry_has_what_the_file_says(tmp_path: Path) -> None:
    text = """
    <weapon/bow> a skos:Concept, kgo:Weapon ; skos:prefLabel "قوس"@ar, "bow"@en ; kgo:pluralLabel "bows"@en ; kgo:unit "bows"@en ;
        kgo:ambiguous true .
    <weapon/longbow> a skos:Concept, kgo:Weapon ; skos:prefLabel "قوس طويل"@ar, "longbow"@en ; skos:altLabel "أقواس طويلة"@ar ;
        skos:broader <weapon/bow> ;
        skos:exactMatch <http://www.wikidata.org/entity/Q1> , <https://sws.geonames.org/2/> ; kgo:inState <Q3> ; kgo:note "x" .
    """
    small = made(tmp_path, text)
    longbow = small.entry("weapon/longbow")
    assert (longbow.type, longbow.label_ar, longbow.label_en, longbow.concept) == ("WEAPON", "قوس طويل", "longbow", "weapon/longbow")
    assert longbow.labels == ("قوس طويل", "longbow", "أقواس طويلة")
    assert longbow.qid == "Q1" and longbow.same_as == ("http://www.wikidata.org/entity/Q1", "https://sws.geonames.org/2/")
    assert longbow.unit == "bows" and longbow.plural_en is None and small.entry("weapon/bow").plural_en == "bows"
    assert longbow.get("inState") == "Q3" and longbow.get("note") == "x" and longbow.get("other") is None
    assert small.is_a("weapon/longbow", "weapon/bow") and small.is_a("weapon/bow", "weapon/bow") and not small.is_a("weapon/bow", "weapon/longbow")
    assert small.match(["قوس"]) == [] and ids(small.match(["القوسين"], ambiguous=True)) == ["weapon/bow"]
    assert len(small) == 2
    with pytest.raises(KeyError):
        small.entry("weapon/none")


def test_files_add_to_one_another(tmp_path: Path) -> None:
    one = '<person/x> a kgo:Person ; skos:prefLabel "سعيد القرمزي"@ar, "X"@en .'
    two = '<person/x> skos:altLabel "أبو قرمز"@ar .'
    both = made(tmp_path, one, two)
    assert [e.id for e in (*both.find("أبو قرمز"), *both.find("سعيد القرمزي"))] == ["person/x", "person/x"]
    assert both.sha256 == made(tmp_path, one, two).sha256 != made(tmp_path, one).sha256


def test_loops_of_broader_entries_end(tmp_path: Path) -> None:
    text = "".join(f'<weapon/{a}> a kgo:Weapon ; skos:prefLabel "سلاح{a}"@ar, "{a}"@en ; skos:broader <weapon/{b}> . ' for a, b in ("ab", "bc", "ca"))
    assert made(tmp_path, text).ancestors("weapon/a") == ("weapon/b", "weapon/c")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("<weapon/x> a kgo:Weapon ;;; skos", "0.ttl"),
        ('<weapon/x> a kgo:Weapon ; skos:prefLabel "س"@ar .', "no skos:prefLabel in English"),
        ('<weapon/x> a kgo:Weapon ; skos:prefLabel "x"@en .', "no skos:prefLabel in Arabic"),
        ('<weapon/x> skos:prefLabel "س"@ar, "x"@en .', "it has 0"),
        ('<weapon/x> a kgo:Weapon, kgo:State ; skos:prefLabel "س"@ar, "x"@en .', "it has 2"),
    ],
)
def test_wrong_files_are_named(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(LexiconError, match=re.escape(message)) as e:
        made(tmp_path, text)
    assert "0.ttl" in str(e.value)


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="none"):
        Lexicon.load(tmp_path / "none.ttl")


def test_folders_and_files_load_alike() -> None:
    assert Lexicon.load(FOLDER).sha256 == Lexicon.load(*sorted(FOLDER.glob("*.ttl"))).sha256 == lexicon().sha256


# -- the lexicon that comes with kg


def triples(file: Path) -> list[ox.Triple]:
    return [q.triple for q in ox.parse(file.read_bytes(), ox.RdfFormat.TURTLE)]


@pytest.mark.parametrize("file", sorted(FOLDER.glob("*.ttl")), ids=lambda f: f.name)
def test_file_is_sound(file: Path) -> None:
    assert file.read_text(encoding="utf-8").startswith("#"), "the source stands at the head"
    vocabulary = {t.subject for t in triples(FOLDER.parent / "kg.ttl")}
    for t in triples(file):
        assert isinstance(t.subject, ox.NamedNode) and t.subject.value.startswith(KGL)
        for term in (t.predicate, t.object):
            if isinstance(term, ox.NamedNode) and term.value.startswith(KGO):
                assert term in vocabulary, f"{term.value} is not in kg.ttl"
        if isinstance(t.object, ox.Literal) and t.predicate.value.startswith(SKOS):
            assert t.object.value == t.object.value.strip() and t.object.value
            assert t.object.language in ("ar", "en")


def test_entries_are_defined_once() -> None:
    seen: dict[str, str] = {}
    for file in sorted(FOLDER.glob("*.ttl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            if m := re.match(r"<([^>]+)> a skos:Concept", line):
                assert m[1] not in seen, f"{m[1]} is in {seen.get(m[1])} and {file.name}"
                seen[m[1]] = file.name
    assert seen.keys() == lexicon().entries.keys()


def test_references_are_to_entries() -> None:
    for e in lexicon().entries.values():
        for name in ("officeOf", "seatOf", "capital", "inState", "agencyOf", "memberOf"):
            for other in e.values.get(name, ()):
                assert other in lexicon().entries, f"{e.id} {name} {other}"
        for other in e.broader:
            assert other in lexicon().entries and lexicon().entry(other).type == e.type, f"{e.id} broader {other}"


def test_labels_are_arabic_and_english() -> None:
    for e in lexicon().entries.values():
        assert is_arabic(e.label_ar) and not is_arabic(e.label_en), e.id
        assert e.ambiguous <= set(e.labels)


def test_no_sure_name_is_one_of_two_types() -> None:
    types: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for e in lexicon().entries.values():
        for label in e.labels:
            if is_arabic(label) and label not in e.ambiguous:
                types[fold(label)].add((e.type, e.id))
    assert {k: v for k, v in types.items() if len({t for t, _ in v}) > 1} == {}
    # Nor does a sure Arabic name belong to two entries of one type.
    assert {k: v for k, v in types.items() if len(v) > 1} == {}


def test_enough_of_everything() -> None:
    counts: dict[str, int] = defaultdict(int)
    for e in lexicon().entries.values():
        counts[e.type] += 1
    assert set(counts) == set(TYPES.values())
    assert counts["STATE"] >= 250 and counts["PERSON"] >= 150 and counts["ORGANISATION"] >= 200 and counts["WEAPON"] >= 200


def test_weapons_have_units_and_a_class() -> None:
    for e in lexicon().entries.values():
        if e.type in ("WEAPON", "FORCE"):
            assert e.unit and e.plural_en, e.id
        if e.type == "WEAPON":
            assert lexicon().is_a(e.id, "weapon/weapon") or not e.broader, e.id


def test_identifiers_are_of_named_sources() -> None:
    """Wikidata items stand on states only, whose table says so; places have GeoNames'."""
    for e in lexicon().entries.values():
        if e.qid:
            assert e.type == "STATE" and e.id == e.qid
        for iri in e.same_as:
            assert iri.startswith(("http://www.wikidata.org/entity/Q", "https://sws.geonames.org/"))


def test_every_sovereign_state_has_a_nisba_and_a_capital_that_stands_for_it() -> None:
    for id, nisba, capital in [
        ("Q159", "روسي", "موسكو"),
        ("Q30", "أمريكي", "واشنطن"),
        ("Q423", "كوري شمالي", "بيونغ يانغ"),
        ("Q884", "كوري جنوبي", "سيول"),
        ("Q212", "أوكراني", "كييف"),
    ]:
        state = lexicon().entry(id)
        assert nisba in state.values["nisba"]
        seat = state.get("capital")
        assert seat is not None and lexicon().entry(seat).get("seatOf") == id and [e.id for e in lexicon().find(capital)] == [seat]
    assert sum(1 for e in lexicon().entries.values() if e.type == "STATE" and e.get("capital")) >= 160
    assert all(lexicon().entry(e.values["capital"][0]).get("seatOf") == e.id for e in lexicon().entries.values() if "capital" in e.values)


# ---------------------------------------------------------------------------------------------------------------------
# What is refused at once

PIECES = [
    "عبد",
    "الله",
    "بيت",
    "الدين",
    "ل",
    "لليمن",
    "يمن",
    "ليمن",
    "روسيا",
    "روسية",
    "الكورية",
    "الشمالية",
    "كوريا",
    "-",
    "«",
    "\u064e",
    "عام",
    "قوات",
    "الجيش",
]


@cache
def holy() -> Lexicon:
    """The lexicon with a state whose nisba is joined of two words."""
    with TemporaryDirectory() as folder:
        own = Path(folder) / "own.ttl"
        text = '<own> a kgo:State , skos:Concept ; skos:prefLabel "دولة بيت الله"@ar , "House"@en ; kgo:nisba "بيت الله"@ar .'
        own.write_text(HEAD + text, encoding="utf-8")
        return Lexicon.load(FOLDER, own)


@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=9), st.integers(0, 8))
def test_what_is_refused_at_once_would_not_have_been_found(words: list[str], at: int) -> None:
    def found() -> tuple[list[Match], object]:
        return holy().match(words, ambiguous=True), holy().nisba_phrase(words, min(at, len(words) - 1))

    quickly = found()
    with patch("kg.lexicon._Node.begins", lambda self, text: True):  # nothing is refused then
        assert found() == quickly


def test_a_nisba_of_words_that_are_joined_is_found_across_signs() -> None:
    found = holy().nisba_phrase(["بيت", "«", "الله"], 0)
    assert found is not None
    assert found[0].label_en == "House"


def test_a_city_that_is_no_capital_may_stand_for_a_government() -> None:
    seats = {name: city.seat for name in ("تل أبيب", "لاباز", "بوجمبورا", "حيفا") for city in lexicon().find(name)}
    assert seats == {"تل أبيب": "Q801", "لاباز": "Q750", "بوجمبورا": "Q967", "حيفا": None}
