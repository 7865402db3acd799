"""Speed, memory and load time of kg beside a plain Stanza pipeline with the same models.

    naive      stanza.Pipeline, called document by document
    pipeline   kg.pipeline.Pipeline over all documents
    frames     the same and all that `kg extract` does, but without the event model
    extract    all that `kg extract` does, up to the lines that it prints
    workers    the same with as many processes as cores

Each reads the same documents in a process of its own, one after the other, so that memory and load time are its own. The first document
is read once before the clock starts: what is made on first use belongs to no document. Words are counted by white space in the input,
and are the same for all. Of the first two the time in each of Stanza's processors is known too.
"""

from __future__ import annotations

import gc
import io
import lzma
import os
import resource
import signal
import sys
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial, wraps
from itertools import chain
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from time import perf_counter, process_time
from typing import Any, BinaryIO, NamedTuple, cast

# Stanza and PyTorch are imported by what is measured: their import is part of the load time, and of the memory of a child only.
from kg.documents import document_id
from kg.errors import KgError
from kg.files import opened
from kg.machine import cores
from kg.model import Document
from kg.packs import find_models
from kg.pipeline import Pipeline, load
from kg.text import is_arabic
from kg.workers import Workers


@dataclass(frozen=True, slots=True)
class Run:
    """What one variant took.

    `seconds` are those of reading, without loading and warming up, and `cpu_seconds` those of them in which the process computed, on all
    cores together: where they are far fewer than `seconds` times `threads`, something else had the machine. `load_seconds` begin with the
    import of Stanza. `peak_mb` is the most resident memory, in 10**6 bytes. `threads` are PyTorch's. `processors` has the seconds in
    each of Stanza's processors where they were measured. Where there are several `processes`, computing and memory are those of all
    together; for the memory of each, that of the largest is taken.
    """

    variant: str
    documents: int
    words: int
    seconds: float
    cpu_seconds: float
    load_seconds: float
    peak_mb: float
    threads: int
    processors: Mapping[str, float]
    processes: int = 1

    @property
    def words_per_second(self) -> float:
        return self.words / self.seconds

    @property
    def parts(self) -> dict[str, float]:
        """Seconds by processor, and in all that is "other"; empty where they were not measured."""
        return {**self.processors, "other": self.seconds - sum(self.processors.values())} if self.processors else {}

    def to_json(self) -> dict[str, Any]:
        """Flat, in the order of the table; keys begin with the variant."""
        figures = {
            "words": self.words,
            "seconds": self.seconds,
            "cpu_seconds": self.cpu_seconds,
            "words_per_second": self.words_per_second,
            "load_seconds": self.load_seconds,
            "peak_mb": self.peak_mb,
            "processes": self.processes,
        }
        for name, seconds in self.parts.items():
            figures |= {f"{name}_seconds": seconds, f"{name}_words_per_second": self.words / seconds, f"{name}_share": seconds / self.seconds}
        return {f"{self.variant}_{name}": _rounded(value) for name, value in figures.items()}


@dataclass(frozen=True, slots=True)
class Report:
    """The runs of one measurement, in the order of `VARIANTS`, and the version of the models that all of them read with."""

    models: str
    runs: tuple[Run, ...]

    def ratio(self, variant: str, to: str = "naive") -> float:
        """How many times as many words a second as another variant, the plain pipeline by default."""
        speed = {run.variant: run.words_per_second for run in self.runs}
        return speed[variant] / speed[to]

    def to_json(self) -> dict[str, Any]:
        """One flat object: what was read, the figures of each run, the ratios."""
        first = self.runs[0]
        figures: dict[str, Any] = {"models": self.models, "threads": first.threads, "documents": first.documents, "words": first.words}
        for run in self.runs:
            figures |= run.to_json()
        figures |= {f"{run.variant}_to_naive": _rounded(self.ratio(run.variant)) for run in self.runs[1:]}
        if {"workers", "extract"} <= {run.variant for run in self.runs}:
            figures["workers_to_extract"] = _rounded(self.ratio("workers", "extract"))
        return figures


def _rounded(value: float) -> float:
    """Four digits: no two runs agree in more."""
    return value if isinstance(value, int) else float(f"{value:.4g}")


def count_words(text: str) -> int:
    """How many words a text has, by white space."""
    return len(text.split())


def articles(file: Path) -> Iterator[Document]:
    """The articles of a corpus: a text file in UTF-8, also `.xz` or `.gz`, in which blank lines part them.

    What has no Arabic letter is left out, as `kg.read` does.

    Raises:
        KgError: the file cannot be read, or is not UTF-8.
    """
    try:
        with _open(file) as stream:
            article: list[str] = []
            for line in chain(io.TextIOWrapper(stream, encoding="utf-8-sig"), ["\n"]):
                if line.strip():
                    article.append(line)
                elif article:
                    text = "".join(article).rstrip("\n")
                    article = []
                    if is_arabic(text):
                        yield Document(document_id(text), text)
    except UnicodeDecodeError as e:
        raise KgError(f"{file} is not UTF-8: convert it, for example with iconv -f WINDOWS-1256 -t UTF-8") from e
    except (OSError, EOFError, lzma.LZMAError, zlib.error) as e:
        raise KgError(f"{file} cannot be read: {getattr(e, 'strerror', None) or e}") from e


def _open(file: Path) -> BinaryIO:
    return cast(BinaryIO, lzma.open(file, "rb")) if file.suffix.lower() == ".xz" else opened(file)


def first_words(documents: Iterable[Document], words: int) -> list[Document]:
    """The first documents that have `words` words together, whole; all of them if they have fewer."""
    taken: list[Document] = []
    for document in documents:
        taken.append(document)
        words -= count_words(document.text)
        if words <= 0:
            break
    return taken


def compare(
    documents: Sequence[Document],
    *,
    models: str | None = None,
    threads: int | None = None,
    progress: Callable[[str], None] | None = None,
) -> Report:
    """Measure all variants on `documents`, each in a process of its own, one after the other.

    Args:
        documents: at least one.
        models: see `kg.api.extract`.
        threads: for PyTorch; None for as many as it takes by itself.
        progress: called with the name of each variant before it runs.

    Raises:
        KgError: there are no documents, models cannot be loaded, or a process was ended from outside.
    """
    if not documents:
        raise KgError("there is nothing to measure on: give files or folders of Arabic reports, or --corpus FILE")
    pack = find_models(models)
    runs = []
    for variant in VARIANTS:
        if progress:
            progress(variant)
        runs.append(_apart(variant, documents, models, threads))
    if len({(run.documents, run.words, run.threads) for run in runs}) != 1:
        raise RuntimeError(f"the runs did not read the same: {runs}")
    return Report(pack.version(), tuple(runs))


def _apart(variant: str, documents: Sequence[Document], models: str | None, threads: int | None) -> Run:
    """`measure` in a new process: not a fork, which would begin with the memory and the imports of this one."""
    context = get_context("spawn")
    receiving, sending = context.Pipe(duplex=False)
    # No daemon, which may not start processes of its own. Those end with it.
    process = context.Process(target=_child, args=(sending, variant, documents, models, threads))
    process.start()
    sending.close()  # so that its end is seen here when the child is gone
    try:
        answer: Run | KgError = receiving.recv()
    except EOFError as e:
        process.join()
        raise KgError(f"the process that measured {variant!r} ended with status {process.exitcode}; if memory was short, use fewer --words") from e
    finally:
        process.terminate()
        process.join()
        receiving.close()
    if isinstance(answer, KgError):
        raise answer
    return answer


def _child(sending: Connection, variant: str, documents: Sequence[Document], models: str | None, threads: int | None) -> None:
    # An interrupt goes to both processes. The parent ends this one, and one of them is enough to say so.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        sending.send(measure(variant, documents, models, threads))
    except KgError as e:
        sending.send(e)


def measure(variant: str, documents: Sequence[Document], models: str | None = None, threads: int | None = None) -> Run:
    """Measure one of `VARIANTS` in this process, which should be a fresh one: memory and load time are those of the process.

    Raises:
        KgError: models cannot be loaded.
    """
    if threads:
        # Read by PyTorch when it is imported, which `kg.pipeline` does after it has set how threads wait.
        os.environ["OMP_NUM_THREADS"] = str(threads)
    began = _Moment.now()
    took = VARIANTS[variant](documents, models)
    own, others = (resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    peak = (own + (others * took.processes if took.processes > 1 else 0)) * (1 if sys.platform == "darwin" else 1024)
    import torch

    return Run(
        variant=variant,
        documents=len(took.texts),
        words=sum(map(count_words, took.texts)),
        seconds=took.ended.wall - took.started.wall,
        cpu_seconds=took.ended.cpu - took.started.cpu,
        load_seconds=took.loaded.wall - began.wall,
        peak_mb=peak / 1e6,
        threads=torch.get_num_threads(),
        processors=took.processors,
        processes=took.processes,
    )


class _Moment(NamedTuple):
    """Seconds by the clock and of computing, each since some fixed moment."""

    wall: float
    cpu: float

    @classmethod
    def now(cls) -> _Moment:
        return cls(perf_counter(), process_time())


class _Took(NamedTuple):
    """When the models were loaded, when reading began and ended; the texts that came out; seconds by processor; how many processes read."""

    loaded: _Moment
    started: _Moment
    ended: _Moment
    texts: list[str]
    processors: Mapping[str, float]
    processes: int = 1


def _naive(documents: Sequence[Document], models: str | None) -> _Took:
    # Loaded by kg, for the half-precision vectors of the bundled pack need more than paths; nothing else of it is kg's.
    nlp, _ = load(find_models(models))
    loaded = _Moment.now()
    nlp(documents[0].text)
    seconds = watch(nlp.processors)
    started = _Moment.now()
    texts = [nlp(d.text).text for d in documents]
    return _Took(loaded, started, _Moment.now(), texts, seconds)


def _pipeline(documents: Sequence[Document], models: str | None) -> _Took:
    pipeline = Pipeline(find_models(models))
    loaded = _Moment.now()
    for _ in pipeline(documents[:1]):
        pass
    seconds = watch(pipeline._nlp.processors)
    started = _Moment.now()
    texts = [d.text for d, _ in pipeline(documents)]
    return _Took(loaded, started, _Moment.now(), texts, seconds)


def _extract(documents: Sequence[Document], models: str | None, event_model: bool = True) -> _Took:
    """Twice through the function behind the command, which loads the models itself: once for the load time and to warm up, once for the speed."""
    from kg.api import json_line
    from kg.extract import extract

    marks: list[_Moment] = []

    def given(some: Sequence[Document]) -> Iterator[Document]:
        # Models are loaded when the first document is there, and before the second is asked for.
        yield some[0]
        marks.append(_Moment.now())
        yield from some[1:]

    for extraction in extract(given(documents[:1]), models=models, event_model=event_model):
        json_line(extraction)
    gc.collect()  # or the peak would be that of two sets of models: Stanza's objects refer to one another
    texts = []
    for extraction in extract(given(documents), models=models, event_model=event_model):
        json_line(extraction)
        texts.append(extraction.document.text)
    ended = _Moment.now()
    loaded, started = marks
    return _Took(loaded, started, ended, texts, {})


def _workers(documents: Sequence[Document], models: str | None) -> _Took:
    import psutil

    from kg.api import json_line
    from kg.corpus import Models, extract
    from kg.documents import Problems

    processes = cores()
    load, problems = Models(models), Problems()
    place = Workers(load, processes)

    def now() -> _Moment:
        moment = _Moment.now()
        return moment._replace(cpu=moment.cpu + sum(sum(psutil.Process(pid).cpu_times()[:2]) for pid in place.pids))

    try:
        place.start()
        loaded = now()
        warm = 0
        for n in range(processes):
            place.submit(n, documents[:1])
        while warm < processes:
            warm += len(place.done(block=True))
        started = now()
        texts = []
        for extraction in extract(documents, load, problems, place=place):
            json_line(extraction)
            texts.append(extraction.document.text)
        ended = now()
    finally:
        place.close()
    if problems:
        raise KgError(f"a document could not be measured on: {problems[0]}")
    return _Took(loaded, started, ended, texts, {}, processes)


#: What is compared, in the order in which it is measured; all others are set in relation to "naive".
VARIANTS: Mapping[str, Callable[[Sequence[Document], str | None], _Took]] = {
    "naive": _naive, "pipeline": _pipeline, "frames": partial(_extract, event_model=False), "extract": _extract,
    "workers": _workers,
}  # fmt: skip


def watch(processors: Mapping[str, Any]) -> dict[str, float]:
    """Time all calls of Stanza's processors from now on.

    Args:
        processors: name -> object with `process` and `bulk_process`, as a `stanza.Pipeline` holds them.

    Returns:
        Name -> seconds, in the order of the first calls; it grows with every call.
    """
    seconds: dict[str, float] = {}
    for name, processor in processors.items():
        running: list[str] = []
        for method in ("process", "bulk_process"):
            setattr(processor, method, _timed(getattr(processor, method), name, seconds, running))
    return seconds


def _timed(method: Callable[..., Any], name: str, seconds: dict[str, float], running: list[str]) -> Callable[..., Any]:
    """The method, which adds to `seconds`, but not while one that shares `running` does: `bulk_process` calls `process`."""

    @wraps(method)
    def run(*args: Any, **options: Any) -> Any:
        if running:
            return method(*args, **options)
        running.append(name)
        began = perf_counter()
        try:
            return method(*args, **options)
        finally:
            seconds[name] = seconds.get(name, 0.0) + perf_counter() - began
            running.clear()

    return run
