"""The gallery: named queries in `ontology/queries/*.rq`, each with a comment that says what it finds.

    # Who met whom
    # من التقى من
    #
    # Meetings between two, with the day.
    # لقاءات بين طرفين مع اليوم.
    #
    # who: one of the two, by a name of his | أحد الطرفين باسم له
    PREFIX kgo: <https://example.org/kg/ontology#>
    SELECT … WHERE {
      VALUES ?who { "" }
      …

A parameter is a variable that one VALUES line gives a value; "" stands for any. The files are plain SPARQL that runs in any store.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from kg.errors import KgError
from kg.language import _, joined
from kg.resources import ontology_dir
from kg.text import fold

_PARAMETER = re.compile(r"# (?P<name>[a-z]+): (?P<en>[^|]+?) \| (?P<ar>.+)")


@dataclass(frozen=True, slots=True)
class Named:
    """A query of the gallery. `title` and `description` are (English, Arabic); `parameters` are name -> (English, Arabic)."""

    name: str
    title: tuple[str, str]
    description: tuple[str, str]
    parameters: Mapping[str, tuple[str, str]]
    query: str

    def default(self, parameter: str) -> str:
        """The value that a parameter has in the file."""
        found = _values(parameter).search(self.query)
        assert found is not None
        return found["value"]

    def with_values(self, values: Mapping[str, str]) -> str:
        """The query with values for its parameters. Names are compared as `kgo:searchKey` has them, so that spelling does not matter.

        KgError if it has no such parameter.
        """
        query = self.query
        for name, value in values.items():
            if name not in self.parameters:
                message = _("the query {name} has no parameter {parameter!r}; it has {known}")
                raise KgError(message.format(name=self.name, parameter=name, known=joined(self.parameters) or _("none")))
            key = fold(value)
            if value.strip() and not key:
                raise KgError(_("{name}={value} names nobody: it has no letters and no digits").format(name=name, value=value))
            literal = _quoted(key)
            query = _values(name).sub(lambda m, literal=literal: f"{m['head']}{literal}{m['tail']}", query)  # type: ignore[misc]
        return query


def gallery() -> dict[str, Named]:
    """All named queries by name."""
    return {path.stem: _read(path) for path in sorted((ontology_dir() / "queries").glob("*.rq"))}


def named(name: str) -> Named:
    """The query of that name; KgError if there is none."""
    queries = gallery()
    if name not in queries:
        raise KgError(_("there is no query {name!r} in the gallery; there are {queries}").format(name=name, queries=joined(queries)))
    return queries[name]


def _read(path: Path) -> Named:
    text = path.read_text(encoding="utf-8")
    comment = []
    for line in text.splitlines():
        if not line.startswith("#"):
            break
        comment.append(line)
    blocks = [block.split("\n") for block in "\n".join(comment).split("\n#\n")]
    title, description, *more = [[line.removeprefix("# ") for line in block] for block in blocks]
    found = [m for block in blocks[2:] for line in block if (m := _PARAMETER.fullmatch(line))]
    assert sum(map(len, more)) == len(found), f"{path.name}: what is no parameter stands among the parameters"
    (title_en, title_ar), (text_en, text_ar) = title, description
    return Named(path.stem, (title_en, title_ar), (text_en, text_ar), {m["name"]: (m["en"], m["ar"]) for m in found}, text)


def _values(parameter: str) -> re.Pattern[str]:
    return re.compile(rf'(?P<head>VALUES \?{parameter} {{ )"(?P<value>[^"]*)"(?P<tail> }})')


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r")
    return f'"{escaped}"'
