"""What the finished models are worth, measured through kg's own pipeline on what was never trained on.

    python -m kg.training.scores --models build/pack

Treebank: the held-out tenth, from raw text, by the official CoNLL 2018 script that comes with Stanza. NER: `fine.dev.jsonl`
from raw text, strict character spans after clitics are cut. The figures go to WORK/scores.json, by model file, from where
`kg.training.pack` takes them into the manifest and the model card.
"""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import click

from kg import mentions
from kg.lexicon import Lexicon
from kg.model import Document, Sentence
from kg.pipeline import Pipeline, find_models
from kg.training.treebank import paragraphs


def conllu(sentences: Iterable[Sentence]) -> str:
    """Parsed sentences as CoNLL-U, with multi-word tokens."""
    out = []
    for s in sentences:
        lines = []
        for w in s.words:
            same = [v for v in s.words if v.token == w.token]
            if len(same) > 1 and w is same[0]:
                lines.append(f"{w.index + 1}-{w.index + len(same)}\t{''.join(v.text for v in same)}" + "\t_" * 8)
            feats = "|".join(f"{k}={v}" for k, v in sorted(w.feats.items())) or "_"
            lines.append(f"{w.index + 1}\t{w.text}\t{w.lemma}\t{w.upos}\t_\t{feats}\t{w.head + 1}\t{w.deprel}\t_\t_")
        out.append("\n".join(lines) + "\n\n")
    return "".join(out)


def treebank(pipeline: Pipeline, gold: Path) -> dict[str, float]:
    """CoNLL 2018 F1 figures in percent of a CoNLL-U file, from its own text, paragraph by paragraph."""
    from udtools import udeval

    parsed = [s for _, sentences in pipeline(Document(str(i), p) for i, p in enumerate(paragraphs(gold))) for s in sentences]
    with tempfile.TemporaryDirectory() as folder:
        system = Path(folder) / "system.conllu"
        system.write_text(conllu(parsed), encoding="utf-8")
        figures = udeval.evaluate(*(udeval.load_conllu_file(str(p), treebank_type={}) for p in (gold, system)))
    return {name: round(100 * figures[name].f1, 2) for name in ("Tokens", "Sentences", "Words", "UPOS", "UFeats", "Lemmas", "UAS", "LAS")}


def spans(pipeline: Pipeline, gold: Path) -> dict[str, float]:
    """Precision, recall and F1 in percent of the NER tagger's spans, all types together and F1 type by type."""
    rows = [json.loads(line) for line in gold.read_text(encoding="utf-8").splitlines()]
    empty = Lexicon(())
    right, found, wanted = Counter[str](), Counter[str](), Counter[str]()
    for row, (document, sentences) in zip(rows, pipeline(Document(r["id"], r["text"]) for r in rows), strict=True):
        predicted = {(m.span.start, m.span.end, m.type) for s in sentences for m in mentions.find(s, document.text, empty)}
        true = {(start, end, type) for start, end, type in row["spans"]}
        for counter, group in ((right, predicted & true), (found, predicted), (wanted, true)):
            counter.update(type for *_, type in group)
    total = {
        "P": round(100 * right.total() / found.total(), 2),
        "R": round(100 * right.total() / wanted.total(), 2),
        "F1": _f1(right.total(), found.total(), wanted.total()),
    }
    return total | {f"F1 {t}": _f1(right[t], found[t], wanted[t]) for t in sorted(wanted)}


def _f1(right: int, found: int, wanted: int) -> float:
    return round(200 * right / (found + wanted), 2) if found + wanted else 0.0


@click.command()
@click.option("--models", default="build/pack", show_default=True, help="The pack to measure.")
@click.option("--work", default="build", type=click.Path(path_type=Path), show_default=True)
@click.option("--data", default="../shared/data", type=click.Path(path_type=Path), show_default=True)
def main(models: str, work: Path, data: Path) -> None:
    """Measure a pack and write WORK/scores.json."""
    pipeline = Pipeline(find_models(models))
    tree = treebank(pipeline, work / "ud" / "dev.conllu")
    measured = {
        "tokenizer.pt": ("Tokens", "Sentences"), "mwt.pt": ("Words",), "tagger.pt": ("UPOS", "UFeats"), "lemmatizer.pt": ("Lemmas",),
        "parser.pt": ("UAS", "LAS"),
    }  # fmt: skip
    scores = {file: {name: tree[name] for name in names} for file, names in measured.items()}
    scores["ner.pt"] = spans(pipeline, data / "ner" / "fine.dev.jsonl")
    (work / "scores.json").write_text(json.dumps(scores, indent=1) + "\n", encoding="utf-8")
    click.echo(json.dumps(scores, indent=1))


if __name__ == "__main__":
    main()
