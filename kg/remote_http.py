"""Requests to a server that may be busy, far away or want to know who asks: tried again, authenticated, with one clear line when they fail.

What is sent can be sent twice without harm (see `kg.remote`), so that every request may be tried again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase, HTTPBasicAuth, HTTPDigestAuth
from urllib3 import BaseHTTPResponse
from urllib3.util import Retry

from kg import __version__
from kg.errors import KgError
from kg.language import _

_BUSY = (408, 425, 429, 502, 503, 504)
_LONGEST_WAIT = 120  # seconds between two attempts, whatever Retry-After asks for
_SHOWN = 300  # characters of a server's message


@dataclass(frozen=True, slots=True)
class Credentials:
    """Who asks: a user with a password, or a token. Neither is ever printed."""

    user: str | None = None
    password: str | None = field(default=None, repr=False)
    token: str | None = field(default=None, repr=False)


class _Bearer(AuthBase):
    def __init__(self, token: str) -> None:
        self.token = token

    def __call__(self, r: requests.PreparedRequest) -> requests.PreparedRequest:
        r.headers["Authorization"] = f"Bearer {self.token}"
        return r


class _Nobody(AuthBase):
    """Keeps requests from looking into ~/.netrc."""

    def __call__(self, r: requests.PreparedRequest) -> requests.PreparedRequest:
        return r


class _Patient(Retry):
    def get_retry_after(self, response: BaseHTTPResponse) -> float | None:
        asked = super().get_retry_after(response)
        return None if asked is None else min(asked, _LONGEST_WAIT)


class Http:
    """A connection to a server, closed when its `with` block ends."""

    def __init__(self, credentials: Credentials | None = None, *, timeout: float = 300.0) -> None:
        """Args:
        credentials: sent to the addresses that ask for them, a token to all.
        timeout: seconds to wait for an answer.
        """
        self.credentials = credentials or Credentials()
        self.timeout = timeout
        self._adapter = HTTPAdapter()
        self._session = requests.Session()
        self._session.mount("http://", self._adapter)
        self._session.mount("https://", self._adapter)
        self._session.headers["User-Agent"] = f"kg/{__version__}"
        self._auth: dict[str, AuthBase] = {}  # by address: each may ask in its own way, or not at all

    def __enter__(self) -> Http:
        return self

    def __exit__(self, *_: object) -> None:
        self._session.close()

    def retry(self, times: int) -> None:
        """Try a request again up to so many times where the server is busy or gone: after 0, 1, 2, 4 … seconds, or as long as it asks for."""
        self._adapter.max_retries = _Patient(
            total=times,
            redirect=0,
            backoff_factor=0.5,
            backoff_max=_LONGEST_WAIT,
            status_forcelist=_BUSY,
            allowed_methods=None,
            raise_on_status=False,
        )

    def send(
        self,
        method: str,
        url: str,
        *,
        params: dict[str, str] | None = None,
        data: bytes | dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
    ) -> requests.Response:
        """The answer of a server, whatever its status. KgError if there is none or it wants to know who asks and will not have us."""
        answer = self._once(method, url, params, data, headers)
        if answer.status_code == 401 and url not in self._auth and (auth := self._asked_for(answer)):
            self._auth[url] = auth
            answer = self._once(method, url, params, data, headers)
        if answer.status_code == 401:
            known = self.credentials.user or self.credentials.token
            raise KgError(
                _("{url} does not accept this user and password, or this token").format(url=url)
                if known
                else _("{url} asks who you are: give --user NAME --password-stdin, or --token-env VAR").format(url=url)
            )
        return answer

    def _once(
        self, method: str, url: str, params: dict[str, str] | None, data: bytes | dict[str, str] | None, headers: dict[str, str] | None
    ) -> requests.Response:
        token = self.credentials.token
        auth = self._auth.get(url) or (_Bearer(token) if token else _Nobody())
        try:
            return self._session.request(
                method, url, params=params, data=data, headers=headers, auth=auth, timeout=(10, self.timeout), allow_redirects=False
            )
        except requests.RequestException as e:
            raise KgError(_("cannot reach {url}: {why}").format(url=url, why=_reason(e))) from e

    def _asked_for(self, answer: requests.Response) -> AuthBase | None:
        """The way in which a server wants to hear who asks; Digest before Basic, which tells the password to who listens."""
        who = self.credentials
        if who.user is None:
            return None
        challenge = answer.headers.get("WWW-Authenticate", "").lower()
        if re.search(r"(^|,\s*)digest\b", challenge):
            return HTTPDigestAuth(who.user, who.password or "")
        # As bytes: requests would write them in Latin-1.
        return HTTPBasicAuth(who.user.encode(), (who.password or "").encode())


def checked_url(url: str) -> str:
    """An address to send to. KgError if it is none, or holds a password, which would end in logs."""
    try:
        parts = urlsplit(url)
        sound = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        sound = False
    if not sound:
        raise KgError(_("{url!r} is no address of a server: it must start with http:// or https:// and name a host").format(url=url))
    if "@" in parts.netloc:
        raise KgError(_("the address of the server must not hold a user or password: give --user NAME --password-stdin"))
    return url


def checked(answer: requests.Response, what: str) -> requests.Response:
    """An answer that says that it is done. KgError otherwise, with what the server says."""
    if 300 <= answer.status_code < 400:
        raise KgError(
            _("{what}: the server sends us on to {address}: give the address that is meant").format(
                what=what, address=answer.headers.get("Location", _("nowhere"))
            )
        )
    if not answer.ok:
        message = _message(answer)
        # Virtuoso says so with status 500.
        who = _(": who may write? give --user NAME --password-stdin") if answer.status_code == 403 or "ermission" in message else ""
        raise KgError(
            _("{what}: the server answers {status} {reason}: {message}{who}").format(
                what=what, status=answer.status_code, reason=answer.reason, message=message, who=who
            )
        )
    return answer


def _message(answer: requests.Response) -> str:
    """What a server says, on one line, without markup."""
    text = answer.content[:20_000].decode("utf-8", "replace")
    if "html" in answer.headers.get("Content-Type", "") or text.lstrip().startswith("<"):
        text = unescape(re.sub(r"<style.*?</style>|<title.*?</title>|<[^>]*>", " ", text, flags=re.DOTALL | re.IGNORECASE))
    text = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _reason(error: BaseException) -> str:
    """The innermost reason for an exception of requests, which wraps those of urllib3 and of the system."""
    if isinstance(error, requests.Timeout):
        return _("no answer in time")
    inner: object = error
    while isinstance(inner, BaseException) and (next_ := getattr(inner, "reason", None) or (inner.args[0] if inner.args else None)):
        if next_ is inner or not isinstance(next_, BaseException):
            break
        inner = next_
    text = str(inner.strerror) if isinstance(inner, OSError) and inner.strerror else str(inner)
    text = text.rpartition(">: ")[2].rpartition("): ")[2]
    return " ".join(re.sub(r"^.*\[Errno -?\d+\] ", "", text).split()) or type(error).__name__
