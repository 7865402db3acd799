"""What reads documents in tests of `kg.workers` and `kg.corpus`: by rule, not by models, and badly where a document says so."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from kg.errors import KgError
from kg.model import Document, Entity, Extraction, Span


@dataclass(frozen=True, slots=True)
class Rule:
    """Loads a reader that takes the first words for persons, and does what a document's text begins with: `CRASH`, `HANG`, `EAT`, `RAISE` …

    `log`: a file with a line for every time the reader is loaded or has read a batch: process, ids. `pause`: seconds that a document takes.
    """

    log: Path | None = None
    pause: float = 0.0
    refuse: str = ""
    die: bool = False

    def __call__(self) -> Rule.Reader:
        if self.die:
            os.kill(os.getpid(), signal.SIGKILL)
        if self.refuse:
            raise KgError(self.refuse)
        self.note("load")
        return Rule.Reader(self)

    def note(self, *what: str) -> None:
        if self.log:
            with self.log.open("a", encoding="utf-8") as f:
                f.write(" ".join((str(os.getpid()), *what)) + "\n")

    @dataclass(frozen=True, slots=True)
    class Reader:
        rule: Rule

        def __call__(self, documents: Sequence[Document]) -> Iterator[Extraction]:
            for d in documents:
                time.sleep(self.rule.pause)
                misbehave(d.text)
                yield extraction(d)
            self.rule.note("read", *(d.id for d in documents))


def misbehave(text: str) -> None:
    match text.split()[0]:
        case "CRASH":
            os.kill(os.getpid(), signal.SIGSEGV)
        case "LEAVE":
            os._exit(0)
        case "HANG":
            signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})  # as a loop in C would
            time.sleep(3600)
        case "EAT":
            hold = []
            while True:
                hold.append(bytearray(1 << 26))
        case "ORPHAN":
            os.kill(os.getppid(), signal.SIGKILL)
            time.sleep(3600)
        case "RAISE":
            raise RecursionError("too\ndeep")


def extraction(document: Document) -> Extraction:
    """An extraction with an entity for each of the first words."""
    entities, at = [], 0
    for n, word in enumerate(document.text.split(maxsplit=5)[:5], 1):
        at = document.text.index(word, at)
        entities.append(Entity(f"E{n}", "PERSON", word, word, (Span(at, at + len(word), word),)))
        at += len(word)
    return Extraction(document, (Span(0, len(document.text), document.text),), tuple(entities), (), (), {"kg": "test"})
