"""kg.entities: which mentions speak of one thing."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.entities import bare
from kg.model import Entity
from tests.small import read, sentence


def people(tmp_path: Path, *names: str) -> list[tuple[str, int]]:
    """The people of a text of sentences «وصل NAME», each with how often it is mentioned."""
    text = ". ".join(f"وصل {n}" for n in names)
    sentences, at = [], 0
    for k, name in enumerate(names):
        parts = name.split()
        rows = ["وصل وصل VERB 0 root", f"{parts[0]} {parts[0]} PROPN 1 nsubj", *(f"{p} {p} PROPN 2 flat" for p in parts[1:])]
        sentences.append(sentence(text, "\n".join(rows), [(1, len(rows), "PERSON")], k, at))
        at = sentences[-1].end + 1
    return [(e.label, len(e.mentions)) for e in read(tmp_path, text, *sentences).entities]


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (("سالم العلوي", "العلوي"), [("سالم العلوي", 2)]),
        (("العلوي", "سالم العلوي"), [("سالم العلوي", 2)]),
        (("زيلينسكي", "زيلنسكي"), [("زيلينسكي", 2)]),
        (("جورج هاريس", "غورغ هاريس"), [("جورج هاريس", 2)]),
        (("سالم العلوي", "سالم القحطاني"), [("سالم العلوي", 1), ("سالم القحطاني", 1)]),
        (("بوتين", "فلاديمير بوتين"), [("فلاديمير بوتين", 2)]),
        (("ألكسندر لوكاشينكو", "الكسندر لوكاشنكو", "لوكاشنكو"), [("ألكسندر لوكاشينكو", 3)]),
        (("سيرغي لافروف", "سيرجي لافروف"), [("سيرغي لافروف", 2)]),
        (("فولوديمير زيلينسكي", "زيلنسكي"), [("فولوديمير زيلينسكي", 2)]),
        (("ولاديمير بوتن", "بوتين"), [("فلاديمير بوتين", 2)]),  # a spelling that the lexicon lacks
        (("حسن نصر", "حسين نصر"), [("حسن نصر", 1), ("حسين نصر", 1)]),
        (("محمد سالم", "محمود سالم", "محمود"), [("محمد سالم", 1), ("محمود سالم", 2)]),
        (("سيرغي لافروف", "سيرغي شويغو", "سيرجي"), [("سيرغي لافروف", 1), ("سيرغي شويغو", 2)]),  # whoever was spoken of last
    ],
)
def test_names_of_people(tmp_path: Path, names: tuple[str, ...], expected: list[tuple[str, int]]) -> None:
    assert people(tmp_path, *names) == expected


def groups(tmp_path: Path, first: str, second: str) -> list[Entity]:
    text = f"وصل {first} جندي. غادر {second}"
    a = sentence(text, f"وصل وصل VERB 0 root\n{first} {first} NUM 1 nsubj\nجندي جندي NOUN 2 nmod\n. . PUNCT 1 punct", [(2, 3, "FORCE")])
    words = second.split()
    rows = ["غادر غادر VERB 0 root", *(f"{w} {w} {'NUM' if w.isdigit() else 'NOUN'} 1 nsubj" for w in words)]
    b = sentence(text, "\n".join(rows), [(len(words), len(words) + 1, "FORCE")], 1, a.end)
    return list(read(tmp_path, text, a, b).entities)


def test_groups_that_are_counted_differently_are_two(tmp_path: Path) -> None:
    found = groups(tmp_path, "3000", "500 جندي")
    assert [(e.name, e.concept, len(e.mentions)) for e in found] == [("3,000 soldiers", "force/soldier", 1), ("500 soldiers", "force/soldier", 1)]
    assert [e.quantity and e.quantity.value for e in found] == [3000, 500]


def test_the_noun_with_an_article_speaks_of_the_group_again(tmp_path: Path) -> None:
    assert [(e.name, len(e.mentions)) for e in groups(tmp_path, "3000", "الجندي")] == [("3,000 soldiers", 2)]


def told(tmp_path: Path, *phrases: str) -> list[tuple[str, str, str | None, int]]:
    """The groups of sentences «وصل PHRASE»: name, label, bound of the number, how often each is mentioned.

    A phrase is words; from the last one that begins with ! on they are a mention, of a weapon if it begins with صار.
    """
    rows = [[w.removeprefix("!") for w in p.split()] for p in phrases]
    text = "\n".join("وصل " + " ".join(words) for words in rows)
    sentences, at = [], 0
    for k, (p, words) in enumerate(zip(phrases, rows, strict=True)):
        tagged = [f"{w} {w} {'NUM' if w.isdigit() else 'NOUN'} 1 obj" for w in words]
        first = next((i for i, w in enumerate(p.split()) if w.startswith("!")), None)
        ner = [] if first is None else [(first + 1, len(words) + 1, "WEAPON" if words[first].startswith("صار") else "FORCE")]
        sentences.append(sentence(text, "\n".join(["وصل وصل VERB 0 root", *tagged]), ner, k, at))
        at = sentences[-1].end
    return [(e.name, e.label, e.quantity.bound if e.quantity else None, len(e.mentions)) for e in read(tmp_path, text, *sentences).entities]


def test_the_group_of_the_headline_is_the_one_that_the_lead_counts(tmp_path: Path) -> None:
    assert [(name, bound, n) for name, _, bound, n in told(tmp_path, "!جنود", "3000 !جندي")] == [("3,000 soldiers", "exact", 2)]
    assert [(name, bound, n) for name, _, bound, n in told(tmp_path, "!جنود", "اليوم", "اليوم", "نحو 3000 !جندي")] == [("3,000 soldiers", "about", 2)]


@pytest.mark.parametrize(
    "phrases",
    [
        ("!جنود", "اليوم", "اليوم", "اليوم", "3000 !جندي"),  # too far from the headline
        ("اليوم", "!جنود", "3000 !جندي"),  # no headline
        ("500 !جندي", "3000 !جندي"),  # which says another number itself
    ],
)
def test_other_groups_are_two(tmp_path: Path, phrases: tuple[str, ...]) -> None:
    assert [n for *_, n in told(tmp_path, *phrases)] == [1, 1]


def test_another_thing_is_another_group(tmp_path: Path) -> None:
    found = told(tmp_path, "!جنود", "20 !صاروخا باليستيا")
    assert [(name, n) for name, _, _, n in found] == [("soldiers", 1), ("20 ballistic missiles", 1)]


def test_a_second_number_is_a_second_group(tmp_path: Path) -> None:
    found = told(tmp_path, "!جنود", "3000 !جندي", "500 !جندي")
    assert [(name, n) for name, _, _, n in found] == [("3,000 soldiers", 2), ("500 soldiers", 1)]


def test_a_group_that_the_headline_names_is_labelled_with_its_number(tmp_path: Path) -> None:
    assert [label for _, label, *_ in told(tmp_path, "!جنود", "3000 !جندي")] == ["3000 جندي"]
    assert [label for _, label, *_ in told(tmp_path, "!جنودا", "3000 !جندي")] == ["3000 جندي"]


@pytest.mark.parametrize(
    ("first", "second", "bound"),
    [
        ("20 !صاروخا باليستيا", "نحو 20 !صاروخا باليستيا", "about"),
        ("نحو 20 !صاروخا باليستيا", "20 !صاروخا باليستيا", "about"),
        ("أكثر من 20 !صاروخا باليستيا", "نحو 20 !صاروخا باليستيا", "at-least"),  # the first that says one
        ("20 !صاروخا باليستيا", "20 !صاروخا باليستيا", "exact"),
    ],
)
def test_of_one_number_twice_the_wording_that_says_how_exact_it_is(tmp_path: Path, first: str, second: str, bound: str) -> None:
    assert told(tmp_path, first, second) == [("20 ballistic missiles", "20 صاروخا باليستيا", bound, 2)]


def test_a_capital_that_acts_is_its_state(tmp_path: Path) -> None:
    text = "رفضت موسكو وروسيا"
    rows = "رفضت رفض VERB 0 root\nموسكو موسكو PROPN 1 nsubj\nو و CCONJ 4 cc\nروسيا روسيا PROPN 2 conj"
    (state,) = read(tmp_path, text, sentence(text, rows, [(1, 2, "STATE"), (2, 4, "STATE")])).entities
    assert (state.name, state.qid, [m.text for m in state.mentions]) == ("Russia", "Q159", ["موسكو", "روسيا"])


def test_a_description_is_the_person_who_holds_the_office(tmp_path: Path) -> None:
    text = "وصل الرئيس اليمني سالم العلوي. غادر الرئيس اليمني"
    a = sentence(
        text,
        "وصل وصل VERB 0 root\nالرئيس رئيس NOUN 1 nsubj\nاليمني يمني ADJ 2 amod\nسالم سالم PROPN 2 nmod\nالعلوي علوي PROPN 4 flat",
        [(3, 5, "PERSON")],
    )
    b = sentence(text, "غادر غادر VERB 0 root\nالرئيس رئيس NOUN 1 nsubj\nاليمني يمني ADJ 2 amod", [(1, 3, "PERSON")], 1, text.index("غادر"))
    x = read(tmp_path, text, a, b)
    person, state = x.entities
    assert [m.text for m in person.mentions] == ["سالم العلوي", "الرئيس اليمني"]
    assert (state.name, state.mentions) == ("Yemen", ())  # a nisba implies it
    assert [e.id for e in x.entities] == ["E1", "E2"]


@pytest.mark.parametrize(("one", "other"), [("الوزارة", "وزاره"), ("القوات الروسية", "قوات روسية")])
def test_bare_drops_articles(one: str, other: str) -> None:
    assert bare(one) == bare(other)


def test_bare_keeps_a_stem_in_alef_lam() -> None:
    assert bare("ألغام") == "الغام"


@pytest.mark.parametrize(
    ("first", "second", "one"),
    [
        ("وزارة الداخلية التونسية", "الداخلية التونسية", True),
        ("القوات المسلحة المالية", "الجيش المالي", True),
        ("سلاح الجو العراقي", "القوة الجوية العراقية", True),
        ("القوات المسلحة المالية", "الجيش العراقي", False),
        ("التحالف الشمالي", "التحالف", True),  # not the coalition that the lexicon knows by this name
    ],
)
def test_wordings_of_one_organisation(tmp_path: Path, first: str, second: str, one: bool) -> None:
    text = f"هاجم {first} . انسحب {second}"
    found, at = [], 0
    for n, (verb, name) in enumerate((("هاجم", first), ("انسحب", second))):
        words = name.split()
        rows = [f"{verb} {verb} VERB 0 root", f"{words[0]} {words[0]} NOUN 1 nsubj", *(f"{w} {w} ADJ 2 amod" for w in words[1:])]
        found.append(sentence(text, "\n".join(rows + [". . PUNCT 1 punct"] * (n == 0)), [(1, len(words) + 1, "ORGANISATION")], n, at))
        at = found[-1].end
    organisations = [e for e in read(tmp_path, text, *found).entities if e.type == "ORGANISATION"]
    assert (len(organisations) == 1) == one
    assert "organisation/saudi-coalition" not in [e.concept for e in organisations]
