"""What the finished models are worth, measured by `kg evaluate` on what was never trained on.

    python -m kg.training.scores --models build/pack

The figures go to WORK/scores.json, by model file, from where `kg.training.pack` takes them into the manifest and the model
card. Files measured on: the held-out tenth of the treebank documents (and PUD's part of it alone), `fine.dev.jsonl` with the
tagger alone and with the lexicon, the dev part of AQMAR, the last tenth of `anercorp.train.bio`, the annotated documents of `dev.jsonl`.
"""

from __future__ import annotations

import json
from pathlib import Path

import click

from kg import accuracy
from kg.evaluation import load, score
from kg.extract import Extractor, load_lexicon, names_of
from kg.model import Document
from kg.packs import ModelPack, find_models
from kg.pipeline import Pipeline


def measure(pack: ModelPack, work: Path, data: Path) -> dict[str, dict[str, float]]:
    """All figures in percent, by model file."""
    lexicon = load_lexicon()
    pipeline = Pipeline(pack, names_of(lexicon))
    trees = accuracy.read_treebank(work / "ud" / "dev.conllu")
    tree = accuracy.treebank(pipeline, trees)
    pud = accuracy.treebank(pipeline, accuracy.read_treebank(work / "ud" / "pud.dev.conllu"))
    rows = load(data / "ner" / "fine.dev.jsonl")
    fine = accuracy.spans(Pipeline(pack), rows)
    helped = accuracy.spans(pipeline, rows, lexicon)
    by_file = {
        "tokenizer.pt": {n: tree[n] for n in ("Tokens", "Sentences")},
        "mwt.pt": {"Words": tree["Words"], "Words (PUD)": pud["Words"]},
        "tagger.pt": {n: tree[n] for n in ("UPOS", "UFeats")} | {"UPOS (PUD)": pud["UPOS"]},
        "lemmatizer.pt": {"Lemmas": tree["Lemmas"]},
        "parser.pt": {n: tree[n] for n in ("UAS", "LAS", "UAS.gold", "LAS.gold")},
        "ner.pt": {{"p": "P", "r": "R"}.get(n, n.replace("f1", "F1").replace(".", " ")): _percent(v) for n, v in fine.items()},
    }
    by_file["ner.pt"] |= {"F1 with the lexicon": _percent(helped["f1"])}
    for name, path in (("AQMAR", data / "ner" / "aqmar.dev.bio"), ("ANERcorp", work / "ner" / "anercorp.dev.bio")):
        of = "four.pt" if "four.pt" in pack.manifest["files"] else "ner.pt"
        by_file.setdefault(of, {})[f"F1 {name}"] = _percent(accuracy.tagged(pipeline, accuracy.read_tagged(path))["f1"])
    if "events.pt" in pack.manifest["files"]:
        annotated = load(data.parent / "gold" / "dev.jsonl")
        extractor = Extractor.load(pack=pack)
        found = [extractor(d, s).to_json() for d, s in pipeline(Document(d["id"], d["text"]) for d in annotated)]
        figures = score(annotated, found).to_json()
        by_file["events.pt"] = {f"F1 {name}": _percent(figures[name]["f1"]) for name in ("event", "role", "edge", "source")}
        by_file["groups.pt"] = {"F1 entity": _percent(figures["entity"]["f1"])}
    return by_file


def _percent(share: float) -> float:
    return round(100 * share, 2)


@click.command()
@click.option("--models", default="build/pack", show_default=True, help="The pack to measure.")
@click.option("--work", default="build", type=click.Path(path_type=Path), show_default=True)
@click.option("--data", default="../shared/data", type=click.Path(path_type=Path), show_default=True)
def main(models: str, work: Path, data: Path) -> None:
    """Measure a pack and write WORK/scores.json."""
    scores = measure(find_models(models), work, data)
    (work / "scores.json").write_text(json.dumps(scores, indent=1) + "\n", encoding="utf-8")
    click.echo(json.dumps(scores, indent=1))


if __name__ == "__main__":
    main()
