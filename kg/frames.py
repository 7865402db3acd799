"""ontology/frames.ttl as values: which words name an event of which type, and where each role stands.

The file's head explains the properties. `Frames.triggers` finds the triggers of a sentence; what fills their roles is the
work of `kg.events`.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pyoxigraph as ox

from kg import morphology
from kg.errors import KgError
from kg.language import _, joined, strerror
from kg.model import EVENT_ROLES, Sentence, Word
from kg.namespaces import KGO, class_name
from kg.text import fold
from kg.vocabulary import vocabulary

#: All roles of kg's event types.
ROLES = frozenset(role for roles in EVENT_ROLES.values() for role in roles)

#: The codes of PLOVER, the successor of CAMEO.
PLOVER = (
    "AGREE", "CONSULT", "SUPPORT", "CONCEDE", "COOPERATE", "AID", "RETREAT", "INVESTIGATE", "REQUEST", "ACCUSE", "REJECT", "THREATEN", "PROTEST",
    "SANCTION", "MOBILIZE", "COERCE", "ASSAULT",
)  # fmt: skip

_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_RDFS = "http://www.w3.org/2000/01/rdf-schema#"

_LISTS = ("noun", "participle", "phrase", "light", "weakRequires", "requires", "requiresWord", "notPhrase", "genitive")


@dataclass(frozen=True, slots=True)
class Role:
    """A role of a frame.

    `slots` are where it may stand, first choice first: "subject", "genitive-agent" … or a folded preposition. `written` are
    the same as the file has them, with the names of groups: "@by", "إلى".
    """

    name: str
    accepts: frozenset[str]
    slots: tuple[str, ...]
    written: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Frame:
    """One way of wording one event type; see ontology/frames.ttl."""

    id: str
    type: str
    roles: tuple[Role, ...]
    verbs: tuple[tuple[str, str], ...]  # (perfect, imperfect)
    nouns: tuple[str, ...]
    participles: tuple[str, ...]
    phrases: tuple[str, ...]
    light: tuple[str, ...]
    weak: frozenset[str]
    weak_requires: tuple[str, ...]
    requires: tuple[str, ...]
    requires_words: tuple[str, ...]
    not_phrases: tuple[str, ...]
    genitive: tuple[str, ...]
    own: bool = False  # a user's, not kg's
    labels: tuple[str, ...] = ()  # in English, then in Arabic
    comment: str = ""
    plover: tuple[str, ...] = ()
    cameo: tuple[str, ...] = ()

    def role(self, name: str) -> Role | None:
        return next((r for r in self.roles if r.name == name), None)

    @property
    def triggers(self) -> list[tuple[str, str]]:
        """All words that may trigger it, each once, as (kind, word): verbs by their perfect."""
        kinds = ("verb", [v for v, _ in self.verbs]), ("noun", self.nouns), ("participle", self.participles), ("phrase", self.phrases)
        return list(dict.fromkeys((kind, word) for kind, words in kinds for word in words))


@dataclass(frozen=True, slots=True)
class Trigger:
    """Words [start, end) of a sentence name an event of `frame`. `head` carries the dependents; `light` is its light verb.

    kind: "verb", "noun", "participle". `required` are the roles without which it is no event.
    """

    frame: Frame
    start: int
    end: int
    head: int
    kind: str
    light: int | None = None
    required: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Form:
    frame: Frame
    kind: str
    base: str


class Frames:
    """All frames, with a table from folded forms to the frames that they may trigger."""

    def __init__(
        self,
        frames: Iterable[Frame],
        sha256: str = "",
        types: Mapping[str, tuple[str, ...]] = EVENT_ROLES,
        groups: Mapping[str, tuple[str, ...]] | None = None,
    ) -> None:
        self.frames = tuple(sorted(frames, key=lambda f: f.id))
        self.sha256 = sha256
        #: Event types with their roles: kg's, and those that a user's files describe.
        self.types = dict(types)
        #: Names of groups of prepositions ("by"), with the prepositions as they are written.
        self.groups = dict(groups or {})
        self.has_own = any(f.own for f in self.frames)
        self._forms: dict[str, list[_Form]] = defaultdict(list)
        self._phrases: dict[str, list[tuple[Frame, tuple[frozenset[str], ...]]]] = defaultdict(list)
        self._light: dict[str, set[str]] = {}
        for frame in self.frames:
            self._add(frame)

    @classmethod
    def load(cls, *paths: Path, own: Sequence[Path] = ()) -> Frames:
        """Read frame files.

        Args:
            paths: files; without any, kg's own.
            own: a user's files, whose frames come to these. A frame of a name that is there already replaces it.

        Raises:
            KgError: a file or frame is wrong; the message names it.
        """
        from kg.resources import ontology_dir

        digest = hashlib.sha256()
        frames: dict[str, Frame] = {}
        types = dict(EVENT_ROLES)
        kept: dict[str, Mapping[str, list[str]]] = {}
        for path in (*(paths or (ontology_dir() / "frames.ttl",)), *own):
            try:
                data = path.read_bytes()
                digest.update(data)
                nodes = _nodes(path, data)
                for name, group in nodes.items():
                    if KGO + "SlotGroup" in group.get(_TYPE, ()):
                        kept[name] = group
                types |= _types(nodes, types)
                frames |= {f.id: replace(f, own=path in own) for f in _frames({**kept, **nodes}, types)}
            except OSError as e:
                raise KgError(_("cannot read the frames in {path}: {why}").format(path=path, why=strerror(e))) from e
            except KgError as e:
                if path not in own:
                    raise
                raise KgError(_("{why} (`kg frames check {path}` lists all mistakes)").format(why=e, path=path)) from e
        return cls(frames.values(), digest.hexdigest(), types, _groups(kept))

    def _add(self, frame: Frame) -> None:
        for past, present in frame.verbs:
            for form in morphology.perfect(past) | morphology.imperfect(present) | morphology.passive(past):
                self._forms[form].append(_Form(frame, "verb", past))
        for base in frame.nouns:
            for form in morphology.noun(base):
                self._forms[form].append(_Form(frame, "noun", base))
        for base in frame.participles:
            for form in morphology.participle(base):
                self._forms[form].append(_Form(frame, "participle", base))
        verbs: dict[str, str] = dict(v for f in self.frames for v in f.verbs)
        for phrase in frame.phrases:
            parts = phrase.split()
            alternatives = []
            for part in parts:
                imperfect = verbs.get(part) or _guess_imperfect(part)
                forms = morphology.noun(part) | {fold(part)}
                if part is parts[0]:
                    forms |= morphology.perfect(part) | (morphology.imperfect(imperfect) if imperfect else set())
                alternatives.append(frozenset(forms))
            for form in alternatives[0]:
                self._phrases[form].append((frame, tuple(alternatives)))
        lights: set[str] = set()
        for light in frame.light:
            past, *rest = light.split()
            lights |= morphology.perfect(past) | morphology.noun(past)
            if rest:
                lights |= morphology.imperfect(rest[0])
        self._light[frame.id] = lights

    def triggers(self, sentence: Sentence, names: Sequence[str], blocked: Sequence[bool]) -> list[Trigger]:
        """The triggers of a sentence in their order: at most one reading of each frame for a word.

        Args:
            sentence: parsed.
            names: its words in plain spelling (`kg.mentions.plain`).
            blocked: words that belong to a mention, which are no triggers.
        """
        folded = [fold(n) for n in names]
        out: list[Trigger] = []
        used: set[int] = set()
        for i in range(len(folded)):
            if blocked[i] or not folded[i]:
                continue
            if phrase := self._phrase(sentence.words, folded, i):
                out += phrase
                used.update(range(phrase[0].start, phrase[0].end))
        for i, form in enumerate(folded):
            if blocked[i] or i in used:
                continue
            out += self._readings(sentence, folded, i, form)
        return sorted(out, key=lambda t: (t.start, t.frame.id))

    def _phrase(self, words: Sequence[Word], folded: Sequence[str], i: int) -> list[Trigger]:
        found: list[Trigger] = []
        longest = 0
        for frame, parts in self._phrases.get(folded[i], ()):
            at = i
            positions = [i]
            for part in parts[1:]:
                # Between a verb and its object a subject may stand (أطلق مسلحون النار); between other words nothing.
                reach = 6 if words[i].upos == "VERB" and len(positions) == 1 else 2
                at = next((k for k in range(at + 1, min(at + reach, len(folded))) if folded[k] in part), -1)
                if at < 0:
                    break
                positions.append(at)
            if at >= 0 and len(parts) >= longest and not _ruled_out(frame, folded, i):
                if len(parts) > longest:
                    found, longest = [], len(parts)
                end = at + 1 if at - i == len(parts) - 1 else i + 1
                kind = "verb" if words[i].upos == "VERB" else "noun"
                found.append(Trigger(frame, i, end, i, kind, required=frame.requires))
        return found

    def _readings(self, sentence: Sentence, folded: Sequence[str], i: int, form: str) -> list[Trigger]:
        word = sentence.words[i]
        candidates = self._forms.get(form) or []
        if not candidates and word.upos == "VERB":
            lemma = fold(word.lemma)
            candidates = [f for f in self._forms.get(lemma, ()) if f.kind == "verb"]
        readings: dict[str, Trigger] = {}
        kinds = {f.kind for f in candidates}
        for f in candidates:
            if not _plausible(f.kind, word, kinds) or _ruled_out(f.frame, folded, i):
                continue
            if f.frame.requires_words and not self._near(f.frame, folded, i):
                continue
            required = f.frame.requires + (f.frame.weak_requires if f.base in f.frame.weak else ())
            light = self._light_verb(f.frame, sentence, folded, i) if f.kind == "noun" else None
            trigger = Trigger(f.frame, i, i + 1, i, f.kind, light, tuple(dict.fromkeys(required)))
            old = readings.get(f.frame.id)
            if old is None or len(old.required) > len(trigger.required):
                readings[f.frame.id] = trigger
        return list(readings.values())

    def _near(self, frame: Frame, folded: Sequence[str], i: int) -> bool:
        wanted = {form for w in frame.requires_words for form in morphology.noun(w)}
        return any(folded[k] in wanted for k in range(max(0, i - 2), min(len(folded), i + 7)) if k != i)

    def _light_verb(self, frame: Frame, sentence: Sentence, folded: Sequence[str], i: int) -> int | None:
        lights = self._light[frame.id]
        head = sentence.words[i].head
        if head >= 0 and folded[head] in lights and sentence.words[head].upos in ("VERB", "AUX"):
            return head
        return next((k for k in range(i - 1, max(-1, i - 7), -1) if folded[k] in lights and sentence.words[k].upos == "VERB"), None)


def _plausible(kind: str, word: Word, kinds: set[str]) -> bool:
    """Whether the tag allows the reading. A tag is overruled where the form has one reading only and is not short."""
    verbal = word.upos in ("VERB", "AUX")
    if kind == "verb":
        return verbal or (kinds == {"verb"} and len(word.text) > 4 and word.upos in ("NOUN", "X", "PROPN") and not word.text.startswith("ال"))
    return not verbal or (kinds <= {"noun", "participle"} and len(word.text) > 3)


def _ruled_out(frame: Frame, folded: Sequence[str], i: int) -> bool:
    for phrase in frame.not_phrases:
        parts = fold(phrase).split()
        for k in range(max(0, i - len(parts) + 1), i + 1):
            window = list(folded[k : k + len(parts)])
            if window == parts or [w.removeprefix("ال") for w in window] == [p.removeprefix("ال") for p in parts]:
                return True
    return False


def _guess_imperfect(perfect: str) -> str | None:
    if re.match(r"أ...?$", perfect):
        return "ي" + perfect[1:]
    if perfect.startswith("ا") and len(perfect) > 4:
        return "ي" + perfect[1:]
    return "ي" + perfect if len(perfect) >= 3 else None


_Nodes = Mapping[str, Mapping[str, list[str]]]


def _nodes(path: Path, data: bytes) -> _Nodes:
    """The subjects of a Turtle file with their values by the local names of kg's properties, and by "comment", "label@en", "label@ar".

    KgError if it is not Turtle.
    """
    nodes: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    try:
        for quad in ox.parse(data, ox.RdfFormat.TURTLE):
            value = str(getattr(quad.object, "value", ""))
            name = str(quad.predicate.value).removeprefix(KGO).removeprefix(_RDFS)
            if name == "label":
                name = f"label@{getattr(quad.object, 'language', None) or ''}"
            if value not in nodes[str(quad.subject.value)][name]:
                nodes[str(quad.subject.value)][name].append(value)
    except SyntaxError as e:
        raise KgError(_("{path} is not Turtle: {why}").format(path=path, why=e)) from e
    return nodes


def local_name(iri: str) -> str:
    """What follows the last "/" or "#" of an IRI: the name that a frame goes by."""
    return re.split("[/#]", iri)[-1]


def type_mistakes(name: str, roles: Sequence[str], plover: Sequence[str] = ()) -> list[str]:
    """What is wrong with an event type of a user's own: what no graph could hold, and names that mean something else there."""
    words = vocabulary().labels
    out = []
    if not re.fullmatch("[A-Z]+(_[A-Z]+)*", name):
        message = _('kgo:typeName is missing: write a name in capitals, such as "LAUNDER" or "LIFT_SANCTION"')
        if name:
            message = _('kgo:typeName is {name!r}: write a name in capitals, such as "LAUNDER" or "LIFT_SANCTION"')
        out.append(message.format(name=name))
    elif name not in EVENT_ROLES and class_name(name) in {*words, "Span"}:
        message = _("kgo:typeName {name!r} would be the class kgo:{class_name}, which means something else: choose another name")
        out.append(message.format(name=name, class_name=class_name(name)))
    if not roles:
        out.append(_('it has no roles: write kgo:mayHave "agent", "theme" …'))
    for role in roles:
        if not re.fullmatch("[a-z][A-Za-z]*", role):
            out.append(_('{role!r} is no name of a role: write a word in small Latin letters, such as "agent"').format(role=role))
        elif role not in ROLES and role in words:
            out.append(_("the role {role!r} would be the property kgo:{role}, which means something else: choose another name").format(role=role))
    for code in plover:
        if code not in PLOVER:
            out.append(_("kgo:plover {code!r} is no code of PLOVER: write one of {codes}").format(code=code, codes=joined(PLOVER)))
    return out


def _types(nodes: _Nodes, known: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """The event types that a file describes (`kgo:EventType` with `kgo:typeName` and `kgo:mayHave` roles); one that is `known` gets more roles."""
    out: dict[str, tuple[str, ...]] = {}
    for iri, n in nodes.items():
        if KGO + "EventType" in n.get(_TYPE, ()):
            name, roles = (n.get("typeName") or [""])[0], n.get("mayHave") or []
            for mistake in type_mistakes(name, roles, n.get("plover") or []):
                raise KgError(_("event type {name}: {mistake}").format(name=local_name(iri), mistake=mistake))
            out[name] = tuple(dict.fromkeys((*known.get(name, ()), *roles)))
    return out


def _groups(nodes: _Nodes) -> dict[str, tuple[str, ...]]:
    """The groups of prepositions, as they are written."""
    out = {}
    for iri, n in nodes.items():
        if KGO + "SlotGroup" in n.get(_TYPE, ()):
            if not n.get("slotName") or not n.get("syntax"):
                raise KgError(
                    _("group of prepositions {name}: it needs a kgo:slotName and its prepositions as kgo:syntax").format(name=local_name(iri))
                )
            out[n["slotName"][0]] = written_slots(n["syntax"])
    return out


def _frames(nodes: _Nodes, types: Mapping[str, tuple[str, ...]]) -> list[Frame]:
    groups = _groups(nodes)
    out = []
    for iri, n in nodes.items():
        if KGO + "Frame" not in n.get(_TYPE, ()):
            continue
        name = local_name(iri)
        wanted = n.get("eventType", [])
        if len(wanted) != 1 or wanted[0] not in types:
            raise KgError(
                _("frame {name}: kgo:eventType must be one of the event types, not {wanted}").format(name=name, wanted=joined(wanted) or _("nothing"))
            )
        roles = []
        for r in n.get("role", ()):
            node = nodes.get(r)
            if not node or "roleName" not in node:
                raise KgError(_("frame {name}: its role {role} is not described").format(name=name, role=r))
            written = written_slots(node.get("syntax", ()))
            roles.append(Role(node["roleName"][0], frozenset(node.get("accepts", ())), _slots(written, groups), written))
        verbs = []
        for v in n.get("verb", ()):
            if len(v.split()) != 2:
                raise KgError(_("frame {name}: kgo:verb takes perfect and imperfect, not {verb!r}").format(name=name, verb=v))
            verbs.append((v.split()[0], v.split()[1]))
        lists = {key: tuple(n.get(key, ())) for key in _LISTS}
        labels = (*n.get("label@en", ())[:1], *n.get("label@ar", ())[:1])
        out.append(
            Frame(
                name, wanted[0], tuple(roles), tuple(verbs), lists["noun"], lists["participle"], lists["phrase"], lists["light"],
                frozenset(n.get("weak", ())), lists["weakRequires"], lists["requires"], lists["requiresWord"], lists["notPhrase"], lists["genitive"],
                labels=labels, comment=" ".join(n.get("comment", ())), plover=tuple(n.get("plover", ())), cameo=tuple(n.get("cameo", ())),
            )
        )  # fmt: skip
    return out


def written_slots(values: Iterable[str]) -> tuple[str, ...]:
    """The slots of a `kgo:syntax` string, in their order."""
    return tuple(dict.fromkeys(slot for value in values for slot in re.split(r"\s*[,،]\s*", value.strip()) if slot))


def _slots(written: Iterable[str], groups: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    out: list[str] = []
    for slot in written:
        words = groups.get(slot[1:], ()) if slot.startswith("@") else (slot,)
        out += (w if w.isascii() else fold(w) for w in words)
    return tuple(dict.fromkeys(out))
