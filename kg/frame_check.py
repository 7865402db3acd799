"""A user's own frame files -> what is wrong in them, all of it, each with what to write instead. Behind `kg frames check`.

`kg.frames.Frames.load` reads what it can and stops at what it cannot; here nothing passes that would have no effect.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pyoxigraph as ox

from kg.errors import KgError
from kg.frames import Frames, local_name, type_mistakes, written_slots
from kg.lexicon import TYPES as LEXICON_CLASSES
from kg.model import ENTITY_TYPES
from kg.namespaces import KGO
from kg.text import fold, is_arabic

_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"

#: Places of a role that are no prepositions.
_SLOTS = ("subject", "object", "object2", "genitive-agent", "genitive-theme", "nisba")

#: Properties of a frame whose values are Arabic words.
_WORDS = ("verb", "noun", "participle", "phrase", "light", "weak", "requiresWord", "notPhrase")

#: What may be said of each class that is read here, and of the roles of frames, which need none.
_PROPERTIES = {
    "Frame": (*_WORDS, "eventType", "weakRequires", "requires", "genitive", "role", "plover", "cameo"),
    "EventType": ("typeName", "mayHave", "plover", "cameo"),
    "SlotGroup": ("slotName", "syntax"),
    "Role": ("roleName", "accepts", "syntax"),
}
_CLASSES = ("Frame", "EventType", "SlotGroup")


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found in files: how many frames, and a line for each mistake and for each warning, in the order of the files."""

    frames: int
    mistakes: tuple[str, ...]
    warnings: tuple[str, ...]


_Subject = ox.NamedNode | ox.BlankNode
_Node = dict[str, list[ox.NamedNode | ox.BlankNode | ox.Literal]]


@dataclass(slots=True)
class _Known:
    """What a file may build upon: kg's own, and what the files before it say."""

    types: dict[str, tuple[str, ...]]
    groups: set[str]
    frames: set[str]
    triggers: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict)  # (kind, folded word) -> frame -> event type


def check(paths: Sequence[Path]) -> Checked:
    """Look for mistakes in a user's own frame files, each read after kg's own and after those before it.

    A mistake is what is not understood or has no effect; a warning is what works, but perhaps not as it was meant.
    """
    kg = Frames.load()
    known = _Known(dict(kg.types), set(kg.groups), {f.id for f in kg.frames})
    for f in kg.frames:
        for kind, word in f.triggers:
            known.triggers.setdefault((kind, fold(word)), {})[f.id] = f.type
    files = []
    for path in paths:
        files.append(_File(path, known))
        if not any(f.mistakes for f in files):
            try:  # whatever it is, a file that cannot be loaded is not right
                Frames.load(own=[f.path for f in files])
            except KgError as e:
                files[-1].mistake("", str(e))
    mistakes, warnings = [line for f in files for line in f.mistakes], [line for f in files for line in f.warnings]
    return Checked(sum(f.frames for f in files), tuple(mistakes), tuple(warnings))


class _File:
    """One file: reads it, notes what is wrong, and adds what it describes to what is known."""

    def __init__(self, path: Path, known: _Known) -> None:
        self.path, self.known = path, known
        self.mistakes: list[str] = []
        self.warnings: list[str] = []
        self.nodes = self._read()
        kinds = {subject: self._kind(subject, node) for subject, node in self.nodes.items()}
        by_kind = {kind: [s for s, k in kinds.items() if k == kind] for kind in _PROPERTIES}
        for subject in by_kind["EventType"]:
            self._event_type(subject)
        for subject in by_kind["SlotGroup"]:
            self._slot_group(subject)
        self.described: set[_Subject] = set()  # roles that were looked at
        names: set[str] = set()
        for subject in by_kind["Frame"]:
            self._frame(subject, names)
        self.frames = len(by_kind["Frame"])
        for subject in by_kind["Role"]:
            if subject not in self.described:
                self.warning(f"role {_name(subject)}", "no frame has it: name it in the kgo:role of one")

    def mistake(self, where: str, what: str) -> None:
        self.mistakes.append(f"{self.path}: {where + ': ' if where else ''}{what}")

    def warning(self, where: str, what: str) -> None:
        self.warnings.append(f"{self.path}: {where + ': ' if where else ''}warning: {what}")

    # -- reading

    def _read(self) -> dict[_Subject, _Node]:
        """The subjects of the file with what is said of them: kgo:'s properties by their local names, others by their IRIs."""
        nodes: dict[_Subject, _Node] = {}
        try:
            for quad in ox.parse(self.path.read_bytes(), ox.RdfFormat.TURTLE):
                subject, value = quad.subject, quad.object
                if isinstance(subject, ox.Triple) or isinstance(value, ox.Triple):
                    continue
                values = nodes.setdefault(subject, {}).setdefault(quad.predicate.value.removeprefix(KGO), [])
                if value not in values:
                    values.append(value)
        except OSError as e:
            self.mistake("", f"cannot be read: {e.strerror or e}")
        except SyntaxError as e:
            self.mistake("", f"is not Turtle: {e.msg}: mend it (a full stop ends what is said of a thing, a semicolon parts it)")
        return nodes

    def _kind(self, subject: _Subject, node: _Node) -> str:
        """Which class of `_PROPERTIES` something is of; "" for what this program does not read here."""
        classes = [t.value.removeprefix(KGO) for t in node.get(_TYPE, []) if isinstance(t, ox.NamedNode) and t.value.startswith(KGO)]
        own = [p for p in node if ":" not in p]
        for name in classes:
            if name in _CLASSES:
                return name
        where = _name(subject)
        if classes and classes != ["Role"]:
            near = _near(classes[0], _CLASSES)
            hint = "give its file with --lexicon" if classes[0] in LEXICON_CLASSES else f"did you mean kgo:{near}?" if near else "take it out"
            self.mistake(where, f"a kgo:{classes[0]} is not read from a file of frames: {hint}")
            return ""
        if {"roleName", "accepts"} & set(own):
            return "Role"
        if own and not (isinstance(subject, ox.NamedNode) and subject.value.startswith(KGO)):
            best = max(_CLASSES, key=lambda k: sum(p in _PROPERTIES[k] for p in own))
            self.mistake(where, f"it says not what it is, and so is not read: write `a kgo:{best}` first")
        return ""

    def _properties(self, where: str, node: _Node, kind: str) -> None:
        """Names of properties, and whether their values are texts, as all are but kgo:role's."""
        for name, values in node.items():
            if ":" in name:  # of another vocabulary
                continue
            if name not in _PROPERTIES[kind]:
                others = [k for k, allowed in _PROPERTIES.items() if name in allowed]
                near = _near(name, _PROPERTIES[kind])
                hint = f"did you mean kgo:{near}?" if near else f"there are {', '.join('kgo:' + p for p in _PROPERTIES[kind])}"
                misplaced = f"kgo:{name} says nothing of {_a(kind)}, but of {_a(others[0])}" if others else ""
                self.mistake(where, misplaced or f"kgo:{name} is not known: {hint}")
                continue
            for value in values:
                if name == "role" and isinstance(value, ox.Literal):
                    self.mistake(where, f'kgo:role "{value.value}" is a text: write the name of its description, such as kgf:send.agent')
                elif name != "role" and not isinstance(value, ox.Literal):
                    self.mistake(where, f'kgo:{name} {_name(value)} is a name: write a text in quotation marks, such as "{_name(value)}"')

    # -- what frames build upon

    def _event_type(self, subject: _Subject) -> None:
        node = self.nodes[subject]
        names, roles = _texts(node, "typeName"), _texts(node, "mayHave")
        where = f"event type {names[0] if names else _name(subject)}"
        self._properties(where, node, "EventType")
        if len(names) > 1:
            self.mistake(where, f"it has {len(names)} names as kgo:typeName: write one")
        wrong = type_mistakes(names[0] if names else "", roles, _texts(node, "plover"))
        for what in wrong:
            self.mistake(where, what)
        if names:  # so that a mistake here is not found in each of its frames again
            self.known.types[names[0]] = tuple(dict.fromkeys((*self.known.types.get(names[0], ()), *roles)))

    def _slot_group(self, subject: _Subject) -> None:
        node = self.nodes[subject]
        names = _texts(node, "slotName")
        where = f"group of prepositions {names[0] if names else _name(subject)}"
        self._properties(where, node, "SlotGroup")
        if len(names) != 1:
            self.mistake(where, 'it needs one kgo:slotName, such as "by"')
        if not _texts(node, "syntax"):
            self.mistake(where, 'it has no prepositions: write kgo:syntax "من قبل, على يد"')
        for slot in written_slots(_texts(node, "syntax")):
            if not is_arabic(slot):
                self.mistake(where, f"kgo:syntax {slot!r} is no preposition: a group holds Arabic prepositions only")
        self.known.groups |= set(names)

    # -- frames

    def _frame(self, subject: _Subject, names: set[str]) -> None:
        node, name = self.nodes[subject], _name(subject)
        where = f"frame {name}"
        if isinstance(subject, ox.BlankNode) or not name:
            self.mistake(where, "it has no name: write one such as kgf:launder before `a kgo:Frame`")
        elif name in names:
            self.mistake(where, "another frame of this file has that name: choose another one")
        elif name in self.known.frames:
            self.warning(where, "it takes the place of the frame of that name that was there before")
        names.add(name)
        self._properties(where, node, "Frame")
        type = self._type(where, node)
        roles = self._roles(where, node, type)
        for key in ("weakRequires", "requires", "genitive"):
            for role in _texts(node, key):
                if role not in roles:
                    self.mistake(where, f"kgo:{key} {role!r} is no role of this frame: {_one_of(role, roles, 'add it to kgo:role')}")
        for what in _wrong_words(node):
            self.mistake(where, what)
        if type:
            self._rivals(where, name, type, node)
        self.known.frames.add(name)

    def _type(self, where: str, node: _Node) -> str | None:
        types = _texts(node, "eventType")
        if len(types) != 1:
            self.mistake(where, f'it needs one kgo:eventType, not {len(types)}: write one, such as "SEND"')
            return None
        (type,) = types
        if type not in self.known.types:
            near = _near(type, self.known.types) or next((t for t in self.known.types if t == type.upper()), None)
            declared = f'describe it: kgf:type a kgo:EventType ; kgo:typeName "{type}" ; kgo:mayHave "agent" …'
            self.mistake(where, f"the event type {type!r} is not known: " + (f"did you mean {near}? Else " if near else "") + declared)
            return None
        return type

    def _roles(self, where: str, node: _Node, type: str | None) -> list[str]:
        """The names of a frame's roles."""
        out: list[str] = []
        values = [v for v in node.get("role", []) if not isinstance(v, ox.Literal)]
        if not node.get("role"):
            self.mistake(where, "it has no roles: write kgo:role with the names under which they are described, such as kgf:send.agent")
        for subject in values:
            role = self.nodes.get(subject, {})
            names = _texts(role, "roleName")
            if not names:
                told = "it needs a kgo:roleName" if role else "describe it in this file: kgo:roleName, kgo:accepts, kgo:syntax"
                self.mistake(where, f"its role {_name(subject)} is not described: {told}")
                self.described.add(subject)
                continue
            name = names[0]
            here = f"{where}: role {name}"
            if len(names) > 1:
                self.mistake(here, f"it has {len(names)} names as kgo:roleName: write one")
            if name in out:
                self.mistake(here, "it has two roles of that name: describe it once, with all that it accepts")
            if type and name not in self.known.types[type]:
                self.mistake(
                    here, f"{type} has no such role: {_one_of(name, self.known.types[type], 'add it to the kgo:mayHave of a type of your own')}"
                )
            if subject not in self.described:
                self._role(here, role)
            self.described.add(subject)
            out.append(name)
        return out

    def _role(self, where: str, role: _Node) -> None:
        self._properties(where, role, "Role")
        if not role.get("accepts"):
            self.mistake(where, 'it accepts nothing: write kgo:accepts "STATE" or other entity types')
        for entity in _texts(role, "accepts"):
            if entity not in ENTITY_TYPES:
                self.mistake(where, f"kgo:accepts {entity!r} is no entity type: {_one_of(entity, ENTITY_TYPES)}")
        syntax = _texts(role, "syntax")
        if len(syntax) > 1:
            self.mistake(where, f"it has {len(syntax)} texts as kgo:syntax: write one, its places parted by commas, the likeliest first")
        if not written_slots(syntax):
            self.mistake(where, 'it stands nowhere: write kgo:syntax "subject, من قبل" or other places')
        for slot in written_slots(syntax):
            if slot.startswith("@"):
                if slot[1:] not in self.known.groups:
                    told = _one_of(slot, [f"@{g}" for g in sorted(self.known.groups)], "describe it as a kgo:SlotGroup")
                    self.mistake(where, f"kgo:syntax {slot!r} is no group of prepositions: {told}")
            elif slot not in _SLOTS and not is_arabic(slot):
                self.mistake(where, f"kgo:syntax {slot!r} is no place: {_one_of(slot, _SLOTS, 'write an Arabic preposition')}")

    def _rivals(self, where: str, name: str, type: str, node: _Node) -> None:
        """Warn of triggers that frames of other types have; note this frame's."""
        for kind in ("verb", "noun", "participle", "phrase"):
            for text in _texts(node, kind):
                word = text.split()[0] if kind == "verb" and text.split() else text
                others = self.known.triggers.setdefault((kind, fold(word)), {})
                rivals = [f"{frame} ({other})" for frame, other in others.items() if frame != name and other != type]
                if rivals:
                    told = "which one is meant is decided by the roles that are filled"
                    self.warning(where, f"the {kind} «{word}» triggers {', '.join(rivals)} too: {told}")
                others[name] = type


def _wrong_words(node: _Node) -> Iterator[str]:
    """What is wrong with the words of a frame."""
    for key in _WORDS:
        for text in _texts(node, key):
            if bad := [w for w in text.split() or [text] if not is_arabic(w)]:
                yield f"kgo:{key} {text!r} holds no Arabic letters{'' if len(bad) == len(text.split()) else f' in {bad[0]!r}'}: write it in Arabic"
    for text in _texts(node, "verb"):
        parts = text.split()
        if len(parts) != 2 or not fold(parts[1]).startswith("ي") or (fold(parts[0]).startswith("ي") and len(parts[0]) > len(parts[1])):
            yield f'kgo:verb {text!r} is not a perfect and an imperfect: write both, third person masculine singular, such as "أرسل يرسل"'
    for text in _texts(node, "light"):
        parts = text.split()
        if len(parts) not in (2, 3) or not fold(parts[1]).startswith("ي"):
            yield f'kgo:light {text!r} is not a perfect, an imperfect and perhaps a preposition: write it like "تم يتم" or "قام يقوم ب"'
    for key in ("noun", "participle"):
        for text in _texts(node, key):
            if len(text.split()) > 1:
                yield f"kgo:{key} {text!r} is more than one word: write it as kgo:phrase"
    words = {w: None for key in ("verb", "noun", "participle") for text in _texts(node, key) for w in text.split()[:1]}
    phrases = _texts(node, "phrase")
    if not words and not phrases:
        yield "it has no triggers: write kgo:verb, kgo:noun, kgo:participle or kgo:phrase"
    weak = _texts(node, "weak")
    for text in weak:
        if text in phrases:
            yield f"kgo:weak {text!r} is a phrase, and phrases are never weak: take it out, or say for the frame what it kgo:requires"
        elif text not in words:
            same = next((w for w in words if fold(w) == fold(text)), None)
            yield f"kgo:weak {text!r} is not among its triggers: " + (
                f"write it as there, {same!r}" if same else _one_of(text, words, "add it to them")
            )
    needed = _texts(node, "weakRequires")
    if weak and not needed:
        yield "kgo:weak changes nothing without kgo:weakRequires: say which roles these words need"
    if needed and not weak:
        yield "kgo:weakRequires changes nothing without kgo:weak: say which words need these roles (kgo:requires if all do)"


def _texts(node: _Node, name: str) -> list[str]:
    return [v.value for v in node.get(name, []) if isinstance(v, ox.Literal)]


def _name(term: _Subject | ox.Literal) -> str:
    return local_name(term.value) if isinstance(term, ox.NamedNode) else "without a name"


def _a(kind: str) -> str:
    return {"Frame": "a frame", "EventType": "an event type", "SlotGroup": "a group of prepositions", "Role": "a role"}[kind]


def _near(name: str, known: Iterable[str]) -> str | None:
    """The known name nearest to another one, whatever the case of its letters."""
    by_key = {k.casefold(): k for k in known}
    found = difflib.get_close_matches(name.casefold(), by_key, 1)
    return by_key[found[0]] if found else None


def _one_of(name: str, known: Iterable[str], otherwise: str = "") -> str:
    """What to write instead of a name: the one that is near, or one of all, or otherwise something else."""
    known = list(known)
    near = _near(name, known)
    told = f"did you mean {near!r}?" if near else f"write one of {', '.join(known)}" if known else ""
    return f"{told}{', or ' if told else ''}{otherwise}" if otherwise and not near else told
