"""What the command line does, as functions.

read -> extract -> Graph -> files
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory

from kg.documents import Problem, Problems, read
from kg.errors import KgError
from kg.graph import Graph
from kg.model import Document, Extraction
from kg.namespaces import DEFAULT_BASE
from kg.tellings import Broader
from kg.vocabulary import vocabulary

#: What `write` writes, in this order.
FILES = ("graph.ttl", "graph.html", "extractions.jsonl")


def extract(
    documents: Iterable[Document],
    *,
    models: str | None = None,
    lexicon: Sequence[Path] = (),
    frames: Sequence[Path] = (),
    progress: Callable[[int], None] | None = None,
) -> Iterator[Extraction]:
    """Find entities, events and facts in documents, in their order.

    Args:
        documents: as `kg.read` gives them.
        models: a folder of Stanza models, "official" for Stanza's own package; None for `$KG_MODELS` or the bundled ones.
        lexicon: Turtle files of the user, read after those that come with kg.
        frames: Turtle files of the user with event frames, read after those that come with kg.
        progress: called with the number of documents that are done.

    Raises:
        KgError: models, a lexicon or frames cannot be loaded.
    """
    documents = iter(documents)
    # Whoever gave nothing that can be read hears of it at once, not after the models are loaded.
    if (first := next(documents, None)) is None:
        return
    from kg.extract import extract as run

    yield from run(chain([first], documents), models=models, lexicon=lexicon, frames=frames, progress=progress)


def build(
    inputs: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
    *,
    models: str | None = None,
    lexicon: Sequence[Path] = (),
    frames: Sequence[Path] = (),
    base: str = DEFAULT_BASE,
    problems: Problems | None = None,
) -> Graph:
    """The graph of what the documents in `inputs` say.

    Args:
        inputs: one or more files, folders, glob patterns; see `kg.read`.
        models, lexicon, frames: see `extract`.
        base: the IRI that the graph's nodes start with; it ends in "/" or "#".
        problems: is given the inputs that cannot be read. Without it the first one is an error.

    Raises:
        KgError: an input cannot be read (without `problems`), or models, a lexicon or frames cannot be loaded.
    """
    paths = [inputs] if isinstance(inputs, (str, os.PathLike)) else inputs
    documents = read([os.fspath(p) for p in paths], Problems(_refuse) if problems is None else problems)
    return Graph.of(extract(documents, models=models, lexicon=lexicon, frames=frames), base, vocabulary(*frames), _broader(lexicon))


def _refuse(problem: Problem) -> None:
    if not problem.harmless:
        raise KgError(str(problem))


@dataclass(frozen=True, slots=True)
class Summary:
    """What a graph holds and where it was written."""

    documents: int
    entities: int
    events: int
    facts: int
    files: tuple[Path, ...]


def write(
    extractions: Sequence[Extraction],
    directory: Path,
    *,
    base: str = DEFAULT_BASE,
    title: str | None = None,
    lexicon: Sequence[Path] = (),
    frames: Sequence[Path] = (),
) -> Summary:
    """Write `graph.ttl`, `graph.html` and `extractions.jsonl` into `directory`, which is made if it is not there.

    `lexicon` and `frames` are the files that the extractions were made with: they name classes and event types of the user's own.

    All three are complete before the first old file is replaced: a run that fails leaves the old ones as they were.

    Raises:
        KgError: the directory cannot be made or written to.
    """
    from kg import rdf, view

    try:
        directory.mkdir(parents=True, exist_ok=True)
        # Inside the directory, since only within one file system is replacing a file one step.
        with TemporaryDirectory(prefix=".kg-", dir=directory) as name:
            made = Path(name)
            with (made / "extractions.jsonl").open("w", encoding="utf-8", newline="\n") as f:
                f.writelines(json_line(e) for e in extractions)
            graph = Graph.of(extractions, base, vocabulary(*frames), _broader(lexicon))
            rdf.write(graph, made / "graph.ttl", concept_labels(extractions, lexicon))
            view.write_html(graph, made / "graph.html", **({"title": title} if title else {}))
            for file in FILES:
                os.replace(made / file, directory / file)
    except OSError as e:
        raise KgError(f"cannot write to {directory}: {e.strerror or e}") from e
    kinds = [kind for _, kind in graph.nx.nodes(data="kind")]
    return Summary(
        documents=len(extractions),
        entities=kinds.count("entity"),
        events=kinds.count("event"),
        facts=sum(kind == "fact" for *_, kind in graph.nx.edges(data="kind")),
        files=tuple(directory / file for file in FILES),
    )


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
