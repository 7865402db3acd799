"""A measurement in a process of its own, whose imports, memory and time are nobody else's."""

from __future__ import annotations

import signal
from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any, TypeVar

from kg.errors import KgError
from kg.language import _, spoken, use
from kg.machine import claim

T = TypeVar("T")


def apart(work: Callable[..., T], *arguments: Any, doing: str) -> T:
    """What a function gives in a new process: not a fork, which would begin with the memory and the imports of this one.

    Args:
        work: a function of a module; it, its arguments and what it gives are sent between the processes.
        arguments: its own.
        doing: what it measures, for messages.

    Raises:
        KgError: the function raised it, or the process was ended from outside.
    """
    context = get_context("spawn")
    receiving, sending = context.Pipe(duplex=False)
    # No daemon, which may not start processes of its own. Those end with it.
    process = context.Process(target=_child, args=(sending, spoken(), work, arguments))
    process.start()
    sending.close()  # so that its end is seen here when the child is gone
    try:
        answer: T | KgError = receiving.recv()
    except EOFError as e:
        process.join()
        message = _("the process that measured {what!r} ended with status {status}; if memory was short, measure less")
        raise KgError(message.format(what=doing, status=process.exitcode)) from e
    finally:
        process.terminate()
        process.join()
        receiving.close()
    if isinstance(answer, KgError):
        raise answer
    return answer


def _child(sending: Connection, language: str, work: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    use(language)
    claim()
    # An interrupt goes to both processes. The parent ends this one, and one of them is enough to say so.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        sending.send(work(*arguments))
    except KgError as e:
        sending.send(e)
