"""What a child process is asked and what it answers, and the line of JSON with which both pass through a pipe."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, replace
from typing import Any

#: How long a page may take at least, in seconds: the server asks for it itself, and draws a picture once for all who look.
PAGE = 120.0


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of the store.

    kind: "query" (SPARQL), "entity" (all about a thing) or "view" (the picture of the graph).
    text: the query; the IRI; the address under which things are found.
    default, named: the graphs of the SPARQL Protocol; both None if it names none.
    table, graph: the media types for solutions and for triples; None for what the client does not take.
    """

    kind: str
    text: str
    default: tuple[str, ...] | None = None
    named: tuple[str, ...] | None = None
    table: str | None = None
    graph: str | None = None

    def time(self, timeout: float) -> float:
        """How long the answer may take where a query may take `timeout` seconds."""
        return timeout if self.kind == "query" else max(timeout, PAGE)

    def line(self) -> bytes:
        return json.dumps(asdict(self)).encode() + b"\n"

    @classmethod
    def read(cls, line: bytes) -> Question:
        data: dict[str, Any] = json.loads(line)
        graphs = {k: None if data[k] is None else tuple(data[k]) for k in ("default", "named")}
        return cls(**{**data, **graphs})


@dataclass(frozen=True, slots=True)
class Answer:
    """A body to send with its status and media type."""

    status: int
    type: str
    body: bytes = field(repr=False)

    def head(self) -> bytes:
        """The line that goes before the body in the pipe."""
        return json.dumps({"status": self.status, "type": self.type, "length": len(self.body)}).encode() + b"\n"

    @classmethod
    def of_head(cls, line: bytes) -> tuple[Answer, int]:
        """An answer still without its body, and the body's length."""
        data = json.loads(line)
        return cls(data["status"], data["type"], b""), data["length"]

    def with_body(self, body: bytes) -> Answer:
        return replace(self, body=body)


def refusal(status: int, message: str) -> Answer:
    """An answer that says in one line why there is no other."""
    return Answer(status, "text/plain", f"{message}\n".encode("utf-8", "replace"))
