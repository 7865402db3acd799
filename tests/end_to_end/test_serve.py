"""kg serve as its users meet it: from the command line, with SPARQLWrapper, in Debian's Chromium with the network cut."""

from __future__ import annotations

import json
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kg.model import Extraction
from kg.namespaces import KGO
from kg.rdf import write
from kg.store import Store
from tests.serving import EXTRACTIONS, Reply, Server, graph

pytestmark = pytest.mark.slow

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
SWITCHES = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update"]
SENDINGS = f"""
PREFIX kgo: <{KGO}> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?who ?whom {{ ?who kgo:sendsTo ?whom }} ORDER BY ?who
"""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store as kg build --store fills it."""
    folder = tmp_path_factory.mktemp("store") / "news"
    with Store(folder) as store:
        for line in EXTRACTIONS.read_text(encoding="utf-8").splitlines():
            store.put(Extraction.from_json(json.loads(line)))
        store.settle()
    return folder


@pytest.fixture(scope="module")
def server(store: Path) -> Iterator[Server]:
    with Server("--store", store) as server:
        yield server


def refused(*arguments: str | Path) -> str:
    """The one line with which kg serve ends at once."""
    done = subprocess.run([sys.executable, "-m", "kg.cli", "serve", *map(str, arguments)], capture_output=True, text=True, check=False, timeout=120)
    assert (done.returncode, done.stdout) == (2, ""), done.stderr
    assert done.stderr.startswith("kg: ") and done.stderr.count("\n") == 1, done.stderr
    return done.stderr


# The command line


def test_ctrl_c_ends_it(store: Path) -> None:
    server = Server("--store", store)
    assert server.query("ASK {}").status == 200
    assert server.end(signal.SIGINT) == (130, "", "kg: interrupted\n")


def test_no_child_outlives_it(store: Path) -> None:
    server = Server("--store", store)
    assert server.query("ASK {}").status == 200
    pid = server.process.pid
    listed = Path(f"/proc/{pid}/task/{pid}/children")
    if not listed.exists():
        server.end(signal.SIGKILL)
        pytest.skip("this system does not list children in /proc")
    children = [Path("/proc", child, "cmdline") for child in listed.read_text().split()]
    assert children and all(b"kg.serve.child" in c.read_bytes() for c in children)
    server.end(signal.SIGKILL)
    for _ in range(300):
        if not any(c.exists() and b"kg.serve.child" in c.read_bytes() for c in children):
            break
        time.sleep(0.1)
    else:
        pytest.fail("a child still runs")


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_what_it_made_of_files_goes_with_it(how: signal.Signals, tmp_path: Path) -> None:
    write(graph(), tmp_path / "graph.nq")
    (tmp_path / "tmp").mkdir()
    with Server(tmp_path / "graph.nq", environment={"TMPDIR": str(tmp_path / "tmp")}) as server:
        assert list((tmp_path / "tmp").iterdir())
        assert server.end(how)[0] == 128 + how
    assert not list((tmp_path / "tmp").iterdir())


def test_what_cannot_be_served_is_one_line(store: Path, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert f"port {port}" in refused("--store", store, "--port", port)
    assert "make one with kg build" in refused("--store", tmp_path / "nowhere")
    assert "--token-env or --token-file" in refused("--store", store, "--host", "0.0.0.0")
    assert "holds no token" in refused("--store", store, "--token-env", "KG_NO_SUCH_VARIABLE")
    (tmp_path / "empty").write_text("\n", encoding="utf-8")
    assert "holds no token" in refused("--store", store, "--token-file", tmp_path / "empty")
    (tmp_path / "bad.ttl").write_text("<a> <b>", encoding="utf-8")
    assert "bad.ttl" in refused(tmp_path / "bad.ttl")
    (tmp_path / "graph.xyz").write_text("", encoding="utf-8")
    assert "graph.xyz" in refused(tmp_path / "graph.xyz")


def test_without_the_extra_it_is_one_line(store: Path) -> None:
    code = f"import sys; sys.modules['uvicorn'] = None; from kg.cli import cli; cli(['serve', '--store', {str(store)!r}])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (2, "kg: kg serve needs more packages: pip install 'arabic-kg[serve]'\n")


# Clients


def test_sparqlwrapper(server: Server) -> None:
    wrapper = pytest.importorskip("SPARQLWrapper")
    client = wrapper.SPARQLWrapper(f"{server.address}sparql")
    client.setQuery(SENDINGS)
    for method in (wrapper.GET, wrapper.POST):
        client.setMethod(method)
        for format in (wrapper.JSON, wrapper.XML, wrapper.CSV, wrapper.TSV):
            client.setReturnFormat(format)
            found = client.query().convert()
            if format == wrapper.JSON:
                assert ("https://example.org/kg/Q56226", "https://example.org/kg/Q159") in {
                    (row["who"]["value"], row["whom"]["value"]) for row in found["results"]["bindings"]
                }
            else:
                assert "Q56226" in (found.toxml() if format == wrapper.XML else found.decode())
    client.setQuery("DESCRIBE <https://example.org/kg/Q159>")
    for format in (wrapper.TURTLE, wrapper.RDFXML, wrapper.JSONLD):
        client.setReturnFormat(format)
        assert len(client.query().convert()) > 3
    client.setQuery("SELECT nothing")
    client.setReturnFormat(wrapper.JSON)
    with pytest.raises(wrapper.SPARQLExceptions.QueryBadFormed):
        client.query()


def test_direct_post_by_sparqlwrapper(server: Server) -> None:
    wrapper = pytest.importorskip("SPARQLWrapper")
    client = wrapper.SPARQLWrapper(f"{server.address}sparql")
    client.setMethod(wrapper.POST)
    client.setRequestMethod(wrapper.POSTDIRECTLY)
    client.setReturnFormat(wrapper.JSON)
    client.setQuery('ASK { ?s ?p "كيم جونغ أون"@ar }')
    assert client.query().convert()["boolean"] is True


def test_the_gallery_runs_on_the_endpoint(server: Server) -> None:
    from kg.queries import gallery

    for name, query in gallery().items():
        reply: Reply = server.request("POST", "/sparql", query.query.encode(), Content_Type="application/sparql-query")
        assert reply.status == 200, f"{name}: {reply.text}"


def test_a_store_can_be_filled_between_queries(store: Path, tmp_path: Path) -> None:
    count = "SELECT (COUNT(DISTINCT ?d) AS ?n) { ?d a <https://example.org/kg/ontology#Document> }"
    news = tmp_path / "news"
    shutil.copytree(store, news)
    with Server("--store", news) as server:
        ((before,),) = server.query(count).rows()
        with Store(news) as filling:
            assert server.query(count).status == 503
            filling.remove("d2")
            filling.settle()
        ((after,),) = server.query(count).rows()
    assert int(after) == int(before) - 1


# The browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    if not Path(CHROMIUM).exists():
        pytest.skip("chromium is not installed (Debian package chromium)")
    sync_api = pytest.importorskip("playwright.sync_api", reason="the Python package playwright is not installed (pip install '.[test]')")
    with sync_api.sync_playwright() as p:
        browser = p.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        yield browser
        browser.close()


class Visit:
    """A page of a server; what it asks of others and what goes wrong is noted down."""

    def __init__(self, browser: Any, server: Server, path: str, **options: Any) -> None:
        self.troubles: list[str] = []
        self.strange: list[str] = []
        self.server = server
        context = browser.new_context(viewport={"width": 1400, "height": 900}, reduced_motion="reduce", **options)
        context.route("**/*", self.route)
        self.page = page = context.new_page()
        page.on("console", lambda m: self.troubles.append(f"{m.type}: {m.text}"))
        page.on("pageerror", lambda e: self.troubles.append(f"error: {e}"))
        page.goto(server.address.rstrip("/") + path)

    def route(self, route: Any) -> None:
        url = route.request.url
        if url.startswith((self.server.address, "blob:", "data:")):
            route.continue_()
        else:
            self.strange.append(url)
            route.abort()

    def end(self) -> None:
        assert self.troubles == [] and self.strange == []
        self.page.context.close()


@pytest.fixture
def visit(browser: Any, server: Server, request: pytest.FixtureRequest) -> Iterator[Visit]:
    visit = Visit(browser, server, request.param)
    yield visit
    visit.end()


@pytest.mark.parametrize("visit", ["/query"], indirect=True)
def test_a_query_in_the_query_page(visit: Visit) -> None:
    page = visit.page
    page.locator("#run").click()
    rows = page.locator("#result tbody tr")
    rows.first.wait_for()
    assert "كيم جونغ أون" in page.locator("#result table").inner_text()
    # Typed, not set: the editor reads, colours and completes what comes.
    page.evaluate("kg.editor.setValue('')")
    page.locator("#editor .CodeMirror").click()
    page.keyboard.type("PREFIX kgo: <https://example.org/kg/ontology#>\nSELECT ?who ?whom WHERE {\n ?who kgo:sendsTo ?whom .\n}", delay=5)
    page.keyboard.press("Escape")
    assert page.locator("#editor .cm-keyword").count() >= 2
    page.evaluate("kg.editor.setValue(kg.editor.getValue().replace('}}', '}'))")
    page.evaluate("kg.run()")
    page.locator("#result th", has_text="whom").wait_for()
    link = page.locator("#result td a", has_text="Q56226").first
    assert link.get_attribute("href").startswith("/entity?iri=https%3A%2F%2Fexample.org%2Fkg%2FQ56226")
    with page.expect_navigation():
        link.click()
    assert page.locator("h1").inner_text() == "كيم جونغ أون"


@pytest.mark.parametrize("visit", ["/query"], indirect=True)
def test_the_editor_completes_from_the_ontology(visit: Visit) -> None:
    page = visit.page
    page.evaluate("kg.editor.setValue('PREFIX kgo: <https://example.org/kg/ontology#>\\nSELECT * WHERE {\\n ?s kgo:sen')")
    page.evaluate("kg.editor.focus(); kg.editor.getDoc().setCursor({ line: 2, ch: 11 }); kg.editor.autocomplete()")
    page.locator(".CodeMirror-hints li", has_text="kgo:sendsTo").first.wait_for()


@pytest.mark.parametrize("visit", ["/query"], indirect=True)
def test_the_query_page_shows_refusals_graphs_and_the_gallery(visit: Visit) -> None:
    page = visit.page
    page.evaluate("kg.editor.setValue('SELECT * { SERVICE <http://x/> { ?s ?p ?o } }'); kg.run()")
    page.locator("#result pre.error", has_text="SERVICE").wait_for()
    page.evaluate("kg.editor.setValue('CONSTRUCT WHERE { ?s a ?o } LIMIT 3'); kg.run()")
    page.locator("#result pre.graph", has_text="https://example.org/kg/").wait_for()
    page.evaluate("kg.editor.setValue('ASK {}'); kg.run()")
    page.locator("#result .answer", has_text="true").wait_for()
    with page.expect_download() as download:
        page.select_option("#format", "text/csv")
    assert download.value.suggested_filename == "result.csv"
    page.select_option("#examples", index=1)
    assert "SELECT" in page.evaluate("kg.editor.getValue()") and page.locator("#comment").inner_text()
    # The browser itself says that an answer was no success.
    visit.troubles = [t for t in visit.troubles if "Failed to load resource" not in t]


@pytest.mark.parametrize("visit", ["/"], indirect=True)
def test_the_picture_of_a_store(visit: Visit) -> None:
    page = visit.page
    page.wait_for_function("window.kg !== undefined")
    page.wait_for_function("document.querySelector('#network canvas').width > 300")
    assert "روسيا" in str(page.locator("#data").text_content())
    with page.expect_navigation():
        page.locator("header nav a").click()
    assert page.url.endswith("/query")


@pytest.mark.parametrize("visit", ["/entity?iri=https%3A%2F%2Fexample.org%2Fkg%2FQ159"], indirect=True)
def test_the_page_of_a_thing(visit: Visit) -> None:
    page = visit.page
    assert page.locator("html").get_attribute("dir") == "rtl"
    assert page.locator("h1").inner_text() == "روسيا"
    assert page.locator("blockquote mark", has_text="أرسل").count() >= 1
    with page.expect_navigation():
        page.locator("#events a", has_text="كيم جونغ أون").first.click()
    assert page.locator("h1").inner_text() == "كيم جونغ أون"


def test_a_browser_with_the_token_as_password(browser: Any, tmp_path: Path) -> None:
    write(graph(), tmp_path / "graph.trig")
    (tmp_path / "token").write_text("secret", encoding="utf-8")
    with Server(tmp_path / "graph.trig", "--token-file", tmp_path / "token") as server:
        visit = Visit(browser, server, "/query", http_credentials={"username": "any", "password": "secret"})
        visit.page.evaluate("kg.editor.setValue('ASK {}'); kg.run()")
        visit.page.locator("#result .answer", has_text="true").wait_for()
        # The browser was asked for the password once.
        visit.troubles = [t for t in visit.troubles if "401" not in t]
        visit.end()
