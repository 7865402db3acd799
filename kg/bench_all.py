"""All measurements of kg in one run, each beside what it has to be compared with: see `PARTS`."""

from __future__ import annotations

import platform
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from kg import __version__
from kg.bench_variants import count_words
from kg.errors import KgError
from kg.language import _
from kg.machine import cores
from kg.model import Document

#: What is measured, in this order, and the module that does it.
PARTS: Mapping[str, str] = {
    "start": "until kg --help is done and kg extract prints its first document, to the loading of a plain Stanza pipeline (kg.bench_start)",
    "speed": "words a second by stage and with several processes, to a plain Stanza pipeline (kg.bench)",
    "shares": "processor time inside Stanza and PyTorch, and of the relation layer, to all of kg extract (kg.bench_shares)",
    "memory": "memory of kg build for corpora of several sizes, to the smallest (kg.bench_documents)",
    "rdf": "writing and reading of Turtle, to rdflib (kg.bench_rdf)",
    "view": "the page in a browser, to plain pyvis (kg.bench_view)",
}

#: Documents of the corpora whose memory is measured, and entities of the graphs that are drawn.
SIZES, NODES = (100, 1_000, 10_000), (200, 2_000)


class Result(Protocol):
    """What a part gives: figures, with their ratios."""

    def to_json(self) -> dict[str, Any]: ...


Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Settings:
    """How large the measurements are.

    parts: of `PARTS`. sizes: documents of the corpora whose memory is measured. triples: of the graph that is written. nodes: of the graphs
    that are drawn.
    """

    models: str | None = None
    parts: Sequence[str] = tuple(PARTS)
    sizes: Sequence[int] = SIZES
    triples: int = 100_000
    nodes: Sequence[int] = NODES
    patience: float = 120.0


@dataclass(frozen=True, slots=True)
class Measured:
    """What came of a part: its result, or what kept it from being measured."""

    part: str
    result: Result | None
    failure: str = ""

    def to_json(self) -> dict[str, Any]:
        return self.result.to_json() if self.result else {"failure": self.failure}


def measure(documents: Sequence[Document], settings: Settings, progress: Progress) -> Iterator[Measured]:
    """Measure parts one after the other. One that cannot be measured, for want of a browser for example, keeps none of the others.

    Args:
        documents: at least one; speeds are measured on all of them.
        settings: what is measured.
        progress: called with what is measured next.

    Raises:
        KgError: there are no documents.
    """
    if not documents:
        raise KgError(_("there is nothing to measure on: give files or folders of Arabic reports, or --corpus FILE"))
    for part in PARTS:
        if part in settings.parts:
            progress(part)
            try:
                yield Measured(part, _PARTS[part](documents, settings, progress))
            except KgError as e:
                yield Measured(part, None, str(e))


def about(documents: Sequence[Document]) -> dict[str, Any]:
    """What and where is measured: figures of two runs can be compared where this is the same."""
    return {
        "kg": __version__,
        "python": platform.python_version(),
        "machine": platform.machine(),
        "cores": cores(),
        "documents": len(documents),
        "words": sum(count_words(d.text) for d in documents),
    }


def _start(documents: Sequence[Document], settings: Settings, progress: Progress) -> Result:
    from kg.bench_start import start

    return start(documents[0], settings.models)


def _speed(documents: Sequence[Document], settings: Settings, progress: Progress) -> Result:
    from kg.bench import compare

    # With one thread each: what a second process adds is told by those that compute on one core.
    return compare(documents, models=settings.models, threads=1, progress=lambda variant: progress(f"speed, {variant}"))


def _shares(documents: Sequence[Document], settings: Settings, progress: Progress) -> Result:
    from kg.bench_shares import shares

    return shares(documents, settings.models)


def _memory(documents: Sequence[Document], settings: Settings, progress: Progress) -> Result:
    from kg.bench_documents import measure as built

    options = ("--workers", "1", *(("--models", settings.models) if settings.models else ()))
    return built(documents, settings.sizes, options=options, progress=lambda what: progress(f"memory, {what}"))


def _rdf(documents: Sequence[Document], settings: Settings, progress: Progress) -> Result:
    from kg.bench_rdf import compare

    return compare(settings.triples, lambda what: progress(f"rdf, {what}"))


def _view(documents: Sequence[Document], settings: Settings, progress: Progress) -> Result:
    from kg.bench_view import Pages, compare

    return Pages(tuple(compare(settings.nodes, settings.patience, lambda what: progress(f"view, {what}"))))


_PARTS: Mapping[str, Callable[[Sequence[Document], Settings, Progress], Result]] = {
    "start": _start, "speed": _speed, "shares": _shares, "memory": _memory, "rdf": _rdf, "view": _view,
}  # fmt: skip
