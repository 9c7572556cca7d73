"""Requests to the hub, with patience for what may pass and a sentence for what does not.

Certificates are always verified, redirects lead to encrypted addresses only, answers have a
largest size, and the token is shown to nobody but the hub itself.
"""

from __future__ import annotations

import json
import random
import socket
import ssl
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from granite_studio import __version__
from granite_studio.core.cancel import CancelToken
from granite_studio.core.errors import EngineError

if TYPE_CHECKING:
    from httpx2 import Response

PAUSES_S = (1.0, 2.0, 4.0, 8.0, 16.0)
"""Before each further try of what may pass; progress in between makes the tries good again."""

_CONNECT_S, _READ_S = 15.0, 30.0
_PATIENCE_S = 60
_REDIRECTS = 5
_LARGEST_JSON = 16 << 20
_LOCAL = ("localhost", "127.0.0.1", "::1")


class PassingError(EngineError):
    """A failure that may pass; the server may have said after how many seconds."""

    def __init__(self, sentence: str, wait_s: float = 0.0) -> None:
        super().__init__(sentence)
        self.wait_s = wait_s


class Hub:
    """Requests to one hub. Use it as a context manager."""

    def __init__(self, endpoint: str, token: str | None, cancel: CancelToken) -> None:
        self.endpoint = endpoint.rstrip("/")
        self._token = token
        self.cancel = cancel
        self._was_reached = False
        _check_address(self.endpoint, self.endpoint)

    def __enter__(self) -> Hub:
        import httpx2

        self._client = httpx2.Client(
            headers={"User-Agent": f"granite-studio/{__version__}"},
            timeout=httpx2.Timeout(_READ_S, connect=_CONNECT_S),
        )
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def pages(self, path: str) -> Iterator[Any]:
        """The JSON at this path, and on the pages that it says come next."""
        url: str | None = self.endpoint + path
        while url is not None:
            value, url = self._page(url)
            yield value

    def _page(self, url: str) -> tuple[Any, str | None]:
        tries = Tries(self.cancel)
        while True:
            try:
                with self.open(url) as response:
                    if _origin(str(response.url)) != _origin(self.endpoint):
                        raise EngineError(_captive(self.endpoint))
                    following = response.links.get("next", {}).get("url")
                    body = self._read(response)
            except PassingError as error:
                tries.wait(error)
                continue
            try:
                return json.loads(body), urljoin(url, following) if following else None
            except (ValueError, RecursionError):
                raise EngineError(_captive(self.endpoint)) from None

    def _read(self, response: Response) -> bytes:
        body = bytearray()
        for data in self.chunks(response):
            body += data
            if len(body) > _LARGEST_JSON:
                raise EngineError(_captive(self.endpoint))
        return bytes(body)

    @contextmanager
    def open(self, url: str, headers: Mapping[str, str] | None = None) -> Iterator[Response]:
        """The answer to this request, after redirects, before its body. Raises `EngineError`."""
        for _ in range(_REDIRECTS + 1):
            _check_address(url, self.endpoint)
            with self._ask(url, headers or {}) as response:
                following = response.headers.get("location")
                if not (response.is_redirect and following):
                    self._judge(response)
                    yield response
                    return
            url = urljoin(url, following)
        raise EngineError(f"{host_of(url)} sends requests round in circles; try again later.")

    @contextmanager
    def _ask(self, url: str, headers: Mapping[str, str]) -> Iterator[Response]:
        from httpx2 import HTTPError, InvalidURL

        self.cancel.check()
        sent = {"Accept-Encoding": "identity", **headers}
        if self._token and _origin(url) == _origin(self.endpoint):
            sent["Authorization"] = f"Bearer {self._token}"
        try:
            with self._client.stream("GET", url, headers=sent) as response:
                self._was_reached = True
                yield response
        except (HTTPError, InvalidURL) as error:
            self.cancel.check()
            raise self._failure(url, error) from error

    def chunks(self, response: Response) -> Iterator[bytes]:
        """The body as it arrives."""
        for data in response.iter_bytes():
            self.cancel.check()
            yield data

    def _failure(self, url: str, error: Exception) -> EngineError:
        sentence, may_pass = _network_sentence(host_of(url), error)
        # Before anything was reached the machine is offline or the address wrong: say so at once.
        return PassingError(sentence) if may_pass and self._was_reached else EngineError(sentence)

    def _judge(self, response: Response) -> None:
        """Raise unless the answer is what was asked for."""
        status, host = response.status_code, host_of(str(response.url))
        if status in (200, 206):
            if response.headers.get("content-type", "").startswith("text/html"):
                raise EngineError(_captive(self.endpoint))
            return
        if status == 429 or status >= 500:
            raise _busy(response, host)
        if status in (401, 403):
            if "text/html" in response.headers.get("content-type", ""):
                raise EngineError(_captive(self.endpoint))
            raise EngineError(
                f"{host} refuses access ({status}): the model does not exist, or its licence has "
                "to be accepted on its page there and a token given in HF_TOKEN."
            )
        if status == 404:
            raise EngineError(f"{host} does not have this model or this revision; check the name.")
        if status == 407:
            raise EngineError("The proxy asks for a password; add it to HTTPS_PROXY.")
        raise EngineError(f"{host} answered with an error ({status}); try again later.")


class Tries:
    """Patience with failures that may pass."""

    def __init__(self, cancel: CancelToken) -> None:
        self._cancel = cancel
        self._failed = 0

    def succeeded(self) -> None:
        self._failed = 0

    def wait(self, error: PassingError) -> None:
        """Wait before the next try, longer each time; raises the error when it is of no use."""
        if self._failed >= len(PAUSES_S) or error.wait_s > _PATIENCE_S:
            raise error
        pause = max(error.wait_s, PAUSES_S[self._failed] * random.uniform(0.75, 1.25))
        self._failed += 1
        until = time.monotonic() + pause
        while (left := until - time.monotonic()) > 0:
            self._cancel.check()
            time.sleep(min(left, 0.1))
        self._cancel.check()


def _busy(response: Response, host: str) -> EngineError:
    asked = response.headers.get("retry-after", "")
    wait_s = float(asked) if asked.isdigit() and len(asked) < 7 else 0.0
    when = f"in {max(1, round(wait_s / 60))} min" if wait_s > _PATIENCE_S else "later"
    if response.status_code == 429:
        sentence = f"{host} says that there were too many requests; try again {when}."
    else:
        sentence = f"{host} is out of order now ({response.status_code}); try again {when}."
    return PassingError(sentence, wait_s)


def _captive(endpoint: str) -> str:
    return (
        f"Instead of {host_of(endpoint)} some other page answered, perhaps the login page of this "
        "network; log in there with a browser, then start the download again."
    )


def _network_sentence(host: str, error: Exception) -> tuple[str, bool]:
    """What to tell about this failure, and whether it may pass by itself."""
    from httpx2 import ConnectError, InvalidURL, ProxyError, TimeoutException, UnsupportedProtocol

    causes = list(_causes(error))
    if isinstance(error, (InvalidURL, UnsupportedProtocol)):
        return f"{host} is no address that can be asked; check it.", False
    if isinstance(error, ProxyError):
        return f"The proxy refuses to reach {host} ({error}); check HTTPS_PROXY.", False
    for cause in causes:
        if isinstance(cause, ssl.SSLError):
            return (
                f"The connection to {host} is not safe (its certificate cannot be verified); "
                "check the clock of this computer, and whether a network in between reads along.",
                False,
            )
        if isinstance(cause, socket.gaierror):
            return f"{host} cannot be found; this computer seems to be offline.", True
    if isinstance(error, TimeoutException):
        return f"{host} does not answer; check the network and try again.", True
    if isinstance(error, ConnectError):
        return f"{host} cannot be reached; check the network and the proxy settings.", True
    return f"The connection to {host} broke off; start the download again to go on.", True


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    for _ in range(10):
        if error is None:
            return
        yield error
        error = error.__cause__ or error.__context__


def _check_address(url: str, endpoint: str) -> None:
    """Raise unless the address is encrypted, or on this machine as the hub itself is."""
    parts = urlsplit(url)
    is_local = parts.hostname in _LOCAL and urlsplit(endpoint).hostname in _LOCAL
    if not parts.hostname or parts.scheme not in (("https", "http") if is_local else ("https",)):
        raise EngineError(
            f"{host_of(endpoint)} leads to {url[:60]!r}, which is not an encrypted address; "
            "nothing is fetched from there."
        )


def _origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port or {"https": 443, "http": 80}.get(parts.scheme)


def host_of(url: str) -> str:
    """The name to tell a person."""
    return urlsplit(url).hostname or url[:60]
