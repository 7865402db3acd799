"""What a server is, where it answers, and how a named graph is written to it: by the Graph Store Protocol or by SPARQL Update.

`PRODUCTS` says in data where the addresses of a product lie and what it wants different. An unknown server gets what the standards
promise: queries and updates at the address given.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlsplit, urlunsplit

from kg.errors import KgError
from kg.language import _
from kg.remote_http import Http, checked

Via = Literal["gsp", "update"]

_JSON = "application/sparql-results+json"
#: Virtuoso looks into the text to tell whether it is Turtle, and does not find out where a literal is long. To others it means nothing.
_TURTLE = b"@prefix kg: <https://example.org/kg/> .\n"
#: Ends of the paths of addresses that people copy: what stands before them is the place. A repository may have any name.
_TAILS = re.compile(
    r"(?<!/repositories)/(query|sparql|update|data|get|store|statements|sparql-auth|sparql-graph-crud(-auth)?|rdf-graphs/service|sparql/gsp)?/?$"
)


@dataclass(frozen=True, slots=True)
class Product:
    """A kind of server: paths below its place (the address without `_TAILS`), by what is asked."""

    name: str
    query: str
    update: str
    gsp: str | None
    clear: str = "DROP SILENT GRAPH <{}>"
    #: The same paths for those who say who they are, where they are others.
    known: tuple[str, str, str] | None = None
    #: Triples in one request of either kind.
    gsp_triples: int = 20_000
    update_triples: int = 5_000
    #: The longest IRI that it keeps as it is, in bytes.
    longest_iri: int | None = None


PRODUCTS = {
    p.name: p
    for p in (
        Product("oxigraph", "/query", "/update", "/store"),
        Product(
            "virtuoso", "/sparql", "/sparql", "/sparql-graph-crud",
            known=("/sparql-auth", "/sparql-auth", "/sparql-graph-crud-auth"),
            update_triples=1_000,  # its compiler is out of memory at about 4,900
            longest_iri=1_880,
        ),
        Product("fuseki", "/query", "/update", "/data"),
        Product("graphdb", "", "/statements", "/rdf-graphs/service"),
        Product("stardog", "/query", "/update", ""),
        Product("neptune", "/sparql", "/sparql", "/sparql/gsp/"),
        Product("qlever", "", "", "", clear="DELETE WHERE {{ GRAPH <{}> {{ ?s ?p ?o }} }}"),
    )
}  # fmt: skip
_UNKNOWN = Product("", "", "", None)


@dataclass(frozen=True, slots=True)
class Server:
    """Where a server answers, and how graphs are written to it."""

    http: Http
    product: Product
    query_url: str
    update_url: str | None
    gsp_url: str | None
    via: Via

    @property
    def write_url(self) -> str:
        url = self.gsp_url if self.via == "gsp" else self.update_url
        assert url is not None  # see `connect`
        return url

    @property
    def chunk(self) -> int:
        """Triples in one request."""
        return self.product.gsp_triples if self.via == "gsp" else self.product.update_triples

    def __str__(self) -> str:
        name = self.product.name.capitalize() or _("a server")
        protocol = _("the Graph Store Protocol") if self.via == "gsp" else "SPARQL Update"
        return _("{server} by {protocol} at {url}").format(server=name, protocol=protocol, url=self.write_url)

    def put(self, graph: str, lines: Sequence[bytes], *, replace: bool, blank: bool = False) -> None:
        """Write triples into a graph, instead of what it held if `replace`. KgError if the server does not.

        `blank` tells that there may be blank nodes among them.
        """
        body, what = b"".join(lines), _("graph <{graph}>").format(graph=graph)
        if self.via == "gsp":
            method, headers = ("PUT" if replace else "POST"), {"Content-Type": "text/turtle"}
            checked(self.http.send(method, self.write_url, params={"graph": graph}, data=_TURTLE + body, headers=headers), what)
            return
        # Virtuoso refuses blank nodes in INSERT DATA. A template makes new ones for each solution, and there is one.
        head, tail = (b"INSERT", b" WHERE {}") if blank else (b"INSERT DATA", b"")
        text = head + b" { GRAPH <" + graph.encode() + b"> {\n" + body + b"} }" + tail
        if replace:
            text = self.product.clear.format(graph).encode() + b" ;\n" + text
        _update(self.http, self.write_url, text, what)

    def count(self, graph: str) -> int:
        """How many triples the server holds in a graph."""
        answer = _query(self.http, self.query_url, f"SELECT (COUNT(*) AS ?n) WHERE {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}")
        try:
            return int(answer["results"]["bindings"][0]["n"]["value"])
        except (KeyError, IndexError, TypeError, ValueError):
            raise KgError(_("{query_url} does not count the triples of <{graph}>").format(query_url=self.query_url, graph=graph)) from None

    def shortened(self, lines: Sequence[bytes]) -> int:
        """How many IRIs of these triples the server does not keep whole."""
        limit = self.product.longest_iri
        if not limit or all(len(line) <= limit for line in lines):
            return 0
        # A literal first, since it may hold what looks like an IRI.
        return sum(len(iri) > limit for line in lines if len(line) > limit for iri in re.findall(rb'"(?:[^"\\]|\\.)*"|<([^>]*)>', line))


def connect(
    endpoint: str,
    http: Http,
    *,
    kind: str | None = None,
    via: Via | None = None,
    query_url: str | None = None,
    update_url: str | None = None,
    gsp_url: str | None = None,
) -> Server:
    """Find out what a server is and where it answers, by its answers and its address.

    Args:
        endpoint: its place or one of its addresses: http://localhost:7878, http://localhost:3030/news/query …
        http: the connection.
        kind: one of `PRODUCTS`, where it cannot be told.
        via: how to write; by default the Graph Store Protocol where it is known to be.
        query_url, update_url, gsp_url: addresses that lie elsewhere than usual.

    Raises:
        KgError: there is no answer, it is none of SPARQL, nothing can be written, or the address for `via` is not known.
    """
    product = PRODUCTS[kind] if kind else _recognised(endpoint, http)
    if product:
        known = http.credentials.user is not None or http.credentials.token is not None
        paths = product.known if known and product.known else (product.query, product.update, product.gsp)
        query, update, gsp = (None if path is None else _below(endpoint, path) for path in paths)
    else:
        query, update, gsp = endpoint, endpoint, None
    query, update, gsp = query_url or query or endpoint, update_url or update, gsp_url or gsp
    if "boolean" not in _query(http, query, "ASK {}"):
        raise KgError(_("{query} does not answer SPARQL queries: give the right --endpoint, or --query-url").format(query=query))
    chosen: Via = via or ("update" if update_url and not gsp_url else "gsp" if gsp else "update")
    if chosen == "gsp" and not gsp:
        raise KgError(_("where does {endpoint} speak the Graph Store Protocol? give --gsp-url, or --via update").format(endpoint=endpoint))
    server = Server(http, product or _UNKNOWN, query, update, gsp, chosen)
    _may_write(server)
    return server


def _recognised(endpoint: str, http: Http) -> Product | None:
    parts = urlsplit(endpoint)
    if "/repositories/" in parts.path:
        return PRODUCTS["graphdb"]
    if (parts.hostname or "").endswith((".neptune.amazonaws.com", ".neptune.amazonaws.com.cn")):
        return PRODUCTS["neptune"]
    headers = http.send("HEAD", endpoint).headers
    server = headers.get("Server", "").lower()
    if "fuseki" in server or "Fuseki-Request-Id" in headers:
        return PRODUCTS["fuseki"]
    return next((p for name, p in PRODUCTS.items() if name in server), None)


def _below(endpoint: str, path: str) -> str:
    parts = urlsplit(endpoint)
    return urlunsplit(parts._replace(path=(_TAILS.sub("", parts.path) + path) or "/", query="", fragment=""))


def _may_write(server: Server) -> None:
    """Try a write that changes nothing, so that who may not write hears of it at once."""
    if server.via == "update":
        _update(server.http, server.write_url, b"INSERT DATA {}", "updates")
        return
    # There is no write of nothing in this protocol. To ask for a graph tells at least whether the address is one and knows us.
    answer = server.http.send(
        "GET", server.write_url, params={"graph": "https://example.org/kg/graph/none"}, headers={"Accept": "application/n-triples"}
    )
    if answer.status_code not in (200, 204, 404, 406):
        checked(answer, _("the Graph Store Protocol"))


def _query(http: Http, url: str, query: str) -> Any:  # JSON
    answer = checked(http.send("POST", url, data={"query": query}, headers={"Accept": _JSON}), _("a query"))
    try:
        return json.loads(answer.content)
    except ValueError:
        raise KgError(_("{url} does not answer SPARQL queries in JSON: give the right --endpoint, or --query-url").format(url=url)) from None


def _update(http: Http, url: str, text: bytes, what: str) -> None:
    checked(http.send("POST", url, data=text, headers={"Content-Type": "application/sparql-update; charset=utf-8"}), what)
