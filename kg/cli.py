"""The `kg` command: parses options, calls `kg.api`, prints. Data goes to stdout, everything else to stderr.

Exit status: 0 done; 1 done, but an input was bad or a graph is not valid; 2 not done; 130 interrupted.
"""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import click

# Only what is light is imported here: `kg --help` has to answer at once. Commands import what they use.
from kg import __version__
from kg.errors import KgError

if TYPE_CHECKING:
    from kg.bench import Report
    from kg.documents import Problem, Problems
    from kg.evaluation import Figures

T = TypeVar("T")


class _Failure(click.ClickException):
    exit_code = 2

    def show(self, file: Any = None) -> None:
        _say(self.message)


class _Group(click.Group):
    """Turns the errors that a user can do something about into one line, and lets the others show their traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except KgError as e:
            raise _Failure(str(e)) from e
        except KeyboardInterrupt:
            _say("interrupted")
            ctx.exit(130)
        except BrokenPipeError:
            # Whoever read stdout has read enough (`kg extract … | head`). Nothing is left to flush into it at exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            ctx.exit(141)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, "-V", "--version", message="kg %(version)s")
def cli() -> None:
    """Arabic news in, a knowledge graph of who did what to whom with what out.

    \b
    kg build seeds -o out          graph.ttl, graph.html and extractions.jsonl
    kg extract report.txt          entities, events and facts as JSON lines
    kg explain report.txt --list   why these events: sentence, parse, frame

    INPUT is a text file in UTF-8, a folder, a quoted glob pattern, a file of JSON lines ("text" and optional "id", "title",
    "published", "source"), or - for standard input. Bad inputs are named, skipped and counted; the exit status is then 1.
    """


def _checked_base(ctx: click.Context, param: click.Parameter, value: str | None) -> str | None:
    from kg.namespaces import checked_base

    try:
        return None if value is None else checked_base(value)
    except KgError as e:
        raise click.BadParameter(str(e)) from e


def _utf8(ctx: click.Context, param: click.Parameter, value: str | None) -> str | None:
    """An argument as the shell wrote it, also where the locale knows no Arabic."""
    return None if value is None else os.fsencode(value).decode("utf-8", "replace")


_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_models = click.option(
    "--models", metavar="DIR|official", help="Stanza models to use: a folder, or Stanza's own package.  [default: $KG_MODELS, else bundled]"
)
_lexicon = click.option(
    "--lexicon", multiple=True, type=_FILE, metavar="FILE", help="Names of your own, in Turtle like ontology/lexicon; repeatable."
)
_frames = click.option("--frames", multiple=True, type=_FILE, metavar="FILE", help="Event frames of your own, in Turtle; repeatable.")
_inputs = click.argument("inputs", metavar="INPUT...", nargs=-1, required=True)


@cli.command()
@click.argument("inputs", metavar="[INPUT]...", nargs=-1)
@click.option(
    "-o", "--output", default="out", show_default=True, metavar="DIR", type=click.Path(file_okay=False, path_type=Path), help="Where to write."
)
@_models
@_lexicon
@_frames
@click.option("--base", metavar="IRI", callback=_checked_base, help="What the IRIs of the graph start with; ends in / or #.")
@click.option("--title", metavar="TEXT", callback=_utf8, help="The heading of the page.")
def build(
    inputs: Sequence[str],
    output: Path,
    models: str | None,
    lexicon: Sequence[Path],
    frames: Sequence[Path],
    base: str | None,
    title: str | None,
) -> None:
    """Build the graph of what INPUT says (default: seeds/).

    Writes graph.ttl (RDF), graph.html (open it in a browser) and extractions.jsonl into DIR. Old files there are replaced
    when the new ones are complete, and kept when no input could be read.
    """
    from kg.api import extract, write
    from kg.documents import read

    problems = _problems()
    documents = read(inputs or ("seeds",), problems)
    extractions = list(_progress(extract(documents, models=models, lexicon=lexicon, frames=frames)))
    if not extractions:
        _finish(problems, "nothing was read and nothing written")
    summary = write(extractions, output, title=title, lexicon=lexicon, frames=frames, **({"base": base} if base else {}))
    for name in ("documents", "entities", "events", "facts"):
        click.echo(f"{name:<10}{getattr(summary, name):>8}")
    for file in summary.files:
        click.echo(file)
    _finish(problems)


@cli.command()
@_inputs
@_models
@_lexicon
@_frames
def extract(inputs: Sequence[str], models: str | None, lexicon: Sequence[Path], frames: Sequence[Path]) -> None:
    """Print entities, events and facts as JSON lines.

    One object a document, in the order of INPUT, each as soon as it is there.
    """
    from kg.api import extract as run
    from kg.api import json_line
    from kg.documents import read

    problems = _problems()
    for extraction in _progress(run(read(inputs, problems), models=models, lexicon=lexicon, frames=frames)):
        _write(json_line(extraction))
    _finish(problems)


@cli.command()
@click.argument("file", metavar="FILE", type=_FILE)
@click.option("--event", "wanted", metavar="N", help="The event to explain: its id (V3) or number (3).")
@click.option("--list", "as_list", is_flag=True, help="List the events of the document instead.")
@click.option("--doc", "document", metavar="ID", callback=_utf8, help="The document, where FILE holds several.")
@_models
@_lexicon
@_frames
def explain(
    file: Path,
    wanted: str | None,
    as_list: bool,
    document: str | None,
    models: str | None,
    lexicon: Sequence[Path],
    frames: Sequence[Path],
) -> None:
    """Show why kg found an event: sentence, parse, frame, roles.

    FILE is a document as for kg extract, or what kg extract printed; the sentences of that are parsed again.
    """
    from kg import explain as run

    if (wanted is None) is not as_list:
        raise click.UsageError("say which event with --event N, or --list for all")
    problems = _problems()
    found = run.find(file, document, problems)
    if wanted is None:
        _print_table(run.events(found, models=models, lexicon=lexicon, frames=frames), right={1, 4})
    else:
        click.echo("\n".join(run.explain(found, wanted, models=models, lexicon=lexicon, frames=frames)))
    _finish(problems)


@cli.command()
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=_FILE)
def validate(files: Sequence[Path]) -> None:
    """Check RDF files against the shapes of kg.

    FILE is Turtle, TriG, N-Triples, N-Quads, RDF/XML or JSON-LD, by its ending. Exit status 1 if one does not conform.
    """
    from kg.validation import validate as check

    valid = True
    for file in files:
        report = check([file])
        click.echo(f"{file}: {'valid' if report.conforms else 'not valid'}")
        for line in report.lines:
            click.echo(f"  {line}")
        valid &= report.conforms
    sys.exit(0 if valid else 1)


@cli.group(name="frames")
def frames_group() -> None:
    """Show event types and their words, or check your own."""


@frames_group.command(name="list")
@_frames
def frames_list(frames: Sequence[Path]) -> None:
    """Show all event types.

    For each its label, how many frames it has and how many different words trigger it, and its roles.
    """
    from kg.frame_report import listed
    from kg.frames import Frames
    from kg.vocabulary import vocabulary

    _print_table(listed(Frames.load(own=frames), vocabulary(*frames)), right={2, 3})


@frames_group.command(name="show")
@click.argument("names", metavar="NAME...", nargs=-1, required=True)
@_frames
def frames_show(names: Sequence[str], frames: Sequence[Path]) -> None:
    """Show the words and roles of event types or frames.

    NAME is an event type (SEND: all its frames) or one frame (send.give).
    """
    from kg.frame_report import shown
    from kg.frames import Frames
    from kg.vocabulary import vocabulary

    known, words = Frames.load(own=frames), vocabulary(*frames)
    pages = ["\n".join(shown(name, known, words)) for name in names]
    click.echo("\n\n".join(pages))


@frames_group.command(name="check")
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=_FILE)
def frames_check(files: Sequence[Path]) -> None:
    """Find the mistakes in your own frame files.

    One line for each, with what to write instead. Exit status 1 if there is one.
    """
    from kg.frame_check import check

    checked = check(files)
    for line in (*checked.mistakes, *checked.warnings):
        click.echo(line)
    if checked.mistakes:
        sys.exit(1)
    click.echo(f"{checked.frames} frame{'s' * (checked.frames != 1)}, no mistakes")


@cli.group(name="models")
def models_group() -> None:
    """Show models, or fetch Stanza's own."""


@models_group.command(name="list")
@_models
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def models_list(models: str | None, as_json: bool) -> None:
    """Show the models that would be used.

    Also whether their files are whole (the hash is the manifest's), and their scores on held-out data.
    """
    from kg.packs import find_models, model_files

    pack = find_models(models)
    files = model_files(pack.directory, pack.manifest)
    about = {key: pack.manifest.get(key) for key in ("name", "version", "licence")}
    if as_json:
        rows = [{"file": f.name, "processor": f.processor, "bytes": f.bytes, "state": f.state, "scores": dict(f.scores)} for f in files]
        _write(json.dumps({**about, "directory": str(pack.directory), "files": rows}, ensure_ascii=False, indent=1) + "\n")
        return
    click.echo(f"{' '.join(str(about[key]) for key in ('name', 'version') if about[key]) or 'models without a manifest'}  in {pack.directory}")
    if about["licence"]:
        terms = " (no commercial use, share alike; the code of kg is MIT)" if "NC" in str(about["licence"]) else ""
        click.echo(f"licence of the weights: {about['licence']}{terms}")
    table = [("file", "processor", "MB", "sha256", "scores")]
    for f in files:
        scores = "  ".join(f"{name} {value:g}" for name, value in f.scores.items())
        table.append((f.name, f.processor or "-", f"{f.bytes / 1e6:.1f}", f.state, scores or "-"))
    _print_table(table, right={2})


@models_group.command(name="download")
def models_download() -> None:
    """Fetch Stanza's Arabic package for --models official.

    Needs a network. Prints the folder that it lies in.
    """
    from kg.packs import download_official

    click.echo(download_official())


@cli.command()
@click.argument("gold", metavar="FILE", type=_FILE)
@click.option("--predicted", type=_FILE, metavar="FILE", help="Score these extractions instead of making new ones.")
@click.option("--tagger-only", is_flag=True, help="For texts with spans: without the lexicon's help.")
@click.option("--baselines", is_flag=True, help="Also score co-occurrence and plain triples of subject, verb and object.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@_models
@_lexicon
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
        raise click.UsageError(f"--tagger-only is for texts with spans; {gold} holds none")
    if baselines and (predicted or kind != "documents"):
        raise click.UsageError("--baselines reads annotated documents anew: give such a file, and no --predicted")
    if kind != "documents":
        if predicted:
            raise click.UsageError(f"--predicted is for annotated documents; {gold} holds none")
        _evaluate_models(gold, kind, as_json, models, () if tagger_only else lexicon, bare=tagger_only)
        return
    annotated = load(gold)
    problems = _problems()
    others: dict[str, Figures] = {}
    if predicted:
        found = load(predicted)
        if unknown := len({d["id"] for d in found} - {d["id"] for d in annotated}):
            _say(f"{unknown} documents of {predicted} are not in {gold} and are left out")
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
        found = [e.to_json() for e in _progress(extractions)]
    figures = score(annotated, found)
    if as_json:
        beside = {"baselines": {name: f.to_json() for name, f in others.items()}} if others else {}
        _write(json.dumps(figures.to_json() | beside, ensure_ascii=False, indent=1) + "\n")
    else:
        _print_figures(figures)
        for name, f in others.items():
            click.echo(f"\n{name}")
            _print_figures(f, ("event", "role", "edge"))
    _finish(problems)


def _evaluate_models(gold: Path, kind: str, as_json: bool, models: str | None, lexicon: Sequence[Path], bare: bool) -> None:
    from kg import accuracy
    from kg.extract import load_lexicon, names_of
    from kg.packs import find_models
    from kg.pipeline import Pipeline

    known = None if bare else load_lexicon(lexicon)
    score = accuracy.scorer(gold, kind, known)
    figures = score(Pipeline(find_models(models), names_of(known) if known else ()))
    if as_json:
        _write(accuracy.to_json(figures) + "\n")
    else:
        _print_table([(name, f"{value:.4g}" if kind == "treebank" else f"{value:.3f}") for name, value in figures.items()], right={1})


def _print_figures(figures: Figures, only: Sequence[str] = ()) -> None:
    table = [("", "precision", "recall", "F1", "gold", "predicted")]
    for name, s in figures.scores.items():
        if (s.gold or s.predicted) and name in (only or figures.scores):
            table.append((name, f"{s.precision:.3f}", f"{s.recall:.3f}", f"{s.f1:.3f}", str(s.gold), str(s.predicted)))
    _print_table(table, right={1, 2, 3, 4, 5})
    if figures.accuracies and not only:
        click.echo()
        _print_table([("", "accuracy", "of"), *((n, f"{a.value:.3f}", str(a.of)) for n, a in figures.accuracies.items())], right={1, 2})


@cli.group(name="bench")
def bench_group() -> None:
    """Measure how fast kg is and what it needs."""


@bench_group.command(name="pipeline")
@click.argument("inputs", metavar="[INPUT]...", nargs=-1)
@click.option("--corpus", type=_FILE, metavar="FILE", help="A text file (.txt, .xz, .gz) in which blank lines part articles.")
@click.option("--words", default=20_000, show_default=True, metavar="N", type=click.IntRange(min=1), help="Stop after so many words.")
@_models
@click.option("--threads", metavar="N", type=click.IntRange(min=1), help="Threads of PyTorch.  [default: as many as it takes]")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def bench_pipeline(inputs: Sequence[str], corpus: Path | None, words: int, models: str | None, threads: int | None, as_json: bool) -> None:
    """Measure kg beside a plain Stanza pipeline.

    Reads the same documents (default: seeds/) with a plain stanza.Pipeline document by document, with kg's pipeline, and with
    all of kg extract, each in a process of its own: words a second, also by processor, load time and peak memory.
    """
    from kg.bench import articles, compare, first_words
    from kg.documents import read

    if not inputs and corpus is None and Path("seeds").is_dir():
        inputs = ("seeds",)
    problems = _problems()
    documents = first_words(chain(read(inputs, problems), articles(corpus) if corpus else ()), words)
    report = compare(documents, models=models, threads=threads, progress=_measuring)
    if as_json:
        _write(json.dumps(report.to_json(), ensure_ascii=False, indent=1) + "\n")
    else:
        _print_report(report)
    _finish(problems)


def _measuring(variant: str) -> None:
    if sys.stderr.isatty():
        _say(f"measuring {variant}")


def _print_report(report: Report) -> None:
    first = report.runs[0]
    click.echo(f"{first.documents} documents, {first.words} words, PyTorch threads: {first.threads}, models: {report.models}\n")
    table = [("", "words/s", "x naive", "seconds", "CPU s", "load s", "peak MB")]
    for run in report.runs:
        table.append(
            (
                run.variant,
                f"{run.words_per_second:.0f}",
                f"{report.ratio(run.variant):.2f}",
                f"{run.seconds:.1f}",
                f"{run.cpu_seconds:.1f}",
                f"{run.load_seconds:.1f}",
                f"{run.peak_mb:.0f}",
            )
        )
    _print_table(table, right={1, 2, 3, 4, 5, 6})
    for run in report.runs:
        if run.parts:
            rows = [(name, f"{run.words / s:.0f}", f"{s / run.seconds:.1%}", f"{s:.1f}") for name, s in run.parts.items()]
            click.echo()
            _print_table([(run.variant, "words/s", "share", "seconds"), *rows], right={1, 2, 3})


def _print_table(rows: Sequence[Sequence[str]], right: set[int]) -> None:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (c.rjust(w) if i in right else c.ljust(w) for i, (c, w) in enumerate(zip(row, widths, strict=True)))
        click.echo("  ".join(cells).rstrip())


def _write(text: str) -> None:
    """Data to stdout at once, in UTF-8 whatever the terminal's language is."""
    stream = sys.stdout.buffer
    stream.write(text.encode("utf-8"))
    stream.flush()


def _say(message: str) -> None:
    click.echo(f"kg: {message}", err=True)


def _problems() -> Problems:
    from kg.documents import Problems

    def report(problem: Problem) -> None:
        _say(f"{problem} (skipped)" if not problem.harmless else str(problem))

    return Problems(report)


def _finish(problems: Problems, outcome: str = "") -> None:
    """End with status 1 if an input was lost, or if there is an `outcome` to complain of."""
    if n := problems.errors:
        outcome = f"{n} input{'s' if n > 1 else ''} could not be read" + (f"; {outcome}" if outcome else "")
    if outcome:
        _say(outcome)
        sys.exit(1)


def _progress(items: Iterable[T]) -> Iterator[T]:
    """Counts what passes through on stderr, if that is a terminal: nobody wants a moving bar in a log."""
    if not sys.stderr.isatty():
        yield from items
        return

    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = SpinnerColumn(), TextColumn("{task.completed} documents read"), TimeElapsedColumn()
    # The line goes when the work is done, and what is printed meanwhile stands above it.
    with Progress(*columns, console=Console(stderr=True), transient=True, redirect_stdout=False) as progress:
        task = progress.add_task("", total=None)
        for item in items:
            progress.advance(task)
            yield item


def main() -> NoReturn:
    """The console script."""
    for stream in (sys.stdout, sys.stderr):
        # A name of a file may hold Arabic letters, whatever the locale knows, or bytes that are no letters at all.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="surrogateescape")
    cli.main(prog_name="kg")


if __name__ == "__main__":
    main()
