"""What could not be read: a line for each, told as soon as it is met, and counted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from kg.errors import KgError


@dataclass(frozen=True, slots=True)
class Problem:
    """An input that was skipped: `where` is its file, with the line or item in it; `what` says what is wrong and what to do.

    Skipping a `harmless` one lost nothing (the same document was read before).
    """

    where: str
    what: str
    harmless: bool = False

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


class Problems(list[Problem]):
    """The problems met so far. `report` is called with each one as soon as it is met."""

    def __init__(self, report: Callable[[Problem], None] | None = None) -> None:
        super().__init__()
        self._report = report

    def add(self, where: str, what: str, *, harmless: bool = False) -> None:
        self.append(Problem(where, what, harmless))
        if self._report:
            self._report(self[-1])

    @property
    def errors(self) -> int:
        """How many inputs were lost."""
        return sum(not p.harmless for p in self)


def refuse(problem: Problem) -> None:
    """A `report` for whoever wants all inputs or none: KgError for the first one that is lost."""
    if not problem.harmless:
        raise KgError(str(problem))
