"""Where the picture changes from one shot to the next: cuts, not fades."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from granite_studio.core.cancel import CancelToken
from granite_studio.core.errors import MediaError
from granite_studio.media import opening
from granite_studio.media.values import Shots, ShotsProgress

VERSION = 1
"""Raise it when other cuts are found than before, so that kept ones are looked for anew."""
WIDTH = 320
"""Pictures are looked at in this width: finer detail is noise."""
LEAST = 8.0
"""libavfilter's `scdet` gives each picture a score from 0 to 100: how much its difference to the
one before differs from the difference before that. A cut has at least this,"""
STANDS_OUT = 3.0
"""and its difference is so many times that of the pictures around it: a shaken camera differs
all the time."""
AROUND = 12
"""So many pictures before and behind are looked at; of two cuts among so few the larger is one."""
_EVERY_MS = 1000
_USUAL_RATE = 25


def shots(path: Path, cancel: CancelToken) -> Iterator[ShotsProgress | Shots]:
    """Look at all pictures of the first film; progress, and last the cuts.

    Raises `MediaError` where there is no film, or none that can be decoded.
    """
    times: list[int] = []
    differences: list[float] = []
    scores: list[float] = []
    with contextlib.closing(opening.open_media(path)) as container:
        opening.describe(container, path)
        stream = opening.choose_film(container, path)
        told = 0
        for at, difference, score in _scored(container, stream, cancel):
            times.append(at)
            differences.append(difference)
            scores.append(score)
            if at >= told + _EVERY_MS:
                told = at
                yield ShotsProgress(at)
        rate = stream.average_rate or stream.guessed_rate or _USUAL_RATE
    if not times:
        raise MediaError(
            f"The pictures of {opening.shown_name(path)} cannot be decoded; convert it to MP4."
        )
    yield Shots(cuts(times, differences, scores), float(rate))


def cuts(
    times: Sequence[int], differences: Sequence[float], scores: Sequence[float]
) -> tuple[int, ...]:
    """The times (ms) of pictures that begin a shot, from each one's difference to the one before
    and its score, both from 0 to 100."""
    found: list[int] = []
    size = np.asarray(differences, dtype=np.float64)
    for place in np.flatnonzero(np.asarray(scores) >= LEAST).tolist():
        first, last = max(0, place - AROUND), place + AROUND + 1
        around = np.delete(size[first:last], place - first)
        if len(around) and size[place] < STANDS_OUT * float(np.median(around)):
            continue
        if found and place - found[-1] <= AROUND // 2:
            if size[place] > size[found[-1]]:
                found[-1] = place
        else:
            found.append(place)
    return tuple(times[place] for place in found)


def _scored(
    container: Any, stream: Any, cancel: CancelToken
) -> Iterator[tuple[int, float, float]]:
    """Each picture's time in ms, its difference to the one before, and its score."""
    import av

    graph = _graph(stream)
    origin = (container.start_time or 0) / 1_000_000
    for picture in pictures(container, stream):
        cancel.check()
        graph.push(picture)
        with contextlib.suppress(av.error.BlockingIOError, av.error.EOFError):
            seen = graph.pull()
            if seen.time is not None:
                told = seen.metadata
                at = max(0, round((seen.time - origin) * 1000))
                yield at, _number(told, "lavfi.scd.mafd"), _number(told, "lavfi.scd.score")


def _graph(stream: Any) -> Any:
    from av.filter import Graph

    graph = Graph()
    graph.link_nodes(
        graph.add_buffer(template=stream),
        graph.add("scale", f"{WIDTH}:-2:flags=fast_bilinear"),
        graph.add("scdet", "threshold=100"),  # only its figures are wanted, not its verdict
        graph.add("buffersink"),
    )
    graph.configure()
    return graph


def pictures(container: Any, stream: Any) -> Iterator[Any]:
    """The decoded pictures of a stream; damaged ones are passed over."""
    import av

    packets = container.demux(stream)
    while True:
        try:
            packet = next(packets)
        except (StopIteration, av.error.FFmpegError):
            return
        with contextlib.suppress(av.error.FFmpegError):
            yield from packet.decode()


def _number(metadata: dict[str, str], name: str) -> float:
    try:
        return float(metadata.get(name, 0))
    except ValueError:
        return 0.0
