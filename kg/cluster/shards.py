"""A corpus in shards: files of documents and of what they say.

    documents/3f/3f0c….jsonl.gz              documents as JSON lines; the name is a digest of the lines
    extractions/VERSION/3f/3f0c….jsonl.gz    what they say, as JSON lines in the same order
    extractions/VERSION/3f/3f0c….problems    why some are missing there: {number of the document: why}
    extractions/VERSION/shards.txt           the files of extractions of the last run, in the order of its documents

A shard ends where the digest of a document says so, not after so many documents: one that comes or goes changes the shard that it is in,
and the others keep their names. VERSION is a digest of the models, ontology and code that read. Whoever makes a file again makes the same.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from hashlib import blake2b
from itertools import chain

from kg.cluster.place import Place, machine
from kg.documents import Problems
from kg.errors import KgError
from kg.language import _
from kg.model import Document, Extraction
from kg.workers import Failure

#: Characters of a shard, about: two minutes of a core. A shard whose machine is lost is read again.
SIZE = 300_000
#: Characters of the least shards, and how many shards should be made of few documents, for as many processes to have something to do.
_LEAST, _MANY = 4_000, 64

#: What is known of a document: its extraction as a JSON line, why there is none, or nothing.
Found = str | Failure | None


@dataclass(frozen=True, slots=True)
class Shard:
    """Its name, and how many documents it has."""

    name: str
    documents: int


def fitting(documents: Iterable[Document]) -> tuple[int, Iterator[Document]]:
    """The size of shards for documents: `SIZE`, or less if they are few. It is one of a few numbers, so that some more documents change nothing."""
    ahead: list[Document] = []
    characters, following = 0, iter(documents)
    for d in following:
        ahead.append(d)
        characters += len(d.text)
        if characters > _MANY * SIZE:
            break
    size = SIZE
    while size // 2 >= max(_LEAST, characters // _MANY):
        size //= 2
    return size, chain(ahead, following)


def cut(documents: Iterable[Document], size: int | None = None) -> Iterator[list[Document]]:
    """Documents in lists of about `size` characters; the longest have two times that and one document more."""
    if size is None:
        size, documents = fitting(documents)
    part: list[Document] = []
    taken = 0
    for d in documents:
        part.append(d)
        taken += len(d.text)
        # From half the size on, the chance to be the last one grows with the length of a document, so that it takes another half.
        lot = int(_digest(d.text.encode("utf-8", "surrogatepass"))[:8], 16) / 16**8
        if taken >= 2 * size or (taken >= size / 2 and lot < 2 * len(d.text) / size):
            yield part
            part, taken = [], 0
    if part:
        yield part


class Shards:
    """The shards in a folder of this machine, or wherever fsspec can write (`s3://bucket/corpus`)."""

    def __init__(self, url: str, version: str) -> None:
        """
        Args:
            url: where; a folder is made if it is not there.
            version: all that extractions depend on beside their documents.

        Raises:
            KgError: nothing can be read there.
        """
        self.url, self._place = url, Place(url)
        self._version = f"extractions/{_digest(version.encode())[:12]}"

    def add(self, parts: Iterable[Sequence[Document]]) -> Iterator[Shard]:
        """Keep lists of documents as shards."""
        there = set(self._place.names("documents"))
        for documents in parts:
            data = "".join(json.dumps(asdict(d)) + "\n" for d in documents).encode("ascii")
            name = _digest(data)
            if f"{name}.jsonl.gz" not in there:
                self._place.write(_documents(name), data)
                there.add(f"{name}.jsonl.gz")
            yield Shard(name, len(documents))

    def read(self) -> set[str]:
        """The names of the shards of which all documents were read. Those of the others are tried again by the next run."""
        there = self._place.names(self._version)
        return {name.removesuffix(".jsonl.gz") for name in there if name.endswith(".gz")} - {name.removesuffix(".problems") for name in there}

    def write_list(self, shards: Iterable[Shard]) -> None:
        """Write down which files make the corpus."""
        self._place.write(f"{self._version}/shards.txt", "".join(f"{self._extractions(s.name)}\n" for s in shards).encode("ascii"))

    def documents(self, name: str) -> list[Document]:
        """The documents of a shard. KgError if it is not there."""
        if (data := self._place.read(_documents(name))) is None:
            message = _("{machine} does not see the shards in {url}: name with --shards a folder that all machines of the cluster share, or a bucket")
            raise KgError(message.format(machine=machine(), url=self.url))
        return [Document(**json.loads(line)) for line in data.splitlines()]

    def found(self, name: str, documents: Sequence[Document]) -> list[Found]:
        """What is known of the documents of a shard."""
        if (data := self._place.read(self._extractions(name))) is None:
            return [None] * len(documents)
        # Bytes are parted at line ends alone, and not where Unicode has some more.
        lines = [line.decode("utf-8", "surrogatepass") for line in data.splitlines(keepends=True)]
        if len(lines) == len(documents):
            return [*lines]
        why = {int(n): what for n, what in json.loads(self._place.read(self._problems(name)) or b"{}").items()}
        out: list[Found] = []
        at = 0
        for n, d in enumerate(documents):
            if at < len(lines) and _is_of(lines[at], d):
                out.append(lines[at])
                at += 1
            else:
                out.append(Failure(why[n]) if n in why else None)
        return out

    def put(self, name: str, found: Sequence[str | Failure]) -> None:
        """Keep what was found in the documents of a shard, or why nothing was."""
        why = {n: x.what for n, x in enumerate(found) if isinstance(x, Failure)}
        # First this one: where there are extractions and no problems, all is well.
        if why:
            self._place.write(self._problems(name), json.dumps(why, ensure_ascii=False).encode("utf-8"))
        self._place.write(self._extractions(name), "".join(x for x in found if isinstance(x, str)).encode("utf-8", "surrogatepass"))
        if not why:
            self._place.remove(self._problems(name))

    def extractions(self, name: str, problems: Problems) -> Iterator[Extraction]:
        """The extractions of a shard. The documents that have none are problems."""
        documents = self.documents(name)
        for d, found in zip(documents, self.found(name, documents), strict=True):
            if isinstance(found, str):
                yield Extraction.from_json(json.loads(found))
            else:
                problems.add(f"{d.source}: {d.id}" if d.source else d.id, found.what if found else _("was not read: start the run again"))

    def _extractions(self, name: str) -> str:
        return f"{self._version}/{name[:2]}/{name}.jsonl.gz"

    def _problems(self, name: str) -> str:
        return f"{self._version}/{name[:2]}/{name}.problems"


def _documents(name: str) -> str:
    return f"documents/{name[:2]}/{name}.jsonl.gz"


def _is_of(line: str, document: Document) -> bool:
    said = json.loads(line)
    return bool(said["id"] == document.id and said["text"] == document.text)


def _digest(data: bytes) -> str:
    return blake2b(data, digest_size=16).hexdigest()
