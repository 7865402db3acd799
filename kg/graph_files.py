"""The files of `kg build`, written as extractions come: of a small graph from memory, of a large one out of a store.

extractions ──► extractions.jsonl ──► Graph  ──► graph.ttl, graph.html, …      (up to the limit)
                                 └──► graph.store ──► the same                 (beyond it, see `kg.stored_files`)
"""

from __future__ import annotations

import gc
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

from kg.errors import KgError
from kg.files import room_beside, sync
from kg.graph import Graph
from kg.identity import Identity, unmatched
from kg.language import _, strerror
from kg.model import Extraction
from kg.namespaces import DEFAULT_BASE
from kg.tellings import Broader
from kg.vocabulary import Vocabulary, vocabulary

#: What `write` writes, in this order.
FILES = ("graph.ttl", "graph.html", "extractions.jsonl")
#: What it can write beside.
FORMATS = ("nt", "nq", "trig", "jsonld", "rdf", "graphml", "csv", "void")
#: The folder of the store, of a large graph.
STORE = "graph.store"

#: Documents of which the graph is made in memory: of news, some hundred megabytes. Whoever runs kg knows how many she gives, and so which way
#: a run goes; how many statements come of them, nobody knows before.
GRAPH_LIMIT = 1000
#: Characters of a document that counts once. A page of a newspaper has fewer, a book counts for as many pages as it has.
LONG = 10_000


@dataclass(frozen=True, slots=True)
class Summary:
    """What a graph holds and where it was written.

    unmatched: what the user's identity files name and the documents have not. shown: how many of the entities are in the page, where the graph
    is too large for it (see `write`).
    """

    documents: int
    entities: int
    events: int
    facts: int
    files: tuple[Path, ...]
    unmatched: tuple[str, ...] = ()
    shown: int | None = None


def write(
    extractions: Iterable[Extraction],
    directory: Path,
    *,
    base: str = DEFAULT_BASE,
    title: str | None = None,
    lexicon: Sequence[Path] = (),
    frames: Sequence[Path] = (),
    identity: Identity | None = None,
    formats: Sequence[str] = (),
    graph_limit: int = GRAPH_LIMIT,
) -> Summary:
    """Write `graph.ttl`, `graph.html` and `extractions.jsonl` into `directory`, which is made if it is not there.

    Extractions are written as they come, and never held all at a time. Up to `graph_limit` documents the graph is made in memory. Of more,
    `graph.store` is the graph, a store as `fill` makes them; the other files are streamed out of it, and hold the same but for the page,
    which shows the entities that most documents mention, and says so. Without any extraction nothing is written.

    All are complete before the first old file is replaced: a run that fails leaves the old ones as they were.

    Args:
        extractions: read once.
        directory: where to.
        base: what the IRIs of the graph start with.
        title: the heading of the page.
        lexicon, frames: the files that the extractions were made with: they name classes and event types of the user's own.
        identity: what the user says is one thing.
        formats: what else to write, of `FORMATS`: `graph.trig` and so on, and `void.ttl`, the description of the data set in VoID and DCAT.
        graph_limit: in documents; a text of more than `LONG` characters counts once for each `LONG`.

    Raises:
        KgError: the directory cannot be made or written to.
    """
    extractions = iter(extractions)
    if (first := next(extractions, None)) is None:
        return Summary(0, 0, 0, 0, ())
    how = _How(base, vocabulary(*frames), broader_of(lexicon), identity, tuple(lexicon))
    with ExitStack() as stack:
        with _writing(directory):
            directory.mkdir(parents=True, exist_ok=True)
            # Inside the directory, since only within one file system is replacing a file one step.
            made = stack.enter_context(room_beside(directory))
        documents, size = _write_lines(chain([first], extractions), made / FILES[-1], directory)
        # What read the documents is not needed any more. Models refer to one another, and go only when they are looked for.
        del extractions, first
        gc.collect()
        with _writing(directory):
            found = (_in_memory if size <= graph_limit else _stored)(made, how, title, formats)
            files = (*FILES, *sorted({path.name for path in made.iterdir()} - {*FILES, STORE}))
            for file in files:
                sync(made / file)
            for file in files:
                os.replace(made / file, directory / file)
            kept = _replace_store(made, directory)
            sync(directory)
    return replace(found, documents=documents, files=tuple(directory / file for file in (*files, *kept)))


@dataclass(frozen=True, slots=True)
class _How:
    """What a graph depends on beside the extractions; see `write`."""

    base: str
    vocabulary: Vocabulary
    broader: Broader | None
    identity: Identity | None
    lexicon: tuple[Path, ...]


@contextmanager
def _writing(directory: Path) -> Iterator[None]:
    try:
        yield
    except OSError as e:
        raise KgError(_("cannot write to {directory}: {why}").format(directory=directory, why=strerror(e))) from e


def _write_lines(extractions: Iterable[Extraction], path: Path, directory: Path) -> tuple[int, int]:
    """Write extractions as they come; how many there are, and what they count for against the limit."""
    documents = size = 0
    with _writing(directory):
        file = path.open("w", encoding="utf-8", newline="\n")
    try:
        for x in extractions:
            with _writing(directory):
                file.write(json_line(x))
            documents += 1
            size += max(1, -(-len(x.document.text) // LONG))
    finally:
        with _writing(directory):
            file.close()
    return documents, size


def _in_memory(made: Path, how: _How, title: str | None, formats: Sequence[str]) -> Summary:
    """Write the files of a graph that is made in memory into a folder that has the extractions."""
    from kg import rdf, view
    from kg.extraction_files import read

    graph = Graph.of(read(made / FILES[-1]), how.base, how.vocabulary, how.broader, how.identity)
    extractions = graph.extractions.values()
    labels = concept_labels(extractions, how.lexicon)
    rdf.write(graph, made / "graph.ttl", labels)
    view.write_html(graph, made / "graph.html", **({"title": title} if title else {}))
    for format in _more(formats):
        rdf.write(graph, made / f"graph.{format}", labels)
    if "void" in formats:
        from kg.datasets import write_description

        write_description(rdf.unsorted(graph, labels), _graph_files(made), made / "void.ttl", base=graph.base, prefixes=rdf.prefixes(graph))
    kinds = [kind for _, kind in graph.nx.nodes(data="kind")]
    return Summary(
        documents=len(graph.documents),
        entities=kinds.count("entity"),
        events=kinds.count("event"),
        facts=sum(kind == "fact" for *_, kind in graph.nx.edges(data="kind")),
        files=(),
        unmatched=tuple(graph.iri(key) for key in unmatched(how.identity, extractions, graph.vocabulary)) if how.identity else (),
    )


def _stored(made: Path, how: _How, title: str | None, formats: Sequence[str]) -> Summary:
    """The same of a graph that is too large for memory."""
    from kg.extraction_files import read
    from kg.store import Reader
    from kg.store_parts import Settings
    from kg.stored_files import StoredGraph, make_store

    settings = Settings(how.base, how.vocabulary, how.broader, how.identity, all_labels(how.lexicon))
    missing = make_store(read(made / FILES[-1]), made / STORE, settings)
    with Reader(made / STORE) as reader:
        graph = StoredGraph(reader, how.vocabulary)
        for format in ("ttl", *_more(formats)):
            graph.write(made / f"graph.{format}")
        shown = graph.view(made / "graph.html", title)
        if "void" in formats:
            graph.describe(_graph_files(made), made / "void.ttl")
        return Summary(0, graph.count("Entity"), graph.count("Event"), graph.facts(), (), tuple(missing), shown)


def _more(formats: Sequence[str]) -> list[str]:
    return [format for format in FORMATS if format in formats and format != "void"]


def _graph_files(made: Path) -> list[Path]:
    return sorted(path for path in made.iterdir() if path.name.startswith("graph.") and path.is_file())


def _replace_store(made: Path, directory: Path) -> tuple[str, ...]:
    """Put the store that was made in the place of an old one; without one, the old one is of a graph that is not there any more."""
    new, old = made / STORE, directory / STORE
    if old.exists():
        os.replace(old, made / "old")
    if not new.exists():
        return ()
    os.replace(new, old)
    return (STORE,)


def all_labels(lexicon: Sequence[Path] = ()) -> dict[str, tuple[str, str]]:
    """The Arabic and English labels of the lexicon's entries."""
    from kg.extract import load_lexicon

    return {id: (entry.label_ar, entry.label_en) for id, entry in load_lexicon(lexicon).entries.items()}


def concept_labels(extractions: Iterable[Extraction], lexicon: Sequence[Path] = ()) -> dict[str, tuple[str, str]]:
    """The Arabic and English labels of the lexicon's concepts that the entities of extractions belong to."""
    known = all_labels(lexicon)
    used = {e.concept for x in extractions for e in x.entities if e.concept}
    return {id: known[id] for id in sorted(used) if id in known}


def broader_of(lexicon: Sequence[Path]) -> Broader | None:
    """The classes of kg's lexicon and a user's own; None for kg's alone, which a graph reads only where it has to."""
    if not lexicon:
        return None
    from kg.lexicon import LexiconError, broader

    try:
        return broader(*lexicon)
    except (LexiconError, OSError) as e:
        raise KgError(_("cannot read the lexicon: {why}").format(why=e)) from e


def json_line(extraction: Extraction) -> str:
    """An extraction as one line of `extractions.jsonl`, with its line break."""
    return json.dumps(extraction.to_json(), ensure_ascii=False) + "\n"
