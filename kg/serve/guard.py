"""Who may ask: the Host and Origin of a request, the token, and the headers that keep answers from being misused."""

from __future__ import annotations

import base64
import binascii
import hmac
import ipaddress
from contextlib import suppress
from dataclasses import dataclass

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

#: The cookie that may hold the token.
COOKIE = "kg_token"
#: For answers that are no pages: nothing in them runs or loads anything.
CLOSED = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
#: For the server's own pages: what they load comes from it.
PAGES = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
#: For the picture, whose page brings a stricter policy in itself, with the hashes of its scripts.
PICTURE = "connect-src 'none'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches a host: a name or an address, as in `--host` or in a Host header without its port."""
    if host.lower().rstrip(".") == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


@dataclass(frozen=True, slots=True)
class Rules:
    """What a server lets through.

    local: it is bound to a loopback address, and answers only to the names of one. A page of another site that has its name
    point here (DNS rebinding) sends that name.
    token: what a client must know, if anything.
    origin: the one foreign origin whose pages may read the answers ("*" for any), if any.
    """

    local: bool
    token: str | None = None
    origin: str | None = None

    def refusal(self, headers: Headers) -> Response | None:
        """The answer to a request that may not pass."""
        if self.local and not is_loopback(_host(headers.get("host", ""))):
            return PlainTextResponse("misdirected: this server answers to localhost and 127.0.0.1 only\n", 421)
        if self.token and not self.knows(headers):
            challenge = 'Basic realm="kg", charset="UTF-8", Bearer realm="kg"'
            message = "unauthorized: send the token, as Authorization: Bearer TOKEN or as the password of any user\n"
            return PlainTextResponse(message, 401, {"WWW-Authenticate": challenge})
        # A page of another site may link here, but not make its readers' browsers run queries.
        foreign = headers.get("sec-fetch-site", "") in ("cross-site", "same-site") and headers.get("sec-fetch-mode") != "navigate"
        if foreign and not self.allows(headers.get("origin", "")):
            return PlainTextResponse("refused: pages of other sites may not ask this server (see --cors)\n", 403)
        return None

    def knows(self, headers: Headers) -> bool:
        """Whether a request brings the token: as bearer, as the password of any user, or as a cookie."""
        scheme, _, credentials = headers.get("authorization", "").partition(" ")
        given = [cookie_parser(headers.get("cookie", "")).get(COOKIE, "")]
        if scheme.lower() == "bearer":
            given.append(credentials.strip())
        elif scheme.lower() == "basic":
            with suppress(binascii.Error, UnicodeDecodeError):
                given.append(base64.b64decode(credentials, validate=True).decode().partition(":")[2])
        return any(hmac.compare_digest(g.encode("utf-8", "replace"), (self.token or "").encode("utf-8", "replace")) for g in given if g)

    def allows(self, origin: str) -> bool:
        return bool(origin) and self.origin in (origin, "*")


class Guard:
    """ASGI middleware that holds requests to the rules and gives every answer its headers."""

    def __init__(self, app: ASGIApp, rules: Rules) -> None:
        self.app, self.rules = app, rules

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                self.dress(MutableHeaders(scope=message), headers)
            await send(message)

        preflight = scope["method"] == "OPTIONS" and "access-control-request-method" in headers and self.rules.allows(headers.get("origin", ""))
        # A preflight never brings credentials; it is only told what it may ask.
        response = Response(status_code=204) if preflight else self.rules.refusal(headers)
        await (response or self.app)(scope, receive, guarded)

    def dress(self, answer: MutableHeaders, request: Headers) -> None:
        answer.setdefault("Content-Security-Policy", CLOSED)
        answer["X-Content-Type-Options"] = "nosniff"
        answer["X-Frame-Options"] = "DENY"
        answer["Referrer-Policy"] = "no-referrer"
        answer["Cross-Origin-Opener-Policy"] = "same-origin"
        answer.setdefault("Cache-Control", "no-store")
        if self.rules.origin is None:
            answer["Cross-Origin-Resource-Policy"] = "same-origin"
            return
        answer.add_vary_header("Origin")
        if self.rules.allows(origin := request.get("origin", "")):
            answer["Access-Control-Allow-Origin"] = origin
            answer["Access-Control-Allow-Methods"] = "GET, POST"
            answer["Access-Control-Allow-Headers"] = "Authorization, Content-Type"


def _host(header: str) -> str:
    """A Host header without its port."""
    return header.partition("]")[0] + "]" if header.startswith("[") else header.partition(":")[0]
