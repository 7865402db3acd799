"""The finished models as a pack: files, manifest with checksums and scores, model card.

python -m kg.training.pack [--work build] [--out kg/models]
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import click

from kg.pipeline import FILES, sha256

NAME, VERSION = "kg-arabic", "0.1"
LICENCE = "CC BY-NC-SA 4.0"

_CARD = """# Model card: {name} {version}

Stanza models for Arabic news, bundled with kg. Made by `make models` (`python -m kg.training.all`, then `kg.training.scores`
and `kg.training.pack`), which wrote this card too. Licence: **{licence}**, the strictest of the data below. The code of kg is MIT;
these weights are not: no commercial use, share alike.

## Files

| file | Stanza processor | size | training | figures |
| --- | --- | --- | --- | --- |
{files}

Training: minutes on one core of a two-core machine (no GPU), seed 1.
Treebank figures are F1 in percent on the held-out tenth of the documents, from raw text through kg's pipeline
(CoNLL 2018 script); NER on 202 held-out sentences (`fine.dev.jsonl`), from raw text, strict character spans, clitics cut.
Command: `python -m kg.training.scores --models build/pack`. Stanza's own published figures for Arabic (PADT, 224,000 training
words, with character language models): Words 97-98, UPOS 96-97, UAS 87-88, LAS 83-84; they were not measured here.

## Data

| data | used for | licence |
| --- | --- | --- |
| Prague Arabic Dependency Treebank, 1,387 sentences of UD v1 | tokenizer, mwt, tagger, lemmatizer, parser | CC BY-NC-SA 3.0 |
| UD Arabic PUD, 900 sentences | the same | CC BY-SA 3.0 |
| SaudiNewsNet, nine million words of news of 2015 | word vectors; sentences annotated for NER | CC BY-NC-SA 4.0 |
| 3,838 sentences and 158 documents annotated with the eight types for kg | NER | text CC BY-NC-SA 4.0 |

## What they are weak at

Sentence ends without punctuation; features (case above all, which unvocalised text hides); names that neither the
vectors nor the NER data know; dialect; verse. The parser gets about one edge in four wrong, so kg never relies on it alone.
"""


def manifest(work: Path, scores: dict[str, dict[str, float]]) -> dict[str, Any]:
    """Describe the files in a folder of models; `scores` are by file."""
    files = {}
    for name, processor in FILES.items():
        path = work / name
        files[name] = {"processor": processor, "bytes": path.stat().st_size, "sha256": sha256(path), "scores": scores.get(name, {})}
    return {"name": NAME, "version": VERSION, "licence": LICENCE, "files": files}


def card(described: dict[str, Any], minutes: dict[str, float]) -> str:
    """The model card of a pack, from its manifest and the minutes that each training step took."""
    rows = []
    for name, entry in described["files"].items():
        step = name.removesuffix(".pt")
        figures = ", ".join(f"{k} {v}" for k, v in entry["scores"].items()) or "-"
        took = f"{minutes[step]:.0f} min" if step in minutes else "-"
        rows.append(f"| {name} | {entry['processor']} | {entry['bytes'] / 2**20:.1f} MB | {took} | {figures} |")
    return _CARD.format(name=described["name"], version=described["version"], licence=described["licence"], files="\n".join(rows))


def _json(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


@click.command()
@click.option("--work", default="build", type=click.Path(path_type=Path), show_default=True, help="Where the training left its models.")
@click.option("--out", default="kg/models", type=click.Path(path_type=Path), show_default=True)
def main(work: Path, out: Path) -> None:
    """Copy the trained models to OUT and describe them in manifest.json and MODEL_CARD.md.

    Scores and durations are read from scores.json and durations.json in WORK where they are there.
    """
    out.mkdir(parents=True, exist_ok=True)
    for name in FILES:
        source = work / "models" / ("vectors.half.pt" if name == "vectors.pt" else name)
        shutil.copyfile(source, out / name)
    (out / "resources.json").write_text("{}\n", encoding="utf-8")
    described = manifest(out, _json(work / "scores.json"))
    (out / "manifest.json").write_text(json.dumps(described, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    (out / "MODEL_CARD.md").write_text(card(described, _json(work / "durations.json")), encoding="utf-8")


if __name__ == "__main__":
    main()
