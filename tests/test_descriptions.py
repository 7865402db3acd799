"""kg.descriptions: bare nouns that stand for an organisation spoken of before."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.model import Entity
from tests.small import read, sentence

FIRST = "أعلنت أعلن VERB 0 root\nوزارة وزارة NOUN 1 nsubj\nالدفاع دفاع NOUN 2 nmod\n. . PUNCT 1 punct"


def organisations(tmp_path: Path, second: str, rows: str, first: str = FIRST, name: tuple[int, int] = (1, 3)) -> list[Entity]:
    """The organisations of a text of two sentences, in the first of which NER has found one."""
    opening = " ".join(line.split()[0] for line in first.splitlines())
    text = f"{opening} {second}"
    a = sentence(text, first, [(*name, "ORGANISATION")])
    b = sentence(text, rows, [], 1, a.end)
    return [e for e in read(tmp_path, text, a, b).entities if e.type == "ORGANISATION"]


def texts(entity: Entity) -> list[str]:
    return [m.text for m in entity.mentions]


def test_the_noun_that_began_a_name_stands_for_it(tmp_path: Path) -> None:
    (ministry,) = organisations(tmp_path, "نفت الوزارة ذلك", "نفت نفى VERB 0 root\nالوزارة وزارة NOUN 1 nsubj\nذلك ذلك DET 1 obj")
    assert texts(ministry) == ["وزارة الدفاع", "الوزارة"]


def test_the_noun_before_a_name_stands_for_it(tmp_path: Path) -> None:
    first = "هاجم هاجم VERB 0 root\nتنظيم تنظيم NOUN 1 nsubj\nبريق بريق PROPN 2 nmod\n. . PUNCT 1 punct"
    (group,) = organisations(tmp_path, "انسحب التنظيم", "انسحب انسحب VERB 0 root\nالتنظيم تنظيم NOUN 1 nsubj", first, (2, 3))
    assert texts(group) == ["بريق", "التنظيم"]


def test_both_lams_of_a_swallowed_article_stay_outside(tmp_path: Path) -> None:
    rows = "قال قال VERB 0 root\nمتحدث متحدث NOUN 1 nsubj\nل ل ADP 4 case\nلوزارة وزارة NOUN 2 nmod"
    (ministry,) = organisations(tmp_path, "قال متحدث للوزارة", rows)
    assert texts(ministry) == ["وزارة الدفاع", "وزارة"]


@pytest.mark.parametrize(
    ("second", "rows"),
    [
        ("نفى المركز ذلك", "نفى نفى VERB 0 root\nالمركز مركز NOUN 1 nsubj\nذلك ذلك DET 1 obj"),  # none was spoken of
        ("نفت وزارة ذلك", "نفت نفى VERB 0 root\nوزارة وزارة NOUN 1 nsubj\nذلك ذلك DET 1 obj"),  # any ministry
        ("نفت الوزارة اليمنية", "نفت نفى VERB 0 root\nالوزارة وزارة NOUN 1 nsubj\nاليمنية يمني ADJ 2 amod"),  # perhaps another
    ],
)
def test_others_do_not(tmp_path: Path, second: str, rows: str) -> None:
    (ministry,) = organisations(tmp_path, second, rows)
    assert texts(ministry) == ["وزارة الدفاع"]


def test_a_government_is_its_state(tmp_path: Path) -> None:
    first = "أعلنت أعلن VERB 0 root\nحكومة حكومة NOUN 1 nsubj\nالوفاق وفاق NOUN 2 nmod\n. . PUNCT 1 punct"
    (named,) = organisations(tmp_path, "نفت الحكومة ذلك", "نفت نفى VERB 0 root\nالحكومة حكومة NOUN 1 nsubj\nذلك ذلك DET 1 obj", first)
    assert texts(named) == ["حكومة الوفاق"]


def test_nothing_before_its_name_is_taken_for_it(tmp_path: Path) -> None:
    text = "نفت الوزارة ذلك. أعلنت وزارة الدفاع ."
    a = sentence(text, "نفت نفى VERB 0 root\nالوزارة وزارة NOUN 1 nsubj\nذلك ذلك DET 1 obj\n. . PUNCT 1 punct")
    b = sentence(text, FIRST, [(1, 3, "ORGANISATION")], 1, a.end)
    (ministry,) = [e for e in read(tmp_path, text, a, b).entities if e.type == "ORGANISATION"]
    assert texts(ministry) == ["وزارة الدفاع"]
