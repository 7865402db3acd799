"""What the command line does, as functions.

read -> extract -> Graph -> files
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from kg import documents as sources
from kg.documents import Problems
from kg.errors import KgError
from kg.files import room_beside, sync
from kg.graph import Graph
from kg.identity import Identity, load_identity, unmatched
from kg.model import Document, Extraction
from kg.namespaces import DEFAULT_BASE
from kg.problems import refuse
from kg.tellings import Broader
from kg.vocabulary import vocabulary

#: What `write` writes, in this order.
FILES = ("graph.ttl", "graph.html", "extractions.jsonl")
#: What it can write beside.
FORMATS = ("nt", "nq", "trig", "jsonld", "rdf", "graphml", "csv", "void")


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
        problems: is given the documents that take too long, crash the process that reads them or make it fail. Without it the first one
            is an error.

    Raises:
        KgError: models, a lexicon or frames cannot be loaded, or the cache cannot be used.
    """
    documents = iter(documents)
    # Whoever gave nothing that can be read hears of it at once, not after the models are loaded.
    if (first := next(documents, None)) is None:
        return
    if workers == 1 and timeout is None and cache is None and problems is None:
        from kg.extract import extract as run

        yield from run(chain([first], documents), models=models, lexicon=lexicon, frames=frames, progress=progress)
        return
    from kg.cache import Cache
    from kg.corpus import Models
    from kg.corpus import extract as read_all

    how = Models(models, tuple(lexicon), tuple(frames))
    problems = Problems(refuse) if problems is None else problems
    with Cache(cache, how.version(), problems) if cache else nullcontext() as opened:
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
    graph = Graph.of(found, base, vocabulary(*frames), _broader(lexicon), same)
    graph.lexicon = tuple(lexicon)
    return graph


@dataclass(frozen=True, slots=True)
class Summary:
    """What a graph holds and where it was written. `unmatched`: what the user's identity files name and the documents have not."""

    documents: int
    entities: int
    events: int
    facts: int
    files: tuple[Path, ...]
    unmatched: tuple[str, ...] = ()


def write(
    extractions: Sequence[Extraction],
    directory: Path,
    *,
    base: str = DEFAULT_BASE,
    title: str | None = None,
    lexicon: Sequence[Path] = (),
    frames: Sequence[Path] = (),
    identity: Identity | None = None,
    formats: Sequence[str] = (),
) -> Summary:
    """Write `graph.ttl`, `graph.html` and `extractions.jsonl` into `directory`, which is made if it is not there.

    `lexicon` and `frames` are the files that the extractions were made with: they name classes and event types of the user's own.
    `identity`: what the user says is one thing. `formats`: what else to write, of `FORMATS`: `graph.trig` and so on, and `void.ttl`,
    the description of the data set in VoID and DCAT.

    All are complete before the first old file is replaced: a run that fails leaves the old ones as they were.

    Raises:
        KgError: the directory cannot be made or written to.
    """
    from kg import rdf, view

    try:
        directory.mkdir(parents=True, exist_ok=True)
        # Inside the directory, since only within one file system is replacing a file one step.
        with room_beside(directory) as made:
            with (made / "extractions.jsonl").open("w", encoding="utf-8", newline="\n") as f:
                f.writelines(json_line(e) for e in extractions)
            graph = Graph.of(extractions, base, vocabulary(*frames), _broader(lexicon), identity)
            labels = concept_labels(extractions, lexicon)
            rdf.write(graph, made / "graph.ttl", labels)
            view.write_html(graph, made / "graph.html", **({"title": title} if title else {}))
            files = (*FILES, *_more(graph, labels, made, formats))
            for file in files:
                sync(made / file)
            for file in files:
                os.replace(made / file, directory / file)
            sync(directory)
    except OSError as e:
        raise KgError(f"cannot write to {directory}: {e.strerror or e}") from e
    kinds = [kind for _, kind in graph.nx.nodes(data="kind")]
    return Summary(
        documents=len(extractions),
        entities=kinds.count("entity"),
        events=kinds.count("event"),
        facts=sum(kind == "fact" for *_, kind in graph.nx.edges(data="kind")),
        files=tuple(directory / file for file in files),
        unmatched=tuple(graph.iri(key) for key in unmatched(identity, extractions, graph.vocabulary)) if identity else (),
    )


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
    from kg.extract import load_lexicon
    from kg.store import Store, base_of

    labels = {id: (entry.label_ar, entry.label_en) for id, entry in load_lexicon(lexicon).entries.items()}
    base = base or base_of(directory)
    same = load_identity(identity, base) if identity else None
    with Store(directory, base=base, vocabulary=vocabulary(*frames), broader=_broader(lexicon), identity=same, concepts=labels, texts=texts) as store:
        done = 0
        for x in extractions:
            store.put(x)
            done += 1
        store.settle()
        return Filled(done, len(store.documents()), store.outdated(), tuple(store.unmatched()))


def _more(graph: Graph, labels: dict[str, tuple[str, str]], made: Path, formats: Sequence[str]) -> list[str]:
    """Write the graph in more formats into a folder, and give the names of the files."""
    from kg import rdf
    from kg.formats import write_quads

    for format in FORMATS:
        if format in formats and format != "void":
            rdf.write(graph, made / f"graph.{format}", labels)
    if "void" in formats:
        from kg.datasets import DESCRIPTION_PREFIXES, count, describe

        files = sorted(path for path in made.iterdir() if path.name.startswith("graph."))
        description = describe(count(rdf.quads(graph, labels)), files, base=graph.base)
        write_quads(description, made / "void.ttl", prefixes={**DESCRIPTION_PREFIXES, **rdf.prefixes(graph)})
    return sorted({path.name for path in made.iterdir()} - set(FILES))


def concept_labels(extractions: Iterable[Extraction], lexicon: Sequence[Path] = ()) -> dict[str, tuple[str, str]]:
    """The Arabic and English labels of the lexicon's concepts that the entities of extractions belong to."""
    from kg.extract import load_lexicon

    known = load_lexicon(lexicon).entries
    used = {e.concept for x in extractions for e in x.entities if e.concept}
    return {id: (known[id].label_ar, known[id].label_en) for id in sorted(used) if id in known}


def _broader(lexicon: Sequence[Path]) -> Broader | None:
    """The classes of kg's lexicon and a user's own; None for kg's alone, which a graph reads only where it has to."""
    if not lexicon:
        return None
    from kg.lexicon import LexiconError, broader

    try:
        return broader(*lexicon)
    except (LexiconError, OSError) as e:
        raise KgError(f"cannot read the lexicon: {e}") from e


def json_line(extraction: Extraction) -> str:
    """An extraction as one line of `extractions.jsonl`, with its line break."""
    return json.dumps(extraction.to_json(), ensure_ascii=False) + "\n"
