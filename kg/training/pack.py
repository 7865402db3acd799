"""The finished models as a pack: files, manifest with checksums and scores, model card.

python -m kg.training.pack [--work build] [--out kg/models]
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import click

from kg.packs import EXTRAS, FILES, sha256
from kg.training import ner_data

NAME, VERSION = "kg-arabic", "0.1"
LICENCE = "CC BY-NC-SA 4.0"

_CARD = """# Model card: {name} {version}

Stanza models for Arabic news, bundled with kg. Made by `make models` (`python -m kg.training.all`, then `kg.training.scores`
and `kg.training.pack`), which wrote this card too. Licence: **{licence}**, as most of the data below; ANERcorp is free
for research only. The code of kg is MIT; these weights are not: no commercial use, share alike.

## Files

| file | Stanza processor | size | training | figures |
| --- | --- | --- | --- | --- |
{files}

Together {size:.1f} MB. Training: minutes on one core of a two-core machine (no GPU), seed 1. The character language models (hidden
size 384) and the vectors (half precision) are read by NER, tagger and parser. `events.pt` is kg's own
(`kg.scorer`): two networks, which also read the vectors and the states of the parser; `groups.pt` too (`kg.groups`): which mentions of
troops, weapons and agreements speak of the same ones.

All figures are in percent and come from `kg evaluate --models build/pack FILE` (`python -m kg.training.scores --models build/pack` runs it on):

- `build/ud/dev.conllu`: the held-out tenth of the treebank documents, from raw text (CoNLL 2018 script); `UAS.gold` and `LAS.gold`
  with its words given. "(PUD)": `build/ud/pud.dev.conllu`, the part of it that has white space of its own.
- `../shared/data/ner/fine.dev.jsonl`: 202 sentences, eight types, from raw text, strict character spans with clitics cut (P, R, F1, F1 by
  type: the tagger alone, `--tagger-only`).
- `../shared/data/ner/aqmar.dev.bio` and `build/ner/anercorp.dev.bio`, the last tenth of ANERcorp's training part: four classes, tokens as
  given; `four.pt` has heads for each and chooses by the text; on Wikipedia two taggers are asked, which were trained in different ways.
- `../shared/gold/dev.jsonl`: 22 annotated documents, F1 of the official scorer (docs/evaluation.md has all figures, and those of cross-validation).

Beside them, Stanza's published figures for Arabic, not measured here: Words 97-98, UPOS 96-97, UAS 87-88, LAS 83-84 on PADT with 224,000
training words (kg has {words} words of PADT and PUD together); NER 74.3 on AQMAR's test part.

## Data

| data | used for | licence |
| --- | --- | --- |
| Prague Arabic Dependency Treebank, 1,387 sentences of UD v1 | tokenizer, mwt, tagger, lemmatizer, parser | CC BY-NC-SA 3.0 |
| UD Arabic PUD, 900 sentences | the same | CC BY-SA 3.0 |
| SaudiNewsNet, nine million words of news of 2015 | word vectors, character language models; sentences annotated for NER | CC BY-NC-SA 4.0 |
| 3,838 sentences and 158 documents annotated with the eight types for kg | NER | text CC BY-NC-SA 4.0 |
| {news} more sentences of SaudiNewsNet, annotated in this repository by offsets (`kg/training/data/news_spans.jsonl`) | NER | text CC BY-NC-SA 4.0 |
| {written} sentences written and annotated for kg (`kg/training/data/ner_written_*.txt`) | NER | CC BY-NC-SA 4.0 |
| ANERcorp, the first nine tenths of 125,000 tokens | NER (four classes) | free for research |
| AQMAR, 51,000 tokens of Wikipedia | NER (four classes) | CC BY-SA 3.0 |
| 158 gold documents with events, and {events} more annotated for kg (`kg/training/data/news_events.jsonl`: SaudiNewsNet by offsets; \
`events_written.jsonl`: written for it) | event model; ranker of groups | text CC BY-NC-SA 4.0 |

## What they are weak at

Sentence ends without punctuation; features (case above all, which unvocalised text hides); names that neither the
vectors nor the NER data know; dialect; verse. The parser gets about one edge in four wrong, so kg never relies on it alone.
"""


def manifest(work: Path, scores: dict[str, dict[str, float]]) -> dict[str, Any]:
    """Describe the files in a folder of models; `scores` are by file."""
    files = {}
    for name, processor in (FILES | EXTRAS).items():
        path = work / name
        if name in EXTRAS and not path.is_file():
            continue
        files[name] = {"processor": processor, "bytes": path.stat().st_size, "sha256": sha256(path), "scores": scores.get(name, {})}
    return {"name": NAME, "version": VERSION, "licence": LICENCE, "files": files}


def card(described: dict[str, Any], minutes: dict[str, float], words: int) -> str:
    """The model card of a pack, from its manifest, the minutes that each training step took, and the number of treebank words."""
    rows = []
    for name, entry in described["files"].items():
        step = {"forward.pt": "charlm_forward", "backward.pt": "charlm_backward"}.get(name, name.removesuffix(".pt"))
        figures = ", ".join(f"{k} {v}" for k, v in entry["scores"].items()) or "-"
        took = f"{minutes[step]:.0f} min" if step in minutes else "-"
        rows.append(f"| {name} | {entry['processor']} | {entry['bytes'] / 2**20:.1f} MB | {took} | {figures} |")
    own = Path(__file__).with_name("data")
    return _CARD.format(
        name=described["name"],
        version=described["version"],
        licence=described["licence"],
        files="\n".join(rows),
        size=sum(entry["bytes"] for entry in described["files"].values()) / 2**20,
        words=f"{words:,}",
        # groups.pt has not learned from the latest ones: when it does, take its number out above.
        events=f"{sum(len((own / name).read_text(encoding='utf-8').splitlines()) for name in ('news_events.jsonl', 'events_written.jsonl')):,}",
        news=f"{len((own / 'news_spans.jsonl').read_text(encoding='utf-8').splitlines()):,}",
        written=f"{sum(1 for path in own.glob('ner_*.txt') for _ in ner_data.from_markup(path)):,}",
    )


def without_delta(path: Path) -> None:
    """Drop the NER tagger's embeddings of its own training words from its file.

    Trained with `--no_emb_finetune` they are all zero, and half of the file.
    """
    import torch

    saved = torch.load(path, map_location="cpu", weights_only=True)
    delta = saved["model"].pop("delta_emb.weight", None)
    if delta is not None and saved["config"].get("emb_finetune") is False and not delta.any():
        del saved["vocab"]["delta"]
        torch.save(saved, path, _use_new_zipfile_serialization=False)


def halved(saved: dict[str, Any]) -> dict[str, Any]:
    """A saved model of Stanza's with its weights in half precision, which Stanza reads into single precision: half the size."""
    saved["model"] = {name: value.half() if value.is_floating_point() else value for name, value in saved["model"].items()}
    return saved


def _words(path: Path) -> int:
    rows = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    return sum(row.split("\t", 1)[0].isdigit() for row in rows)


def _json(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


@click.command()
@click.option("--work", default="build", type=click.Path(path_type=Path), show_default=True, help="Where the training left its models.")
@click.option("--out", default="kg/models", type=click.Path(path_type=Path), show_default=True)
def main(work: Path, out: Path) -> None:
    """Copy the trained models to OUT and describe them in manifest.json and MODEL_CARD.md.

    Scores and durations are read from scores.json and durations.json in WORK where they are there.
    """
    import torch

    out.mkdir(parents=True, exist_ok=True)
    for name in (*FILES, *EXTRAS):
        source = work / "models" / ("vectors.half.pt" if name == "vectors.pt" else name)
        if name in EXTRAS and not source.is_file():
            continue
        shutil.copyfile(source, out / name)
        if name == "ner.pt":
            without_delta(out / name)
        if name == "parser.pt":  # a third of the pack
            saved = torch.load(out / name, map_location="cpu", weights_only=True)
            torch.save(halved(saved), out / name, _use_new_zipfile_serialization=False)
    (out / "resources.json").write_text("{}\n", encoding="utf-8")
    described = manifest(out, _json(work / "scores.json"))
    (out / "manifest.json").write_text(json.dumps(described, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    (out / "MODEL_CARD.md").write_text(card(described, _json(work / "durations.json"), _words(work / "ud" / "train.conllu")), encoding="utf-8")


if __name__ == "__main__":
    main()
