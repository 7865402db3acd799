"""Which events are one event: told twice in a document, or by several documents.

    events  ->  tellings (what one document's event says)  ->  atoms (tellings that say the same)  ->  pairs  ->  groups

Two tellings are of one event if nothing contradicts it and enough speaks for it. They contradict each other if their events are
of different types, have different participants in one role (unless one names a part of the other's group), themes of classes of
which neither is broader, different places, or dates more than a week apart; and if one speaker gives two numbers. What speaks
for it is counted in points (`_score`). Only atoms that share a participant are compared.

The surest pairs are joined first, and a pair is left out if anything in the two groups that it would join contradicts. So a vague
report that fits two events goes to one of them and does not make them one. A denial is a telling of what it denies.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from math import inf, isfinite

from kg.copies import families
from kg.identity import Identity, entity_keys, is_local
from kg.language import _
from kg.model import COUNTED, SYMMETRIC, Document, Entity, Event, Extraction, Quantity
from kg.namespaces import class_name
from kg.text import fold
from kg.vocabulary import Vocabulary

#: Documents that tell of one event were published within so many days.
DAYS = 7

#: Points from which two tellings are of one event.
ENOUGH = 4

#: Roles of those who act. Where both tellings say who acts, they must share somebody who does.
ACTORS = frozenset({"agent", "seller", "party"})

#: The equals of a symmetric event are one role: that A met B is that B met A.
PARTY = "party"
_PARTIES = frozenset({"agent", "partner", "opponent"})

#: Where and with what: no event is known by these alone.
_ASIDE = frozenset({"location", "origin", "instrument"})
#: Roles in which troops are not weapons, nor a truce a town.
_THINGS = frozenset({"theme", "instrument"})
#: Roles whose numbers are what is reported.
NUMBERED = ("theme", "victim")

#: Facts by which who says something says it for another.
SPEAKS_FOR = frozenset({"agencyOf", "spokesperson", "headOfState", "headOfGovernment", "holdsOffice", "leads"})

#: Class -> all broader classes, as `kg.lexicon.broader` gives them.
Broader = Mapping[str, frozenset[str]]

#: What something is: its entity type and, if it is known, its class in the lexicon.
_Class = tuple[str, str | None]

#: When a document was published: ("", day), or (the family of texts of which no day is known, 0).
When = tuple[str, int]

#: A unit with the least and the most that may be meant.
_Interval = tuple[str, float, float]


@dataclass(frozen=True, slots=True)
class Telling:
    """What one event of one document says.

    `family` is the document that stands for all near copies of this one. `roles` and `says` (who reports it) hold the entities with
    their keys; the parties of a symmetric event are one role. `behind` has for each who reports it those for whom he speaks.
    """

    document: Document
    family: str
    when: When
    event: Event
    roles: Mapping[str, tuple[tuple[str, Entity], ...]]
    says: tuple[tuple[str, Entity], ...]
    behind: Mapping[str, frozenset[str]]
    numbers: tuple[_Interval, ...]

    @property
    def key(self) -> tuple[str, int, str]:
        return self.document.id, self.event.trigger.start, self.event.id

    @property
    def day(self) -> int | None:
        """The ordinal of the day of publication, None if it is not known."""
        return None if self.when[0] else self.when[1]

    @property
    def stance(self) -> str:
        """ "denied" for what is said not to be so, else the modality."""
        return "denied" if self.event.polarity == "negative" else self.event.modality

    @property
    def speaker(self) -> tuple[str, str, tuple[str, ...]]:
        """Whose word it is on events of this type: the document's and those whom it names."""
        return self.document.id, self.event.type, tuple(key for key, _ in self.says)


def tell(
    extractions: Iterable[Extraction], vocabulary: Vocabulary, identity: Identity | None = None, family: Mapping[str, str] | None = None
) -> list[Telling]:
    """The tellings of some documents, by document and place in it.

    Args:
        extractions: of different documents.
        vocabulary: tells what is a name, and which event types of a user's own are symmetric.
        identity: what a user says is one thing.
        family: which documents are near copies of one text, as `kg.copies.families` tells it; found here if it is left out.

    Raises:
        ValueError: an extraction is not sound: an unknown entity type, an event that points to no entity.
    """
    xs = sorted(extractions, key=lambda x: x.document.id)
    family = families(x.document for x in xs) if family is None else family
    oldest: dict[str, int] = {}
    for x in xs:
        if day := x.document.day:
            oldest[family[x.document.id]] = min(day.toordinal(), oldest.get(family[x.document.id], day.toordinal()))
    out: list[Telling] = []
    for x in xs:
        id, day = x.document.id, x.document.day
        # A copy without a date is as old as the text.
        at = day.toordinal() if day else oldest.get(family[id])
        out += tellings_of(x, family[id], (family[id], 0) if at is None else ("", at), vocabulary, identity)
    return out


def tellings_of(x: Extraction, family: str, when: When, vocabulary: Vocabulary, identity: Identity | None) -> Iterator[Telling]:
    """The tellings of one document, by their places; of which family it is and when it was published is known from all documents.

    Raises:
        ValueError: as in `tell`.
    """
    keys, entities = entity_keys(x, vocabulary, identity), {e.id: e for e in x.entities}

    def named(ids: Iterable[str]) -> dict[str, Entity]:
        if missing := [i for i in ids if i not in keys]:
            raise ValueError(
                _("document {id!r}: an event points to entity {entity!r}, which is not there").format(id=x.document.id, entity=missing[0])
            )
        return {keys[i]: entities[i] for i in ids}

    superiors: dict[str, set[str]] = defaultdict(set)
    for f in x.facts:
        if f.predicate in SPEAKS_FOR and f.subject in keys and f.object in keys:
            superiors[keys[f.subject]].add(keys[f.object])
    seen: set[str] = set()
    for e in sorted(x.events, key=lambda e: (e.trigger.start, e.type, e.trigger.end, e.id)):
        if e.id in seen:  # an event is known by its id
            continue
        seen.add(e.id)
        equals = e.type in SYMMETRIC or (class_name(e.type), PARTY, PARTY) in vocabulary.short
        roles: dict[str, dict[str, Entity]] = {}
        for role, ids in sorted(e.roles.items()):
            roles.setdefault(PARTY if equals and role in _PARTIES else role, {}).update(named(ids))
        filled = {role: _by_key(who) for role, who in roles.items() if who}
        numbers = {n for role in NUMBERED for _, who in filled.get(role, ()) if (n := _interval(who.quantity))}
        says = _by_key(named(e.source))
        behind = {key: frozenset(_above(superiors, key)) for key, _ in says}
        yield Telling(x.document, family, when, e, filled, says, behind, tuple(sorted(numbers)))


def _above(superiors: Mapping[str, set[str]], key: str) -> set[str]:
    """The spokeswoman's ministry, and its state."""
    out: set[str] = set()
    queue = [key]
    while queue:
        new = superiors.get(queue.pop(), set()) - out
        out |= new
        queue += new
    return out


def _by_key(who: Mapping[str, Entity]) -> tuple[tuple[str, Entity], ...]:
    return tuple((key, who[key]) for key in sorted(who))


def _interval(q: Quantity | None) -> _Interval | None:
    """What a quantity may mean; "about" leaves a quarter either way."""
    if q is None or not isfinite(q.value):
        return None
    low = {"about": q.value / 1.25, "at-most": -inf}.get(q.bound, q.value)
    high = {"about": q.value * 1.25, "at-least": inf}.get(q.bound, q.value)
    return q.unit, low, high


def _agree(a: Sequence[_Interval], b: Sequence[_Interval]) -> bool:
    """Whether two tellings can have counted the same, in every unit that both count in."""
    for unit in {i[0] for i in a} & {i[0] for i in b}:
        if not any(low <= top and floor <= high for u, low, high in a if u == unit for v, floor, top in b if v == unit):
            return False
    return True


# Atoms


@dataclass(slots=True, eq=False)
class _Atom:
    """Tellings that say the same on the same day: they are compared with others once, not each for itself.

    Attributes:
        firm: who is in a role, by keys that count in all documents.
        whole: the same with those who are known in one document only, which is then `home`.
        persons: firm keys of persons who are victims.
        classes: what is in a role.
        labels: how they are called who are known in one document only.
        counted: whether it is set apart by its numbers.
    """

    type: str
    when: When
    home: str | None
    firm: Mapping[str, frozenset[str]]
    whole: Mapping[str, frozenset[str]]
    persons: frozenset[str]
    classes: Mapping[str, frozenset[_Class]]
    labels: Mapping[str, frozenset[str]]
    counted: bool
    tellings: list[Telling] = field(default_factory=list)

    @property
    def weight(self) -> int:
        return sum(map(len, self.whole.values())) + len(self.classes)


def _atoms(tellings: Sequence[Telling]) -> list[_Atom]:
    """The atoms, richest first: what is told in full attracts what is told in passing."""
    out: dict[object, _Atom] = {}
    apart = _counted_apart(tellings)
    for t in tellings:
        firm, whole, classes, labels = {}, {}, {}, {}
        for role, who in t.roles.items():
            local = [(key, e) for key, e in who if is_local(key, t.document)]
            if ids := frozenset(key for key, _ in who).difference(key for key, _ in local):
                firm[role] = ids
            # A group that the lexicon knows is compared by its class: «3000 جندي» and «الجنود» are two groups of a document.
            if ids := ids.union(key for key, e in local if e.type not in COUNTED or not e.concept):
                whole[role] = ids
            if names := frozenset(fold(e.label) for _, e in local if e.type not in COUNTED):
                labels[role] = names
            if kinds := frozenset((e.type, e.concept if e.type in COUNTED else None) for _, e in who if e.type in COUNTED or role in _THINGS):
                classes[role] = kinds
        persons = frozenset(key for key, e in t.roles.get("victim", ()) if e.type == "PERSON") & firm.get("victim", frozenset())
        home = t.document.id if whole != firm else None
        number = (t.speaker, t.numbers) if t.key in apart else None
        said = (t.event.type, t.when, home, number, *(frozenset(m.items()) for m in (whole, classes, labels)))
        if said not in out:
            out[said] = _Atom(t.event.type, t.when, home, firm, whole, persons, classes, labels, number is not None)
        out[said].tellings.append(t)
    # Tellings come by document and place, so that the first one of an atom does not depend on the order of the documents.
    return sorted(out.values(), key=lambda a: (-a.weight, a.when, a.tellings[0].key))


def _counted_apart(tellings: Iterable[Telling]) -> set[tuple[str, int, str]]:
    """Tellings that cannot all be of one event, because one speaker gives two numbers of the same in one document."""
    groups: dict[tuple[str, str, tuple[str, ...]], list[Telling]] = defaultdict(list)
    for t in tellings:
        if t.numbers:
            groups[t.speaker].append(t)
    return {t.key for group in groups.values() for t in group if any(not _agree(t.numbers, other.numbers) for other in group)}


# Pairs


class _Kinship:
    """Which classes are of one kind. The lexicon's hierarchy is read when two different classes are compared for the first time."""

    def __init__(self, broader: Broader | None) -> None:
        self._broader = broader
        self._known: dict[tuple[frozenset[_Class], frozenset[_Class], bool], int] = {}

    def __call__(self, a: frozenset[_Class], b: frozenset[_Class], role: str) -> int:
        """2 if a class is in both, 1 if one of a is broader or narrower than one of b, 0 if that cannot be said, -1 if they contradict."""
        key = (a, b, role in _THINGS)
        if key not in self._known:
            grades = [g for x in a for y in b if (g := self._grade(x, y)) is not None]
            # Who acts may be a state in one telling and its troops in another.
            contradicts = role in _THINGS or all(any(type in COUNTED for type, _ in side) for side in (a, b))
            self._known[key] = max(grades) if grades else -1 if contradicts else 0
        return self._known[key]

    def _grade(self, a: _Class, b: _Class) -> int | None:
        if a[0] != b[0]:
            return None
        if a[1] is None or b[1] is None:
            return 0
        if a[1] == b[1]:
            return 2
        if self._broader is None:
            self._broader = _lexicon()
        return 1 if b[1] in self._broader.get(a[1], ()) or a[1] in self._broader.get(b[1], ()) else None


@cache
def _lexicon() -> Broader:
    from kg.lexicon import broader

    return broader()


def _score(a: _Atom, b: _Atom, kinship: _Kinship) -> int:
    """The points for two atoms being one event; 0 if they contradict each other or share nobody by whom an event is known.

    Two for each participant in common, and two more for a person who is a victim: nobody is killed twice. For what was sent, lost …,
    two if it is of the same class and one if one class is broader. One for the same place (two if it is the place that was
    visited), for the same class of means, for a thing without a name that is called the same, and for standing in one
    document or on the same or the next day.
    """
    together = a.home is not None and a.home == b.home
    mine, theirs = (a.whole, b.whole) if together else (a.firm, b.firm)
    points, known = 0, False
    for role in mine.keys() & theirs.keys():
        if not _nested(mine[role], theirs[role]):
            return 0
        if role in _ASIDE:
            points += 2 if a.type == "VISIT" else 1
        else:
            points += 2 * len(mine[role] & theirs[role])
            known = True
    act, shared = [not ACTORS.isdisjoint(side) for side in (mine, theirs)], mine.keys() & theirs.keys() & ACTORS
    if not known or (all(act) and not shared):
        return 0
    for role in a.classes.keys() & b.classes.keys():
        if (grade := kinship(a.classes[role], b.classes[role], role)) < 0:
            return 0
        points += min(grade, 1) if role in _ASIDE else grade
    if a.persons & b.persons:
        points += 2
    if any(names & b.labels.get(role, frozenset()) and not (together and role in theirs) for role, names in a.labels.items()):
        points += 1
    return points + (together or _gap(a, b) <= 1)


def _nested(a: frozenset[str], b: frozenset[str]) -> bool:
    """Whether one is a part of the other, as «واشنطن» is of «واشنطن ولندن»."""
    return a <= b or b <= a


def _gap(a: _Atom, b: _Atom) -> float:
    """Days between two atoms; none within a family of texts without a date, and no other telling is near to these."""
    return abs(a.when[1] - b.when[1]) if a.when[0] == b.when[0] else inf


def _pairs(atoms: Sequence[_Atom]) -> Iterator[tuple[int, int]]:
    """Pairs of different atoms that share a participant and are near in time, each once."""
    blocks: dict[tuple[str, str, str, str], list[int]] = defaultdict(list)
    keys: list[set[tuple[str, str, str, str]]] = []
    for i, a in enumerate(atoms):
        keys.append({(a.type, a.when[0], role, id) for role, ids in a.whole.items() if role not in _ASIDE for id in ids})
        for key in keys[-1]:
            blocks[key].append(i)
    for key, block in blocks.items():
        block.sort(key=lambda i: (atoms[i].when, i))
        for n, i in enumerate(block):
            for j in block[n + 1 :]:
                if _gap(atoms[i], atoms[j]) > DAYS:
                    break
                # Of several blocks that hold both, the first gives the pair: to remember the pairs would take more than the atoms do.
                if min(keys[i] & keys[j]) == key:
                    yield (i, j) if i < j else (j, i)


# Groups


@dataclass(slots=True, eq=False)
class _Group:
    """Atoms that are one event, and what none that joins them may contradict; `local` and `numbers` hold within documents."""

    atoms: list[_Atom]
    days: tuple[int, int]
    firm: dict[str, set[frozenset[str]]]
    classes: dict[str, set[frozenset[_Class]]]
    local: dict[tuple[str, str], set[frozenset[str]]]
    numbers: dict[tuple[str, str, tuple[str, ...]], set[tuple[_Interval, ...]]]

    @classmethod
    def of(cls, a: _Atom) -> _Group:
        firm, classes = {r: {ids} for r, ids in a.firm.items()}, {r: {kinds} for r, kinds in a.classes.items()}
        local = {(a.home, role): {ids} for role, ids in a.whole.items() if a.home and ids != a.firm.get(role)}
        numbers = {t.speaker: {t.numbers} for t in a.tellings if a.counted}
        return cls([a], (a.when[1], a.when[1]), firm, classes, local, numbers)

    def contradicts(self, other: _Group, kinship: _Kinship) -> bool:
        return (
            max(self.days[1], other.days[1]) - min(self.days[0], other.days[0]) > DAYS
            or any(not _nested(a, b) for r in self.firm.keys() & other.firm.keys() for a in self.firm[r] for b in other.firm[r])
            or any(kinship(a, b, r) < 0 for r in self.classes.keys() & other.classes.keys() for a in self.classes[r] for b in other.classes[r])
            or any(not _nested(a, b) for r in self.local.keys() & other.local.keys() for a in self.local[r] for b in other.local[r])
            or any(not _agree(a, b) for r in self.numbers.keys() & other.numbers.keys() for a in self.numbers[r] for b in other.numbers[r])
        )

    def add(self, other: _Group) -> None:
        self.atoms += other.atoms
        self.days = min(self.days[0], other.days[0]), max(self.days[1], other.days[1])
        for r, firm in other.firm.items():
            self.firm.setdefault(r, set()).update(firm)
        for r, classes in other.classes.items():
            self.classes.setdefault(r, set()).update(classes)
        for at, local in other.local.items():
            self.local.setdefault(at, set()).update(local)
        for speaker, numbers in other.numbers.items():
            self.numbers.setdefault(speaker, set()).update(numbers)


def group(tellings: Sequence[Telling], broader: Broader | None = None) -> list[list[Telling]]:
    """The tellings of each event that is told twice or more, by document and place.

    Args:
        tellings: as `tell` gives them.
        broader: class -> all broader ones; those of kg's lexicon if it is left out.
    """
    kinship = _Kinship(broader)
    # What has not enough in common with itself, has not with any other.
    atoms = [a for a in _atoms(tellings) if _score(a, a, kinship) >= ENOUGH]
    scored = []
    for i, j in _pairs(atoms):
        a, b = atoms[i], atoms[j]
        if (score := _score(a, b, kinship)) >= ENOUGH:
            scored.append((-score, not _agree(a.tellings[0].numbers, b.tellings[0].numbers), _gap(a, b), i, j))
    groups, root = [_Group.of(a) for a in atoms], list(range(len(atoms)))

    def find(i: int) -> int:
        while root[i] != i:
            root[i] = root[root[i]]
            i = root[i]
        return i

    # The surest first, then those nearest in number and time, then the richest.
    for *_rank, i, j in sorted(scored):
        large, small = sorted((find(i), find(j)), key=lambda k: (-len(groups[k].atoms), k))
        if large != small and not groups[large].contradicts(groups[small], kinship):
            groups[large].add(groups[small])
            root[small] = large
    found = ([t for a in g.atoms for t in a.tellings] for i, g in enumerate(groups) if root[i] == i)
    return sorted((sorted(ts, key=lambda t: t.key) for ts in found if len(ts) > 1), key=lambda ts: ts[0].key)
