"""What a process of a cluster does: it holds the models, and reads the shards or single documents that rows name.

    {shard, document}  ->  {shard, document, what was found}

The models are in a process of its own, which may crash or be ended without harm to this one: see `kg.workers`.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from kg.cluster.place import machine
from kg.cluster.shards import Shards
from kg.corpus import Models, extract
from kg.documents import Problems
from kg.errors import KgError
from kg.graph_files import json_line
from kg.language import _, spoken, use
from kg.machine import cores, free_memory
from kg.model import Document, Extraction
from kg.workers import Failure, Loader, Reader, Workers

#: The document of a row that stands for all of its shard.
ALL = -1


@dataclass(frozen=True, slots=True)
class Row:
    """A shard to read, or one document of it; and then how that went.

    line, problem: what was found in a single document. error: why nothing can be read there at all. machine, seconds: where, and how long.
    """

    shard: str
    document: int = ALL
    line: str = ""
    problem: str = ""
    error: str = ""
    machine: str = ""
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """`kg.corpus.Models` on another machine: with what is in the user's files, and the version that has to be there."""

    models: str | None
    lexicon: tuple[bytes, ...]
    frames: tuple[bytes, ...]
    event_model: bool
    gpu: bool
    version: str

    @classmethod
    def of(cls, how: Models, version: str) -> Elsewhere:
        name = how.models or os.environ.get("KG_MODELS") or None
        models = str(Path(name).absolute()) if name and Path(name).is_dir() else name
        return cls(models, tuple(f.read_bytes() for f in how.lexicon), tuple(f.read_bytes() for f in how.frames), how.event_model, how.gpu, version)

    def __call__(self) -> Reader:
        """Load them. KgError if this machine has others."""
        with TemporaryDirectory(prefix="kg-") as folder:
            how = Models(self.models, _files(folder, "lexicon", self.lexicon), _files(folder, "frames", self.frames), self.event_model, self.gpu)
            here, there = _versions(how.version()), _versions(self.version)
            if differ := sorted(name for name in here.keys() | there.keys() if here.get(name) != there.get(name)):
                message = _("{machine} has not the same kg as this one ({what}): install the same version of kg, its models and its libraries there")
                raise KgError(message.format(machine=machine(), what=", ".join(differ)))
            return how()


def _files(folder: str, name: str, contents: Sequence[bytes]) -> tuple[Path, ...]:
    files = tuple(Path(folder, f"{name}-{n}.ttl") for n in range(len(contents)))
    for file, content in zip(files, contents, strict=True):
        file.write_bytes(content)
    return files


def _versions(version: str) -> dict[str, Any]:
    """The parts of a version, without what differs between equal machines: when a file was written, for what processor PyTorch was built."""
    found: dict[str, Any] = json.loads(version)
    models = [[[*map(str, file[:2])] for file in part] if isinstance(part, list) else part for part in found["models"]]
    return {name: value.partition("+")[0] if isinstance(value, str) else value for name, value in found.items()} | {"models": models}


@dataclass(frozen=True, slots=True)
class How:
    """How shards are read. url, version: see `Shards`. memory: bytes for a process; not limited where it has a GPU."""

    load: Loader
    url: str
    version: str
    timeout: float | None = None
    memory: int | None = None
    language: str = field(default_factory=spoken)


class Readings:
    """Reads rows, for as long as it is there. Ray Data makes one in each of its processes."""

    def __init__(self, how: How) -> None:
        use(how.language)
        self._how = how
        self._place: Workers | None = None
        self._shards: Shards | None = None

    def __call__(self, rows: dict[str, Any]) -> dict[str, list[Any]]:
        """Rows as a batch of Ray Data: columns."""
        done = [asdict(self.read(Row(str(shard), int(n)))) for shard, n in zip(rows["shard"], rows["document"], strict=True)]
        return {name: [row[name] for row in done] for name in done[0]}

    def read(self, row: Row) -> Row:
        begun = time.monotonic()
        line, problem, error = "", "", ""
        try:
            if row.document == ALL:
                self._read_shard(row.shard)
            else:
                (found,) = self._read([self._opened().documents(row.shard)[row.document]])
                line, problem = ("", found.what) if isinstance(found, Failure) else (found, "")
        except KgError as e:
            error = str(e)
        except Exception as e:  # which Ray would try again, and then lose
            error = _("a mistake in kg, on {machine} ({error})").format(machine=machine(), error=f"{type(e).__name__}: {e}")
        return Row(row.shard, row.document, line, problem, error, machine(), round(time.monotonic() - begun, 3))

    def close(self) -> None:
        if self._place:
            self._place.close()

    def _read_shard(self, name: str) -> None:
        """Read what is not there yet."""
        shards = self._opened()
        documents = shards.documents(name)
        found = shards.found(name, documents)
        missing = [n for n, x in enumerate(found) if not isinstance(x, str)]
        new = dict(zip(missing, self._read([documents[n] for n in missing]), strict=True))
        shards.put(name, [x if isinstance(x, str) else new[n] for n, x in enumerate(found)])

    def _opened(self) -> Shards:
        self._shards = self._shards or Shards(self._how.url, self._how.version)
        return self._shards

    def _read(self, documents: Sequence[Document]) -> Iterator[str | Failure]:
        """What is found in each document, or why nothing is."""
        how = self._how
        if self._place is None:
            # What is over the share of a process belongs to others; what is below its need would only stop it from working.
            limit = max(2 * how.memory, free_memory() // cores()) if how.memory else None
            self._place = Workers(how.load, 1, memory=limit, timeout=how.timeout)
        problems = Problems()
        extractions = extract(documents, how.load, problems, place=self._place)
        following: Extraction | None = next(extractions, None)
        passed = 0
        for d in documents:
            if following is not None and following.document == d:
                yield json_line(following)
                following = next(extractions, None)
            else:
                yield Failure(problems[passed].what)
                passed += 1
