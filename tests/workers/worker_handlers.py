"""Handlers that behave and misbehave, for the children that the tests start."""

import ctypes
import os
import signal
import socket
import sys
import threading

from granite_studio.core.cancel import Cancelled
from granite_studio.core.errors import EngineError, MediaError


def count():
    """Yield the numbers below the request."""

    def handle(request, cancel):
        yield from range(request)

    return handle


def echo():
    def handle(request, cancel):
        yield request

    return handle


def endless():
    """Yield for ever and look at the token only between events, as `inside` does."""

    def handle(request, cancel):
        while True:
            yield request

    return handle


def patient():
    """Say "begun", then wait for the cancel."""

    def handle(request, cancel):
        yield "begun"
        while not cancel.is_cancelled:
            threading.Event().wait(0.01)
        raise Cancelled

    return handle


def deaf():
    """Say "begun", then hear nothing; heartbeats go on."""

    def handle(request, cancel):
        yield "begun"
        threading.Event().wait()

    return handle


def frozen():
    """Say the process's number, then hang in a native call that keeps Python's lock."""

    def handle(request, cancel):
        yield os.getpid()
        ctypes.PyDLL(None).pause()

    return handle


def dying():
    """Die in the way that is asked for."""

    def handle(request, cancel):
        yield "begun"
        sys.stderr.write("last words\n")
        match request:
            case "abort":
                os.abort()
            case "segfault":
                ctypes.string_at(0)
            case "exit":
                os._exit(3)
            case int():
                os.kill(os.getpid(), request)
            case "spin":
                while True:
                    pass
            case "live":
                yield "well"

    return handle


def stopping():
    """Stop the own process from outside's point of view."""

    def handle(request, cancel):
        yield "begun"
        os.kill(os.getpid(), signal.SIGSTOP)
        yield "continued"

    return handle


def raising():
    class LocalError(MediaError):
        """An error that cannot be named from outside."""

    errors = {
        "media": MediaError("“a.wav” is empty."),
        "engine": EngineError("No such language."),
        "local": LocalError("Nobody can import me."),
        "value": ValueError("unforeseen"),
        "memory": MemoryError(),
    }

    def handle(request, cancel):
        yield "begun"
        if request in errors:
            raise errors[request]

    return handle


def missing():
    raise EngineError("The model is missing.")


def limited():
    """Try to go past a limit and say how that ended."""
    import resource

    def handle(request, cancel):
        match request:
            case "memory":
                try:
                    bytearray(2 << 30)
                except MemoryError:
                    yield "refused"
            case "files":
                opened = []
                try:
                    for _ in range(200):
                        opened.append(os.open(os.devnull, os.O_RDONLY))
                except OSError as error:
                    yield error.strerror
                for handle in opened:
                    os.close(handle)
            case "core":
                yield resource.getrlimit(resource.RLIMIT_CORE)[0]
            case "interrupt":
                os.kill(os.getpid(), signal.SIGINT)
                yield signal.getsignal(signal.SIGINT) is signal.SIG_IGN
            case "network":
                with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
                    try:
                        sender.connect(("192.0.2.1", 9))
                    except OSError as error:
                        yield error.strerror
            case "chatter":
                for _ in range(6):
                    os.write(2, b"x" * (1 << 20))
                threading.Event().wait(1.2)
                yield "quiet"

    return handle
