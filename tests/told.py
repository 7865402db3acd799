"""Documents that tell of events, made without a parse: who sent what to whom, says who, and when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from kg.model import Document, Entity, Event, Extraction, Quantity, Span

NAMES = {
    "Q423": ("STATE", "كوريا الشمالية", "North Korea"),
    "Q159": ("STATE", "روسيا", "Russia"),
    "Q884": ("STATE", "كوريا الجنوبية", "South Korea"),
    "Q30": ("STATE", "الولايات المتحدة", "United States"),
    "Q145": ("STATE", "بريطانيا", "United Kingdom"),
    "Q794": ("STATE", "إيران", "Iran"),
    "Q212": ("STATE", "أوكرانيا", "Ukraine"),
    "Q165862": ("ORGANISATION", "وكالة يونهاب", "Yonhap"),
    "Q1": ("ORGANISATION", "وزارة الدفاع الكورية الجنوبية", "South Korean ministry"),
    "Q5": ("PERSON", "حسين سلامي", "Hossein Salami"),
    "place/kursk": ("PLACE", "كورسك", "Kursk"),
    "place/kyiv": ("PLACE", "كييف", "Kyiv"),
}


@dataclass(frozen=True, slots=True)
class Told:
    """One event. `roles` map a role to keys of NAMES, blank between them; `count` troops or weapons of `concept` are its theme."""

    type: str = "SEND"
    roles: Mapping[str, str] | None = None
    concept: str | None = "force/soldiers"
    count: float | None = None
    bound: str = "exact"
    says: str = ""
    polarity: str = "positive"
    modality: str = "asserted"

    def but(self, **changes: object) -> Told:
        return replace(self, **changes)  # type: ignore[arg-type]


TROOPS = Told(roles={"agent": "Q423", "recipient": "Q159"}, count=3000)


def document(id: str, *events: Told, published: str | None = "2025-03-27", source: str | None = None, text: str | None = None) -> Extraction:
    """What a document says that tells these events. Its text is like no other's unless it is given.

    Args:
        id: of the document.
        events: in this order; their triggers stand at the start of the text.
        published: a day.
        source: the publisher; one of its own if it is left out.
        text: at least two characters for each event.
    """
    text = text or " ".join(f"كلمة{id}{n}" for n in range(40))
    entities: dict[str, Entity] = {}
    found = []
    for n, e in enumerate(events, 1):
        roles = {role: tuple(keys.split()) for role, keys in (e.roles or {}).items()}
        for key in (*(k for keys in roles.values() for k in keys), *e.says.split()):
            type, ar, en = NAMES[key]
            entities[key] = Entity(key, type, en, ar, (), key if key.startswith("Q") else None, key)
        if e.concept:
            quantity = Quantity(e.count, False, "soldiers", f"{e.count}", e.bound) if e.count else None
            type = "FORCE" if e.concept.startswith("force") else "WEAPON"
            entities[f"G{n}"] = Entity(f"G{n}", type, "group", "مجموعة", (), None, e.concept, quantity)
            roles["theme"] = (f"G{n}",)
        trigger = Span(2 * n - 2, 2 * n, text[2 * n - 2 : 2 * n])
        found.append(Event(f"V{n}", e.type, trigger, roles, 0, e.polarity, e.modality, tuple(e.says.split())))
    publisher = f"صحيفة {id}" if source is None else source
    return Extraction(Document(id, text, None, published, publisher), (Span(0, len(text), text),), tuple(entities.values()), tuple(found))
