"""kg serve: the SPARQL 1.1 Protocol, what is refused, content negotiation, who may ask, pages for things.

The cases of the protocol follow those of the W3C's test suite (https://www.w3.org/2009/sparql/docs/tests/, "protocol"), by their
names there, as far as they are about queries. Graphs that a query names are looked for in the store and never fetched.
"""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote, urlencode

import psutil
import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st

from kg.clauses import Unreadable, clauses
from kg.namespaces import KGO, type_of_class
from kg.rdf import write
from kg.serve.answers import Answer, Question
from kg.serve.children import Children
from kg.serve.entity import candidates
from kg.serve.guard import is_loopback
from kg.serve.negotiation import GRAPHS, JSON, JSON_LD, TABLES, TURTLE, XML, best, media_type
from kg.serve.pages import FIRST
from kg.serve.stored import stored_graph
from kg.store import make_of
from tests.serving import Server, free_port, graph

FORM = "application/x-www-form-urlencoded"
DIRECT = "application/sparql-query"
ALL = "SELECT ?s ?o { ?s <http://x/p> ?o }"
NAMED = "SELECT ?g ?o { GRAPH ?g { ?s <http://x/p> ?o } }"
ONE, TWO, THREE = (f"http://x/g{i}" for i in (1, 2, 3))
SERVICE = "SERVICE <http://127.0.0.1:1/> { ?s ?p ?o }"
ENDLESS = "SELECT (COUNT(*) AS ?n) { " + " ".join(f"?a{i} ?b{i} ?c{i} ." for i in range(9)) + " }"
DATA = f"""
<http://x/a> <http://x/p> "واحد" <{ONE}> .
<http://x/a> <http://x/p> "two" <{TWO}> .
<http://x/a> <http://x/p> "three\\r\\u0001" <{THREE}> .
<http://x/a> <http://x/q> <http://x/b> .
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The example graph and four quads beside it."""
    folder = tmp_path_factory.mktemp("serve")
    write(graph(), folder / "graph.trig")
    (folder / "more.nq").write_text(DATA, encoding="utf-8")
    with Server(folder / "graph.trig", folder / "more.nq", "--timeout", "20", "--limit", "2") as server:
        yield server


@pytest.fixture(scope="module")
def hasty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that gives a query a second."""
    folder = tmp_path_factory.mktemp("hasty")
    write(graph(), folder / "graph.nq")
    with Server(folder / "graph.nq", "--timeout", "1") as server:
        yield server


# The protocol: what is a query


def test_query_get(server: Server) -> None:
    reply = server.query("ASK {}")
    assert (reply.status, reply.type, json.loads(reply.body)["boolean"]) == (200, JSON, True)


def test_query_post_form(server: Server) -> None:
    reply = server.request("POST", "/sparql", urlencode({"query": "ASK {}"}).encode(), Content_Type=FORM)
    assert (reply.status, reply.type) == (200, JSON)


def test_query_post_direct(server: Server) -> None:
    reply = server.request("POST", "/sparql", 'ASK { FILTER ("روسيا" = "روسيا") }'.encode(), Content_Type=f"{DIRECT}; charset=UTF-8")
    assert (reply.status, json.loads(reply.body)["boolean"]) == (200, True)


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS"])
def test_bad_query_method(server: Server, method: str) -> None:
    reply = server.request(method, f"/sparql?{urlencode({'query': 'ASK {}'})}")
    assert reply.status == 405 and "GET" in reply.headers["allow"]


def test_bad_multiple_queries(server: Server) -> None:
    reply = server.get("/sparql", [("query", "ASK {}"), ("query", "SELECT * {}")])
    assert (reply.status, reply.text) == (400, "bad request: there is more than one query\n")
    assert server.request("POST", "/sparql", b"query=ASK%7B%7D&query=ASK%7B%7D", Content_Type=FORM).status == 400
    assert server.request("POST", "/sparql?query=ASK%7B%7D", b"ASK {}", Content_Type=DIRECT).status == 400


def test_bad_query_wrong_media_type(server: Server) -> None:
    assert server.request("POST", "/sparql", b"ASK {}", Content_Type="text/plain").status == 415


def test_bad_query_missing_form_type(server: Server) -> None:
    assert server.request("POST", "/sparql", b"query=ASK%7B%7D").status == 415


def test_bad_query_missing_direct_type(server: Server) -> None:
    assert server.request("POST", "/sparql", b"ASK {}").status == 415


def test_bad_query_non_utf8(server: Server) -> None:
    assert server.request("POST", "/sparql", "ASK {}".encode("utf-16"), Content_Type=f"{DIRECT}; charset=UTF-16").status == 415
    assert server.request("POST", "/sparql", b"ASK { ?s ?p '\xff' }", Content_Type=DIRECT).status == 400
    assert server.request("GET", "/sparql?query=ASK%7B%20%3Fs%20%3Fp%20%22%FF%22%7D").status == 400


@pytest.mark.parametrize("query", ["ASK { ?s ?p", "SELECT", "", "  ", "ASK { ?s unknown:p ?o }", "SELECT * { SERVICE", "ASK FROM {}"])
def test_bad_query_syntax(server: Server, query: str) -> None:
    reply = server.query(query)
    assert (reply.status, reply.type) == (400, "text/plain")
    assert reply.text.startswith("not a query of SPARQL") and reply.text.count("\n") == 1


def test_a_query_is_missing(server: Server) -> None:
    assert server.request("POST", "/sparql", b"x=y", Content_Type=FORM).status == 400
    assert server.get("/sparql", {"x": "y"}).status == 400


def test_what_the_protocol_does_not_know_is_ignored(server: Server) -> None:
    assert server.get("/sparql", {"query": "ASK {}", "format": "json", "timeout": "9"}).status == 200


@pytest.mark.parametrize("update", ["CLEAR ALL", "LOAD <http://x/>", "INSERT DATA { <a:a> <a:b> <a:c> }", "DROP GRAPH <http://x/g1>"])
def test_nothing_is_written(server: Server, update: str) -> None:
    before = server.query("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }").rows()
    assert server.request("POST", "/sparql", urlencode({"update": update}).encode(), Content_Type=FORM).status == 403
    assert server.request("POST", "/sparql", update.encode(), Content_Type="application/sparql-update").status == 403
    assert server.get("/sparql", {"update": update}).status == 403
    assert server.query(update).status == 400
    assert server.query("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }").rows() == before


def test_a_query_may_be_long_but_not_endless(server: Server) -> None:
    query = "ASK {} #" + "x" * 500_000
    assert server.request("POST", "/sparql", query.encode(), Content_Type=DIRECT).status == 200
    assert server.request("POST", "/sparql", (query * 3).encode(), Content_Type=DIRECT).status == 413


# The protocol: which graphs


def test_without_a_dataset_the_default_graph_is_the_union(server: Server) -> None:
    assert {o for _, o in server.query(ALL).rows()} == {"واحد", "two", "three\r\x01"}
    assert server.query("ASK { <http://x/a> <http://x/q> <http://x/b> }").text == '{"head":{},"boolean":true}'
    assert {g for g, _ in server.query(NAMED).rows()} == {ONE, TWO, THREE}


COUNT = "SELECT (COUNT(*) AS ?n) { ?s <http://x/p> ?o }"


@pytest.mark.parametrize("kind", ["file", "store of kg", "its database", "plain database"])
def test_what_several_graphs_say_stands_once_in_the_default_graph(kind: str, tmp_path: Path) -> None:
    data = f'<http://x/a> <http://x/p> "1" <{ONE}> .\n<http://x/a> <http://x/p> "1" <{TWO}> .\n<http://x/a> <http://x/p> "2" .\n'
    (tmp_path / "a.nq").write_text(data)
    (tmp_path / "store").mkdir()
    found = list(ox.parse(data, format=ox.RdfFormat.N_QUADS))
    if kind == "plain database":
        plain = ox.Store(str(tmp_path / "store"))
        plain.extend(found)
        plain.flush()
        del plain
    else:
        make_of(tmp_path / "store", found)
    what = {"file": [tmp_path / "a.nq"], "its database": ["--store", tmp_path / "store" / "quads"]}.get(kind, ["--store", tmp_path / "store"])
    with Server(*what) as server:
        # Oxigraph's own union, for want of a better one, has it twice.
        assert server.query(COUNT).rows() == {("3" if kind == "plain database" else "2",)}
        assert server.query(COUNT, ("default-graph-uri", ONE)).rows() == {("1",)}
        assert {o for _, o in server.query(ALL).rows()} == {"1", "2"}


def test_query_dataset_default_graphs_get(server: Server) -> None:
    assert {o for _, o in server.query(ALL, ("default-graph-uri", ONE)).rows()} == {"واحد"}
    assert {o for _, o in server.query(ALL, ("default-graph-uri", ONE), ("default-graph-uri", TWO)).rows()} == {"واحد", "two"}
    assert server.query(NAMED, ("default-graph-uri", ONE)).rows() == set()


def test_query_dataset_default_graphs_post(server: Server) -> None:
    body = urlencode([("query", ALL), ("default-graph-uri", ONE), ("default-graph-uri", TWO)]).encode()
    assert {o for _, o in server.request("POST", "/sparql", body, Content_Type=FORM).rows()} == {"واحد", "two"}
    direct = server.request("POST", f"/sparql?{urlencode({'default-graph-uri': TWO})}", ALL.encode(), Content_Type=DIRECT)
    assert {o for _, o in direct.rows()} == {"two"}


def test_query_dataset_named_graphs(server: Server) -> None:
    assert {g for g, _ in server.query(NAMED, ("named-graph-uri", ONE), ("named-graph-uri", TWO)).rows()} == {ONE, TWO}
    assert server.query(ALL, ("named-graph-uri", ONE)).rows() == set()
    body = urlencode([("query", NAMED), ("named-graph-uri", TWO)]).encode()
    assert {g for g, _ in server.request("POST", "/sparql", body, Content_Type=FORM).rows()} == {TWO}


def test_query_dataset_full(server: Server) -> None:
    both = "SELECT ?x ?o { { ?x <http://x/p> ?o } UNION { GRAPH ?x { ?s <http://x/p> ?o } } }"
    graphs = ("default-graph-uri", ONE), ("named-graph-uri", TWO), ("named-graph-uri", THREE)
    assert server.query(both, *graphs).rows() == {("http://x/a", "واحد"), (TWO, "two"), (THREE, "three\r\x01")}


def test_query_multiple_dataset(server: Server) -> None:
    """The protocol's graphs win over those of the query."""
    assert {o for _, o in server.query(ALL.replace("{", f"FROM <{ONE}> {{", 1), ("default-graph-uri", TWO)).rows()} == {"two"}


def test_graphs_that_the_query_names(server: Server) -> None:
    assert {o for _, o in server.query(ALL.replace("{", f"FROM <{ONE}> {{", 1)).rows()} == {"واحد"}
    assert server.query(ALL.replace("{", f"FROM NAMED <{ONE}> {{", 1)).rows() == set()
    assert {g for g, _ in server.query(NAMED.replace("{", f"FROM NAMED <{TWO}> {{", 1)).rows()} == {TWO}
    assert server.query(ALL.replace("{", "FROM <http://x/nothing> {", 1)).rows() == set()


def test_a_word_is_no_clause(server: Server) -> None:
    """The union stays the default graph where "from" is only a word in the query."""
    query = 'PREFIX from: <http://x/> SELECT ?o { ?s from:p ?o FILTER (?o != "from") } # FROM <http://x/g1>'
    assert {o for (o,) in server.query(query).rows()} == {"واحد", "two", "three\r\x01"}


def test_a_graph_must_be_an_iri(server: Server) -> None:
    assert server.query(ALL, ("default-graph-uri", "no iri")).status == 400


# The protocol: which format


@pytest.mark.parametrize("accept", [*TABLES, "text/*", "*/*", "", "text/turtle;q=0.1, text/csv"])
def test_query_content_type_select(server: Server, accept: str) -> None:
    reply = server.query("SELECT ?o { <http://x/a> <http://x/q> ?o }", Accept=accept)
    assert reply.status == 200 and reply.type in TABLES.values()
    assert b"http://x/b" in reply.body and reply.headers["vary"] == "Accept"


@pytest.mark.parametrize("accept", [JSON, XML, "text/csv", "text/tab-separated-values"])
def test_query_content_type_ask(server: Server, accept: str) -> None:
    reply = server.query("ASK {}", Accept=accept)
    assert (reply.status, reply.type) == (200, accept) and b"true" in reply.body


@pytest.mark.parametrize("accept", GRAPHS)
@pytest.mark.parametrize("query", ["CONSTRUCT WHERE { <http://x/a> <http://x/q> ?o }", "DESCRIBE <http://x/a> FROM <http://x/g1>"])
def test_query_content_type_of_graphs(server: Server, query: str, accept: str) -> None:
    reply = server.query(query, Accept=accept)
    assert (reply.status, reply.type) == (200, GRAPHS[accept])
    found = rdflib.Graph().parse(data=reply.body, format={"application/n-triples": "nt", JSON_LD: "json-ld"}.get(reply.type, reply.type))
    assert {s for s, _, _ in found} == {rdflib.URIRef("http://x/a")} and len(found) == 1


def test_what_no_format_fits(server: Server) -> None:
    assert server.query("ASK {}", Accept="image/png").status == 406
    assert server.query("ASK {}", Accept="text/turtle").status == 406
    assert server.query("CONSTRUCT WHERE { ?s ?p ?o }", Accept="text/csv").status == 406
    assert JSON in server.query("ASK {}", Accept="text/turtle").text


def test_xml_that_cannot_hold_the_answer_is_not_written_wrong(server: Server) -> None:
    reply = server.query(f"SELECT ?o FROM <{THREE}> {{ ?s ?p ?o }}", Accept=XML)
    assert reply.status == 406 and "U+0001" in reply.text
    reply = server.query('SELECT ("a\\rb" AS ?x) {}', Accept=XML)
    assert reply.status == 200 and b"a&#13;b" in reply.body


def test_a_service_description(server: Server) -> None:
    reply = server.get("/sparql", Accept="text/turtle")
    assert (reply.status, reply.type) == (200, TURTLE)
    sd = rdflib.Namespace("http://www.w3.org/ns/sparql-service-description#")
    found = rdflib.Graph().parse(data=reply.body, format="turtle")
    (service,) = found.subjects(rdflib.RDF.type, sd.Service)
    assert found.value(service, sd.endpoint) == rdflib.URIRef(f"{server.address}sparql")
    assert (service, sd.feature, sd.UnionDefaultGraph) in found
    assert server.get("/sparql", Accept="application/ld+json").type == JSON_LD
    assert server.get("/sparql", Accept="text/csv").status == 406
    html = server.get("/sparql", Accept="text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8")
    assert (html.status, html.headers["location"]) == (303, "/query")


def test_head_is_get_without_a_body(server: Server) -> None:
    reply = server.request("HEAD", f"/sparql?{urlencode({'query': 'ASK {}'})}")
    assert (reply.status, reply.type, reply.body) == (200, JSON, b"")


# What is refused

CALLS = [
    f"SELECT * {{ {SERVICE} }}",
    f"SELECT * {{ {SERVICE.replace('SERVICE', 'service SILENT')} }}",
    f"SELECT * {{ {{ SELECT * {{ OPTIONAL {{ {SERVICE} }} }} }} }}",
    f"ASK {{ FILTER NOT EXISTS {{ {SERVICE} }} }}",
    f"SELECT * {{ BIND (EXISTS {{ {SERVICE} }} AS ?x) }}",
    f"CONSTRUCT {{ ?s ?p ?o }} {{ GRAPH ?g {{ {{}} UNION {{ {SERVICE} }} MINUS {{ {SERVICE} }} }} }}",
    f"DESCRIBE ?s {{ {SERVICE} }}",
    "SELECT * { ?x ?y ?z . SERVICE ?x { ?s ?p ?o } }",
    # What one parser takes for a comment, a string or an IRI and the other does not.
    f"SELECT * {{ {{}} #x\r{SERVICE} \n }}",
    f'SELECT * {{ ?a ?b "\\u005C" . {SERVICE} ?c ?d "" }}',
    "SELECT * { ?x ?y ?z FILTER(1<2)SERVICE?x#>\n{ ?s ?p ?o } }",
    f"SELECT * {{ ?a ?b '''x''' . {SERVICE} ?c ?d '''x''' }}",
]


@pytest.mark.parametrize("query", CALLS)
def test_service_is_refused_wherever_it_stands(server: Server, query: str) -> None:
    reply = server.query(query)
    # Where rdflib's parser cannot follow, the query is refused as unreadable: it is never run.
    assert reply.status in (400, 403), reply.text
    if reply.status == 403:
        assert reply.text.startswith("refused: SERVICE")


@pytest.mark.parametrize("query", CALLS[:9])
def test_service_is_found(query: str) -> None:
    assert clauses(query).service


@pytest.mark.parametrize(
    "query",
    [
        'SELECT * { ?s ?p "SERVICE <http://x/> {}" }',
        "SELECT * { ?s ?p '''it's a SERVICE <http://x/> {}''' }",
        "SELECT * { ?s ?p ?o } # SERVICE <http://x/> { ?s ?p ?o }",
        "PREFIX service: <http://service/> SELECT * { service:SERVICE service:p ?service }",
        "SELECT * { <http://x/service> ?p ?o }",
        "SELECT * { ?s ?p 'x'@service }",
        "SELECT * { _:service ?p ?o }",
    ],
)
def test_the_word_alone_is_not_refused(server: Server, query: str) -> None:
    assert clauses(query).service is False
    assert server.query(query).status == 200


def test_clauses_of_nothing_readable() -> None:
    with pytest.raises(Unreadable, match=r"line 2, column"):
        clauses("SELECT *\n{ SERVICE }")
    with pytest.raises(Unreadable):
        clauses("SELECT * { SERVICE <x:x> " + "{" * 3000 + "}" * 3000 + "}")


@pytest.mark.slow  # it starts a server of its own
def test_a_query_that_takes_too_long_is_ended_and_the_next_one_answered(hasty: Server) -> None:
    for _ in range(3):
        reply = hasty.query(ENDLESS)
        assert reply.status == 503
        assert reply.text == "timeout: the query took more than 1 seconds and was ended; ask for less\n"
        assert hasty.query("ASK {}").status == 200


def test_a_deep_query_costs_its_process_only(server: Server) -> None:
    assert server.query("SELECT * " + "{" * 1500 + "}" * 1500).status in (200, 400, 503)
    assert server.query("ASK {}").status == 200


def test_an_answer_that_is_too_long_is_refused_and_not_cut(server: Server) -> None:
    query = "SELECT * { ?a ?b ?c . ?d ?e ?f }"
    for accept in TABLES.values():
        reply = server.query(query, Accept=accept)
        assert (reply.status, reply.text) == (403, "refused: the answer is longer than 2 MB; ask for less, for example with LIMIT\n")
    assert server.query(query + " LIMIT 100").status == 200
    wide = "CONSTRUCT { ?a ?e ?x } { ?a ?b ?c . ?d ?e ?f BIND (CONCAT(STR(?a), STR(?b), STR(?c), STR(?d), STR(?f)) AS ?x) }"
    assert server.query(wide).status == 403


def test_a_client_that_goes_away_ends_its_query(server: Server) -> None:
    import http.client

    for _ in range(20):  # more than there are children
        connection = http.client.HTTPConnection(server.netloc)
        connection.request("GET", f"/sparql?{urlencode({'query': ENDLESS})}")
        connection.close()
    assert server.query("ASK {}").status == 200


# Who may ask


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "127.0.0.1.evil.example", "localhost.evil.example", "", "10.0.0.1", "[::2]:80"])
def test_another_name_is_not_answered(server: Server, host: str) -> None:
    for path in ("/", "/sparql?query=ASK%7B%7D", "/static/query.js"):
        assert server.request("GET", path, Host=host).status == 421


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8080", "127.0.0.1", "[::1]:99", "127.1.2.3"])
def test_a_name_of_this_machine_is_answered(server: Server, host: str) -> None:
    assert server.request("GET", "/sparql?query=ASK%7B%7D", Host=host).status == 200


def test_pages_of_others_may_link_but_not_ask(server: Server) -> None:
    def ask(site: str, mode: str) -> int:
        return server.query("ASK {}", Sec_Fetch_Site=site, Sec_Fetch_Mode=mode, Origin="https://other.example").status

    assert ask("cross-site", "cors") == ask("cross-site", "no-cors") == ask("same-site", "cors") == 403
    assert ask("cross-site", "navigate") == ask("same-origin", "cors") == ask("none", "navigate") == 200
    assert "access-control-allow-origin" not in server.query("ASK {}", Origin="https://other.example").headers


@pytest.mark.parametrize("path", ["/sparql?query=ASK%7B%7D", "/query", "/static/query.js", "/nothing", "/sparql?query=x", "/entity?iri=http://x/a"])
def test_every_answer_has_its_headers(server: Server, path: str) -> None:
    headers = server.get(path, Accept="*/*").headers
    assert headers["x-content-type-options"] == "nosniff"
    assert "frame-ancestors 'none'" in headers["content-security-policy"] and "unsafe" not in headers["content-security-policy"]
    assert headers["x-frame-options"] == "DENY" and headers["referrer-policy"] == "no-referrer"
    assert "server" not in headers


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.0.1", "example.org", "", "127.0.0.1.nip.io"])
def test_hosts_that_others_reach(host: str) -> None:
    assert not is_loopback(host)


@pytest.mark.slow  # it starts a server of its own
def test_a_token(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("سر-secret\n", encoding="utf-8")
    (tmp_path / "more.nq").write_text(DATA, encoding="utf-8")
    basic = base64.b64encode("who:سر-secret".encode()).decode()
    with Server(tmp_path / "more.nq", "--token-file", tmp_path / "token") as server:
        for path in ("/", "/query", "/static/query.js", "/sparql?query=ASK%7B%7D", "/nothing"):
            reply = server.get(path)
            assert reply.status == 401 and "Basic" in reply.headers["www-authenticate"]
        assert server.query("ASK {}", Authorization=f"Basic {basic}").status == 200
        assert server.query("ASK {}", Authorization="Basic d2hvOm5v").status == 401
        assert server.query("ASK {}", Authorization="Basic ???").status == 401
        assert server.query("ASK {}", Authorization="Bearer no").status == 401
        assert server.query("ASK {}", Cookie="kg_token=no").status == 401
    with Server(tmp_path / "more.nq", "--token-env", "KG_TOKEN", "--host", "0.0.0.0", environment={"KG_TOKEN": "abc"}) as server:
        assert server.query("ASK {}").status == 401
        assert server.query("ASK {}", Authorization="Bearer abc").status == 200
        assert server.query("ASK {}", Cookie="kg_token=abc", Host="kg.example").status == 200


@pytest.mark.slow  # it starts a server of its own
def test_a_foreign_origin_that_is_let_in(tmp_path: Path) -> None:
    (tmp_path / "more.nq").write_text(DATA, encoding="utf-8")
    with Server(tmp_path / "more.nq", "--cors", "https://good.example") as server:
        cross = {"Sec_Fetch_Site": "cross-site", "Sec_Fetch_Mode": "cors"}
        good = server.query("ASK {}", Origin="https://good.example", **cross)
        assert (good.status, good.headers["access-control-allow-origin"]) == (200, "https://good.example")
        assert "Origin" in good.headers["vary"]
        assert server.query("ASK {}", Origin="https://bad.example", **cross).status == 403
        preflight = {"Access_Control_Request_Method": "POST", "Access_Control_Request_Headers": "content-type"}
        allowed = server.request("OPTIONS", "/sparql", Origin="https://good.example", **preflight)
        assert allowed.status == 204 and "POST" in allowed.headers["access-control-allow-methods"]
        assert server.request("OPTIONS", "/sparql", Origin="https://bad.example", **preflight).status == 405


# Pages and IRIs

RUSSIA = "https://example.org/kg/Q159"
SHOIGU = "https://example.org/kg/person/سيرغي-شويغو"


def test_a_thing_as_a_page(server: Server) -> None:
    reply = server.get("/entity", {"iri": RUSSIA}, Accept="text/html,*/*;q=0.8")
    assert (reply.status, reply.type) == (200, "text/html")
    assert '<html lang="ar" dir="rtl">' in reply.text and '<h1 dir="auto">روسيا</h1>' in reply.text and "Russia" in reply.text
    assert "<mark>أرسل</mark> كيم جونغ أون ما لا يقل عن 3000 جندي إلى روسيا." in reply.text
    assert "وكالة الأمثلة" in reply.text and "منفي" in reply.text
    assert 'type="text/turtle"' in reply.headers["link"]


def test_a_thing_as_rdf(server: Server) -> None:
    for accept, name in ((TURTLE, "turtle"), (JSON_LD, "json-ld"), ("", "turtle")):
        reply = server.get("/entity", {"iri": RUSSIA}, Accept=accept)
        found = rdflib.Graph().parse(data=reply.body, format=name)
        about = rdflib.URIRef(RUSSIA)
        assert rdflib.Literal("روسيا", lang="ar") in set(found.objects(about, rdflib.RDFS.label))
        assert any(found.subjects(rdflib.URIRef(KGO + "recipient"), about))
    assert server.get("/entity", {"iri": RUSSIA}, Accept="text/csv").status == 406


@pytest.mark.parametrize(
    "iri", ["https://example.org/kg/d1", "https://example.org/kg/d1/claim-send-0", "https://example.org/kg/d1/send-0", SHOIGU, "http://x/a"]
)
def test_everything_has_a_page(server: Server, iri: str) -> None:
    reply = server.get("/entity", {"iri": iri}, Accept="text/html")
    assert reply.status == 200 and quote(iri, safe=":/") in quote(reply.text, safe=":/")


def test_what_is_not_there(server: Server) -> None:
    assert server.get("/entity", {"iri": "https://example.org/kg/nothing"}).status == 404
    assert server.get("/entity", {"iri": "no iri"}).status == 404
    assert server.get("/entity").status == 400
    assert server.get("/nothing/at/all").status == 404
    assert server.get("/static/../app.py").status == 404


@pytest.mark.slow  # it starts a server of its own
def test_a_page_shows_markup_as_text(tmp_path: Path) -> None:
    attack = "<script>alert(1)</script>\" onmouseover='x"
    literal = json.dumps(attack)
    (tmp_path / "x.nt").write_text(
        f"<http://x/a> <http://www.w3.org/2000/01/rdf-schema#label> {literal} .\n"
        f"<http://x/a> <http://www.w3.org/2004/02/skos/core#exactMatch> <javascript:alert(1)> .\n"
        f"<http://x/a> <http://x/p?'onclick='x'> {literal}@ar .\n",
        encoding="utf-8",
    )
    with Server(tmp_path / "x.nt") as server:
        page = server.get("/entity", {"iri": "http://x/a"}, Accept="text/html").text
        assert "&lt;script&gt;" in page and "<script" not in page and 'href="javascript' not in page and "' onclick" not in page


@pytest.mark.slow  # it starts a server of its own
def test_the_address_itself_is_the_iri(tmp_path: Path) -> None:
    """A graph whose base is this server's: its IRIs lead to its things."""
    port = free_port()
    write(graph(f"http://127.0.0.1:{port}/"), tmp_path / "graph.trig")
    with Server(tmp_path / "graph.trig", "--port", str(port)) as server:
        assert "روسيا" in server.get("/Q159", Accept="text/html").text
        assert server.get("/Q159", Accept="text/turtle").type == TURTLE
        assert "شويغو" in server.get(quote("/person/سيرغي-شويغو"), Accept="text/html").text
        assert server.get("/d1/send-0", Accept="application/ld+json").type == JSON_LD
        assert server.get("/Q1").status == 404


def test_the_query_page_needs_nobody_else(server: Server) -> None:
    reply = server.get("/query", Accept="text/html")
    assert reply.status == 200
    assert "script-src 'self'" in reply.headers["content-security-policy"]
    data = json.loads(reply.text.partition('id="data">')[2].partition("</script>")[0])
    assert KGO + "Send" in {t["iri"] for t in data["terms"]["classes"]}
    assert KGO + "agent" in {t["iri"] for t in data["terms"]["properties"]}
    for part in reply.text.split('src="')[1:] + reply.text.split('rel="stylesheet" href="')[1:]:
        path = part.partition('"')[0]
        assert path.startswith("/static/") and server.get(path).status == 200


def test_the_first_query_of_the_query_page_finds_something(server: Server) -> None:
    assert ("كيم جونغ أون", KGO + "sendsTo", "روسيا", "1") in server.query(FIRST).rows()


@pytest.mark.parametrize("union", [True, False])
def test_a_stored_graph_is_the_graph(union: bool, tmp_path: Path) -> None:
    """What the picture needs of a graph comes back from its triples."""
    from kg.rdf import quads

    wanted, store = graph(), ox.Store()
    if union:
        store.extend(quads(wanted))
    else:
        make_of(tmp_path, quads(wanted))
        store = ox.Store.read_only(str(tmp_path / "quads"))
    found, total = stored_graph(store, union=union)
    assert total == len(wanted.entities()) and found.base == wanted.base
    for kind in ("role", "member", "fact", "short", "candidate"):
        assert found.edges(kind) == wanted.edges(kind), kind
    assert [k for k, _ in found.nx.nodes(data=True)].sort() == [k for k, _ in wanted.nx.nodes(data=True)].sort()
    for key, data in wanted.events():
        assert {k: v for k, v in found.nx.nodes[key].items() if k in data and v is not None} == {k: v for k, v in data.items() if v is not None}
    for key, data in wanted.entities():
        got = found.nx.nodes[key]
        assert [got[k] for k in ("type", "label_ar", "label_en", "aliases", "qid", "documents", "quantity")] == [
            data[k] for k in ("type", "label_ar", "label_en", "aliases", "qid", "documents", "quantity")
        ]
    assert list(found.documents) == list(wanted.documents)
    fewer, total = stored_graph(store, 3, union=union)
    assert len(fewer.entities()) == 3 < total
    assert all(a in fewer.nx and b in fewer.nx for a, b in fewer.nx.edges())


def test_no_process_is_left_of_a_client_that_goes_away_while_it_starts(tmp_path: Path) -> None:
    make_of(tmp_path, [])

    def running() -> bool:
        for child in psutil.Process().children():
            with suppress(psutil.NoSuchProcess):
                if "kg.serve.child" in child.cmdline():
                    return True
        return False

    async def leave() -> None:
        children = Children(tmp_path, 2, 5.0, 1000)
        for _ in range(3):
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(children.ask(Question("query", "ASK {}", table=JSON)), 0.05)
        for _ in range(100):
            if not running():
                break
            await asyncio.sleep(0.1)
        else:
            pytest.fail("a child still runs")
        await children.close()

    asyncio.run(leave())


# Pieces


@pytest.mark.parametrize(
    ("accept", "given"),
    [
        ("", JSON), ("*/*", JSON), ("text/*", "text/csv"), ("application/sparql-results+xml", XML), ("application/json", JSON),
        ("text/csv;q=0.5, application/sparql-results+xml;q=0.9", XML), ("text/csv; q=0, */*", JSON), (f"{JSON};q=0, */*", XML),
        ("*", JSON), ("image/png", None), ("*/*;q=0", None), ("text/csv;q=x", None), ("TEXT/CSV", "text/csv"), (", ,", JSON),
    ],
)  # fmt: skip
def test_negotiation(accept: str, given: str | None) -> None:
    assert best(accept, TABLES) == given


@given(st.text())
def test_no_accept_header_breaks_it(accept: str) -> None:
    assert best(accept, TABLES) in {*TABLES.values(), None}


@given(st.text())
def test_no_content_type_breaks_it(header: str) -> None:
    media_type(header)


def test_candidates() -> None:
    assert candidates("http://x/a%20b") == ["http://x/a%20b"]
    encoded = quote("http://x/شيء/ب", safe=":/")
    assert candidates(encoded)[0] == encoded and "http://x/شيء/ب" in candidates(encoded) and len(candidates(encoded)) == 4
    assert len(candidates("/".join(["%D8%A8"] * 50))) == 64
    assert "http://x/%FF" in candidates("http://x/%FF")


@given(st.text(max_size=40))
def test_no_address_breaks_it(address: str) -> None:
    assert address in candidates(address)


@given(st.text(alphabet="%0123456789abcdefABCDEF/", max_size=60))
def test_no_percent_signs_break_it(address: str) -> None:
    assert address in candidates(address)


@pytest.mark.parametrize(("name", "type"), [("Send", "SEND"), ("LiftSanction", "LIFT_SANCTION"), ("BuySell", "BUY_SELL"), ("State", "STATE")])
def test_the_type_of_a_class(name: str, type: str) -> None:
    assert type_of_class(name) == type


@given(st.text(), st.lists(st.text()), st.binary())
def test_questions_and_answers_pass_the_pipe(text: str, graphs: list[str], body: bytes) -> None:
    question = Question("query", text, tuple(graphs), None, JSON)
    line = question.line()
    assert line.count(b"\n") == 1 and Question.read(line) == question
    answer, length = Answer.of_head(Answer(200, JSON, body).head())
    assert answer.with_body(body) == Answer(200, JSON, body) and length == len(body)
