"""The media types that the server can write, and which of them a client would rather have (RFC 9110, section 12.5.1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

JSON = "application/sparql-results+json"
XML = "application/sparql-results+xml"
CSV = "text/csv"
TSV = "text/tab-separated-values"
TURTLE = "text/turtle"
NTRIPLES = "application/n-triples"
RDF_XML = "application/rdf+xml"
JSON_LD = "application/ld+json"
HTML = "text/html"

#: What a client may name -> what it gets. Of what it likes equally well, the first.
TABLES: Mapping[str, str] = {JSON: JSON, XML: XML, CSV: CSV, TSV: TSV, "application/json": JSON, "application/xml": XML, "text/xml": XML}
GRAPHS: Mapping[str, str] = {
    TURTLE: TURTLE, NTRIPLES: NTRIPLES, JSON_LD: JSON_LD, RDF_XML: RDF_XML,
    "application/json": JSON_LD, "application/xml": RDF_XML, "text/xml": RDF_XML, "text/plain": NTRIPLES, "application/x-turtle": TURTLE,
}  # fmt: skip


def best(accept: str, offered: Mapping[str, str]) -> str | None:
    """The media type to answer in, or None if the client takes none of them. An empty `accept` takes anything.

    Args:
        accept: the value of the Accept header.
        offered: what a client may name -> what it gets, the server's preference first.
    """
    ranges = _ranges(accept)
    # Names other than what is written (application/json) count only where the client names them, not for a wildcard.
    rated = [(_quality(name, ranges, exact=name != given), -i, given) for i, (name, given) in enumerate(offered.items())]
    quality, _, given = max(rated)
    return given if quality > 0 else None


def media_type(content_type: str) -> tuple[str, str]:
    """The media type and the character set (lower case; empty if not given) of a Content-Type header."""
    name, *parameters = (part.strip().lower() for part in content_type.split(";"))
    charset = next((p.partition("=")[2].strip('" ') for p in parameters if p.startswith("charset=")), "")
    return name, charset


def _ranges(accept: str) -> Sequence[tuple[str, float]]:
    out = []
    for item in accept.split(","):
        name, *parameters = (part.strip().lower() for part in item.split(";"))
        weight = next((p[2:] for p in parameters if p.startswith("q=")), "1")
        try:
            quality = min(max(float(weight), 0.0), 1.0)
        except ValueError:
            quality = 0.0
        if name:
            out.append(("*/*" if name == "*" else name, quality))
    return out or [("*/*", 1.0)]


def _quality(name: str, ranges: Sequence[tuple[str, float]], exact: bool) -> float:
    """The weight that the most specific range gives to a media type."""
    found = dict(reversed(ranges))
    patterns = [name] if exact else [name, name.partition("/")[0] + "/*", "*/*"]
    return next((found[p] for p in patterns if p in found), 0.0)
