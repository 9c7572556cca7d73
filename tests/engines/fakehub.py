"""A hub on this machine that speaks the real one's protocol, keeps a log, and misbehaves."""

import hashlib
import json
import ssl
import threading
from collections import defaultdict
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

COMMIT = "0123456789abcdef0123456789abcdef01234567"
NEXT_COMMIT = "fedcba9876543210fedcba9876543210fedcba98"


class Asked(NamedTuple):
    """A request for a file."""

    name: str
    first: int
    token: str | None


class FakeHub:
    """Models as {id: {file name: content}}. Faults are taken one a request, then it behaves.

    A fault is a function of the request's handler, the content and the place to begin at.
    """

    def __init__(self):
        self.models = {}
        self.commit = COMMIT
        self.listing = None
        self.faults = defaultdict(list)
        self.log = []
        self.large = (".safetensors",)
        self.url = ""

    def add(self, model_id, files):
        self.models[model_id] = dict(files)

    def asked(self, name):
        """From which bytes on this file was asked for."""
        return [asked.first for asked in self.log if asked.name == name]

    def answer(self, handler):
        parts = urlsplit(handler.path)
        path = unquote(parts.path)
        for model_id, files in self.models.items():
            if path.startswith(f"/api/models/{model_id}/"):
                return self._api(handler, path.split("/")[5], files)
            if path.startswith(f"/{model_id}/resolve/"):
                return self._file(handler, path.rpartition("/")[2], files)
        return send(handler, 404, b"Repository not found", "text/plain")

    def _api(self, handler, what, files):
        if self.faults[what]:
            return self.faults[what].pop(0)(handler, b"", 0)
        if what == "revision":
            body = {"id": "x", "sha": self.commit, "siblings": []}
        else:
            body = self.listing or [self.entry(name, data) for name, data in files.items()]
        return send(handler, 200, json.dumps(body).encode(), "application/json")

    def entry(self, name, data):
        git = hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()
        row = {"type": "file", "path": name, "size": len(data), "oid": git}
        if name.endswith(self.large):
            row["lfs"] = {
                "oid": hashlib.sha256(data).hexdigest(),
                "size": len(data),
                "pointerSize": 134,
            }
        return row

    def _file(self, handler, name, files):
        told = handler.headers.get("Range")
        first = int(told.removeprefix("bytes=").removesuffix("-")) if told else 0
        self.log.append(Asked(name, first, handler.headers.get("Authorization")))
        if self.faults[name]:
            return self.faults[name].pop(0)(handler, files[name], first)
        return part(handler, files[name], first)


def send(handler, status, body, kind="application/octet-stream", **headers):
    handler.send_response(status)
    handler.send_header("Content-Type", kind)
    handler.send_header("Content-Length", str(len(body)))
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
    handler.wfile.write(body)


def part(handler, data, first, *, cut=None):
    """The file from `first` on, as servers with ranges send it; breaking off after `cut` bytes."""
    handler.send_response(206 if first else 200)
    handler.send_header("Content-Length", str(len(data) - first))
    if first:
        handler.send_header("Content-Range", f"bytes {first}-{len(data) - 1}/{len(data)}")
    handler.end_headers()
    handler.wfile.write(data[first:] if cut is None else data[first : first + cut])
    handler.wfile.flush()
    if cut is not None:
        handler.close_connection = True


def breaks_off(after):
    """The connection ends after so many bytes."""
    return lambda handler, data, first: part(handler, data, first, cut=after)


def stalls(after, until):
    """Nothing more comes after so many bytes, until the event is set."""

    def fault(handler, data, first):
        part(handler, data, first, cut=after)
        until.wait(60)

    return fault


def knows_no_ranges(handler, data, first):
    send(handler, 200, data)


def says(status, body=b"no", kind="text/plain", **headers):
    return lambda handler, data, first: send(handler, status, body, kind, **headers)


def redirects(location):
    return says(302, b"", Location=location)


def sends(other):
    """Other content under the same name."""
    return lambda handler, data, first: part(handler, other, first)


@contextmanager
def running(hub, certificate=None):
    """The hub as a server; `hub.url` is its address while it runs."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            try:
                hub.answer(self)
            except (ConnectionError, ssl.SSLError):
                self.close_connection = True  # the client had enough

        def log_message(self, *_):
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request, client_address):
            pass  # a client that distrusts the certificate hangs up

    server = Server(("127.0.0.1", 0), Handler)
    scheme = "http"
    if certificate is not None:
        scheme = "https"
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    hub.url = f"{scheme}://127.0.0.1:{server.server_port}"
    try:
        yield hub
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
