"""Invented reports in which each query of the gallery finds something, and something that it must leave out."""

from __future__ import annotations

from dataclasses import replace

from kg.model import Entity, Extraction, Fact, Span
from tests.told import TROOPS, Told, document

CONCEPTS = {"weapon/drone": ("طائرات مسيرة", "drones"), "force/soldiers": ("جنود", "soldiers")}

DRONES = Told("BUY_SELL", {"seller": "Q794", "buyer": "Q159"}, "weapon/drone")
VISIT = Told("VISIT", {"agent": "Q5", "location": "Q159"}, None, says="Q165862")


def reports() -> list[Extraction]:
    return [
        document("numbers-1", TROOPS.but(says="Q884")),
        document("numbers-2", TROOPS.but(count=4000.0), source="صحيفة الشرق"),
        document("denial", TROOPS.but(polarity="negative", count=None, says="Q159"), published="2025-03-28"),
        document("sale", DRONES, published="2025-04-02"),
        document("no-sale", DRONES.but(roles={"seller": "Q794", "buyer": "Q423"}, modality="denied", says="Q794"), published="2025-04-20"),
        document("blame", Told("ACCUSE", {"agent": "Q30", "target": "Q423"}, None), Told("ACCUSE", {"agent": "Q145", "target": "Q159"}, None)),
        document("meeting", Told("MEET", {"agent": "Q884", "partner": "Q30"}, None), published="2025-02-01"),
        document("sanction", Told("SANCTION", {"agent": "Q30", "target": "Q423"}, None)),
        document("relief", Told("LIFT_SANCTION", {"agent": "Q145", "target": "Q794"}, None, modality="planned"), published="2025-05-01"),
        document("plans", TROOPS.but(modality="planned"), TROOPS.but(roles={"agent": "Q30", "recipient": "Q212"}, modality="planned")),
        document("losses", Told("LOSE", {"victim": "Q423"}, "force/soldiers", 500.0, says="Q212"), published="2025-05-05"),
        document("attack", Told("ATTACK", {"agent": "Q212", "target": "Q159", "location": "place/kursk"}, None), published="2025-06-01"),
        document("visit-1", VISIT),
        document("visit-2", VISIT, published="2025-03-28"),
        _treaty(),
    ]


def _treaty() -> Extraction:
    """An agreement between two, a party to it, and two who hold offices."""
    x = document("treaty", Told("AGREE", {"agent": "Q423", "partner": "Q159"}, None), published="2024-06-19")
    text = x.document.text
    treaty = Entity("T", "AGREEMENT", "اتفاق الشراكة", "معاهدة بيونغيانغ", (Span(2, 4, text[2:4]),))
    iran, salami, guards = (
        Entity("Q794", "STATE", "Iran", "إيران", (), "Q794", "Q794"),
        Entity("Q5", "PERSON", "Hossein Salami", "حسين سلامي", (), "Q5", "Q5"),
        Entity("G", "ORGANISATION", "Revolutionary Guards", "الحرس الثوري الإيراني", ()),
    )
    span = Span(0, 2, text[:2])
    facts = (
        Fact("F1", "Q794", "partyTo", "T", span, 0),
        Fact("F2", "Q5", "leads", "G", span, 0, "قائد الحرس"),
        Fact("F3", "G", "forceOf", "Q794", span, 0),
    )
    agree = replace(x.events[0], roles={**x.events[0].roles, "theme": ("T",)})
    return replace(x, entities=(*x.entities, treaty, iran, salami, guards), events=(agree,), facts=facts)
