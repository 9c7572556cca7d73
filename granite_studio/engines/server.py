"""Talks to one remote server: its limits, how often it is asked again, and failures as sentences.

httpx2 speaks HTTP, asynchronously, so that a request can be given up at any moment: while a name
is looked up, while the server thinks, in the middle of a reply.
"""

from __future__ import annotations

import asyncio
import email.utils
import json
import logging
import random
import re
import socket
import ssl
import time
from collections.abc import Coroutine, Iterable, Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from granite_studio import __version__
from granite_studio.core.errors import EngineError

if TYPE_CHECKING:
    from httpx2 import AsyncClient, Response

_PASSING = frozenset({408, 429, 500, 502, 503, 504})
"""Answers of a server that is busy, starting or being mended: worth another try."""
_SHOWN = 200
_SECRET = 8
"""Shorter keys ("EMPTY") are no secrets, and their letters may stand in any text."""


_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a server is waited for, how often it is asked, how much it may send."""

    connect_s: float = 10.0
    quiet_s: float = 300.0
    total_s: float = 900.0
    tries: int = 5
    first_wait_s: float = 1.0
    longest_wait_s: float = 60.0
    most_bytes: int = 4 << 20


class Refused(Exception):  # noqa: N818 - an answer that the asker may know a way around
    """The server will not do this as it was asked; `words` is what it said."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(f"{status}: {words}")
        self.status = status
        self.words = words


class _Passing(Exception):  # noqa: N818
    """What went wrong may be well a moment later; the message is the sentence if it is not."""

    def __init__(self, sentence: str, wait_s: float = 0.0) -> None:
        super().__init__(sentence)
        self.wait_s = wait_s


async def together(work: Iterable[Coroutine[Any, Any, _T]]) -> list[_T]:
    """Do all of it side by side. When one fails the others are given up, and its error raised."""
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(one) for one in work]
    except ExceptionGroup as errors:
        raise errors.exceptions[0] from None
    return [task.result() for task in tasks]


class Server:
    """The server at this address, for use in `async with`. The key goes to it and nowhere else.

    `address` is as `address.normal` gives it. Certificates are always verified, redirects never
    followed.
    """

    def __init__(self, address: str, key: str, patience: Patience, *, connections: int) -> None:
        self._address = address
        self._key = key
        self._patience = patience
        self._connections = connections
        self._host = urlsplit(address).netloc

    @property
    def host(self) -> str:
        """The server's name and port, for people."""
        return self._host

    async def __aenter__(self) -> Server:
        import httpx2

        # In detail it would log whole headers, and a server may send the key back in them.
        logging.getLogger("httpcore2").setLevel(logging.WARNING)
        headers = {
            "Accept-Encoding": "identity",  # so that a small reply cannot unpack into a huge one
            "User-Agent": f"granite-studio/{__version__}",
        }
        if self._key:
            headers["Authorization"] = f"Bearer {self._key}"
        patience = self._patience
        self._client: AsyncClient = httpx2.AsyncClient(
            headers=headers,
            follow_redirects=False,
            timeout=httpx2.Timeout(
                patience.quiet_s, connect=patience.connect_s, write=patience.quiet_s, pool=None
            ),
            limits=httpx2.Limits(max_connections=self._connections),
            # What goes unencrypted goes straight to its neighbour, through no proxy.
            trust_env=self._address.startswith("https:"),
        )
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._client.aclose()

    async def ask(self, path: str, **sent: Any) -> dict[str, Any]:
        """GET the path, or POST to it what `sent` holds (httpx2's json, or data and files).

        Returns the JSON object of the answer. Raises `Refused` for what the server will not do
        and `EngineError` for everything else; passing troubles are waited out, a while.
        """
        wait_s = self._patience.first_wait_s
        for attempt in range(1, self._patience.tries + 1):
            try:
                status, body = await self._once(path, sent)
                return self._object(status, body)
            except _Passing as trouble:
                if attempt == self._patience.tries:
                    raise EngineError(str(trouble)) from None
                # The jitter keeps windows that were refused together from coming back together.
                await asyncio.sleep(trouble.wait_s + random.uniform(0.5, 1) * wait_s)
                wait_s = min(2 * wait_s, self._patience.longest_wait_s)
        raise AssertionError("there is no last try without an end")

    def clean(self, text: str) -> str:
        """The server's text without the key, should it send that back."""
        return text.replace(self._key, "***") if len(self._key) >= _SECRET else text

    async def _once(self, path: str, sent: dict[str, Any]) -> tuple[int, bytes]:
        import httpx2

        method = "POST" if sent else "GET"
        try:
            async with asyncio.timeout(self._patience.total_s):
                request = self._client.stream(method, self._address + path, **sent)
                async with request as response:
                    return response.status_code, await self._body(response)
        except httpx2.ConnectTimeout:
            raise EngineError(
                f"{self._host} does not answer; check the server's address and your network."
            ) from None
        except (TimeoutError, httpx2.TimeoutException):
            raise EngineError(
                f"{self._host} took too long over one stretch; try again when it has less to do."
            ) from None
        except httpx2.ConnectError as error:
            raise EngineError(self._unreachable(error)) from None
        except (httpx2.NetworkError, httpx2.RemoteProtocolError):
            raise _Passing(
                f"{self._host} broke off in the middle of an answer; try again, and look into its "
                "log if that does not help."
            ) from None
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            kind = type(error).__name__  # its words may hold what was sent
            raise EngineError(f"{self._host} could not be asked ({kind}).") from None

    async def _body(self, response: Response) -> bytes:
        """The answer's bytes, once its first line has been looked at."""
        if 300 <= response.status_code < 400:
            self._redirected(response)
        if response.status_code in (401, 403):
            raise EngineError(self._locked_out())
        body = bytearray()
        async for piece in response.aiter_raw():
            body += piece
            if len(body) > self._patience.most_bytes:
                raise EngineError(
                    f"{self._host} sent far more than an answer can hold; it is no speech server."
                )
        if response.status_code in _PASSING:
            self._passing(response, bytes(body))
        return bytes(body)

    def _object(self, status: int, body: bytes) -> dict[str, Any]:
        if status >= 400:
            raise Refused(status, self._said(body))
        value = _parsed(body)
        if not isinstance(value, dict):
            page = body[:200].lstrip().startswith(b"<")
            raise EngineError(
                f"{self._host} answered with {'a web page' if page else 'no proper JSON'}, not as "
                "a speech server does; check the address, and whether the network wants you to "
                "sign in first."
            )
        return value

    def _said(self, body: bytes) -> str:
        """What the server says is wrong, short and on one line."""
        value = _parsed(body)
        found = value.get("error", value) if isinstance(value, dict) else ""
        if isinstance(found, dict):
            found = found.get("message") or found.get("detail") or ""
        line = " ".join(str(found).split()) if isinstance(found, str) else ""
        return self.clean("".join(c for c in line if c.isprintable()))[:_SHOWN]

    def _passing(self, response: Response, body: bytes) -> None:
        wait_s = _retry_after(response.headers.get("Retry-After", ""))
        if wait_s > self._patience.longest_wait_s:
            raise EngineError(
                f"{self._host} is busy and asks to come back in {wait_s / 60:.0f} minutes; start "
                "the same run again then, and it goes on from here."
            )
        said = self._said(body)
        words = f" ({said})" if said else ""
        if response.status_code == 429:
            raise _Passing(f"{self._host} is busy{words}; try again later.", wait_s)
        if response.status_code == 500:
            raise _Passing(
                f"{self._host} met an error of its own{words}; look into its log.", wait_s
            )
        raise _Passing(
            f"{self._host} is not ready{words}; wait until it has started, and try again.", wait_s
        )

    def _redirected(self, response: Response) -> None:
        target = re.match(r"https?://([\w.-]{1,100})", response.headers.get("Location", ""))
        host = self.clean(target[1]) if target else ""
        elsewhere = f" to {host}" if host else ""
        raise EngineError(
            f"{self._host} sends us on{elsewhere}, and redirects are not followed; give the "
            "speech server's own address, or sign in to the network first."
        )

    def _locked_out(self) -> str:
        command = f"granite-studio keys set {self._address}"
        if self._key:
            return f"{self._host} does not accept the key; give it anew with: {command}"
        return f"{self._host} wants a key; give it with: {command}"

    def _unreachable(self, error: BaseException) -> str:
        for cause in _causes(error):
            if isinstance(cause, ssl.SSLCertVerificationError):
                return (
                    f"The certificate of {self._host} cannot be verified ({cause.verify_message}),"
                    " so nothing was sent; have the server use a certificate that this computer "
                    "trusts."
                )
            if isinstance(cause, ssl.SSLError):
                return (
                    f"{self._host} does not speak TLS; check the port, or use http:// for a "
                    "server in your own network."
                )
            if isinstance(cause, socket.gaierror):
                return f"There is no server named {self._host}; check the address."
            if isinstance(cause, ConnectionRefusedError):
                return f"No server answers at {self._host}; start it, or check the address."
        return f"{self._host} cannot be reached; check the address and your network."


def _parsed(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _retry_after(value: str) -> float:
    """Seconds that a Retry-After header asks for; 0 where it asks for nothing sensible."""
    if value.isascii() and value.isdigit():
        return float(value[:9])
    try:
        return max(0.0, email.utils.parsedate_to_datetime(value).timestamp() - time.time())
    except (ValueError, OverflowError):
        return 0.0


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error, and what it came from, also where several addresses were tried at once."""
    waiting: list[BaseException] = [error]
    seen: set[int] = set()
    while waiting:
        cause = waiting.pop()
        if id(cause) in seen:
            continue
        seen.add(id(cause))
        yield cause
        waiting += [c for c in (cause.__cause__, cause.__context__) if c is not None]
        if isinstance(cause, BaseExceptionGroup):
            waiting += cause.exceptions
