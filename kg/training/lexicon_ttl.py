"""Turtle for the generated files of the lexicon."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

PREFIXES = """@base <https://example.org/kg/lexicon/> .
@prefix kgl: <https://example.org/kg/lexicon/> .
@prefix kgo: <https://example.org/kg/ontology#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix wd: <http://www.wikidata.org/entity/> .
"""


def literal(text: str, language: str = "") -> str:
    """A string as a Turtle literal."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"' + (f"@{language}" if language else "")


def ref(id: str) -> str:
    """An entry as an IRI relative to the lexicon's."""
    return f"<{id}>"


def slug(text: str) -> str:
    """An identifier made of an English name: "N'Djamena" -> "ndjamena"."""
    ascii = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower().replace("'", "")
    return re.sub(r"[^a-z0-9]+", "-", ascii).strip("-")


def block(id: str, cls: str, properties: Mapping[str, Sequence[str]]) -> str:
    """The statements about one entry; properties without values are left out."""
    lines = [f"{ref(id)} a skos:Concept, kgo:{cls}"]
    lines += [f"    {name} {', '.join(values)}" for name, values in properties.items() if values]
    return " ;\n".join(lines) + " ."


def write(path: Path, comment: str, blocks: Iterable[str]) -> None:
    """Write a file of the lexicon with its sources at its head."""
    head = "".join(f"# {line}\n" for line in comment.splitlines())
    path.write_text(head + "\n" + PREFIXES + "\n" + "\n\n".join(blocks) + "\n", encoding="utf-8")
