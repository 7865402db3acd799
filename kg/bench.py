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

import io
import lzma
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO, cast

from kg.bench_apart import apart
from kg.bench_variants import VARIANTS, Run, count_words, measure, rounded
from kg.documents import document_id
from kg.errors import KgError
from kg.files import opened
from kg.language import _, strerror
from kg.model import Document
from kg.packs import find_models
from kg.text import is_arabic


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
        figures |= {f"{run.variant}_to_naive": rounded(self.ratio(run.variant)) for run in self.runs[1:]}
        if {"workers", "extract"} <= {run.variant for run in self.runs}:
            figures["workers_to_extract"] = rounded(self.ratio("workers", "extract"))
        return figures


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
        raise KgError(_("{file} is not UTF-8: convert it, for example with iconv -f WINDOWS-1256 -t UTF-8").format(file=file)) from e
    except (OSError, EOFError, lzma.LZMAError, zlib.error) as e:
        raise KgError(_("{file} cannot be read: {why}").format(file=file, why=strerror(e))) from e


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
        raise KgError(_("there is nothing to measure on: give files or folders of Arabic reports, or --corpus FILE"))
    pack = find_models(models)
    runs = []
    for variant in VARIANTS:
        if progress:
            progress(variant)
        runs.append(apart(measure, variant, documents, models, threads, doing=variant))
    if len({(run.documents, run.words, run.threads) for run in runs}) != 1:
        raise RuntimeError(f"the runs did not read the same: {runs}")
    return Report(pack.version(), tuple(runs))
