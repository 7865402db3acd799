"""Who says so, and whether it happened: source, polarity and modality of events, by the cues of ontology/reporting.ttl."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from kg import morphology
from kg.arguments import Argument, Sites
from kg.entities import Handle
from kg.errors import KgError
from kg.events import Found
from kg.frames import Frame, Trigger
from kg.language import _
from kg.mentions import joined
from kg.model import Sentence
from kg.namespaces import KGO
from kg.text import fold

_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
#: A reporting verb is no event, but its subject stands where that of an event would.
_REPORT = Frame("report", "", (), (), (), (), (), (), frozenset(), (), (), (), (), ())
_SPEAKERS = frozenset({"PERSON", "STATE", "ORGANISATION", "FORCE"})


@dataclass(frozen=True, slots=True)
class Factuality:
    """Polarity, modality and sources of one event."""

    polarity: str
    modality: str
    source: tuple[Handle, ...]


@dataclass(frozen=True, slots=True)
class _Cue:
    kind: str  # "ReportingCue", "ModalityCue", "NegationCue"
    modality: str
    reach: int
    imperfect: bool  # only before an imperfect verb
    verbs: frozenset[str]
    nouns: frozenset[str]
    words: frozenset[str]
    phrases: tuple[tuple[str, ...], ...]


class Cues:
    """The cues, ready for look-up."""

    def __init__(self, cues: Sequence[_Cue], sha256: str) -> None:
        self.reporting = [c for c in cues if c.kind == "ReportingCue"]
        self.modality = [c for c in cues if c.kind == "ModalityCue"]
        self.negation = [c for c in cues if c.kind == "NegationCue"]
        self.sha256 = sha256

    @classmethod
    def load(cls, path: Path | None = None) -> Cues:
        """Read reporting.ttl (kg's own by default). KgError if it is not Turtle."""
        from kg.resources import ontology_dir

        path = path or ontology_dir() / "reporting.ttl"
        data = path.read_bytes()
        nodes: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        try:
            for quad in ox.parse(data, ox.RdfFormat.TURTLE):
                nodes[str(quad.subject.value)][quad.predicate.value.removeprefix(KGO)].append(quad.object.value)
        except SyntaxError as e:
            raise KgError(_("{path} is not Turtle: {why}").format(path=path, why=e)) from e
        return cls([_cue(nodes[k]) for k in sorted(nodes)], hashlib.sha256(data).hexdigest())


def _cue(n: dict[str, list[str]]) -> _Cue:
    verbs: set[str] = set()
    for v in n.get("verb", ()):
        past, present = v.split()
        verbs |= morphology.perfect(past) | morphology.imperfect(present) | morphology.passive(past)
    nouns = {f for w in n.get("noun", ()) for f in morphology.noun(w)}
    nouns |= {f for w in n.get("participle", ()) for f in morphology.participle(w)}
    modality, reach = (n.get("givesModality") or ["asserted"])[0], int((n.get("reach") or ["3"])[0])
    return _Cue(
        n[_TYPE][0].removeprefix(KGO), modality, reach, "before" in n, frozenset(verbs), frozenset(nouns),
        frozenset(fold(p) for p in n.get("particle", ())), tuple(tuple(fold(p).split()) for p in n.get("phrase", ())),
    )  # fmt: skip


class Reader:
    """Reads the factuality of the events of one sentence after another; it remembers who spoke last, for quotations that go on."""

    def __init__(self, cues: Cues) -> None:
        self.cues = cues
        self._speaker: tuple[Handle, ...] = ()
        self._quoting = False

    def read(self, sentence: Sentence, sites: Sites, events: Sequence[Found]) -> list[Factuality]:
        """One result for each event of the sentence, in order."""
        reports = self._reports(sentence, sites)
        quotes = _quoted(sentence, self._quoting)
        out = []
        for event in events:
            source = self._source(event, reports, quotes)
            modality = self._modality(sentence, sites, event.trigger)
            polarity = "negative" if self._negated(sentence, sites, event.trigger) else "positive"
            out.append(Factuality(polarity, modality, source))
        if reports:
            self._speaker = reports[-1].speaker
        self._quoting = quotes[-1] if quotes else False
        return out

    # -- sources

    def _reports(self, sentence: Sentence, sites: Sites) -> list[_Report]:
        words, folded = sentence.words, sites.folded
        out = [_Report(a.end, a.end + 1, _group(sites.args, a), False) for a in sites.args if a.type in _SPEAKERS and sites.speaks(a)]
        for i in range(len(words)):
            for cue in self.cues.reporting:
                for phrase in cue.phrases:
                    if tuple(folded[i : i + len(phrase)]) == phrase and (after := _next(sites.args, i + len(phrase), 7)):
                        out.append(_Report(i, i + len(phrase), _group(sites.args, after), True))
                if words[i].upos == "VERB" and folded[i] in cue.verbs:
                    subject = _subject(i, sites)
                    if subject:
                        out.append(_Report(i, i + 1, _group(sites.args, subject), False))
                    elif self._speaker and not _has_subject(sites, i):
                        out.append(_Report(i, i + 1, self._speaker, False))
                elif words[i].upos in ("NOUN", "ADJ") and folded[i] in cue.nouns and folded[i].endswith("ا") and out:
                    out.append(_Report(i, i + 1, out[-1].speaker, False))  # «مضيفا أن»: whoever spoke before
        return out

    def _source(self, event: Found, reports: Sequence[_Report], quotes: Sequence[bool]) -> tuple[Handle, ...]:
        at = event.trigger.head
        inside = [r for r in reports if r.start <= at < r.end]
        if inside:
            return ()  # a warning is not a claim of the one who warns
        before = [r for r in reports if not r.whole and r.end <= at]
        if before:
            return before[-1].speaker
        whole = [r for r in reports if r.whole]
        if whole:
            return whole[-1].speaker
        after = [r for r in reports if not r.whole and r.start > at]
        if after and quotes[at]:
            return after[0].speaker
        if quotes[at] and self._speaker:
            return self._speaker
        return ()

    # -- modality and polarity

    def _modality(self, sentence: Sentence, sites: Sites, trigger: Trigger) -> str:
        anchors = {trigger.start} | ({trigger.light} if trigger.light is not None else set())
        for cue in sorted(self.cues.modality, key=lambda c: ("denied", "conditional", "possible", "planned").index(c.modality)):
            for anchor in sorted(anchors):
                if self._governs(cue, sentence, sites, anchor):
                    return cue.modality
        return "asserted"

    def _governs(self, cue: _Cue, sentence: Sentence, sites: Sites, anchor: int) -> bool:
        words, folded = sentence.words, sites.folded
        for i in range(max(0, anchor - cue.reach - 1), anchor):
            if anchor - i > cue.reach + (2 if cue.phrases else 0) or any(words[k].text in ".؛" for k in range(i, anchor)):
                continue
            if folded[i] in cue.words and not (cue.imperfect and not _imperfect(folded[anchor])):
                if folded[i] == "س" and not joined(words, i + 1):
                    continue
                if not any(words[k].upos == "VERB" for k in range(i + 1, anchor)) or cue.modality in ("conditional", "denied"):
                    return True
            hit = (words[i].upos == "VERB" and folded[i] in cue.verbs) or (words[i].upos in ("NOUN", "ADJ") and folded[i] in cue.nouns)
            phrase = any(tuple(folded[i : i + len(p)]) == p for p in cue.phrases)
            if (hit or phrase) and not any(words[k].upos == "VERB" for k in range(i + 1, anchor) if not _subordinate(folded, k)):
                return True
        return False

    def _negated(self, sentence: Sentence, sites: Sites, trigger: Trigger) -> bool:
        anchors = [trigger.start] + ([trigger.light] if trigger.light is not None else [])
        return any(self._governs(cue, sentence, sites, a) for cue in self.cues.negation for a in anchors)


@dataclass(frozen=True, slots=True)
class _Report:
    """A cue at words [start, end) and who speaks. `whole`: the source of the whole sentence (وفقا لـ)."""

    start: int
    end: int
    speaker: tuple[Handle, ...]
    whole: bool


def _subject(verb: int, sites: Sites) -> Argument | None:
    trigger = Trigger(_REPORT, verb, verb + 1, verb, "verb")
    best: tuple[float, Argument] | None = None
    for arg in sites.args:
        slot = sites.slots(trigger, arg).get("subject")
        if arg.type in _SPEAKERS and slot and slot.score >= 0.4 and (best is None or slot.score > best[0]):
            best = slot.score, arg
    return best[1] if best else None


def _has_subject(sites: Sites, verb: int) -> bool:
    return any(w.head == verb and w.deprel.startswith("nsubj") for w in sites.words)


def _group(args: Sequence[Argument], arg: Argument) -> tuple[Handle, ...]:
    return tuple(dict.fromkeys(a.handle for a in args if a.group == arg.group and a.type in _SPEAKERS))


def _next(args: Sequence[Argument], start: int, reach: int) -> Argument | None:
    return next((a for a in args if start <= a.start < start + reach and a.type in _SPEAKERS), None)


def _imperfect(form: str) -> bool:
    return form[:1] in ("ي", "ت", "ن", "ا")


def _subordinate(folded: Sequence[str], k: int) -> bool:
    """A verb right behind أن belongs to what the cue governs."""
    return k > 0 and folded[k - 1] == "ان"


def _quoted(sentence: Sentence, open_before: bool) -> list[bool]:
    inside, out = open_before, []
    for w in sentence.words:
        if w.text == '"':
            inside = not inside
        out.append(inside)
    if sum(w.text == '"' for w in sentence.words) % 2 == 0 and open_before:
        return [False] * len(out)
    return out
