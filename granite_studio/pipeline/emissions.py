"""What the encoder heard of each window, kept in the cache: edited words are found in it."""

from __future__ import annotations

import contextlib
import hashlib
import logging
import os
import re
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from granite_studio.core.document import Span
from granite_studio.core.errors import StudioError
from granite_studio.core.files import atomic_write
from granite_studio.engines.base import Emissions
from granite_studio.engines.granite.emissions import dump, load

MOST_BYTES = 1 << 30
"""All recordings together, as far as this is looked at when a new one is begun."""

_NAME = re.compile(r"([0-9]{1,10})-([0-9]{1,10})\.[0-9a-f]{8}\.emissions")

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Kept:
    """Emissions of a stretch of the recording, whose start is their first frame."""

    span: Span
    emissions: Emissions


def keep(
    folder: Path,
    fingerprint: str,
    revision: str,
    span: Span,
    emissions: Emissions,
    *,
    most_bytes: int = MOST_BYTES,
) -> None:
    """Keep what was heard of a window of this recording under the cache folder.

    Whatever is wrong with the disk, this does not raise: it can be heard again. Recordings that
    were not used for longest go when a new one is begun and all take more than `most_bytes`.
    """
    place = _place(folder, fingerprint)
    name = f"{span.start}-{span.end}.{_digest(revision)[:8]}.emissions"
    try:
        if not place.is_dir():
            _prune(place.parent, most_bytes)
            place.mkdir(parents=True, exist_ok=True)
        atomic_write(place / name, dump(emissions))
    except (StudioError, OSError) as error:
        log.warning("what was heard is not kept: %s", error)


def find(folder: Path, fingerprint: str, span: Span) -> tuple[Kept, ...]:
    """What is kept of the windows that reach into this span, in order and without overlap.

    Where the same stretch was heard more than once, the last time counts; of a window of which
    that leaves more than half, as of two that overlap at a forced cut, the rest is given. Damaged
    files are passed over.
    """
    place = _place(folder, fingerprint)
    chosen: list[Kept] = []
    for window, path in _latest_first(place):
        rest = _rest(window, [kept.span for kept in chosen])
        if rest is None or not rest.overlaps(span):
            continue
        try:
            chosen.append(_part(Kept(window, load(path.read_bytes())), rest))
        except (StudioError, OSError) as error:
            log.warning("%s is of no use: %s", path.name, error)
    if chosen:
        with contextlib.suppress(OSError):
            os.utime(place)  # what was used last goes last
    return tuple(sorted(chosen, key=lambda kept: kept.span.start))


def _rest(window: Span, taken: Iterable[Span]) -> Span | None:
    """What is left of a window at one side or between two, if it is more than half of it."""
    first, last, middle = window.start, window.end, (window.start + window.end) // 2
    for span in taken:
        if span.overlaps(window):
            if span.end <= middle:
                first = max(first, span.end)
            elif span.start >= middle:
                last = min(last, span.start)
            else:
                return None
    return Span(first, last) if 2 * (last - first) > window.end - window.start else None


def _part(kept: Kept, span: Span) -> Kept:
    """The frames of a stretch of the window."""
    if span == kept.span:
        return kept
    frame_ms = kept.emissions.frame_s * 1000
    first = round((span.start - kept.span.start) / frame_ms)
    last = round((span.end - kept.span.start) / frame_ms)
    start = kept.span.start + round(first * frame_ms)
    levels = kept.emissions.levels[first:last]
    return Kept(Span(start, max(start, span.end)), replace(kept.emissions, levels=levels))


def _place(folder: Path, fingerprint: str) -> Path:
    return folder / "emissions" / _digest(fingerprint)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _latest_first(place: Path) -> Iterator[tuple[Span, Path]]:
    """The windows kept of one recording by the time of their hearing."""
    found: list[tuple[int, Span, Path]] = []
    with contextlib.suppress(OSError):  # never heard, or swept away meanwhile
        for path in place.iterdir():
            match = _NAME.fullmatch(path.name)
            if match and int(match[1]) <= int(match[2]):
                span = Span(int(match[1]), int(match[2]))
                found.append((path.stat().st_mtime_ns, span, path))
    for _, span, path in sorted(found, key=lambda item: item[0], reverse=True):
        yield span, path


def _prune(place: Path, most_bytes: int) -> None:
    """Remove whole recordings, the one unused for longest first."""
    if not place.is_dir():
        return
    kept = [(path.stat().st_mtime_ns, _size(path), path) for path in place.iterdir()]
    total = sum(size for _, size, _ in kept)
    for _, size, path in sorted(kept):
        if total <= most_bytes:
            break
        shutil.rmtree(path, ignore_errors=True)
        total -= size


def _size(place: Path) -> int:
    return sum(path.stat().st_size for path in place.iterdir())
