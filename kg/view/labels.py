"""Types, roles and predicates in Arabic and English, by the ontology. (The interface's own words are in `words.py`.)"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kg.namespaces import class_name
from kg.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Labels:
    """Words for what the page names."""

    vocabulary: Vocabulary

    def type(self, type: str, language: str = "ar") -> str:
        """The word for an entity or event type, such as "SEND"."""
        return self.vocabulary.label(class_name(type), language)

    def of(self, kind: str, name: str) -> str:
        """The Arabic word for what an edge of that kind bears: an event type ("event"), else a role or a predicate."""
        return self.type(name) if kind == "event" else self.vocabulary.label(name)

    def table(self, types: Iterable[str], names: Iterable[str]) -> dict[str, list[str]]:
        """Types, and roles and predicates, each with its word in Arabic and English."""
        out = {t: [self.type(t, "ar"), self.type(t, "en")] for t in types}
        return out | {n: [self.vocabulary.label(n, "ar"), self.vocabulary.label(n, "en")] for n in names if n not in out}
