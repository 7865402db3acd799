"""Files -> a SPARQL server: each named graph replaced by what the files say, so that loading twice changes nothing.

    files ──► Staged (graphs, sorted) ──► chunks ──► Server (Graph Store Protocol or SPARQL Update) ──► counted again

A graph goes in chunks: the first replaces what the server held, the others are added. Sending a chunk twice changes nothing, since a
graph is a set, so that requests can be tried again and a run that was cut can go on. Only blank nodes are others in every request: a
graph that has them goes in one piece. What was sent is noted in a state file, which goes when all is done.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import IO

from kg.errors import KgError
from kg.language import _, strerror
from kg.namespaces import DEFAULT_BASE
from kg.remote_server import Server
from kg.remote_staging import Piece, Staged, chunks

_BEGIN = b'{"load": "'  # of every state file
_CHUNK_BYTES = 4_000_000  # Virtuoso takes updates of up to 10 MB


@dataclass(slots=True)
class Loaded:
    """What a load did."""

    graphs: int = 0
    triples: int = 0
    resumed: int = 0  # triples that an earlier run had sent
    #: Graph -> triples that have no triple of their own in the server, since it takes their values for that of another (007 and 7).
    merged: dict[str, int] = field(default_factory=dict)
    shortened: int = 0  # IRIs that the server does not keep whole


def load(
    files: Sequence[Path],
    server: Server,
    *,
    graph: str | None = None,
    base: str = DEFAULT_BASE,
    chunk: int | None = None,
    state: Path | None = None,
    started: Callable[[Staged], None] = lambda staged: None,
    progress: Callable[[int], None] = lambda triples: None,
) -> Loaded:
    """Load RDF files into a server and count what it then holds.

    Args:
        files: of any format in `kg.formats.FORMATS`, also with .gz.
        server: from `kg.remote_server.connect`.
        graph: the graph for triples without one; by default one for each file, below `base`.
        base: the base IRI of the data.
        chunk: triples in one request; by default as many as suit the server.
        state: where to note what was sent; by default a file in the user's state folder.
        started: called when the files are read.
        progress: called with the number of triples that were sent, for every chunk.

    Raises:
        KgError: a file cannot be read, the server refuses something, or it does not hold what it was sent.
    """
    with Staged(files, graph=graph, base=base) as staged:
        started(staged)
        done = Loaded(len(staged.pieces), staged.triples)
        this = sha256(f"{server.write_url}\n{staged.digest}".encode()).hexdigest()
        with _State(state or _default_state(this)) as notes:
            notes.open(this)
            for piece in staged.pieces:
                sent = 0 if piece.blank and piece.graph not in notes.checked else notes.sent.get(piece.graph, 0)
                done.resumed += sent
                progress(sent)
                if piece.graph not in notes.checked:
                    _send(piece, sent, staged, server, chunk or server.chunk, notes, done, progress)
                    _check(piece, staged, server, notes, done)
            notes.drop()
    return done


def _send(piece: Piece, after: int, staged: Staged, server: Server, size: int, notes: _State, done: Loaded, progress: Callable[[int], None]) -> None:
    """Send the triples of a graph that follow the first `after`."""
    lines = staged.lines(piece, after)
    for some in [list(lines)] if piece.blank else chunks(lines, size, _CHUNK_BYTES):
        try:
            server.put(piece.graph, some, replace=after == 0, blank=piece.blank)
        except KgError as e:
            raise KgError(_("{why} (the same command goes on from here)").format(why=e) if notes.sent else str(e)) from e
        done.shortened += server.shortened(some)
        after += len(some)
        notes.note(piece.graph, after)
        progress(len(some))


def _check(piece: Piece, staged: Staged, server: Server, notes: _State, done: Loaded) -> None:
    """KgError if the server does not hold a graph's triples."""
    found = server.count(piece.graph)
    if found != piece.triples:
        if not (found < piece.triples and staged.values(piece) <= found):
            notes.drop()
            raise KgError(
                _(
                    "graph <{graph}>: the server holds {found:,} triples and not the {triples:,} of the file; did something else write to it? "
                    "run kg load again, which starts anew"
                ).format(graph=piece.graph, found=found, triples=piece.triples)
            )
        done.merged[piece.graph] = piece.triples - found
    notes.note(piece.graph, piece.triples, checked=True)


class _State:
    """The state file: a line of JSON that names the load, then one for every chunk that the server has taken."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.sent: dict[str, int] = {}
        self.checked: set[str] = set()
        self._file: IO[str] | None = None

    def __enter__(self) -> _State:
        return self

    def __exit__(self, *_: object) -> None:
        if self._file:
            self._file.close()

    def open(self, load: str) -> None:
        """Go on with what the file notes, if it notes this load; else begin a new one. KgError if it cannot be written, or is no state file."""
        try:
            if not self._is_ours():
                raise KgError(_("{path} is a file of something else, and would be lost: give another --state FILE").format(path=self.path))
            if not self._read(load):
                self.path.parent.mkdir(parents=True, exist_ok=True)
                self.path.write_text(json.dumps({"load": load}) + "\n", encoding="utf-8")
            self._file = self.path.open("a", encoding="utf-8")
        except OSError as e:
            raise KgError(_("cannot write the state file {path}: {why}: give --state FILE").format(path=self.path, why=strerror(e))) from e

    def _is_ours(self) -> bool:
        """Whether what lies there, if anything, may be written over: nothing, or a state file, also one that was cut."""
        try:
            with self.path.open("rb") as file:
                start = file.read(len(_BEGIN))
        except FileNotFoundError:
            return True
        return _BEGIN.startswith(start)

    def _read(self, load: str) -> bool:
        try:
            lines = self.path.read_text(encoding="utf-8").splitlines(keepends=True)
        except (FileNotFoundError, UnicodeDecodeError):
            return False
        try:
            if not lines or json.loads(lines[0]) != {"load": load}:
                return False
            for line in lines[1:]:
                if not line.endswith("\n"):
                    return False  # cut within a line, to which nothing can be added
                note = json.loads(line)
                self.sent[note["graph"]] = note["sent"]
                if note.get("checked"):
                    self.checked.add(note["graph"])
        except (ValueError, KeyError, TypeError):
            self.sent, self.checked = {}, set()
            return False
        return True

    def note(self, graph: str, sent: int, checked: bool = False) -> None:
        self.sent[graph] = sent
        if self._file:
            self._file.write(json.dumps({"graph": graph, "sent": sent, **({"checked": True} if checked else {})}, ensure_ascii=False) + "\n")
            self._file.flush()

    def drop(self) -> None:
        if self._file:
            self._file.close()
            self._file = None
        with suppress(OSError):
            self.path.unlink()


def _default_state(load: str) -> Path:
    home = Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state")
    return home / "kg" / f"load-{load[:16]}.jsonl"
