"""The process that reads the store: `python -m kg.serve.child DIR TIMEOUT MOST`, questions on stdin, answers on stdout.

The server kills it when a query takes too long: the library that evaluates has no way to stop. It answers one question at a
time, ends when its stdin does, and dies by itself should the server be gone while a query runs.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from kg.errors import KgError
from kg.language import preferred, using
from kg.serve.answers import Answer, Question, refusal

if TYPE_CHECKING:
    import pyoxigraph as ox

#: How much memory a child may take, in bytes of address space: a join of everything with everything ends here, not the machine.
MEMORY = 6 << 30
#: How long a child outlives the time that a query has, in seconds, where nobody kills it.
GRACE = 10


def quads(folder: Path) -> Path:
    """Where the database of a store is: in a folder of its own in one that kg filled (see `kg.store`), else the folder itself."""
    return folder / "quads" if (folder / "store.json").exists() else folder


def state(folder: Path) -> Mapping[str, tuple[int, int]]:
    """The files of a store's database by name, with size and time: another state is another store."""
    with os.scandir(quads(folder)) as files:
        # RocksDB's journal of its own doings is no content; a reader may write it too.
        return {f.name: (f.stat().st_size, f.stat().st_mtime_ns) for f in files if f.is_file() and not f.name.startswith("LOG")}


class _Stores:
    """Opens the store for each question, so that who fills a store of kg need wait for the running queries only."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.plain: ox.Store | None = None  # a database without kg's lock, which nobody is to fill meanwhile

    @property
    def union(self) -> bool:
        """Whether the default graph has to be made of all graphs for each query; in a store of kg it holds them already."""
        return quads(self.folder) == self.folder

    @contextmanager
    def open(self) -> Iterator[ox.Store]:
        """KgError or OSError if the store cannot be opened."""
        import pyoxigraph as ox

        if not self.union:
            from kg.store import Reader

            with Reader(self.folder) as reader:
                yield reader.quads
            return
        if self.plain is None:
            self.plain = ox.Store.read_only(str(self.folder))
        yield self.plain


def answer(store: ox.Store, question: Question, most: int, union: bool) -> Answer:
    """The answer to a question, whatever kind it is of. `most`, `union`: see `kg.serve.evaluate.evaluate`."""
    if question.kind == "query":
        from kg.serve.evaluate import evaluate

        return evaluate(store, question, most, union)
    if question.kind == "entity":
        from kg.serve.entity import entity

        return entity(store, question, most)
    from kg.serve.pages import picture

    return picture(store, question.text, union)


def _confine() -> None:
    """Bound the memory and, where the system lets an unprivileged process do so, leave the network."""
    with suppress(ImportError, ValueError, OSError):
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY if hard == resource.RLIM_INFINITY else min(MEMORY, hard), hard))
    with suppress(AttributeError, OSError):
        # CLONE_NEWUSER | CLONE_NEWNET of Linux: SERVICE is refused by `kg.clauses`; this is for the day when that errs.
        ctypes.CDLL(None).unshare(0x10000000 | 0x40000000)


def main(folder: str, timeout: str, most: str) -> None:
    """Answer what comes until nothing comes."""
    # Ctrl-C is the server's to handle.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    questions, answers = sys.stdin.buffer, sys.stdout.buffer
    _confine()
    stores = _Stores(Path(folder))
    try:
        # The answers to clients are the same in every language; who starts the server is told in his.
        with using(preferred()), stores.open():
            answers.write(b"ready\n")
    except (KgError, OSError) as e:
        answers.write(f"{' '.join(str(e).split())}\n".encode("utf-8", "replace"))
    answers.flush()
    for line in questions:
        question = Question.read(line)
        if hasattr(signal, "setitimer"):  # its default action ends the process, also in the midst of a query
            signal.setitimer(signal.ITIMER_REAL, question.time(float(timeout)) + GRACE)
        try:
            with stores.open() as store:
                found = answer(store, question, int(most), stores.union)
        except MemoryError:
            found = refusal(503, "the query needs more memory than this server gives to one")
        except (KgError, OSError) as e:
            found = refusal(503, f"the store cannot be read at the moment: {' '.join(str(e).split())}")
        except Exception:
            # The process is to go on; what went wrong is for who runs the server, not for who asked.
            traceback.print_exc()
            found = refusal(500, "the server failed to answer this; its log says why")
        if hasattr(signal, "setitimer"):
            signal.setitimer(signal.ITIMER_REAL, 0)
        answers.write(found.head() + found.body)
        answers.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
