"""kg evaluate."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.console import FILE, finish, lexicon_option, models_option, print_table, progress, reported, say, write, write_json
from kg.language import N_, _, ngettext

if TYPE_CHECKING:
    from kg.evaluation import Figures


@click.command()
@click.argument("gold", metavar="FILE", type=FILE)
@click.option("--predicted", type=FILE, metavar="FILE", help="Score these extractions instead of making new ones.")
@click.option("--tagger-only", is_flag=True, help="For texts with spans: without the lexicon's help.")
@click.option("--baselines", is_flag=True, help="Also score co-occurrence and plain triples of subject, verb and object.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@models_option
@lexicon_option
def evaluate(
    gold: Path, predicted: Path | None, tagger_only: bool, baselines: bool, as_json: bool, models: str | None, lexicon: Sequence[Path]
) -> None:
    """Score kg, or its models alone, against what people annotated.

    \b
    FILE is one of
      .jsonl   documents with entities, events and facts: precision, recall and F1 of each
      .jsonl   texts with "spans": the mentions of the eight types, strictly
      .bio     a token and its label (PER LOC ORG MISC) a line: the four-class tagger, tokens as given
      .conllu  a treebank: the figures of the CoNLL 2018 shared task from its raw text; UAS.gold and LAS.gold on its own words
    """
    from kg import accuracy
    from kg.evaluation import load, score

    kind = accuracy.kind(gold)
    if tagger_only and kind != "spans":
        raise click.UsageError(_("--tagger-only is for texts with spans; {gold} holds none").format(gold=gold))
    if baselines and (predicted or kind != "documents"):
        raise click.UsageError(_("--baselines reads annotated documents anew: give such a file, and no --predicted"))
    if kind != "documents":
        if predicted:
            raise click.UsageError(_("--predicted is for annotated documents; {gold} holds none").format(gold=gold))
        _evaluate_models(gold, kind, as_json, models, () if tagger_only else lexicon, bare=tagger_only)
        return
    annotated = load(gold)
    problems = reported()
    others: dict[str, Figures] = {}
    if predicted:
        found = load(predicted)
        if unknown := len({d["id"] for d in found} - {d["id"] for d in annotated}):
            message = ngettext(
                "{n} document of {predicted} is not in {gold} and is left out",
                "{n} documents of {predicted} are not in {gold} and are left out",
                unknown,
            )
            say(message.format(n=unknown, predicted=predicted, gold=gold))
    elif baselines:
        from kg.baselines import extract as run_all
        from kg.documents import read

        each = [{name: x.to_json() for name, x in found.items()} for found in run_all(read([str(gold)], problems), models=models, lexicon=lexicon)]
        found = [e.pop("kg") for e in each]
        others = {name: score(annotated, [e[name] for e in each]) for name in (each[0] if each else ())}
    else:
        from kg.api import extract as run
        from kg.documents import read

        extractions = run(read([str(gold)], problems), models=models, lexicon=lexicon)
        found = [e.to_json() for e in progress(extractions)]
    figures = score(annotated, found)
    if as_json:
        beside = {"baselines": {name: f.to_json() for name, f in others.items()}} if others else {}
        write_json(figures.to_json() | beside)
    else:
        _print_figures(figures)
        for name, f in others.items():
            click.echo(f"\n{name}")
            _print_figures(f, ("event", "role", "edge"))
    finish(problems)


def _evaluate_models(gold: Path, kind: str, as_json: bool, models: str | None, lexicon: Sequence[Path], bare: bool) -> None:
    from kg import accuracy
    from kg.extract import load_lexicon, names_of
    from kg.packs import find_models
    from kg.pipeline import Pipeline

    known = None if bare else load_lexicon(lexicon)
    score = accuracy.scorer(gold, kind, known)
    figures = score(Pipeline(find_models(models), names_of(known) if known else ()))
    if as_json:
        write(accuracy.to_json(figures) + "\n")
    else:
        print_table([(name, f"{value:.4g}" if kind == "treebank" else f"{value:.3f}") for name, value in figures.items()], right={1})


#: What is scored.
_FIGURES = {
    "mention": N_("mention"), "mention~": N_("mention~"), "entity": N_("entity"), "role": N_("role"), "edge": N_("edge"), "event": N_("event"),
    "source": N_("source"), "fact": N_("fact"), "quantity": N_("quantity"), "polarity": N_("polarity"), "modality": N_("modality"), "is": N_("is"),
}  # fmt: skip


def _shown(figure: str) -> str:
    """A figure's name: a word, which may be followed by the type or value that it is counted for."""
    word, *of = figure.split(" ", 1)
    return " ".join([_(_FIGURES.get(word, word)), *of])


def _print_figures(figures: Figures, only: Sequence[str] = ()) -> None:
    table = [("", _("precision"), _("recall"), "F1", _("gold"), _("predicted"))]
    for name, s in figures.scores.items():
        if (s.gold or s.predicted) and name in (only or figures.scores):
            table.append((_shown(name), f"{s.precision:.3f}", f"{s.recall:.3f}", f"{s.f1:.3f}", str(s.gold), str(s.predicted)))
    print_table(table, right={1, 2, 3, 4, 5})
    if figures.accuracies and not only:
        click.echo()
        print_table([("", _("accuracy"), _("of")), *((_shown(n), f"{a.value:.3f}", str(a.of)) for n, a in figures.accuracies.items())], right={1, 2})
