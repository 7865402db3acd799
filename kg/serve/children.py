"""The server's side of its child processes: a few of them, reused, each killed when its query takes too long or nobody waits."""

from __future__ import annotations

import asyncio
import sys
from asyncio.subprocess import PIPE, Process
from contextlib import suppress
from pathlib import Path

from kg.errors import KgError
from kg.language import _, environment
from kg.serve.answers import Answer, Question, refusal

#: How many may wait for a child, for each child. Those after them are told to come back.
WAITING = 16


class _Child:
    """A running child process."""

    def __init__(self, process: Process) -> None:
        self.process = process

    @classmethod
    async def start(cls, folder: Path, timeout: float, most: int) -> _Child:
        """KgError if the store cannot be opened."""
        command = sys.executable, "-m", "kg.serve.child", str(folder), str(timeout), str(most)
        # The head of an answer is a short line, and the body is read by its length: the pipe's limit does not matter.
        child = cls(await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE, stderr=None, env=environment()))
        assert child.process.stdout
        try:
            line = (await child.process.stdout.readline()).decode("utf-8", "replace").strip()
        except BaseException:  # nobody waits for it any more
            child.kill()
            raise
        if line != "ready":
            child.kill()
            raise KgError(_("cannot open the store {path}: {why}").format(path=folder, why=line or _("its process ended")))
        return child

    @property
    def lives(self) -> bool:
        return self.process.returncode is None

    async def ask(self, question: Question) -> Answer:
        """EOFError (or another error of a broken pipe) if the child ends meanwhile."""
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(question.line())
        await self.process.stdin.drain()
        head = await self.process.stdout.readline()
        if not head:
            raise EOFError
        answer, length = Answer.of_head(head)
        return answer.with_body(await self.process.stdout.readexactly(length))

    def kill(self) -> None:
        with suppress(ProcessLookupError):
            self.process.kill()


class Children:
    """Answers questions, as many at a time as there may be children.

    Args:
        folder: the store.
        size: how many children there may be.
        timeout: how long one query may take, in seconds.
        most: the longest answer, in bytes.
    """

    def __init__(self, folder: Path, size: int, timeout: float, most: int) -> None:
        self.folder, self.size, self.timeout, self.most = folder, size, timeout, most
        self._slots = asyncio.Semaphore(size)
        self._waiting = 0
        self._idle: list[_Child] = []
        self._all: set[_Child] = set()

    async def open(self) -> None:
        """Start the first child. KgError if the store cannot be opened."""
        self._idle.append(await self._start())

    async def close(self) -> None:
        """End all children."""
        for child in self._all:
            child.kill()
        for child in self._all:
            await child.process.wait()
        self._all.clear()
        self._idle.clear()

    async def ask(self, question: Question) -> Answer:
        """The answer; status 503 if it takes too long or too many wait. A cancelled call ends its query."""
        if self._waiting >= WAITING * self.size:
            return refusal(503, "too many queries wait; come back later")
        self._waiting += 1
        try:
            await self._slots.acquire()
        finally:
            self._waiting -= 1
        try:
            return await self._ask(question)
        except KgError as e:
            return refusal(503, str(e))
        finally:
            self._slots.release()

    async def _ask(self, question: Question) -> Answer:
        child = await self._child()
        done = False
        try:
            answer = await asyncio.wait_for(child.ask(question), question.time(self.timeout))
            done = True
            return answer
        except TimeoutError:
            return refusal(503, f"timeout: the query took more than {question.time(self.timeout):g} seconds and was ended; ask for less")
        except (EOFError, ConnectionError):
            return refusal(503, "the query ended the process that ran it, as one does that needs too much memory; ask for less")
        finally:
            if done:
                self._idle.append(child)
            else:
                self._all.discard(child)
                child.kill()

    async def _child(self) -> _Child:
        while self._idle:
            child = self._idle.pop()
            if child.lives:
                return child
            self._all.discard(child)
        return await self._start()

    async def _start(self) -> _Child:
        child = await _Child.start(self.folder, self.timeout, self.most)
        self._all.add(child)
        return child
