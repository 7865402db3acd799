"""Where batches of documents are read: in this process, or in processes of their own that may crash, hang or run out of memory.

    submit(number, documents)  ->  ...  ->  done()  ->  number, packed extractions or why there are none

How documents are read is a function without arguments that loads what it needs and returns the reader. It is sent to new processes, and so
has to be picklable.

Each process has a pipe of its own and one batch at a time, so that it is known whose batch it was when one ends. (Pools with a common
queue learn of a crash and of the task that was begun by ways that overtake one another, and can wait for ever.)
"""

from __future__ import annotations

import os
import pickle
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing import get_context, parent_process
from multiprocessing.connection import Connection, wait
from pathlib import Path
from threading import Thread
from time import monotonic
from typing import Protocol

from kg.cache import packed
from kg.errors import KgError
from kg.language import _, spoken, use
from kg.machine import claim, release_memory
from kg.model import Document, Extraction

Reader = Callable[[Sequence[Document]], Iterable[Extraction]]
Loader = Callable[[], Reader]

#: Characters a second that even a slow machine reads: what a batch is given on top of the time for one document.
SLOWEST = 300

#: So many processes may end one after the other before they have loaded what they need.
_ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a batch was not read."""

    what: str


Result = list[bytes] | Failure


class Place(Protocol):
    """Where batches are read, `processes` of them at a time. It should be given `most`, so that no process has to wait."""

    processes: int
    most: int

    def submit(self, number: int, batch: Sequence[Document]) -> None: ...

    def done(self, *, block: bool) -> list[tuple[int, Result]]:
        """What has come of batches since last asked; with `block` of at least one. KgError if nothing can be read at all."""

    def close(self) -> None: ...


class _Reading:
    """A reader. After a failure it is loaded anew: what was left half done in it must not reach the next document."""

    def __init__(self, load: Loader) -> None:
        self._load = load
        self._reader: Reader | None = None

    def load(self) -> Reader:
        self._reader = self._reader or self._load()
        return self._reader

    def __call__(self, batch: Sequence[Document]) -> Result:
        reader = self.load()
        try:
            return [packed(x) for x in reader(batch)]
        except MemoryError:
            why = _("needs more memory than there is: cut it into parts, or use fewer --workers")
        except Exception as e:
            told = f"{type(e).__name__}: {' '.join(str(e).split())[:200]}"
            why = _("cannot be read, which is a mistake in kg ({error})").format(error=told)
        self._reader = None
        return Failure(why)


class Here:
    """Reads in this process."""

    processes = most = 1

    def __init__(self, load: Loader) -> None:
        self._read = _Reading(load)
        self._done: list[tuple[int, Result]] = []

    def submit(self, number: int, batch: Sequence[Document]) -> None:
        self._done.append((number, self._read(batch)))

    def done(self, *, block: bool) -> list[tuple[int, Result]]:
        done, self._done = self._done, []
        return done

    def close(self) -> None:
        pass


class _Process:
    """A process that reads. It is `ready` for a batch or not yet; `number` is the batch that it has, which has to be done by `deadline`."""

    def __init__(self, load: Loader, threads: int, memory: int | None) -> None:
        context = get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=_work, args=(theirs, load, threads, memory, spoken()), daemon=True)
        with _uninterrupted():
            self.process.start()
        theirs.close()  # so that its end is seen here when the process is gone
        self.ready = self.loaded = False
        self.number: int | None = None
        self.deadline: float | None = None

    def end(self) -> int | None:
        """End it, if it has not ended, and give its exit status."""
        self.process.kill()
        self.process.join()
        self.pipe.close()
        return self.process.exitcode


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Processes that are started meanwhile never hear of an interrupt, which goes to all processes of a terminal: the parent ends them."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class Workers:
    """Reads in processes of their own, each with its own models. They are started when there is work for them, and replaced when they end."""

    def __init__(self, load: Loader, processes: int, *, threads: int = 1, memory: int | None = None, timeout: float | None = None) -> None:
        """
        Args:
            load: gives the reader, in each process.
            processes: how many at most.
            threads: of PyTorch, in each.
            memory: bytes that each may take for its data; not limited where the system cannot do that.
            timeout: seconds that a document may take. A batch of several has more, by its characters.
        """
        self.processes, self.most, self._timeout = processes, processes + 1, timeout
        self._how = load, threads, memory
        self._workers: list[_Process] = []
        self._queue: deque[tuple[int, Sequence[Document]]] = deque()
        self._stillborn = 0

    @property
    def pids(self) -> list[int]:
        """The numbers of the processes that there are now."""
        return [w.process.pid for w in self._workers if w.process.pid is not None]

    def start(self) -> None:
        """Start all processes now, and wait until they are ready, which takes seconds."""
        while len(self._workers) < self.processes:
            self._workers.append(_Process(*self._how))
        while not all(w.loaded for w in self._workers):
            self._look(block=True)

    def submit(self, number: int, batch: Sequence[Document]) -> None:
        self._queue.append((number, batch))
        self._send()

    def done(self, *, block: bool) -> list[tuple[int, Result]]:
        while True:
            done = self._look(block)
            self._send()
            if done or not block:
                return done

    def close(self) -> None:
        for worker in self._workers:
            worker.end()
        self._workers.clear()

    def _send(self) -> None:
        """Give work to all that are ready for it, and start processes for the rest."""
        for worker in self._workers:
            if self._queue and worker.ready:
                number, batch = self._queue[0]
                try:
                    worker.pipe.send(list(batch))
                except OSError:  # it has just ended, which `_look` will see
                    worker.ready = False
                    continue
                self._queue.popleft()
                worker.ready, worker.number = False, number
                if self._timeout:
                    longer = sum(len(d.text) for d in batch) / SLOWEST if len(batch) > 1 else 0
                    worker.deadline = monotonic() + self._timeout + longer
        coming = sum(not w.loaded for w in self._workers)
        for _new in range(min(len(self._queue) - coming, self.processes - len(self._workers))):
            self._workers.append(_Process(*self._how))

    def _look(self, block: bool) -> list[tuple[int, Result]]:
        """What the processes have sent, until one of them moves or is out of time."""
        deadlines = [w.deadline for w in self._workers if w.deadline is not None]
        until = max(0.0, min(deadlines) - monotonic()) if deadlines else None
        moved = wait([w.pipe for w in self._workers], until if block else 0)
        done: list[tuple[int, Result]] = []
        for worker in list(self._workers):
            if worker.pipe in moved:
                try:
                    said = worker.pipe.recv()
                except (OSError, EOFError, pickle.UnpicklingError):
                    status = _status(worker.end())
                    if not worker.loaded:
                        self._count(status)
                    done += self._lost(worker, _("ended the process that read it ({status})").format(status=status))
                    continue
                if isinstance(said, KgError):
                    raise said
                if said is None:
                    worker.ready = worker.loaded = True
                    self._stillborn = 0
                elif worker.number is not None:
                    done.append((worker.number, said))
                    worker.number = worker.deadline = None
            elif worker.deadline is not None and monotonic() >= worker.deadline:
                worker.end()
                late = _("took longer than {seconds:g} s (--timeout): cut it into parts, or allow more time")
                done += self._lost(worker, late.format(seconds=self._timeout))
        return done

    def _count(self, status: str) -> None:
        self._stillborn += 1
        if self._stillborn >= _ATTEMPTS:
            message = _("the processes that should read end before they have begun ({status}): if memory is short, use fewer --workers")
            raise KgError(message.format(status=status))

    def _lost(self, worker: _Process, why: str) -> list[tuple[int, Result]]:
        self._workers.remove(worker)
        return [] if worker.number is None else [(worker.number, Failure(why))]


def _status(code: int | None) -> str:
    """An exit status in words."""
    if code is None or code >= 0:
        return _("exit status {code}").format(code=code)
    try:
        name = signal.Signals(-code).name
    except ValueError:
        name = _("signal {number}").format(number=-code)
    return _("{signal}; memory may have been short").format(signal=name) if name == "SIGKILL" else name


def _work(pipe: Connection, load: Loader, threads: int, memory: int | None, language: str) -> None:
    """What a process does until the one that started it wants no more: say None when it is ready, take a batch, say what came of it."""
    use(language)
    claim()
    Thread(target=_end_with_parent, daemon=True).start()
    os.environ["OMP_NUM_THREADS"] = str(threads)  # read when PyTorch is imported
    _limit(memory)
    read = _Reading(load)
    with suppress(EOFError, OSError):  # nobody is there any more
        while True:
            try:
                read.load()
            except KgError as e:
                pipe.send(e)
                return
            if "torch" in sys.modules:
                sys.modules["torch"].set_num_threads(threads)
            pipe.send(None)
            pipe.send(read(pipe.recv()))
            release_memory()


def _end_with_parent() -> None:
    """End when the parent does, even by `kill -9`: a process that hangs would stay for ever, with its gigabyte."""
    if parent := parent_process():
        wait([parent.sentinel])
        os._exit(1)


def _limit(memory: int | None) -> None:
    """Take no more than so many bytes, and be the first to go when the machine has none left."""
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("500", encoding="ascii")
    if memory:
        with suppress(ImportError, AttributeError, ValueError, OSError):  # a system that has no such limit
            import resource

            resource.setrlimit(resource.RLIMIT_DATA, (memory, resource.getrlimit(resource.RLIMIT_DATA)[1]))
