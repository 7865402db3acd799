"""Extractions of any number of documents: from the cache what was made before, the rest in batches, by this process or several.

    documents ──► look-ahead ──► batches ──► kg.workers ──► cache ──► extractions, in the order of the documents

What is held at a time is bounded, however many documents there are. A batch that fails is read again one document at a time, and the
document that fails alone is a `Problem`. What a batch gives is kept before the first of it is passed on, so that whatever ends a run costs
the next one no more than the batches that were being read. No result depends on what it was in a batch with.
"""

from __future__ import annotations

import hashlib
import json
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from kg import __version__
from kg.cache import Cache, unpacked
from kg.documents import Problems
from kg.errors import KgError
from kg.extract import Extractor, names_of
from kg.language import _, strerror
from kg.machine import cores, free_memory, loaded, vnni
from kg.model import Document, Extraction
from kg.packs import ModelPack, find_models, sha256
from kg.pipeline import BATCH_CHARACTERS, Pipeline
from kg.resources import bundled_models_dir, ontology_dir
from kg.workers import Failure, Here, Loader, Place, Workers

#: Characters of a batch when there is not enough for all processes. Less is read at a lower speed.
LEAST = 4_000

#: Characters that are read in this process: for so few, others would hardly be loaded before the end.
ALONE = 4 * BATCH_CHARACTERS

#: Memory that a process needs with the bundled models and a full batch, in bytes.
MEMORY = 2_000_000_000


@dataclass(frozen=True, slots=True)
class Models:
    """How documents are read: see `kg.api.extract`. Called, it loads what that needs."""

    models: str | None = None
    lexicon: tuple[Path, ...] = ()
    frames: tuple[Path, ...] = ()
    event_model: bool = True
    gpu: bool = False

    def __call__(self) -> Callable[[Iterable[Document]], Iterator[Extraction]]:
        pack = find_models(self.models)
        extractor = Extractor.load(self.lexicon, self.frames, pack, self.event_model)
        pipeline = Pipeline(pack, names_of(extractor.lexicon), gpu=self.gpu)
        loaded()
        return lambda documents: extractor.each(pipeline(documents))

    def version(self) -> str:
        """All that an extraction depends on beside its document, without loading it.

        The code of kg is part of it: its version stays the same while it is worked on.

        Raises:
            KgError: there are no models, or a file cannot be read.
        """
        pack, package = find_models(self.models), Path(__file__).parent
        own = {"lexicon": self.lexicon, "frames": self.frames}
        return json.dumps(
            {
                "kg": __version__,
                "models": _models(pack),
                "event model": self.event_model,
                "code": _digest(sorted(package.glob("*.py"))),
                "ontology": _digest(sorted(ontology_dir().rglob("*.ttl"))),
                **{name: _digest(files) for name, files in own.items()},
                **{name: version(name) for name in ("stanza", "torch", "numpy")},
                **({"gpu": True} if self.gpu else {}),  # adds numbers in another order
                **({"whole numbers": True} if vnni() else {}),  # other states, a little
            },
            sort_keys=True,
        )


def _models(pack: ModelPack) -> list[str | list[tuple[str, int, int]]]:
    """Which models a pack has. Stanza's own has no list of checksums, and is known by its files; its event model is the bundled one."""
    if not pack.official:
        return [pack.version()]
    files = sorted(path for path in pack.directory.rglob("*") if path.is_file())
    bundled = find_models(str(bundled_models_dir()))
    return [pack.version(), [(str(f.relative_to(pack.directory)), (s := f.stat()).st_size, s.st_mtime_ns) for f in files], bundled.version()]


def _digest(files: Sequence[Path]) -> str:
    digest = hashlib.sha256()
    for file in files:
        try:
            digest.update(sha256(file).encode())
        except OSError as e:
            raise KgError(_("cannot read {file}: {why}").format(file=file, why=strerror(e))) from e
    return digest.hexdigest()


@dataclass(slots=True, eq=False)
class _Item:
    """A document on its way: `result` is its packed extraction, or why there is none, once that is known."""

    document: Document
    result: bytes | Failure | None = None


def extract(
    documents: Iterable[Document],
    load: Loader,
    problems: Problems,
    *,
    cache: Cache | None = None,
    workers: int | None = None,
    timeout: float | None = None,
    place: Place | None = None,
) -> Iterator[Extraction]:
    """Extractions of documents, in their order, each as soon as it and all before it are there.

    Args:
        documents: read no further ahead than the work needs.
        load: gives the function that reads a batch; where there are several processes it is called in each.
        problems: is given the documents that could not be read.
        cache: where to look first, and to keep what is made.
        workers: how many processes read at a time; 1 is this one, unless there is a `timeout`. None: this one while no more
            than `ALONE` characters are to be read, else one for each core, as far as memory goes.
        timeout: seconds that a document may take.
        place: where to read, instead of what `workers` and `timeout` say; it is left open.

    Raises:
        KgError: nothing can be read, or the cache cannot be used.
    """
    run = _Run(iter(documents), load, cache, workers, timeout, place)
    try:
        for item in run:
            if isinstance(item.result, bytes):
                yield unpacked(item.result, item.document)
            elif isinstance(item.result, Failure):
                d = item.document
                problems.add(f"{d.source}: {d.id}" if d.source else d.id, item.result.what)
    finally:
        if place is None:
            run.close()


class _Run:
    """The state of `extract`: items in the order of the documents, of them those that wait for a batch, and the batches that are being read."""

    def __init__(
        self, documents: Iterator[Document], load: Loader, cache: Cache | None, workers: int | None, timeout: float | None, place: Place | None
    ) -> None:
        self._documents, self._load, self._cache, self._workers, self._timeout = documents, load, cache, workers, timeout
        self._items: deque[_Item] = deque()
        self._held = 0  # characters of `_items`
        self._waiting: deque[_Item] = deque()
        self._characters = 0  # of `_waiting`
        self._running: dict[int, list[_Item]] = {}
        self._again: deque[list[_Item]] = deque()  # of batches that failed
        self._batches = 0
        self._ended = False
        self._place = place

    def close(self) -> None:
        if self._place:
            self._place.close()

    def __iter__(self) -> Iterator[_Item]:
        while True:
            while self._items and self._items[0].result is not None:
                item = self._items.popleft()
                self._held -= len(item.document.text)
                yield item
            if self._running:
                self._settle(block=False)
            free = self._place is None or len(self._running) < self._place.most
            if self._again and free:
                self._submit(self._again.popleft())
            elif self._place and free and self._characters >= self._enough(self._place):
                self._submit(self._cut())
            elif not self._ended and self._held < self._room():
                self._read_ahead()
            elif self._waiting and free:
                self._submit(self._cut())
            elif self._running:
                self._settle(block=True)
            elif not self._items:
                return

    def _enough(self, place: Place) -> int:
        """Characters that make a batch before the end is seen; at the beginning every process should get one."""
        return BATCH_CHARACTERS * (1 if self._running else place.processes)

    def _room(self) -> int:
        """How many characters may be held: a batch for each process, one more in wait, and as much again of what is done out of turn; no fewer
        than tell a small input from a large one."""
        processes = self._place.processes if self._place else self._workers or 1
        return max(2 * ALONE, 2 * BATCH_CHARACTERS * (processes + 1))

    def _read_ahead(self) -> None:
        document = next(self._documents, None)
        if document is None:
            self._ended = True
            return
        item = _Item(document, self._cache.get(document) if self._cache else None)
        self._items.append(item)
        self._held += len(document.text)
        if item.result is None:
            self._waiting.append(item)
            self._characters += len(document.text)

    def _start(self) -> Place:
        """Decide where batches are read, when as much has been read ahead as may be."""
        if self._place is None:
            small = self._ended and self._characters <= ALONE
            if not self._timeout and (self._workers == 1 or (self._workers is None and small)):
                self._place = Here(self._load)
            else:
                free, usable = free_memory(), cores()
                count = self._workers or (1 if small else max(1, min(usable, free // MEMORY)))
                if self._ended:
                    count = min(count, len(self._waiting))
                # What is over the share of a process belongs to others; what is below its need would only stop it from working.
                limit = max(2 * MEMORY, free // count)
                self._place = Workers(self._load, count, threads=max(1, usable // count), memory=limit, timeout=self._timeout)
        return self._place

    def _cut(self) -> list[_Item]:
        """The next batch: a full one, but smaller where the end is near and other processes would have nothing to do."""
        share = self._characters // self._start().processes
        size = BATCH_CHARACTERS if not self._ended else min(BATCH_CHARACTERS, max(LEAST, share))
        batch: list[_Item] = []
        taken = 0
        while self._waiting and taken < size:
            batch.append(self._waiting.popleft())
            taken += len(batch[-1].document.text)
        self._characters -= taken
        return batch

    def _submit(self, batch: list[_Item]) -> None:
        self._batches += 1
        self._running[self._batches] = batch
        self._start().submit(self._batches, [item.document for item in batch])

    def _settle(self, *, block: bool) -> None:
        for number, result in self._start().done(block=block):
            batch = self._running.pop(number)
            if isinstance(result, Failure):
                if len(batch) == 1:
                    batch[0].result = result
                else:
                    self._again += [[item] for item in batch]
                continue
            if self._cache:
                self._cache.put(zip((item.document for item in batch), result, strict=True))
            for item, found in zip(batch, result, strict=True):
                item.result = found
