"""What an event is called in PLOVER and CAMEO: the codes of its class, or those of a rule that holds for it.

The rules are data (`ontology/plover.ttl`; a user's own frame files may hold more). They look at the trigger, at the words behind it
and at what fills the roles: arms that are sent are CAMEO 072, money is 071.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache

import pyoxigraph as ox

from kg import morphology
from kg.model import Entity, Event
from kg.namespaces import KGL, KGO, class_name
from kg.text import fold

#: How many words behind the trigger `kgo:ifWord` looks at.
REACH = 10

_ANY = "Event"
_PROCLITICS = ("", "و", "ف", "ب", "ل", "ك", "وب", "ول", "فب", "فل")

#: Class of the lexicon -> all broader classes.
Broader = Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Codes:
    """The codes of an event. `intensity` goes from -10 (conflict) to +10 (cooperation); `quad` is "MATERIAL CONFLICT" …. None: there is none."""

    plover: str | None = None
    mode: str | None = None
    contexts: tuple[str, ...] = ()
    cameo: str | None = None
    intensity: float | None = None
    quad: str | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """A `kgo:CodingRule`; see ontology/plover.ttl. `triggers` and `words` hold folded forms."""

    id: str
    type: str
    order: int
    codes: Codes
    triggers: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()
    roles: tuple[str, ...] = ()
    types: frozenset[str] = frozenset()
    concepts: frozenset[str] = frozenset()
    unless: tuple[str, ...] = ()

    def holds(self, event: Event, entities: Mapping[str, Entity], text: str, sentence_end: int, broader: Callable[[], Broader]) -> bool:
        """Whether all conditions are met. `broader` is asked only where a class of the lexicon matters."""
        if self.triggers and self.triggers.isdisjoint(map(fold, event.trigger.text.split())):
            return False
        if any(event.roles.get(r) for r in self.unless):
            return False
        if self.roles and not any(self._fits(entities[i], broader) for r in self.roles for i in event.roles.get(r, ()) if i in entities):
            return False
        return not self.words or any(not self.words.isdisjoint(_bare(w)) for w in text[event.trigger.end : sentence_end].split()[:REACH])

    def _fits(self, e: Entity, broader: Callable[[], Broader]) -> bool:
        if self.types and e.type not in self.types:
            return False
        if not self.concepts:
            return True
        return bool(e.concept) and (e.concept in self.concepts or not self.concepts.isdisjoint(broader().get(e.concept or "", frozenset())))


@dataclass(frozen=True, slots=True)
class Coder:
    """All codes. `classes`: event class -> its own codes; `categories`: PLOVER code -> (intensity, quad class); `rules`: by class, in order.

    `sides`: event class -> (roles of the source, roles of the target), "Event" for all others. `given`: what a modality or polarity is as a
    context ("planned": "future"). `sectors`: entity class or fact -> sector of PLOVER ("State": "GOV").
    """

    classes: Mapping[str, Codes] = field(default_factory=dict)
    categories: Mapping[str, tuple[float, str]] = field(default_factory=dict)
    rules: Mapping[str, tuple[Rule, ...]] = field(default_factory=dict)
    sides: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = field(default_factory=dict)
    given: Mapping[str, str] = field(default_factory=dict)
    sectors: Mapping[str, str] = field(default_factory=dict)

    def code(self, event: Event, entities: Mapping[str, Entity], text: str, sentence_end: int, broader: Broader | None = None) -> Codes:
        """The codes of an event.

        Args:
            event: of a document.
            entities: id -> entity, of the same document.
            text: of the document.
            sentence_end: where the event's sentence ends in it.
            broader: class -> all broader ones, as `kg.lexicon.broader` gives them; those of kg's lexicon if it is left out.
        """
        known = _lexicon if broader is None else lambda: broader
        name = class_name(event.type)
        found = [r for n in (name, _ANY) for r in self.rules.get(n, ()) if r.holds(event, entities, text, sentence_end, known)]
        given = [*(r.codes for r in found), self.classes.get(name, Codes())]
        plover = next((c.plover for c in given if c.plover), None)
        intensity, quad = self.categories.get(plover or "", (None, None))
        return Codes(
            plover,
            next((c.mode for c in given if c.mode), None),
            tuple(sorted({x for r in found for x in r.codes.contexts})) or given[-1].contexts,
            next((c.cameo for c in given if c.cameo), None),
            next((c.intensity for c in given if c.intensity is not None), intensity),
            quad,
        )


def coder(store: ox.Store) -> Coder:
    """The codes that a store of Turtle files describes. ValueError for a rule without a class or with an intensity that is no number."""
    found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    kinds: dict[str, str] = {}
    names: dict[str, str] = {}
    for q in store.quads_for_pattern(None, None, None, None):
        if not isinstance(q.subject, ox.NamedNode) or not isinstance(q.object, ox.NamedNode | ox.Literal):
            continue
        predicate, value = q.predicate.value, q.object.value
        if predicate.endswith("22-rdf-syntax-ns#type"):
            kinds[q.subject.value] = value.removeprefix(KGO) if value.startswith(KGO) else kinds.get(q.subject.value, "")
        elif predicate.startswith(KGO):
            found[q.subject.value][predicate.removeprefix(KGO)].append(value)
        elif predicate.endswith("core#notation"):
            found[q.subject.value]["notation"].append(value)
    for iri, values in found.items():
        if values["typeName"]:
            names[iri] = class_name(values["typeName"][0])
        elif iri.startswith(KGO):
            names[iri] = iri.removeprefix(KGO)
    rules: dict[str, list[Rule]] = defaultdict(list)
    sides: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {}
    classes, categories = {}, {}
    for iri, values in sorted(found.items()):
        kind = kinds.get(iri)
        if kind == "PloverCategory":
            for code in values["notation"]:
                categories[code] = _number(iri, values["intensity"]) or 0.0, "".join(values["quadClass"][:1])
        elif kind in ("CodingRule", "RoleRule"):
            if not values["onType"]:
                raise ValueError(f"the rule <{iri}> has no kgo:onType")
            for type in sorted(values["onType"]):
                name = names.get(type, type.removeprefix(KGO))
                if kind == "RoleRule":
                    sides[name] = tuple(" ".join(values["sourceRole"]).split()), tuple(" ".join(values["targetRole"]).split())
                else:
                    rules[name].append(_rule(iri, name, values))
        elif iri in names and any(values[k] for k in ("plover", "mode", "context", "cameo")):
            classes[names[iri]] = _codes(iri, values)
    ordered = {name: tuple(sorted(rs, key=lambda r: (r.order, r.id))) for name, rs in sorted(rules.items())}
    given = {names[iri]: v["givesContext"][0] for iri, v in found.items() if iri in names and v["givesContext"]}
    sectors = {names[iri]: v["sector"][0] for iri, v in found.items() if iri in names and v["sector"]}
    return Coder(classes, categories, ordered, sides, given, sectors)


def _rule(iri: str, type: str, values: Mapping[str, list[str]]) -> Rule:
    return Rule(
        iri, type, int(_number(iri, values["order"]) or 0), _codes(iri, values),
        frozenset(form for word in values["ifTrigger"] for form in _forms(word)),
        frozenset(form for word in values["ifWord"] for form in morphology.noun(word) | morphology.participle(word)),
        tuple(sorted(values["ifRole"])), frozenset(values["ifType"]),
        frozenset(c.removeprefix(KGL) for c in values["ifConcept"]), tuple(sorted(values["unlessRole"])),
    )  # fmt: skip


def _codes(iri: str, values: Mapping[str, list[str]]) -> Codes:
    plover, mode, cameo = (min(values[k], default=None) for k in ("plover", "mode", "cameo"))
    return Codes(plover, mode, tuple(sorted(values["context"])), cameo, _number(iri, values["intensity"]))


def _number(iri: str, values: list[str]) -> float | None:
    try:
        return float(values[0]) if values else None
    except ValueError as e:
        raise ValueError(f"<{iri}>: {values[0]!r} is no number") from e


def _forms(word: str) -> set[str]:
    """The forms of a verb, given as "perfect imperfect", or of a noun."""
    first, _, second = word.partition(" ")
    if not second:
        return morphology.noun(first) | morphology.participle(first)
    return morphology.perfect(first) | morphology.imperfect(second) | morphology.passive(first) | morphology.passive(second)


def _bare(word: str) -> set[str]:
    """A word of a text folded, and without what may be one of its proclitics or the article's ل."""
    folded = fold(word.strip(".,،؛:!؟()[]«»\"'-"))
    bare = {folded.removeprefix(p) for p in _PROCLITICS}
    return bare | {"ال" + b.removeprefix("لل") for b in (folded, *bare) if b.startswith("لل")}


@cache
def _lexicon() -> Broader:
    from kg.lexicon import broader

    return broader()
