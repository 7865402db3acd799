"""docs/evaluation.md: the figures of the relation layer, measured anew.

python -m kg.training.report            # needs WORK/events/report.json of `kg.training.events --part choose`
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from kg import evaluation
from kg.extract import Extractor, names_of
from kg.model import Document
from kg.packs import find_models
from kg.pipeline import Pipeline
from kg.training import ablation
from kg.training.events import by_type

_KINDS = ("mention", "entity", "event", "role", "edge", "fact", "source")
_HEAD = """# How good the relation layer is

Written by `python -m kg.training.report`, which measures with the bundled models; do not edit by hand.

- **five-fold**: the 158 gold training documents, each read by an event model that has not seen it (`python -m kg.training.events`). NER has seen
  them, so that mentions, entities and facts stand a little too high in this column. The thresholds of the event model were chosen here.
- **dev**: 22 documents that nothing was trained on or chosen by (`kg evaluate ../shared/gold/dev.jsonl`).
- **seed**: the user's article, machine-translated (`kg evaluate ../shared/gold/seed.jsonl`).

The event model learns from kg's own annotated documents too. None of them has 45 letters in a row in common with a document of these three,
spellings of one sound (`kg.text.fold`) taken as one.

All figures are those of the official scorer: F1 but where another is named.
"""

_PARTS = """
## What each part gives

On dev (`python -m kg.training.ablation ../shared/gold/dev.jsonl`). Models are not trained anew: what is taken away is taken from
what they see. The baselines have kg's mentions, entities and triggers (what a capital is, events decide).
"""
_CONFIDENCE = """
## What confidence means

Confidence is the probability that an event and all its roles are right, fitted on the held-out documents of the five folds:
"""


def _row(cells: Sequence[object]) -> str:
    return "| " + " | ".join(f"{c:.3f}" if isinstance(c, float) else str(c) for c in cells) + " |"


def _figures(columns: Mapping[str, Mapping[str, Mapping[str, float]]]) -> Iterator[str]:
    yield _row(["", *columns])
    yield "|---" * (len(columns) + 1) + "|"
    for kind in _KINDS:
        yield _row([kind, *(float(f.get(kind, {}).get("f1", 0.0)) for f in columns.values())])
    yield _row(["edge precision", *(float(f["edge"]["p"]) for f in columns.values())])
    for kind in ("polarity", "modality", "quantity"):
        yield _row([f"{kind} (accuracy)", *(float(f.get(kind, {}).get("accuracy", 0.0)) for f in columns.values())])
    yield _row(["is planned", *(float(f.get("is planned", {}).get("f1", 0.0)) for f in columns.values())])


def _types(folds: Mapping[str, Mapping[str, float]], dev: Mapping[str, Mapping[str, float]]) -> Iterator[str]:
    yield _row(["type", "gold (train)", "event", "role", "edge", "gold (dev)", "event (dev)", "role (dev)", "edge (dev)"])
    yield "|---" * 9 + "|"
    for type, f in sorted(folds.items(), key=lambda x: -x[1]["gold"]):
        d = dev.get(type)
        theirs = [int(d["gold"]), float(d["event"]), float(d["role"]), float(d["edge"])] if d else [0, "-", "-", "-"]
        yield _row([type, int(f["gold"]), float(f["event"]), float(f["role"]), float(f["edge"]), *theirs])


@click.command()
@click.option("--gold", default="../shared/gold", type=click.Path(path_type=Path), show_default=True)
@click.option("--work", default="build", type=click.Path(path_type=Path), show_default=True)
@click.option("--out", default="docs/evaluation.md", type=click.Path(path_type=Path), show_default=True)
def main(gold: Path, work: Path, out: Path) -> None:
    """Measure and write the document."""
    told: dict[str, Any] = json.loads((work / "events" / "report.json").read_text(encoding="utf-8"))
    pack = find_models(None)
    extractor = Extractor.load(pack=pack)
    pipeline = Pipeline(pack, names_of(extractor.lexicon))
    columns = {"five-fold": told["five-fold"]}
    lines: list[str] = []
    for name in ("dev", "seed"):
        annotated = evaluation.load(gold / f"{name}.jsonl")
        parsed = list(pipeline(Document(d["id"], d["text"]) for d in annotated))
        found = [extractor(*p).to_json() for p in parsed]
        columns[name] = evaluation.score(annotated, found).to_json()
        if name == "dev":
            types = by_type(annotated, found)
            lines = list(ablation.table(annotated, parsed, extractor))
    parts = [
        _HEAD, "## Figures\n", *_figures(columns), "\n## By event type\n", *_types(told["five-fold by type"], types),
        _PARTS,
        *lines,
        _CONFIDENCE,
        _row(["confidence from", "events", "mean confidence", "right"]), "|---" * 4 + "|",
        *(_row([f"{r['from']:.1f}", int(r["events"]), float(r["confidence"]), float(r["right"])]) for r in told["reliability"]),
    ]  # fmt: skip
    out.write_text("\n".join(parts) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
