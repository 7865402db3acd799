"""kg.entities: which mentions speak of one thing."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.entities import bare, skeleton
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


@pytest.mark.parametrize(("one", "other"), [("زيلنسكي", "زيلينسكي"), ("غوتيريش", "جوتيريش"), ("نتنياهو", "نتانياهو")])
def test_spellings_of_foreign_names(one: str, other: str) -> None:
    assert skeleton(one) == skeleton(other)
