"""How long kg takes to begin: for its help, and for the first document, beside the loading of a plain Stanza pipeline with the same models.

Each is a process of its own, timed from its start to the first line that it prints. The quickest of several runs is taken, since the first may
read files from the disk that the next ones find in memory.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from time import perf_counter
from typing import Any, NamedTuple

from kg.bench_variants import rounded
from kg.errors import KgError
from kg.language import _
from kg.model import Document


class Begun(NamedTuple):
    """Seconds until the first line, and the processor time of the whole run, which ends soon after."""

    seconds: float
    cpu_seconds: float


@dataclass(frozen=True, slots=True)
class Start:
    """What `kg --help`, `kg extract` of one document, and the loading of a `stanza.Pipeline` take."""

    help: Begun
    first_document: Begun
    stanza: Begun

    def ratio(self, what: Begun) -> float:
        """How many times the processor time that the plain pipeline takes to load: other work on the machine does not lengthen that."""
        return what.cpu_seconds / self.stanza.cpu_seconds

    def to_json(self) -> dict[str, Any]:
        figures: dict[str, float] = {}
        for name, begun in (("help", self.help), ("first_document", self.first_document), ("stanza", self.stanza)):
            figures |= {f"{name}_seconds": begun.seconds, f"{name}_cpu_seconds": begun.cpu_seconds}
        figures |= {"help_to_stanza": self.ratio(self.help), "first_document_to_stanza": self.ratio(self.first_document)}
        return {name: rounded(value) for name, value in figures.items()}


def start(document: Document, models: str | None = None, times: int = 3) -> Start:
    """Measure how long each takes to begin, with one thread.

    Args:
        document: the one that `kg extract` reads.
        models: see `kg.api.extract`.
        times: how often each is run.

    Raises:
        KgError: one of them fails.
    """
    with TemporaryDirectory(prefix="kg-bench-") as folder:
        file = Path(folder) / "document.txt"
        file.write_text(document.text, encoding="utf-8")
        which = ["--models", models] if models else []
        return Start(
            min(_run(["-m", "kg.cli", "--help"]) for _ in range(times)),
            min(_run(["-m", "kg.cli", "extract", str(file), *which]) for _ in range(times)),
            min(_run(["-m", "kg.bench_start", *which[1:]]) for _ in range(times)),
        )


def _run(arguments: Sequence[str]) -> Begun:
    """A run of this Python."""
    before = os.times()
    began = perf_counter()
    with TemporaryFile() as said:
        environment = {**os.environ, "OMP_NUM_THREADS": "1"}
        with subprocess.Popen([sys.executable, *arguments], stdout=subprocess.PIPE, stderr=said, env=environment) as process:
            assert process.stdout is not None
            line = process.stdout.readline()
            seconds = perf_counter() - began
            process.communicate()
        after = os.times()
        if process.returncode or not line:
            said.seek(0)
            why = said.read().decode("utf-8", "replace").strip().splitlines()
            raise KgError(
                _("{command} failed: {why}").format(command=" ".join(arguments[1:3]), why=why[-1].removeprefix("kg: ") if why else process.returncode)
            )
    # Of children that have been waited for; there is no other at this time.
    return Begun(seconds, after.children_user + after.children_system - before.children_user - before.children_system)


def main(arguments: Sequence[str]) -> int:
    """Load a plain pipeline and say so."""
    from kg.packs import find_models
    from kg.pipeline import load

    try:
        load(find_models(arguments[0] if arguments else None))
    except KgError as e:
        print(e, file=sys.stderr)
        return 2
    print("loaded", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
