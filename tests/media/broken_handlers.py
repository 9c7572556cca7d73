"""Handlers in the place of the decoder, for what a decoder may do."""

import os
import threading


def dies_of_bad_names():
    def handle(request, cancel):
        if request.path.name == "bad.wav":
            os.abort()
        yield "well"

    return handle


def waits():
    def handle(request, cancel):
        threading.Event().wait()
        yield

    return handle
