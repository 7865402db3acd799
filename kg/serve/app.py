"""The web application: which address gives what. Everything about the store is asked of a child process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from importlib.resources import files
from pathlib import Path
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from kg.serve.answers import Answer, Question, refusal
from kg.serve.child import state
from kg.serve.children import Children
from kg.serve.guard import CLOSED, PAGES, PICTURE, Guard, Rules
from kg.serve.negotiation import GRAPHS, HTML, NTRIPLES, TURTLE, best
from kg.serve.pages import links, query_page
from kg.serve.protocol import LONGEST, Refused, read

_ENTITY = {**{k: v for k, v in GRAPHS.items() if v != NTRIPLES}, NTRIPLES: NTRIPLES, HTML: HTML, "application/xhtml+xml": HTML}


class _Endpoint:
    """The addresses of one server over one store."""

    def __init__(self, children: Children) -> None:
        self.children = children
        self._picture: tuple[Mapping[str, tuple[int, int]], Answer] | None = None
        self._drawing = asyncio.Lock()

    async def sparql(self, request: Request) -> Response:
        accept = request.headers.get("accept", "")
        if request.method != "POST" and not request.url.query:
            return self._described(request, accept)
        try:
            body = await _body(request) if request.method == "POST" else b""
            question = read(
                "POST" if request.method == "POST" else "GET", request.scope["query_string"], request.headers.get("content-type", ""), body, accept
            )
        except Refused as e:
            return _response(refusal(e.status, e.message))
        return _response(await self._ask(request, question))

    def _described(self, request: Request, accept: str) -> Response:
        """The service description, or the query page for those who would rather read."""
        type = best(accept, {**GRAPHS, HTML: HTML})
        if type is None:
            return _response(refusal(406, f"not acceptable: the service description can be had as {', '.join(dict.fromkeys(GRAPHS.values()))}"))
        if type == HTML:
            return RedirectResponse("/query", 303, {"Vary": "Accept"})
        from kg.serve.description import description

        return _response(Answer(200, type, description(str(request.url.replace(query="", fragment="")).rstrip("?"), type)))

    async def view(self, request: Request) -> Response:
        now = state(self.children.folder)
        async with self._drawing:
            if self._picture is None or self._picture[0] != now:
                answer = await self._ask(request, Question("view", links()))
                if answer.status != 200:
                    return _response(answer)
                self._picture = now, answer
        return _response(self._picture[1], PICTURE)

    async def query(self, request: Request) -> Response:
        return _response(Answer(200, HTML, query_page().encode()), PAGES)

    async def entity(self, request: Request) -> Response:
        iri = request.query_params.get("iri", "")
        if not iri:
            return _response(refusal(400, "bad request: say which thing, as /entity?iri=IRI"))
        return await self._about(request, iri)

    async def path(self, request: Request) -> Response:
        """What has this very address as its IRI."""
        raw = request.scope.get("raw_path") or request.scope["path"].encode()
        return await self._about(request, f"{request.url.scheme}://{request.url.netloc}{raw.decode('latin-1')}")

    async def _about(self, request: Request, iri: str) -> Response:
        type = best(request.headers.get("accept", ""), _ENTITY)
        answer = await self._ask(request, Question("entity", iri, graph=type))
        response = _response(answer, PAGES if answer.type == HTML else CLOSED)
        if answer.status == 200:
            response.headers["Link"] = f'</entity?iri={quote(iri, safe="")}>; rel="alternate"; type="{TURTLE if answer.type == HTML else HTML}"'
        return response

    async def _ask(self, request: Request, question: Question) -> Answer:
        """The answer of a child, whose work ends when the client goes away."""
        answer = asyncio.create_task(self.children.ask(question))
        gone = asyncio.create_task(_gone(request))
        try:
            await asyncio.wait((answer, gone), return_when=asyncio.FIRST_COMPLETED)
            if not answer.done():
                raise ClientDisconnect
            return answer.result()
        finally:
            for task in (answer, gone):
                task.cancel()


class _Files(StaticFiles):
    """The server's own files, which the browser asks for again only to hear that they are the same."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = "no-cache"
        return response


def application(folder: Path, size: int, timeout: float, most: int, rules: Rules) -> Starlette:
    """The application over a store in a folder; see `Children` for the numbers. It starts and ends its children with itself."""
    children = Children(folder, size, timeout, most)
    endpoint = _Endpoint(children)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        await children.open()
        try:
            yield
        finally:
            await children.close()

    routes = [
        Route("/", endpoint.view),
        Route("/query", endpoint.query),
        Route("/sparql", endpoint.sparql, methods=["GET", "POST"]),
        Route("/entity", endpoint.entity),
        Mount("/static", _Files(directory=str(files("kg.serve").joinpath("static")))),
        Route("/{path:path}", endpoint.path),
    ]
    return Starlette(
        routes=routes, middleware=[Middleware(Guard, rules=rules)], lifespan=lifespan,
        exception_handlers={HTTPException: _failed, ClientDisconnect: _left},
    )  # fmt: skip


def _failed(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return PlainTextResponse(f"{error.detail.lower()}\n", error.status_code, error.headers)


def _left(request: Request, error: Exception) -> Response:
    """What nobody is there to read (499 as nginx has it)."""
    return Response(status_code=499)


async def _body(request: Request) -> bytes:
    """The body of a request. Refused if it is too long."""
    out = b""
    async for chunk in request.stream():
        out += chunk
        if len(out) > LONGEST:
            raise Refused(413, f"the query is longer than {LONGEST // 1000} kB")
    return out


async def _gone(request: Request) -> None:
    """Waits until the client has gone away; the body must have been read."""
    if request.method != "POST":
        async for _ in request.stream():
            pass
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _response(answer: Answer, policy: str = CLOSED) -> Response:
    charset = "; charset=utf-8" if answer.type.startswith("text/") else ""
    headers = {"Content-Type": answer.type + charset, "Vary": "Accept", "Content-Security-Policy": policy}
    if answer.status == 503:
        headers["Retry-After"] = "5"
    return Response(answer.body, answer.status, headers)
