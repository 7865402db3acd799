"""What a run does, as JSON lines: `kg build -v`. Each has `time` (UTC), `level` and `event`, and what belongs to the event."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from kg.model import Extraction

_LOGGER = logging.getLogger("kg")


class JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        time = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        out = {"time": time, "level": record.levelname.lower(), "event": record.getMessage(), **getattr(record, "fields", {})}
        if record.name != _LOGGER.name:
            out["logger"] = record.name
        if record.exc_info:
            out["error"] = self.formatException(record.exc_info)
        return json.dumps(out, ensure_ascii=False, default=str)


@contextmanager
def logging_to(stream: TextIO) -> Iterator[None]:
    """Write what is logged meanwhile to a stream, that of the libraries too from warnings on."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines())
    root, before = logging.getLogger(), _LOGGER.level
    root.addHandler(handler)
    _LOGGER.setLevel(logging.INFO)
    try:
        yield
    finally:
        root.removeHandler(handler)
        _LOGGER.setLevel(before)


def logs() -> bool:
    """Whether anybody listens."""
    return _LOGGER.level == logging.INFO


def log(event: str, *, level: int = logging.INFO, **fields: Any) -> None:
    """Log an event of kg, which costs next to nothing where nobody listens."""
    _LOGGER.log(level, event, extra={"fields": fields})


def logged(extractions: Iterable[Extraction]) -> Iterator[Extraction]:
    """Log what passes by."""
    from kg import __version__

    if not logs():
        yield from extractions
        return
    begun, documents = time.monotonic(), 0
    log("begun", version=__version__)
    for x in extractions:
        documents += 1
        d, counts = x.document, {"entities": len(x.entities), "events": len(x.events), "facts": len(x.facts)}
        log("read", document=d.id, source=d.source, characters=len(d.text), **counts, elapsed=round(time.monotonic() - begun, 3))
        yield x
    log("all read", documents=documents, elapsed=round(time.monotonic() - begun, 3))
