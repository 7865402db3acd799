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
from kg.language import N_, _, joined, strerror
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
#: Kinds of triggers.
_KINDS = {"verb": N_("verb"), "noun": N_("noun"), "participle": N_("participle"), "phrase": N_("phrase")}
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
                self.warning(_("role {name}").format(name=_name(subject)), _("no frame has it: name it in the kgo:role of one"))

    def mistake(self, where: str, what: str) -> None:
        self.mistakes.append(f"{self.path}: {where + ': ' if where else ''}{what}")

    def warning(self, where: str, what: str) -> None:
        self.warnings.append(f"{self.path}: {where + ': ' if where else ''}{_('warning: {what}').format(what=what)}")

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
            self.mistake("", _("cannot be read: {why}").format(why=strerror(e)))
        except SyntaxError as e:
            self.mistake(
                "", _("is not Turtle: {error}: mend it (a full stop ends what is said of a thing, a semicolon parts it)").format(error=e.msg)
            )
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
            hint = (
                _("give its file with --lexicon")
                if classes[0] in LEXICON_CLASSES
                else _("did you mean kgo:{name}?").format(name=near)
                if near
                else _("take it out")
            )
            self.mistake(where, _("a kgo:{name} is not read from a file of frames: {hint}").format(name=classes[0], hint=hint))
            return ""
        if {"roleName", "accepts"} & set(own):
            return "Role"
        if own and not (isinstance(subject, ox.NamedNode) and subject.value.startswith(KGO)):
            best = max(_CLASSES, key=lambda k: sum(p in _PROPERTIES[k] for p in own))
            self.mistake(where, _("it says not what it is, and so is not read: write `a kgo:{best}` first").format(best=best))
        return ""

    def _properties(self, where: str, node: _Node, kind: str) -> None:
        """Names of properties, and whether their values are texts, as all are but kgo:role's."""
        for name, values in node.items():
            if ":" in name:  # of another vocabulary
                continue
            if name not in _PROPERTIES[kind]:
                others = [k for k, allowed in _PROPERTIES.items() if name in allowed]
                near = _near(name, _PROPERTIES[kind])
                known = joined(f"kgo:{p}" for p in _PROPERTIES[kind])
                hint = _("did you mean kgo:{name}?").format(name=near) if near else _("there are {names}").format(names=known)
                if others:
                    misplaced = _("kgo:{name} says nothing of {kind}, but of {other}")
                    self.mistake(where, misplaced.format(name=name, kind=_a(kind), other=_a(others[0])))
                else:
                    self.mistake(where, _("kgo:{name} is not known: {hint}").format(name=name, hint=hint))
                continue
            for value in values:
                if name == "role" and isinstance(value, ox.Literal):
                    self.mistake(
                        where, _('kgo:role "{value}" is a text: write the name of its description, such as kgf:send.agent').format(value=value.value)
                    )
                elif name != "role" and not isinstance(value, ox.Literal):
                    self.mistake(
                        where,
                        _('kgo:{name} {value} is a name: write a text in quotation marks, such as "{value}"').format(name=name, value=_name(value)),
                    )

    # -- what frames build upon

    def _event_type(self, subject: _Subject) -> None:
        node = self.nodes[subject]
        names, roles = _texts(node, "typeName"), _texts(node, "mayHave")
        where = _("event type {name}").format(name=names[0] if names else _name(subject))
        self._properties(where, node, "EventType")
        if len(names) > 1:
            self.mistake(where, _("it has {n} names as kgo:typeName: write one").format(n=len(names)))
        wrong = type_mistakes(names[0] if names else "", roles, _texts(node, "plover"))
        for what in wrong:
            self.mistake(where, what)
        if names:  # so that a mistake here is not found in each of its frames again
            self.known.types[names[0]] = tuple(dict.fromkeys((*self.known.types.get(names[0], ()), *roles)))

    def _slot_group(self, subject: _Subject) -> None:
        node = self.nodes[subject]
        names = _texts(node, "slotName")
        where = _("group of prepositions {name}").format(name=names[0] if names else _name(subject))
        self._properties(where, node, "SlotGroup")
        if len(names) != 1:
            self.mistake(where, _('it needs one kgo:slotName, such as "by"'))
        if not _texts(node, "syntax"):
            self.mistake(where, _('it has no prepositions: write kgo:syntax "من قبل, على يد"'))
        for slot in written_slots(_texts(node, "syntax")):
            if not is_arabic(slot):
                self.mistake(where, _("kgo:syntax {slot!r} is no preposition: a group holds Arabic prepositions only").format(slot=slot))
        self.known.groups |= set(names)

    # -- frames

    def _frame(self, subject: _Subject, names: set[str]) -> None:
        node, name = self.nodes[subject], _name(subject)
        where = _("frame {name}").format(name=name)
        if isinstance(subject, ox.BlankNode) or not name:
            self.mistake(where, _("it has no name: write one such as kgf:launder before `a kgo:Frame`"))
        elif name in names:
            self.mistake(where, _("another frame of this file has that name: choose another one"))
        elif name in self.known.frames:
            self.warning(where, _("it takes the place of the frame of that name that was there before"))
        names.add(name)
        self._properties(where, node, "Frame")
        type = self._type(where, node)
        roles = self._roles(where, node, type)
        for key in ("weakRequires", "requires", "genitive"):
            for role in _texts(node, key):
                if role not in roles:
                    self.mistake(
                        where,
                        _("kgo:{key} {role!r} is no role of this frame: {hint}").format(
                            key=key, role=role, hint=_one_of(role, roles, _("add it to kgo:role"))
                        ),
                    )
        for what in _wrong_words(node):
            self.mistake(where, what)
        if type:
            self._rivals(where, name, type, node)
        self.known.frames.add(name)

    def _type(self, where: str, node: _Node) -> str | None:
        types = _texts(node, "eventType")
        if len(types) != 1:
            self.mistake(where, _('it needs one kgo:eventType, not {n}: write one, such as "SEND"').format(n=len(types)))
            return None
        (type,) = types
        if type not in self.known.types:
            near = _near(type, self.known.types) or next((t for t in self.known.types if t == type.upper()), None)
            message = _('the event type {type!r} is not known: describe it: kgf:type a kgo:EventType ; kgo:typeName "{type}" ; kgo:mayHave "agent" …')
            if near:
                message = _(
                    "the event type {type!r} is not known: did you mean {near}? "
                    'Else describe it: kgf:type a kgo:EventType ; kgo:typeName "{type}" ; kgo:mayHave "agent" …'
                )
            self.mistake(where, message.format(type=type, near=near))
            return None
        return type

    def _roles(self, where: str, node: _Node, type: str | None) -> list[str]:
        """The names of a frame's roles."""
        out: list[str] = []
        values = [v for v in node.get("role", []) if not isinstance(v, ox.Literal)]
        if not node.get("role"):
            self.mistake(where, _("it has no roles: write kgo:role with the names under which they are described, such as kgf:send.agent"))
        for subject in values:
            role = self.nodes.get(subject, {})
            names = _texts(role, "roleName")
            if not names:
                told = _("it needs a kgo:roleName") if role else _("describe it in this file: kgo:roleName, kgo:accepts, kgo:syntax")
                self.mistake(where, _("its role {role} is not described: {told}").format(role=_name(subject), told=told))
                self.described.add(subject)
                continue
            name = names[0]
            here = _("{where}: role {name}").format(where=where, name=name)
            if len(names) > 1:
                self.mistake(here, _("it has {n} names as kgo:roleName: write one").format(n=len(names)))
            if name in out:
                self.mistake(here, _("it has two roles of that name: describe it once, with all that it accepts"))
            if type and name not in self.known.types[type]:
                self.mistake(
                    here,
                    _("{type} has no such role: {hint}").format(
                        type=type, hint=_one_of(name, self.known.types[type], _("add it to the kgo:mayHave of a type of your own"))
                    ),
                )
            if subject not in self.described:
                self._role(here, role)
            self.described.add(subject)
            out.append(name)
        return out

    def _role(self, where: str, role: _Node) -> None:
        self._properties(where, role, "Role")
        if not role.get("accepts"):
            self.mistake(where, _('it accepts nothing: write kgo:accepts "STATE" or other entity types'))
        for entity in _texts(role, "accepts"):
            if entity not in ENTITY_TYPES:
                self.mistake(where, _("kgo:accepts {entity!r} is no entity type: {hint}").format(entity=entity, hint=_one_of(entity, ENTITY_TYPES)))
        syntax = _texts(role, "syntax")
        if len(syntax) > 1:
            self.mistake(
                where, _("it has {n} texts as kgo:syntax: write one, its places parted by commas, the likeliest first").format(n=len(syntax))
            )
        if not written_slots(syntax):
            self.mistake(where, _('it stands nowhere: write kgo:syntax "subject, من قبل" or other places'))
        for slot in written_slots(syntax):
            if slot.startswith("@"):
                if slot[1:] not in self.known.groups:
                    told = _one_of(slot, [f"@{g}" for g in sorted(self.known.groups)], _("describe it as a kgo:SlotGroup"))
                    self.mistake(where, _("kgo:syntax {slot!r} is no group of prepositions: {told}").format(slot=slot, told=told))
            elif slot not in _SLOTS and not is_arabic(slot):
                self.mistake(
                    where,
                    _("kgo:syntax {slot!r} is no place: {hint}").format(slot=slot, hint=_one_of(slot, _SLOTS, _("write an Arabic preposition"))),
                )

    def _rivals(self, where: str, name: str, type: str, node: _Node) -> None:
        """Warn of triggers that frames of other types have; note this frame's."""
        for kind in _KINDS:
            for text in _texts(node, kind):
                word = text.split()[0] if kind == "verb" and text.split() else text
                others = self.known.triggers.setdefault((kind, fold(word)), {})
                rivals = [f"{frame} ({other})" for frame, other in others.items() if frame != name and other != type]
                if rivals:
                    message = _("the {kind} «{word}» triggers {rivals} too: which one is meant is decided by the roles that are filled")
                    self.warning(where, message.format(kind=_(_KINDS[kind]), word=word, rivals=joined(rivals)))
                others[name] = type


def _wrong_words(node: _Node) -> Iterator[str]:
    """What is wrong with the words of a frame."""
    for key in _WORDS:
        for text in _texts(node, key):
            if bad := [w for w in text.split() or [text] if not is_arabic(w)]:
                whole = len(bad) == len(text.split())
                message = _("kgo:{key} {text!r} holds no Arabic letters: write it in Arabic")
                if not whole:
                    message = _("kgo:{key} {text!r} holds no Arabic letters in {word!r}: write it in Arabic")
                yield message.format(key=key, text=text, word=bad[0])
    for text in _texts(node, "verb"):
        parts = text.split()
        if len(parts) != 2 or not fold(parts[1]).startswith("ي") or (fold(parts[0]).startswith("ي") and len(parts[0]) > len(parts[1])):
            yield _('kgo:verb {text!r} is not a perfect and an imperfect: write both, third person masculine singular, such as "أرسل يرسل"').format(
                text=text
            )
    for text in _texts(node, "light"):
        parts = text.split()
        if len(parts) not in (2, 3) or not fold(parts[1]).startswith("ي"):
            yield _('kgo:light {text!r} is not a perfect, an imperfect and perhaps a preposition: write it like "تم يتم" or "قام يقوم ب"').format(
                text=text
            )
    for key in ("noun", "participle"):
        for text in _texts(node, key):
            if len(text.split()) > 1:
                yield _("kgo:{key} {text!r} is more than one word: write it as kgo:phrase").format(key=key, text=text)
    words = {w: None for key in ("verb", "noun", "participle") for text in _texts(node, key) for w in text.split()[:1]}
    phrases = _texts(node, "phrase")
    if not words and not phrases:
        yield _("it has no triggers: write kgo:verb, kgo:noun, kgo:participle or kgo:phrase")
    weak = _texts(node, "weak")
    for text in weak:
        if text in phrases:
            yield _("kgo:weak {text!r} is a phrase, and phrases are never weak: take it out, or say for the frame what it kgo:requires").format(
                text=text
            )
        elif text not in words:
            same = next((w for w in words if fold(w) == fold(text)), None)
            hint = _("write it as there, {word!r}").format(word=same) if same else _one_of(text, words, _("add it to them"))
            yield _("kgo:weak {text!r} is not among its triggers: {hint}").format(text=text, hint=hint)
    needed = _texts(node, "weakRequires")
    if weak and not needed:
        yield _("kgo:weak changes nothing without kgo:weakRequires: say which roles these words need")
    if needed and not weak:
        yield _("kgo:weakRequires changes nothing without kgo:weak: say which words need these roles (kgo:requires if all do)")


def _texts(node: _Node, name: str) -> list[str]:
    return [v.value for v in node.get(name, []) if isinstance(v, ox.Literal)]


def _name(term: _Subject | ox.Literal) -> str:
    return local_name(term.value) if isinstance(term, ox.NamedNode) else _("without a name")


def _a(kind: str) -> str:
    return {"Frame": _("a frame"), "EventType": _("an event type"), "SlotGroup": _("a group of prepositions"), "Role": _("a role")}[kind]


def _near(name: str, known: Iterable[str]) -> str | None:
    """The known name nearest to another one, whatever the case of its letters."""
    by_key = {k.casefold(): k for k in known}
    found = difflib.get_close_matches(name.casefold(), by_key, 1)
    return by_key[found[0]] if found else None


def _one_of(name: str, known: Iterable[str], otherwise: str = "") -> str:
    """What to write instead of a name: the one that is near, or one of all, or otherwise something else."""
    known = list(known)
    near = _near(name, known)
    if near:
        return _("did you mean {name!r}?").format(name=near)
    told = _("write one of {names}").format(names=joined(known)) if known else ""
    return _("{this}, or {that}").format(this=told, that=otherwise) if told and otherwise else told or otherwise
