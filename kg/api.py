"""What the command line does, as functions.

read -> extract -> Graph -> files
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from kg import documents as sources
from kg.documents import Problems
from kg.graph import Graph
from kg.graph_files import FILES as FILES
from kg.graph_files import FORMATS as FORMATS
from kg.graph_files import GRAPH_LIMIT as GRAPH_LIMIT
from kg.graph_files import Summary as Summary
from kg.graph_files import all_labels, broader_of
from kg.graph_files import concept_labels as concept_labels
from kg.graph_files import json_line as json_line
from kg.graph_files import write as write
from kg.identity import load_identity
from kg.model import Document, Extraction
from kg.namespaces import DEFAULT_BASE
from kg.problems import refuse
from kg.vocabulary import vocabulary


def read(inputs: str | os.PathLike[str] | Iterable[str | os.PathLike[str]], problems: Problems | None = None) -> Iterator[Document]:
    """The documents in files, folders and glob patterns, in their order, one at a time.

    >>> [document.id for document in kg.read("seeds/*-north-korea-troops.txt")]
    ['t-116bf44b0a896be4']

    Args:
        inputs: one or more paths; see `kg.documents.read`.
        problems: is given the inputs that cannot be read. Without it the first one is an error.

    Raises:
        KgError: an input cannot be read (without `problems`).
    """
    paths = [inputs] if isinstance(inputs, (str, os.PathLike)) else inputs
    yield from sources.read([os.fspath(p) for p in paths], Problems(refuse) if problems is None else problems)


def extract(
    documents: Iterable[Document],
    *,
    models: str | None = None,
    lexicon: Sequence[Path] = (),
    frames: Sequence[Path] = (),
    progress: Callable[[int], None] | None = None,
    workers: int | None = 1,
    timeout: float | None = None,
    cache: Path | None = None,
    cluster: str | None = None,
    shards: str | None = None,
    gpus: float = 0,
    problems: Problems | None = None,
) -> Iterator[Extraction]:
    """Find entities, events and facts in documents, in their order.

    >>> (found,) = kg.extract([kg.Document("d1", "أرسلت كوريا الشمالية 3000 جندي إلى روسيا.")])
    >>> [(event.type, event.trigger.text) for event in found.events]
    [('SEND', 'أرسلت')]

    Args:
        documents: as `kg.read` gives them.
        models: a folder of Stanza models, "official" for Stanza's own package; None for `$KG_MODELS` or the bundled ones.
        lexicon: Turtle files of the user, read after those that come with kg.
        frames: Turtle files of the user with event frames, read after those that come with kg.
        progress: called with the number of documents that are done.
        workers: how many processes read, each with models of its own; 1 is this one, None as many as the documents are worth
            (see `kg.corpus.extract`). A script that wants several has to guard its main part by `if __name__ == "__main__"`.
        timeout: seconds that a document may take; it is then read in another process.
        cache: a folder in which extractions are kept, and found by the next run.
        cluster, shards, gpus: read on a Ray cluster (extra `[cluster]`), and keep there what is read; see `kg.cluster.extract`.
        problems: is given the documents that take too long, crash the process that reads them or make it fail. Without it the first one
            is an error.

    Raises:
        KgError: models, a lexicon or frames cannot be loaded, or the cache, the cluster or the shards cannot be used.
    """
    documents = iter(documents)
    # Whoever gave nothing that can be read hears of it at once, not after the models are loaded.
    if (first := next(documents, None)) is None:
        return
    from kg.cache import Cache
    from kg.corpus import Models
    from kg.corpus import extract as read_all

    how = Models(models, tuple(lexicon), tuple(frames), gpu=gpus > 0)
    alone = workers == 1 and timeout is None and cache is None and cluster is None and problems is None
    problems = Problems(refuse) if problems is None else problems
    with Cache(cache, how.version(), problems) if cache and not cluster else nullcontext() as opened:
        if alone:
            extractions = how()(chain([first], documents))
        elif cluster:
            from kg.cluster import extract as read_there

            extractions = read_there(
                chain([first], documents), how, problems, address=cluster, shards=shards, processes=workers, timeout=timeout, gpus=gpus
            )
        else:
            extractions = read_all(chain([first], documents), how, problems, cache=opened, workers=workers, timeout=timeout)
        for n, extraction in enumerate(extractions, 1):
            yield extraction
            if progress:
                progress(n)


def build(
    inputs: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
    *,
    models: str | None = None,
    lexicon: Sequence[Path] = (),
    frames: Sequence[Path] = (),
    base: str = DEFAULT_BASE,
    identity: Sequence[Path] = (),
    problems: Problems | None = None,
) -> Graph:
    """The graph of what the documents in `inputs` say.

    >>> graph = kg.build("seeds/2025-03-27-north-korea-troops.txt")
    >>> graph.query("SELECT ?whom { kg:Q423 kgo:sendsTo ?b . ?b rdfs:label ?whom FILTER (lang(?whom) = 'en') }")
    [{'whom': 'Russia'}]

    Args:
        inputs: one or more files, folders, glob patterns; see `kg.read`.
        models, lexicon, frames: see `extract`.
        base: the IRI that the graph's nodes start with; it ends in "/" or "#".
        identity: Turtle files of the user that say what is one thing and what is not; see `kg.identity`.
        problems: is given the inputs that cannot be read, or make kg fail. Without it the first one is an error.

    Raises:
        KgError: an input cannot be read (without `problems`), or models, a lexicon, frames or an identity file cannot be loaded.
    """
    same = load_identity(identity, base) if identity else None
    found = extract(read(inputs, problems), models=models, lexicon=lexicon, frames=frames, problems=problems)
    graph = Graph.of(found, base, vocabulary(*frames), broader_of(lexicon), same)
    graph.lexicon = tuple(lexicon)
    return graph


@dataclass(frozen=True, slots=True)
class Filled:
    """What became of a store.

    read: how many extractions came. documents: how many are in. outdated: how many of these were put in with other files of the user, or
    of kg's lexicon and ontology, than this time. unmatched: as in `Summary`, for all documents that are in.
    """

    read: int
    documents: int
    outdated: int
    unmatched: tuple[str, ...]


def fill(
    extractions: Iterable[Extraction],
    directory: Path,
    *,
    base: str | None = None,
    lexicon: Sequence[Path] = (),
    frames: Sequence[Path] = (),
    identity: Sequence[Path] = (),
    texts: bool = False,
) -> Filled:
    """Put extractions into the store in `directory` as they come; see `kg.store.Store`.

    `lexicon`, `frames`, `identity`: as in `build`. `texts`: keep the texts of the documents.

    Raises:
        KgError: the store cannot be opened, or an option's file cannot be read.
    """
    from kg.store import Store, base_of

    labels = all_labels(lexicon)
    base = base or base_of(directory)
    same = load_identity(identity, base) if identity else None
    with Store(
        directory, base=base, vocabulary=vocabulary(*frames), broader=broader_of(lexicon), identity=same, concepts=labels, texts=texts
    ) as store:
        done = 0
        for x in extractions:
            store.put(x)
            done += 1
        store.settle()
        return Filled(done, len(store.documents()), store.outdated(), tuple(store.unmatched()))
