"""Extractions of any number of documents by a Ray cluster: Ray Data gives shards of documents to processes on its machines, which hold the models.

    documents ──► shards ──► Ray Data ──► shards of extractions ──► extractions, in the order of the documents
                  a folder that all machines see, or a bucket

What is on its way lies in files, not in memory, and is the state of the run: a shard that has its extractions is not read again, by this run
or the next. On its machine a shard is read as `kg build --workers` reads, so that a document that crashes, hangs or eats memory is put aside
there. A shard whose machine was lost is tried again by Ray; one that was lost each time is read one document at a time, and the document
that is lost alone is a `Problem`. The extractions are those of a run without a cluster, byte for byte.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from kg.cluster.connection import Cluster
from kg.cluster.ray_data import ATTEMPTS
from kg.cluster.reading import Elsewhere, How, Row
from kg.cluster.shards import Shard, Shards, cut
from kg.corpus import MEMORY, Models
from kg.documents import Problems
from kg.errors import KgError
from kg.language import _
from kg.logs import log
from kg.model import Document, Extraction
from kg.workers import Failure, Loader


def extract(
    documents: Iterable[Document],
    load: Models | Loader,
    problems: Problems,
    *,
    address: str,
    shards: str | None = None,
    version: str = "",
    processes: int | None = None,
    timeout: float | None = None,
    gpus: float = 0,
    memory: int = MEMORY,
    size: int | None = None,
) -> Iterator[Extraction]:
    """Extractions of documents, in their order. See `kg.corpus.extract`.

    Args:
        documents: they are cut into shards, all of them, before the first is read.
        load: `Models`, which every machine has to have in the same version, or a function that loads the reader.
        problems: is given the documents that could not be read.
        address: of a Ray cluster: `HOST:PORT` from a machine of it, `ray://HOST:PORT` from any other; `local` starts one on this machine.
        shards: a folder or a URL (`s3://…`) for what is read and written, which all machines see; what is there already is not made again.
            None: a temporary folder of this machine.
        version: of what `load` gives, where it is not `Models`.
        processes: how many read at most; None for as many as the cluster has cores and memory (and GPUs) for.
        timeout: seconds that a document may take.
        gpus: of a process; a fraction where several share one.
        memory: bytes of a process.
        size: characters of a shard, about; None for 300,000, or less if there are few documents.

    Raises:
        KgError: Ray is not installed, the cluster cannot be reached or has no room, its machines do not see the shards or have other models.
    """
    if isinstance(load, Models):
        version = load.version()
        load = Elsewhere.of(load, version)
    with _url(shards) as url:
        run = _Run(Shards(url, version), cut(documents, size), problems)
        if not run.waiting:
            yield from run.extractions(iter(()))
            return
        how = How(load, url, version, timeout, None if gpus else memory)
        with Cluster(address, how, processes=processes, gpus=gpus) as cluster:
            yield from run.extractions(run.arriving(cluster))


@contextmanager
def _url(shards: str | None) -> Iterator[str]:
    if shards:
        yield shards if "://" in shards else str(Path(shards).absolute())
        return
    with TemporaryDirectory(prefix="kg-shards-") as name:
        yield name


class _Run:
    """The shards of a corpus, in the order of its documents. `waiting`: those that are not read yet, by name."""

    def __init__(self, shards: Shards, parts: Iterable[Sequence[Document]], problems: Problems) -> None:
        self._shards, self._problems = shards, problems
        self._order = list(shards.add(parts))
        shards.write_list(self._order)
        read = shards.read()
        self.waiting = {shard.name: shard for shard in self._order if shard.name not in read}

    def extractions(self, arriving: Iterator[str]) -> Iterator[Extraction]:
        """The extractions, while the names of the shards that were waiting arrive."""
        for shard in self._order:
            while shard.name in self.waiting:
                self.waiting.pop(next(arriving), None)
            yield from self._shards.extractions(shard.name, self._problems)
        for _name in arriving:
            pass  # to its end, so that the cluster knows that there is no more

    def arriving(self, cluster: Cluster) -> Iterator[str]:
        """Have all shards read that are waiting; each as soon as its extractions are there."""
        wanted = len(self.waiting)
        for row in cluster.read([Row(name) for name in self.waiting]):
            yield row.shard
        if lost := dict(self.waiting):
            log("shards lost", shards=len(lost))
            yield from self._one_by_one(cluster, lost, nothing_yet=len(lost) == wanted)

    def _one_by_one(self, cluster: Cluster, lost: Mapping[str, Shard], *, nothing_yet: bool) -> Iterator[str]:
        """The same for shards that were lost with the processes that read them."""
        found: dict[str, dict[int, str | Failure]] = defaultdict(dict)
        for row in cluster.read([Row(name, n) for name, shard in lost.items() for n in range(shard.documents)]):
            found[row.shard][row.document] = row.line or Failure(row.problem)
        if nothing_yet and not found and sum(shard.documents for shard in lost.values()) > 1:
            raise KgError(_("the processes of the cluster end before they have read anything: look at Ray's logs, or use fewer --workers"))
        why = Failure(_("ended the process of the cluster that read it, {n} times").format(n=ATTEMPTS))
        for name, shard in lost.items():
            self._shards.put(name, [found[name].get(n, why) for n in range(shard.documents)])
            yield name
