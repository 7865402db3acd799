"""Frames -> lines to read: what `kg frames list` and `kg frames show` print."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence

from kg.errors import KgError
from kg.frames import Frame, Frames, Role
from kg.language import N_, _, isolated, joined, ngettext, padded, plain, spoken
from kg.model import ENTITY_TYPES
from kg.namespaces import class_name
from kg.text import fold
from kg.vocabulary import Vocabulary

#: Characters of a line, where its words allow it.
WIDTH = 110
#: Where values begin.
_INDENT = 17

#: Slots that are no prepositions, in words.
PLACES: Mapping[str, str] = {
    "subject": N_("subject"), "object": N_("object"), "object2": N_("second object"), "genitive": N_("genitive of the noun"),
    "genitive-agent": N_("genitive of the noun"), "genitive-theme": N_("genitive of the noun"), "nisba": N_("adjective of a state (nisba)"),
}  # fmt: skip


def listed(frames: Frames, words: Vocabulary) -> list[tuple[str, ...]]:
    """A table of all event types: name, label in English, number of frames and of triggers, roles."""
    rows: list[tuple[str, ...]] = [(_("type"), _("label"), _("frames"), _("triggers"), _("roles"))]
    for type, roles in frames.types.items():
        of_type = _of_type(frames, type)
        rows.append((type, words.label(class_name(type), spoken()), str(len(of_type)), str(count(of_type)), ", ".join(roles)))
    return rows


def count(frames: Iterable[Frame]) -> int:
    """How many different words trigger an event."""
    return len({trigger for f in frames for trigger in f.triggers})


def shown(name: str, frames: Frames, words: Vocabulary) -> list[str]:
    """The lines for an event type ("SEND": all its frames) or a frame ("send.give"). KgError if there is neither."""
    if name in frames.types:
        return _type(name, frames, words)
    frame = next((f for f in frames.frames if f.id == name), None)
    if frame is None:
        known = [*frames.types, *(f.id for f in frames.frames)]
        near = difflib.get_close_matches(name, known, 1) or [k for k in known if k.lower() == name.lower()]
        hint = _("did you mean {name}?").format(name=near[0]) if near else _("`kg frames list` gives the event types")
        raise KgError(_("no event type or frame is called {name!r}: {hint}").format(name=name, hint=hint))
    return _frame(frame, frames)


def spelling(frames: Frames) -> dict[str, str]:
    """Folded slot -> the same as a file writes it: "الي" -> "إلى"."""
    written = [slot for f in frames.frames for role in f.roles for slot in role.written]
    return {fold(slot): slot for slot in (*(w for group in frames.groups.values() for w in group), *written) if not slot.isascii()}


def place(slot: str, spellings: Mapping[str, str]) -> str:
    """A slot in words: "second object", "preposition «إلى»"."""
    return _(PLACES.get(slot, "")) or _("preposition «{word}»").format(word=spellings.get(slot, slot))


def _of_type(frames: Frames, type: str) -> list[Frame]:
    return [f for f in frames.frames if f.type == type]


def _type(type: str, frames: Frames, words: Vocabulary) -> list[str]:
    name = class_name(type)
    of_type = _of_type(frames, type)
    labels = list(dict.fromkeys(words.label(name, language) for language in ("en", "ar")))
    triggers = count(of_type)
    lines = [
        f"{type}  {isolated(joined(labels))}",
        *_row(_("frames"), [ngettext("{frames} with {n} trigger", "{frames} with {n} triggers", triggers).format(frames=len(of_type), n=triggers)]),
        *_row(_("roles"), frames.types[type]),
        *_row("PLOVER", [words.plover[name]] if name in words.plover else []),
    ]
    for f in of_type:
        lines += ["", *_frame(f, frames)]
    return lines


def _frame(f: Frame, frames: Frames) -> list[str]:
    verbs = [f"{past}/{present}" for past, present in f.verbs]
    weak = [word for word in dict.fromkeys(word for _kind, word in f.triggers) if word in f.weak]
    lines = [
        f"{f.id}  {isolated(joined(f.labels))}".rstrip() + ("  " + isolated(_("(from a file of your own)")) if f.own else ""),
        *([f"  {f.comment}"] if f.comment else []),
        *_row(_("event type"), [f.type]),
        *_row("PLOVER, CAMEO", [*f.plover, *f.cameo]),
        *_row(_("verbs"), verbs),
        *_row(_("verbal nouns"), f.nouns),
        *_row(_("participles"), f.participles),
        *_row(_("phrases"), [f"«{p}»" for p in f.phrases]),
        *_row(_("light verbs"), [_light(verb) for verb in f.light]),
        *_row(_("weak triggers"), weak),
        *(_row("", [_("count only with {roles}").format(roles=_(" and ").join(f.weak_requires))]) if weak else []),
        *_row(_("needs"), f.requires),
        *_row(_("needs a word"), f.requires_words),
        *_row(_("not in"), [f"«{p}»" for p in f.not_phrases]),
        *_row(_("genitive is"), [_(", else ").join(f.genitive)] if f.genitive and f.nouns else []),
    ]
    for role in f.roles:
        lines += _row(role.name, [t for t in ENTITY_TYPES if t in role.accepts])
        lines += _row("", _places(role, frames))
    return lines


def _light(verb: str) -> str:
    past, *rest = verb.split()
    preposition = f" «{rest[1]}»" if len(rest) > 1 else ""
    return "/".join([past, *rest[:1]]) + preposition


def _places(role: Role, frames: Frames) -> list[str]:
    """Where a role may stand, in words, with the prepositions of groups."""
    out: list[str] = []
    for slot in role.written:
        if slot.startswith("@"):
            out += (place(p, {}) for p in frames.groups.get(slot[1:], ()))
        else:
            out.append(place(slot, {}))
    # The word once for prepositions that follow one another.
    kept = list(dict.fromkeys(out))
    word = _("preposition «{word}»").partition("«")[0]
    return [p.removeprefix(word) if i and kept[i - 1].startswith(word) else p for i, p in enumerate(kept)]


def _row(name: str, values: Sequence[str]) -> list[str]:
    """A named row of values, broken between them; nothing if there are none."""
    lines: list[list[str]] = []
    room = 0
    for i, value in enumerate(values):
        piece = value + (_(", ").rstrip() if i + 1 < len(values) else "")
        room -= 1 + len(plain(piece))
        if room < 0 or not lines:
            lines.append([])
            room = WIDTH - _INDENT - len(plain(piece))
        lines[-1].append(piece)
    return [f"  {padded('' if i else name, _INDENT - 3)} {isolated(' '.join(pieces))}" for i, pieces in enumerate(lines)]
