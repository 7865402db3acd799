"""kg.morphology: forms that frames find."""

from __future__ import annotations

import pytest

from kg import morphology
from kg.text import fold


@pytest.mark.parametrize(
    ("made", "forms"),
    [
        (morphology.perfect("أرسل"), "أرسلت أرسلوا أرسلنا أرسل"), (morphology.perfect("زار"), "زارت زرنا زاروا"),
        (morphology.perfect("أعطى"), "أعطت أعطوا أعطينا"),
        (morphology.imperfect("يرسل"), "ترسل نرسل أرسل يرسلون ترسلين"), (morphology.imperfect("يزور"), "يزر تزور يزورون"),
        (morphology.imperfect("يعطي"), "تعطي يعطون يعط"), (morphology.passive("قال"), "قيل قيلت"), (morphology.noun("إرسال"), "الإرسال إرسالا"),
        (morphology.noun("شحنة"), "الشحنة شحنت شحنتين"), (morphology.participle("مسلح"), "المسلحة مسلحون المسلحين مسلحات"),
    ],
)  # fmt: skip
def test_forms(made: set[str], forms: str) -> None:
    assert {fold(f) for f in forms.split()} <= made


@pytest.mark.parametrize(("present", "other"), [("يؤيد", "يؤدي"), ("يبيد", "تبدأ")])
def test_other_verbs_are_not_taken_in(present: str, other: str) -> None:
    assert fold(other) not in morphology.imperfect(present)
