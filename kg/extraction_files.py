"""Files of extractions: JSON lines, as `kg extract` prints them and `kg build` keeps them in `extractions.jsonl`."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from pathlib import Path

from kg.errors import KgError
from kg.files import opened
from kg.formats import FORMATS, suffix_of
from kg.language import _, joined, strerror
from kg.model import Extraction
from kg.problems import Problems, refuse

#: Endings of their names, each also with .gz behind it.
SUFFIXES = (".jsonl", ".json")


def is_extractions(path: Path) -> bool:
    """Whether a file holds extractions, by its suffix, and not RDF. KgError if the suffix tells neither."""
    if (suffix := suffix_of(path)) not in (*SUFFIXES, *FORMATS):
        message = _("{path}: its suffix tells neither extractions ({extractions}) nor a format of RDF ({formats}); each may have .gz behind it")
        raise KgError(message.format(path=path, extractions=joined(SUFFIXES), formats=joined(FORMATS)))
    return suffix in SUFFIXES


def read(path: Path, problems: Problems | None = None) -> Iterator[Extraction]:
    """The extractions of a file, one after the other; decompressed if its name ends in .gz.

    Args:
        path: the file, whatever its suffix.
        problems: is given the lines that are none, and what cannot be read. Without it the first of these is an error.

    Raises:
        KgError: a line is no extraction, or the file cannot be read (without `problems`). The message names file and line.
    """
    problems = Problems(refuse) if problems is None else problems
    for number, line in lines(path, problems):
        try:
            x = Extraction.from_json(json.loads(line))
        except (ValueError, RecursionError) as e:
            problems.add(f"{path}:{number}", _("is no extraction, as kg extract prints them ({why})").format(why=e))
        else:
            yield x


def lines(path: Path, problems: Problems) -> Iterator[tuple[int, bytes]]:
    """The lines of a file that are not blank, with their numbers, counted from 1. `problems` is told when it cannot be read (any further)."""
    try:
        with opened(path) as file:
            yield from ((number, line) for number, line in enumerate(file, 1) if line.strip())
    except (OSError, EOFError, zlib.error) as e:
        problems.add(str(path), _("cannot be read: {why}").format(why=strerror(e)))
