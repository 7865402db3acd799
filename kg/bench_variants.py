"""What `kg bench pipeline` compares: the ways in which the same documents are read, each measured in the process that calls `measure`."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial, wraps
from time import perf_counter, process_time
from typing import Any, NamedTuple

# Stanza and PyTorch are imported by what is measured: their import is part of the load time, and of the memory of a child only.
from kg.errors import KgError
from kg.language import _
from kg.machine import cores, peak_memory
from kg.model import Document
from kg.packs import find_models
from kg.pipeline import Pipeline, load
from kg.workers import Workers


@dataclass(frozen=True, slots=True)
class Run:
    """What one variant took.

    `seconds` are those of reading, without loading and warming up, and `cpu_seconds` those of them in which the process computed, on all
    cores together: where they are far fewer than `seconds` times `threads`, something else had the machine. `load_seconds` begin with the
    import of Stanza. `peak_mb` is the most resident memory, in 10**6 bytes. `threads` are PyTorch's. `processors` has the seconds in
    each of Stanza's processors where they were measured. Where there are several `processes`, computing and memory are those of all
    together.
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
        return {f"{self.variant}_{name}": rounded(value) for name, value in figures.items()}


def rounded(value: float) -> float:
    """Four digits: no two runs agree in more."""
    return value if isinstance(value, int) else float(f"{value:.4g}")


def count_words(text: str) -> int:
    """How many words a text has, by white space."""
    return len(text.split())


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
    import torch

    return Run(
        variant=variant,
        documents=len(took.texts),
        words=sum(map(count_words, took.texts)),
        seconds=took.ended.wall - took.started.wall,
        cpu_seconds=took.ended.cpu - took.started.cpu,
        load_seconds=took.loaded.wall - began.wall,
        peak_mb=(peak_memory() + sum(took.others)) / 1e6,
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
    """When the models were loaded, when reading began and ended; the texts that came out; seconds by processor; how many processes read.

    `others` are the most bytes that each of the processes had, where this one only waits for them.
    """

    loaded: _Moment
    started: _Moment
    ended: _Moment
    texts: list[str]
    processors: Mapping[str, float]
    processes: int = 1
    others: Sequence[int] = ()


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
    for _read in pipeline(documents[:1]):
        pass
    seconds = watch(pipeline._nlp.processors)
    started = _Moment.now()
    texts = [d.text for d, _ in pipeline(documents)]
    return _Took(loaded, started, _Moment.now(), texts, seconds)


def _extract(documents: Sequence[Document], models: str | None, event_model: bool = True) -> _Took:
    """What `kg extract` does with documents in one process; warmed up with one of them, as all that is compared."""
    from kg.api import json_line
    from kg.corpus import Models

    read = Models(models, event_model=event_model)()
    loaded = _Moment.now()
    for extraction in read(documents[:1]):
        json_line(extraction)
    started = _Moment.now()
    texts = []
    for extraction in read(documents):
        json_line(extraction)
        texts.append(extraction.document.text)
    return _Took(loaded, started, _Moment.now(), texts, {})


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
        others = [peak_memory(pid) for pid in place.pids]
    finally:
        place.close()
    if problems:
        raise KgError(_("a document could not be measured on: {problem}").format(problem=problems[0]))
    return _Took(loaded, started, ended, texts, {}, processes, others)


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
