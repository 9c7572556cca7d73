"""Making very many objects at once without the garbage collector looking at all of them."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_at_rest() -> Iterator[None]:
    """No search for garbage within this block, which makes a million objects and no garbage.

    The collector would look at all of them again and again, for a third of the time, and once more
    when it wakes up; so what is there by then is left out for good. What nothing refers to is
    freed as always.
    """
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.freeze()
            gc.enable()
