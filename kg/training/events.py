"""The event model: trained on annotated documents, its thresholds chosen by five-fold cross-validation.

    python -m kg.training.groups            # first: whose groups are one, WORK/models/groups.pt
    python -m kg.training.events            # all of it; writes WORK/models/events.pt and WORK/events/report.json

Networks learn from kg's own annotations first, without any gold document; that takes long. Each fold holds out a fifth of the gold training
documents, and goes on from each of these networks with the other four fifths and some of kg's own; its networks are asked together. Thresholds
are those that are best over all held-out documents, the confidence of an event is fitted there too. What ships is one network from each start:
the mean of its folds' weights, which together have seen all gold training documents. dev and the seed article have no part in it.
"""

from __future__ import annotations

import json
import logging
import math
import pickle
import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any

import click
import torch
from torch import Tensor, nn

from kg import evaluation, groups, reading, scorer, word_models
from kg.entities import Register
from kg.extract import TOGETHER, Extractor, names_of
from kg.features import Candidate, Target
from kg.model import Document, Extraction, Sentence
from kg.packs import find_models
from kg.pipeline import Pipeline, batches
from kg.scenes import Scene, scenes
from kg.scorer import Network, Scorer, Sizes
from kg.tensors import PairRows, TargetRows
from kg.training import lstm
from kg.training.event_data import Lesson, documents, lesson
from kg.training.rates import fall
from kg.word_models import WordModels

log = logging.getLogger(__name__)

FOLDS = 5
#: Passes over kg's own documents, and the highest rate of learning.
EPOCHS, RATE = 6, 2e-3
#: Networks that learn from kg's own documents alone, each from a random start of its own. Every fold goes on from all of them.
BASES = 2
#: How folds go on: passes, and the highest rate.
FURTHER = (2, 1e-3)
#: How often a gold document comes in such a pass, and how many of kg's own (others in each fold) come beside them.
TIMES, BESIDE = 2, 1000
#: Documents in a step.
BATCH = 6
#: The share of right edges that thresholds are to reach over the held-out documents.
PRECISION = 0.68


def merged(lessons: Sequence[Lesson]) -> Lesson:
    """Several documents as one, so that their sentences go through the network together."""
    words: list[Any] = []
    triggers: list[tuple[int, ...]] = []
    targets: list[Target] = []
    candidates: list[Candidate] = []
    entities = things = 0
    for x in lessons:
        candidates += [
            replace(c, target=c.target + len(targets), sentence=c.sentence + len(words), entity=c.entity + entities, thing=c.thing + things)
            for c in x.candidates
        ]
        entities += len(x.roles)
        things += 1 + max((c.thing for c in x.candidates), default=0)
        targets += [replace(t, sentence=t.sentence + len(words)) for t in x.targets]
        words += x.words
        triggers += x.triggers

    def all_of(field: str) -> tuple[Any, ...]:
        return tuple(v for x in lessons for v in getattr(x, field))

    return Lesson(
        "+".join(x.id for x in lessons), tuple(words), tuple(triggers), tuple(targets), all_of("modalities"), all_of("polarities"),
        tuple(candidates), all_of("roles"), all_of("sources"),
    )  # fmt: skip


def loss_of(network: Network, lesson: Lesson, read: Tensor) -> Tensor:
    """The sum of all losses of a document whose words have been `read` as that, divided by how many triggers it has."""
    words = network.rows(lesson.words)
    states, logits = network.encode(words, read)
    right = torch.tensor([type for sentence in lesson.triggers for type in sentence])
    total = nn.functional.cross_entropy(logits, right, reduction="sum", label_smoothing=0.02)
    if lesson.targets:
        modality, polarity = network.facts(states, TargetRows.of(words.starts, lesson.targets))
        total = total + 1.5 * nn.functional.cross_entropy(modality, torch.tensor(lesson.modalities), reduction="sum")
        total = total + nn.functional.cross_entropy(polarity, torch.tensor(lesson.polarities), reduction="sum")
    if lesson.candidates:
        pairs = PairRows.of(words.starts, lesson.targets, lesson.candidates)
        first, source = network.roles(states, pairs)
        for logits in (first, network.revised(first, pairs)):
            total = total + nn.functional.cross_entropy(logits, torch.tensor(lesson.roles), reduction="sum")
        wanted = torch.tensor([float(s) for s in lesson.sources])
        total = total + 0.7 * nn.functional.binary_cross_entropy_with_logits(source, wanted, reduction="sum")
    return total / (len(lesson.targets) + 2)


def train(lessons: Sequence[Lesson], reader: WordModels, seed: int, sizes: Sizes | None = None, epochs: int = EPOCHS) -> Network:
    """A network from a random start. The same seed and lessons give the same network on one thread."""
    torch.manual_seed(seed)
    network = Network(sizes or Sizes(), reader.vectors, reader.lookup, reader.of_documents)
    return fit(network, lessons, read_of(lessons, reader), seed, epochs, RATE)


def further(network: Network, gold: Sequence[Lesson], own: Sequence[Lesson], reader: WordModels, seed: int) -> Network:
    """Let a network go on with gold documents, each TIMES a pass, among some of kg's own. It is changed in place and returned."""
    torch.manual_seed(seed)
    some = random.Random(seed).sample(own, min(BESIDE, len(own)))
    return fit(network, [*gold] * TIMES + some, read_of([*gold, *some], reader), seed, *FURTHER)


def mean_of(networks: Sequence[Network]) -> Network:
    """The first of networks that went on from one, with the mean of their weights: it knows what each has seen (model soups, Wortsman 2022)."""
    states = [n.state_dict() for n in networks]
    networks[0].load_state_dict({name: torch.stack([s[name] for s in states]).mean(0) for name in states[0]})
    return networks[0]


def read_of(lessons: Iterable[Lesson], reader: WordModels) -> dict[str, Tensor]:
    """What word models read in the words of lessons, by the lesson's id: once for all passes, in half precision, for there are gigabytes."""
    out = {}
    for some in batches((x for x in lessons if x.words), lambda x: sum(len(w.forms) for w in x.words), TOGETHER):
        for x, known in zip(some, reader.of_documents([[w.forms for w in x.words] for x in some]), strict=True):
            out[x.id] = torch.cat(known).half()
    return out


def fit(network: Network, lessons: Sequence[Lesson], read: Mapping[str, Tensor], seed: int, epochs: int, rate: float) -> Network:
    """Let a network learn from lessons; `read` says by id what their words are read as, `rate` is the highest. torch has been seeded."""
    random.seed(seed)
    rng = random.Random(seed)
    network.train().fast_lstm = partial(lstm.run, network.lstm)
    order = [x for x in lessons if x.words]
    steps = epochs * ((len(order) + BATCH - 1) // BATCH)
    optimizer = fall(torch.optim.AdamW(network.parameters(), lr=rate, weight_decay=1e-2), steps, rate)
    for epoch in range(epochs):
        rng.shuffle(order)
        total = 0.0
        for i in range(0, len(order), BATCH):
            optimizer.zero_grad()
            batch = order[i : i + BATCH]
            loss = loss_of(network, merged(batch), torch.cat([read[x.id] for x in batch]).float())
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(network.parameters(), 2.0)
            optimizer.step()
            total += float(loss.detach())
        log.info("epoch %d: %.3f", epoch, total / max(1, steps // epochs))
    network.fast_lstm = None
    return network.eval()


# ---------------------------------------------------------------------------------------------------------------------
# Folds

Parsed = list[tuple[dict[str, Any], tuple[Sentence, ...]]]

#: The values that are tried for each threshold.
TRIED = {
    "trigger": (reading.LEAST, 0.3, 0.35, 0.4, 0.45), "role": (0.3, 0.35, 0.4, 0.45, 0.5), "lead": (0.3, 0.4, 0.5, 0.55, 0.6),
    "second": (0.5, 0.6, 0.7, 0.8), "source": (0.3, 0.4, 0.5),
}  # fmt: skip


#: Thresholds that are chosen together, for one makes up for another, and what is chosen after them.
CHOSEN = (("trigger", "role", "lead", "second"), ("source",))


def parsed(docs: Sequence[dict[str, Any]], pipeline: Callable[[], Pipeline], cache: Path) -> Parsed:
    """Documents with their parses, which are kept in a file: they cost minutes."""
    if not cache.is_file():
        sentences = [s for _, s in pipeline()(Document(d["id"], d["text"]) for d in docs)]
        cache.parent.mkdir(parents=True, exist_ok=True)
        cache.write_bytes(pickle.dumps(sentences))
    return list(zip(docs, pickle.loads(cache.read_bytes()), strict=True))


def figures(docs: Iterable[dict[str, Any]], found: Iterable[Extraction]) -> dict[str, dict[str, float]]:
    """The official figures, by name."""
    return evaluation.score(docs, (e.to_json() for e in found)).to_json()


@dataclass(frozen=True, slots=True)
class Heard:
    """A held-out document with the answers of networks that have not seen it."""

    gold: dict[str, Any]
    register: Register
    told: list[Scene]
    answers: list[reading.Answer]

    def events(self, settings: Mapping[str, float]) -> list[reading.Told]:
        return reading.decide(self.told, self.answers, settings)

    def extraction(self, extractor: Extractor, settings: Mapping[str, float]) -> Extraction:
        return extractor.assemble(Document(self.gold["id"], self.gold["text"]), self.register, self.told, self.events(settings))


def by_type(gold: Sequence[Mapping[str, Any]], found: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, float]]:
    """For every event type how often gold has it, and F1 of its events, roles and edges."""
    out = {}
    for type in sorted({e["type"] for d in gold for e in d["events"]}):
        ours, theirs = ([{**d, "events": [e for e in d["events"] if e["type"] == type]} for d in docs] for docs in (gold, found))
        f = evaluation.score(ours, theirs).to_json()
        out[type] = {"gold": f["event"]["gold"], **{k: f[k]["f1"] if k in f else 0.0 for k in ("event", "role", "edge")}}
    return out


def hear(docs: Parsed, extractor: Extractor, asked: Scorer) -> list[Heard]:
    out = []
    for gold, sentences in docs:
        register, told = scenes(gold["text"], sentences, extractor)
        out.append(Heard(gold, register, told, reading.ask(told, extractor, asked, reading.LEAST)))
    return out


def worth(f: Mapping[str, Mapping[str, float]]) -> float:
    """What thresholds are chosen by: a wrong edge costs an analyst more than a missing one, and most where too many are wrong."""
    precision = f["edge"]["p"]
    return f["event"]["f1"] + f["role"]["f1"] + f["edge"]["f1"] + 0.5 * precision - 5 * max(0.0, PRECISION - precision)


def choose(heard: Sequence[Heard], extractor: Extractor) -> dict[str, float]:
    """The thresholds of the highest worth, of all that are tried; that of sources by its own F1."""
    settings = dict(reading.SETTINGS)

    def value(names: Sequence[str], xs: Sequence[float]) -> float:
        tried = {**settings, **dict(zip(names, xs, strict=True))}
        f = figures((h.gold for h in heard), (h.extraction(extractor, tried) for h in heard))
        return f.get("source", {}).get("f1", 0.0) if names == ("source",) else worth(f)

    for names in CHOSEN:
        best = max(product(*(TRIED[name] for name in names)), key=partial(value, names))
        settings.update(zip(names, best, strict=True))
        log.info("%s: %s", " ".join(names), best)
    return settings


def calibrate(heard: Sequence[Heard], extractor: Extractor, settings: Mapping[str, float]) -> tuple[dict[str, float], list[dict[str, float]]]:
    """Fit `kg.reading.confidence` to whether an event and all its roles are right; also a reliability table in tenths."""
    rows, right = [], []
    for h in heard:
        verdicts = evaluation.right_events(h.gold, h.extraction(extractor, settings).to_json())
        answers = {(a.sentence, a.at): a for a in h.answers}
        for e, verdict in zip(h.events(settings), verdicts, strict=True):
            a = answers[e.sentence, e.start]
            ps = [s.probability for s in reading.fill(a, settings)]
            rows.append((math.log(a.probability), sum(map(math.log, ps)) / len(ps)))
            right.append(float(verdict))
    if not rows:
        return {}, []
    x, y = torch.tensor(rows), torch.tensor(right)
    w = torch.zeros(3, requires_grad=True)
    optimizer = torch.optim.LBFGS([w], max_iter=100)

    def loss() -> Tensor:
        optimizer.zero_grad()
        out = nn.functional.binary_cross_entropy_with_logits(w[0] + x @ w[1:], y)
        out.backward()  # type: ignore[no-untyped-call]
        return out

    optimizer.step(loss)  # type: ignore[no-untyped-call]
    bias, trigger, role = w.detach().tolist()
    fitted = {"bias": bias, "weight.trigger": trigger, "weight.role": role}
    sure = torch.sigmoid(w[0] + x @ w[1:]).detach()
    table = []
    for tenth in range(10):
        chosen = (sure * 10).long().clamp(max=9) == tenth
        if chosen.any():
            table.append(
                {"from": tenth / 10, "events": int(chosen.sum()), "confidence": float(sure[chosen].mean()), "right": float(y[chosen].mean())}
            )
    return fitted, table


@click.command()
@click.option("--data", default="../shared/data", type=click.Path(path_type=Path), show_default=True, help="The news corpus.")
@click.option("--gold", default="../shared/gold/train.jsonl", type=click.Path(path_type=Path), show_default=True, help="Annotated documents.")
@click.option("--work", default="build", type=click.Path(path_type=Path), show_default=True, help="Working folder.")
@click.option("--models", help="The pack whose parser and vectors it reads.  [default: the bundled one]")
@click.option(
    "--part",
    default="all",
    show_default=True,
    type=click.Choice([*(f"base{n}" for n in range(BASES)), *(f"fold{n}" for n in range(FOLDS)), "choose", "all"]),
    help="A base: a network for folds to go on from; a fold, when the bases are there; choose: thresholds from all folds, and what ships.",
)
def main(data: Path, gold: Path, work: Path, models: str | None, part: str) -> None:
    """Train the event model. Parts are separate so that bases, and after them folds, can be trained side by side; choose comes last."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    torch.set_num_threads(1)
    pack = find_models(models)
    extractor = Extractor.load()
    folder = work / "events"
    vectors, lookup = scorer.read_vectors(pack.directory / "vectors.pt")
    reader = word_models.load(work / "models" / "words.pt", vectors, lookup)
    joined = extractor.but(joiner=groups.load(work / "models" / "groups.pt", vectors, lookup))
    theirs, own = documents(gold, data / "news" / "saudinewsnet.txt.xz")
    loaded: list[Pipeline] = []

    def pipeline() -> Pipeline:
        if not loaded:
            loaded.append(Pipeline(pack, names_of(extractor.lexicon)))
        return loaded[0]

    gold_parsed = parsed(theirs, pipeline, folder / "gold.pickle")
    bases = [n for n in range(BASES) if part in ("all", f"base{n}")]
    folds = [n for n in range(FOLDS) if part in ("all", f"fold{n}")]
    lessons = [lesson(d, s, joined) for d, s in gold_parsed] if folds else []
    own_lessons = [lesson(d, s, joined) for d, s in parsed(own, pipeline, folder / "own.pickle")] if bases or folds else []
    for n in bases:
        torch.save(train(own_lessons, reader, seed=n).state_dict(), folder / f"base{n}.pt")
    for fold in folds:
        seen = [x for i, x in enumerate(lessons) if i % FOLDS != fold]
        networks = []
        for base in range(BASES):
            network = Network(Sizes(), vectors, lookup, reader.of_documents)
            network.load_state_dict(torch.load(folder / f"base{base}.pt", weights_only=True))
            networks.append(further(network, seen, own_lessons, reader, seed=fold + FOLDS * base))
        scorer.save(Scorer(networks, {}), folder / f"fold{fold}.pt")
    if part in ("all", "choose"):
        heard: list[Heard] = []
        for fold in range(FOLDS):
            asked = scorer.load(folder / f"fold{fold}.pt", pack.directory / "vectors.pt")
            unseen = extractor.but(joiner=groups.load(folder / f"groups{fold}.pt", vectors, lookup))
            heard += hear([x for i, x in enumerate(gold_parsed) if i % FOLDS == fold], unseen, asked)
        settings = choose(heard, extractor)
        fitted, table = calibrate(heard, extractor, settings)
        settings |= fitted
        held_out, found = [h.gold for h in heard], [h.extraction(extractor, settings) for h in heard]
        result = figures(held_out, found)
        types = by_type(held_out, [x.to_json() for x in found])
        report = {"settings": settings, "reliability": table, "five-fold": result, "five-fold by type": types}
        (folder / "report.json").write_text(json.dumps(report, indent=1), encoding="utf-8")
        for name in ("event", "role", "edge", "source"):
            log.info("five-fold %s: %s", name, {k: round(v, 3) for k, v in result[name].items()})
        nets = [scorer.load(folder / f"fold{n}.pt", pack.directory / "vectors.pt").networks for n in range(FOLDS)]
        shipped = [mean_of(from_one) for from_one in zip(*nets, strict=True)]
        (work / "models").mkdir(parents=True, exist_ok=True)
        scorer.save(Scorer(shipped, settings), work / "models" / "events.pt")


if __name__ == "__main__":
    main()
