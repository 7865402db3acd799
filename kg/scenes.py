"""A document made ready for its events to be read: mentions, entities, arguments and what frames say, sentence by sentence.

sentences -> Scene (mentions, arguments, readings of frames) -> Offer (an argument that may have a role in an event)
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from kg import arguments, descriptions, events, features, mentions, titles
from kg.arguments import Argument, Sites
from kg.entities import Handle, Register
from kg.factuality import Factuality, Reader
from kg.features import TYPES, Anchor, Candidate, Pair, Target, Words
from kg.model import MODALITIES, POLARITIES, Mention, Sentence
from kg.titles import Title

if TYPE_CHECKING:
    from kg.extract import Extractor


@dataclass(frozen=True)
class Scene:
    """A sentence with all that later stages need of it."""

    sentence: Sentence
    mentions: tuple[Mention, ...]
    titles: tuple[Title, ...]
    sites: Sites
    readings: tuple[events.Reading, ...]

    @cached_property
    def words(self) -> Words:
        """Its rows for the event model, made when it first asks: frames alone never do."""
        return features.words(self.sites, self.readings)


@dataclass(frozen=True, slots=True)
class Offer:
    """A candidate with the argument that it is."""

    plain: Candidate
    argument: Argument

    @property
    def target(self) -> int:
        return self.plain.target

    @property
    def handle(self) -> Handle:
        return self.argument.handle


def scenes(text: str, sentences: Sequence[Sentence], extractor: Extractor) -> tuple[Register, list[Scene]]:
    """The entities of a document, and its sentences as scenes."""
    lexicon = extractor.lexicon
    tagged = [mentions.find(s, text, lexicon) for s in sentences]
    found = descriptions.add(sentences, descriptions.in_context(sentences, tagged, text, lexicon), text)
    named = [titles.find(s, ms, lexicon) for s, ms in zip(sentences, found, strict=True)]
    before, found = found, descriptions.people(sentences, found, named, text, lexicon)
    for n, (old, new) in enumerate(zip(before, found, strict=True)):
        if len(new) > len(old):  # titles know mentions by their number
            named[n] = titles.find(sentences[n], new, lexicon)
    register = extractor.register(text, lexicon)
    register.resolve(sentences, found, [t for ts in named for t in ts])
    if extractor.joiner:
        register.join(sentences, found, extractor.joiner)
    out = []
    for s, ms, ts in zip(sentences, found, named, strict=True):
        sites = Sites(s, arguments.arguments(s, ms, register, lexicon))
        mentioned = [any(m.words[0] <= i < m.words[1] for m in ms) for i in range(len(s.words))]
        readings = events.read(sites, mentioned, extractor.frames)
        out.append(Scene(s, tuple(ms), tuple(ts), sites, tuple(readings)))
    return register, out


def anchored(scene: Scene, at: int, type: str) -> tuple[Anchor, events.Found]:
    """A word of a scene as a trigger, and an event to ask the rules of factuality about (with no roles where no frame reads it so)."""
    anchor = Anchor.of(at, type, scene.readings)
    best = events.fullest(anchor.readings)
    if best and best.found:
        return anchor, best.found
    trigger = best.trigger if best else events.bare(at, type, scene.sentence.words[at].upos == "VERB")
    return anchor, events.Found(trigger, {}, {}, 0.0)


def candidates(told: Sequence[Scene], chosen: Sequence[tuple[int, int, str]], extractor: Extractor) -> tuple[list[Target], list[Offer]]:
    """Targets and, for each, the arguments of its sentence and of the sentences before it.

    Args:
        told: the scenes of a document.
        chosen: triggers in order of the text: sentence, word, event type.
        extractor: its cues of attribution.
    """
    reader = Reader(extractor.cues)
    targets: list[Target] = []
    offers: list[Offer] = []
    numbers: dict[tuple[int, Handle], int] = {}
    things: dict[Handle, int] = {}
    triggers: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for s, at, type in chosen:
        triggers[s].append((at, type))
    had = [_roles(scene) for scene in told]
    for n, scene in enumerate(told):
        here = [(at, *anchored(scene, at, type)) for at, type in triggers[n]]
        factual = reader.read(scene.sentence, scene.sites, [found for *_, found in here])
        for (at, anchor, _), fact in zip(here, factual, strict=True):
            target = len(targets)
            targets.append(Target(n, at, TYPES.index(anchor.type), MODALITIES.index(fact.modality), POLARITIES.index(fact.polarity)))
            for s, a, pair in _around(told, had, n, anchor, fact):
                number = numbers.setdefault((target, a.handle), len(numbers))
                offers.append(Offer(Candidate(target, s, a.head, pair, number, things.setdefault(a.handle, len(things))), a))
    return targets, offers


def _around(
    told: Sequence[Scene], had: Sequence[Mapping[Handle, frozenset[str]]], n: int, anchor: Anchor, fact: Factuality
) -> list[tuple[int, Argument, Pair]]:
    """The arguments that a trigger may have, nearest sentence first. `had` are the roles that frames give in each sentence."""
    sites = told[n].sites
    elsewhere = _roles(told[n], anchor.at)
    out = [(n, a, features.pair(sites, anchor, a, elsewhere.get(a.handle, frozenset()), a.handle in fact.source)) for a in sites.args]
    seen = {a.handle for a in sites.args}
    for back in range(1, features.BACK + 1):
        if n - back < 0:
            break
        scene = told[n - back]
        for a in scene.sites.args:
            if a.handle not in seen:
                seen.add(a.handle)
                pair = features.earlier(scene.sites, a, back, had[n - back].get(a.handle, frozenset()), a.handle in fact.source)
                out.append((n - back, a, pair))
    return out


def _roles(scene: Scene, but: int = -1) -> dict[Handle, frozenset[str]]:
    """The roles that frames give each entity in the events of a sentence, but the one at word `but`."""
    roles: dict[Handle, frozenset[str]] = {}
    for r in scene.readings:
        for name, group in r.found.roles.items() if r.found and not r.trigger.start <= but < r.trigger.end else ():
            for a in group:
                roles[a.handle] = roles.get(a.handle, frozenset()) | {name}
    return roles
