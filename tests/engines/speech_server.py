"""A small server that speaks the protocol of vLLM on this machine, and misbehaves on demand."""

import io
import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PLUS = "ibm-granite/granite-speech-4.1-2b-plus"
BASE = "ibm-granite/granite-speech-4.1-2b"

MODELS, CHAT, TRANSCRIPTIONS = "/v1/models", "/v1/chat/completions", "/v1/audio/transcriptions"


class Request:
    """What came: the path, the headers by lower-case name, the body and the JSON in it."""

    def __init__(self, handler):
        self.path = handler.path
        self.headers = {name.lower(): value for name, value in handler.headers.items()}
        self.body = handler.rfile.read(int(self.headers.get("content-length", 0)))
        is_json = self.headers.get("content-type") == "application/json"
        self.json = json.loads(self.body) if is_json else None

    @property
    def prompt(self):
        [text] = [p["text"] for p in self.json["messages"][-1]["content"] if p["type"] == "text"]
        return text


class SpeechServer:
    """Answers each path by `answers[path](request, handler)`; None means it answered by itself.

    An answer is a value to send as JSON, or a pair of status and value.
    """

    def __init__(self, *, tls=None):
        self.requests = []
        self.released = threading.Event()
        self.answers = {}
        self.serve(PLUS)
        self.say("[Speaker 1]: Good morning.", times="good [T:50] morning [T:100]")
        self._http = _Quiet(("127.0.0.1", 0), _handler(self))
        if tls:
            self._http.socket = tls.wrap_socket(
                self._http.socket, server_side=True, do_handshake_on_connect=False
            )
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.02,))
        self._thread.start()
        self.url = f"http{'s' if tls else ''}://127.0.0.1:{self._http.server_port}"

    def close(self):
        self.released.set()
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()

    def serve(self, *models, room=None):
        rows = [{"id": model, "max_model_len": room} for model in models]
        self.answers[MODELS] = lambda request, handler: {"object": "list", "data": rows}

    def say(self, text, *, times="", finish="stop"):
        """Answer the prompt for word times with `times` and all others with `text`."""

        def chat(request, handler):
            said = times if "Timestamps" in request.prompt else text
            return {"choices": [{"message": {"content": said}, "finish_reason": finish}]}

        self.answers[CHAT] = chat

    def fail(self, path, status, value, *, headers=(), times=99):
        """Answer this path with a status, the first `times` times."""
        good = self.answers.get(path)
        left = [times]

        def answer(request, handler):
            if not left[0]:
                return good(request, handler)
            left[0] -= 1
            return send(handler, status, value, headers)

        self.answers[path] = answer

    def asked(self, path):
        return [request for request in self.requests if request.path == path]


class _Quiet(ThreadingHTTPServer):
    daemon_threads = False
    block_on_close = True

    def handle_error(self, request, client_address):
        """The client hung up, as it should."""


def send(handler, status, value, headers=()):
    """Send a whole answer; bytes and text as they are, all else as JSON."""
    body = value if isinstance(value, bytes | str) else json.dumps(value)
    data = body.encode() if isinstance(body, str) else body
    handler.send_response(status)
    for name, content in dict(headers).items():
        handler.send_header(name, content)
    handler.send_header("Content-Length", str(len(data)))
    handler.end_headers()
    handler.wfile.write(data)


def sound_of(request):
    """The sound in a request to either path: (samples, rate)."""
    import base64

    import soundfile

    if request.path == CHAT:
        [url] = [
            part["audio_url"]["url"]
            for part in request.json["messages"][-1]["content"]
            if part["type"] == "audio_url"
        ]
        head, data = url.split(",")
        assert head == "data:audio/flac;base64"
        return soundfile.read(io.BytesIO(base64.b64decode(data)))
    start = re.search(rb"Content-Type: audio/flac\r\n\r\n", request.body)
    return soundfile.read(io.BytesIO(request.body[start.end() :]))


def _handler(server):
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self):
            request = Request(self)
            server.requests.append(request)
            found = server.answers.get(request.path)
            value = found(request, self) if found else (404, {"detail": "Not Found"})
            if value is not None:
                status, value = value if isinstance(value, tuple) else (200, value)
                send(self, status, value, {"Content-Type": "application/json"})

        do_GET = do_POST = answer

        def log_message(self, *arguments):
            """Nothing is logged."""

    return Handler
