"""Where the processor time of `kg extract` goes: by stage, and how much of it lies inside Stanza and PyTorch.

The stack is looked at every few milliseconds of processor time (ITIMER_PROF), and the time since the last look counts for what stands on it. That
costs next to nothing and changes nothing, unlike a profiler that is called with every function. What is called from a function of Stanza or
PyTorch lies inside them, also what kg has put in there in place of their own code (`kg.parsing`, `kg.characters`). An operation of PyTorch that
kg's own code calls without one of its modules counts as kg's.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from time import process_time
from types import FrameType
from typing import Any

from kg.bench_apart import apart
from kg.bench_variants import count_words, rounded
from kg.errors import KgError
from kg.language import _
from kg.model import Document

#: Seconds of processor time between two looks.
INTERVAL = 0.002
#: Stage -> the modules of kg whose work it is, whatever they call.
STAGES: Mapping[str, Sequence[str]] = {
    "text and tokens": ("text", "tokens"),
    "entities": ("mentions", "titles", "quantities", "entities", "lexicon", "phonetic", "dates", "date_rules", "calendars"),
    "events": ("arguments", "events", "frames", "reading", "features", "scorer", "factuality"),
    "facts": ("facts",),
    "output": ("api", "model"),
}
#: What kg does with the parse.
RELATIONS = ("entities", "events", "facts")
#: Stages of modules that mostly call others: theirs is what nobody else does.
_ELSE = {"pipeline": "text and tokens", "extract": "entities", "scenes": "entities"}

_STAGE_OF = {module: stage for stage, modules in STAGES.items() for module in modules}


@dataclass(frozen=True, slots=True)
class Shares:
    """Seconds of processor time: by stage (Stanza's processors by their names), inside Stanza and PyTorch, and all.

    words: that were read in this time, of the input by white space.
    """

    words: int
    stages: Mapping[str, float]
    inside: float

    @property
    def cpu_seconds(self) -> float:
        return sum(self.stages.values())

    @property
    def share_inside(self) -> float:
        return self.inside / self.cpu_seconds

    @property
    def share_of_relations(self) -> float:
        """Of the relation layer: all that is done with the parse."""
        return sum(self.stages.get(stage, 0.0) for stage in RELATIONS) / self.cpu_seconds

    def to_json(self) -> dict[str, Any]:
        stages = {
            name: {"cpu_seconds": rounded(s), "share": rounded(s / self.cpu_seconds), "words_per_cpu_second": rounded(self.words / s)}
            for name, s in self.stages.items()
        }
        return {
            "words": self.words,
            "cpu_seconds": rounded(self.cpu_seconds),
            "inside_stanza_and_torch": rounded(self.share_inside),
            "relation_layer": rounded(self.share_of_relations),
            "stages": stages,
        }


def shares(documents: Sequence[Document], models: str | None = None) -> Shares:
    """Measure in a new process, with one thread. The first document is read before, for what is made on first use.

    Raises:
        KgError: models cannot be loaded, or the system has no timer of processor time.
    """
    if not hasattr(signal, "ITIMER_PROF"):
        raise KgError(_("this system has no timer of processor time"))
    return apart(_shares, list(documents), models, doing="shares")


def _shares(documents: Sequence[Document], models: str | None) -> Shares:
    os.environ["OMP_NUM_THREADS"] = "1"  # read by PyTorch when it is imported
    from kg.api import json_line
    from kg.corpus import Models

    read = Models(models)()
    for x in read(documents[:1]):
        json_line(x)
    sampler = Sampler()
    with sampler.looking():
        for x in read(documents):
            json_line(x)
    stages = dict(sorted(sampler.seconds.items(), key=lambda item: -item[1]))
    return Shares(sum(count_words(d.text) for d in documents), stages, sampler.inside)


class Sampler:
    """Adds up processor time by what stands on the stack of the main thread."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}  # by stage
        self.inside = 0.0  # of Stanza and PyTorch
        self._last = 0.0
        self._known: dict[str, tuple[str, str, bool]] = {}  # by file
        self._kg = str(Path(__file__).parent)
        found = (find_spec(name) for name in ("stanza", "torch"))
        self._libraries = tuple(str(Path(spec.origin).parent) + os.sep for spec in found if spec and spec.origin)

    @contextmanager
    def looking(self) -> Iterator[None]:
        """Look meanwhile."""
        self._last = process_time()
        before = signal.signal(signal.SIGPROF, self._look)
        signal.setitimer(signal.ITIMER_PROF, INTERVAL, INTERVAL)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
            signal.signal(signal.SIGPROF, before)

    def _look(self, number: int, frame: FrameType | None) -> None:
        now = process_time()
        stage, inside = self.place(frame)
        self.seconds[stage] = self.seconds.get(stage, 0.0) + now - self._last
        self.inside += (now - self._last) * inside
        self._last = now

    def place(self, frame: FrameType | None) -> tuple[str, bool]:
        """The stage of a stack, which is told by the outermost function that has one; and whether Stanza or PyTorch stands on it."""
        stage = otherwise = ""
        library = False
        while frame is not None:
            own, weak, of_library = self._known.get(frame.f_code.co_filename) or self._learn(frame.f_code.co_filename)
            stage, otherwise, library = own or stage, weak or otherwise, library or of_library
            frame = frame.f_back
        return stage or otherwise or "other", library

    def _learn(self, file: str) -> tuple[str, str, bool]:
        """The stage of the functions of a file, that of one that mostly calls others, and whether it is one of Stanza or PyTorch."""
        path = Path(file)
        library = file.startswith(self._libraries)
        own = weak = ""
        if library:
            own = path.stem.removesuffix("_processor") if path.stem.endswith("_processor") and path.stem != "processor" else ""
        elif str(path.parent) == self._kg:
            own, weak = _STAGE_OF.get(path.stem, ""), _ELSE.get(path.stem, "")
        self._known[file] = own, weak, library
        return self._known[file]
