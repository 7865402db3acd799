"""Corpora of any size for measurements, and what `kg build` takes for them: time, memory of its processes, and whether it survives kill -9.

    articles ──► sentences ──► documents of 40 to 60 words, drawn at random ──► kg build, as a user starts it

The documents are drawn with replacement from the sentences of real articles, so that a word in them is as hard to read as one of these,
and names come back as they do in news. A smaller corpus of the same seed is the beginning of a larger one. Each size is built by a process of
its own, which is watched from outside. One document is built first: what that takes is no time of reading.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic, sleep
from typing import Any

from kg.bench_variants import count_words, rounded
from kg.errors import KgError
from kg.language import _
from kg.model import Document

#: Words of a document, at least and at most, and of a sentence that is drawn.
WORDS, SENTENCE = (40, 60), (5, 60)
#: Words of a corpus whose sentences are drawn from: its beginning.
CORPUS = 2_000_000
#: Publishers, and days on which they publish.
SOURCES, DAYS, FIRST_DAY = 20, 90, date(2025, 1, 1)

#: Files of a build that are the same whatever happens to the runs that make them.
SAME = ("extractions.jsonl", "graph.ttl", "graph.html")

_END = re.compile(r"(?<=[.؟!؛])\s+|\n+")
_EVERY = 0.2  # seconds between two looks at the processes


def generated(size: int, documents: Iterable[Document], seed: int = 1) -> Iterator[Document]:
    """So many documents of sentences of others.

    Args:
        size: how many.
        documents: read once.
        seed: another one gives other documents.

    Raises:
        KgError: there is no sentence in the documents.
    """
    sentences = _sentences(documents)
    if not sentences:
        raise KgError(_("there is no sentence of five words to make documents of: name a corpus of news"))
    chance = random.Random(seed)
    for n in range(size):
        words: list[str] = []
        while len(words) < WORDS[0]:
            words += chance.choice(sentences).split()
        day = FIRST_DAY + timedelta(days=chance.randrange(DAYS))
        yield Document(f"g{n:07}", " ".join(words[: WORDS[1]]), None, day.isoformat(), f"وكالة {1 + chance.randrange(SOURCES)}")


def _sentences(documents: Iterable[Document]) -> list[str]:
    return [s for d in documents for s in map(str.strip, _END.split(d.text)) if SENTENCE[0] <= count_words(s) <= SENTENCE[1]]


def write_documents(file: Path, size: int, documents: Iterable[Document], seed: int = 1) -> int:
    """Write generated documents as JSON lines that kg reads, and give how many words they have. KgError as in `generated`."""
    words = 0
    with file.open("w", encoding="utf-8") as out:
        for d in generated(size, documents, seed):
            row = {"id": d.id, "published": d.published, "source": d.source, "text": d.text}
            out.write(json.dumps(row, ensure_ascii=False) + "\n")
            words += count_words(d.text)
    return words


@dataclass(frozen=True, slots=True)
class Built:
    """What a build took.

    `seconds` by the clock, `cpu_seconds` of all processes. Of memory (10**6 bytes) the most resident at any time: of the process that was
    started, of the largest of those that it started, and of all together, where pages that they share count for each.
    """

    documents: int
    words: int
    seconds: float
    cpu_seconds: float
    parent_mb: float
    worker_mb: float
    all_mb: float


@dataclass(frozen=True, slots=True)
class Report:
    """Builds of several sizes, the smallest first, each with the time that one document alone takes, and kill -9 that the largest survived."""

    one: Built
    runs: tuple[Built, ...]
    kills: int

    def a_word(self, run: Built) -> float:
        """Milliseconds that a word took, without what a single document takes."""
        return 1000 * (run.seconds - self.one.seconds) / run.words

    def cpu_a_word(self, run: Built) -> float:
        """The same in processor time: what else the machine does, counts less."""
        return 1000 * (run.cpu_seconds - self.one.cpu_seconds) / run.words

    def to_json(self) -> dict[str, Any]:
        rows = []
        for run in self.runs:
            figures = asdict(run) | {"ms_a_word": self.a_word(run), "cpu_ms_a_word": self.cpu_a_word(run)}
            figures["memory_to_first"] = run.all_mb / self.runs[0].all_mb
            figures["time_a_word_to_first"] = self.a_word(run) / self.a_word(self.runs[0])
            figures["cpu_a_word_to_first"] = self.cpu_a_word(run) / self.cpu_a_word(self.runs[0])
            rows.append({name: rounded(value) for name, value in figures.items()})
        return {"one_document": {name: rounded(value) for name, value in asdict(self.one).items()}, "runs": rows, "kills": self.kills}


def measure(
    documents: Sequence[Document],
    sizes: Sequence[int],
    *,
    options: Sequence[str] = (),
    kills: int = 0,
    seed: int = 1,
    progress: Callable[[str], None] | None = None,
) -> Report:
    """Build generated corpora.

    Args:
        documents: what they are made of.
        sizes: how many documents each has; measured in rising order.
        options: of `kg build`, such as `--workers 2`.
        kills: how often the last one is built once more, and killed with all its processes at a random moment, before it is built to its end.
        seed: of the documents, and of the moments.
        progress: is told what is measured.

    Raises:
        KgError: a build fails, or gives other files when it was killed.
    """
    say = progress or (lambda _: None)
    runs: list[Built] = []
    with TemporaryDirectory(prefix="kg-bench-") as name:
        folder = Path(name)
        for size in (1, *sorted(sizes)):
            say(_("{size:,} documents").format(size=size))
            file, out = folder / f"{size}.jsonl", folder / f"out-{size}"
            words = write_documents(file, size, documents, seed)
            runs.append(_build(file, out, size, words, options))
        if kills:
            _killed(file, folder / "killed", out, runs[-1].seconds, kills, options, seed, say)
    return Report(runs[0], tuple(runs[1:]), kills)


def _start(file: Path, out: Path, options: Sequence[str]) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "kg.cli", "build", str(file), "-o", str(out), *options]
    # Messages go into a file: a pipe that nobody reads would stop the build.
    with out.with_suffix(".log").open("wb") as log:
        return subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)


def _build(file: Path, out: Path, documents: int, words: int, options: Sequence[str]) -> Built:
    import psutil

    began, process = monotonic(), _start(file, out, options)
    peaks: dict[int, int] = {}
    together, ended = 0, False
    try:
        while not ended:
            with suppress(psutil.Error):
                started = psutil.Process(process.pid)
                sizes = {p.pid: p.memory_info().rss for p in (started, *started.children(recursive=True))}
                together = max(together, sum(sizes.values()))
                peaks |= {pid: max(size, peaks.get(pid, 0)) for pid, size in sizes.items()}
            sleep(_EVERY)
            # Not process.poll(), which does not tell what the process and those that it waited for took.
            pid, status, usage = os.wait4(process.pid, os.WNOHANG)
            ended = bool(pid)
        process.returncode = os.waitstatus_to_exitcode(status)
    finally:
        if not ended:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    seconds = monotonic() - began
    if process.returncode:
        raise KgError(
            _("kg build of {documents} documents ended with status {status}: {said}").format(
                documents=documents, status=process.returncode, said=_last(out)
            )
        )
    parent = peaks.pop(process.pid, 0)
    cpu = usage.ru_utime + usage.ru_stime
    return Built(documents, words, seconds, cpu, parent / 1e6, max(peaks.values(), default=0) / 1e6, together / 1e6)


def _last(out: Path) -> str:
    lines = out.with_suffix(".log").read_text(encoding="utf-8", errors="replace").splitlines()
    return next((line for line in reversed(lines) if line.strip()), _("it said nothing"))


def _killed(file: Path, out: Path, wanted: Path, seconds: float, kills: int, options: Sequence[str], seed: int, say: Callable[[str], None]) -> None:
    chance = random.Random(seed)
    for n in range(1, kills + 1):
        # What was read stays read, so that each run has less to do than the one before it.
        after = chance.uniform(0.1, 0.9) * seconds / kills
        say(_("kill -9, {n} of {kills}, after {seconds:.0f} seconds").format(n=n, kills=kills, seconds=after))
        process = _start(file, out, options)
        with suppress(subprocess.TimeoutExpired):
            process.wait(after)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    say(_("to the end"))
    process = _start(file, out, options)
    if process.wait():
        raise KgError(_("kg build ended with status {status} after kill -9: {said}").format(status=process.returncode, said=_last(out)))
    for name in SAME:
        if _digest(out / name) != _digest(wanted / name):
            raise KgError(_("{name} is not the same when kg build was killed {kills} times").format(name=name, kills=kills))


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
