"""The words of the page: types, roles and predicates by the ontology, the interface by the table here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from kg.namespaces import class_name
from kg.vocabulary import Vocabulary

ARABIC: Mapping[str, str] = {
    "documents": "الوثائق", "entities": "الكيانات", "events": "الأحداث", "facts": "العلاقات الثابتة",
    "search": "ابحث عن شخص أو دولة أو سلاح…", "search_label": "بحث", "nothing_found": "لا نتائج",
    "legend": "الرموز", "entity_types": "أنواع الكيانات", "event_types": "أنواع الأحداث", "line_classes": "ألوان الخطوط", "fact": "علاقة ثابتة",
    "event_node": "حدث بلا طرفين", "uncertain_event": "منفي أو غير مؤكد", "all": "الكل", "none": "لا شيء",
    "hide": "إخفاء الرموز", "show": "إظهار الرموز", "fit": "عرض الكل", "zoom_in": "تكبير", "zoom_out": "تصغير", "close": "إغلاق",
    "evidence": "الأدلة", "more": "انقر لقراءة كل الأدلة",
    "says": "نقلا عن", "source": "المصدر", "confidence": "الثقة", "office": "المنصب", "role": "الدور",
    "relations": "العلاقات", "aliases": "يرد أيضا باسم", "wikidata": "ويكي بيانات",
    "quantity": "العدد", "mentioned_in": "ورد في", "untitled": "بلا عنوان", "key": "المعرّف", "possibly_same": "ربما الشخص نفسه",
    "possibly_same_why": "اسم مختصر في وثيقة قد يعود إلى هذا الاسم الكامل.",
    "graph": "رسم الشبكة: العقد كيانات والخطوط ما فعله بعضها ببعض. استعمل البحث للوصول إلى كيان بلوحة المفاتيح.",
    "hint": "مرّر المؤشر فوق خط لقراءة الجملة التي تثبته، وانقر لعرض كل الأدلة", "empty": "لم يُعثر على شيء في النصوص: لا كيانات ولا أحداث.",
    "material-conflict": "صراع بالأفعال", "verbal-conflict": "صراع بالأقوال",
    "material-cooperation": "تعاون بالأفعال", "verbal-cooperation": "تعاون بالأقوال", "other": "غير ذلك",
    "negative": "منفي", "planned": "مخطط له", "possible": "محتمل", "conditional": "مشروط", "denied": "مكذَّب",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Labels:
    """Arabic words for what the page names. `words` is the interface's table, handed to the script as it is."""

    vocabulary: Vocabulary
    words: Mapping[str, str] = field(default_factory=lambda: dict(ARABIC))

    def type(self, type: str) -> str:
        """The word for an entity or event type, such as "SEND"."""
        return self.vocabulary.label(class_name(type))

    def of(self, kind: str, name: str) -> str:
        """The word for what an edge of that kind bears: an event type ("event"), else a role or a predicate."""
        return self.type(name) if kind == "event" else self.vocabulary.label(name)

    def word(self, key: str) -> str:
        """The interface's word for a key; the key where there is none."""
        return self.words.get(key, key)
