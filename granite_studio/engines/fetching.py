"""One file over HTTP, byte for byte: resumed where it stopped, checked by its hash."""

from __future__ import annotations

import errno
import hashlib
import os
import re
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from granite_studio.core.cancel import CancelToken
from granite_studio.core.errors import EngineError
from granite_studio.core.files import CHUNK, sync_file, sync_folder
from granite_studio.engines.hub import Hub, PassingError, Tries, host_of

if TYPE_CHECKING:
    from httpx2 import Response

_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+)")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file to fetch: its name, size in bytes, and SHA-256 or the hash git gives it (hex)."""

    name: str
    url: str
    size: int
    sha256: str = ""
    git_sha1: str = ""

    @property
    def part(self) -> str:
        """The name of what has arrived so far: other content never goes on under this name."""
        return f"{self.name}.{(self.sha256 or self.git_sha1)[:12]}.part"


@dataclass(frozen=True, slots=True)
class Got:
    """Bytes of a file that are here, and how many of them came over the network just now.

    `sha256` is the file's, once it is whole.
    """

    here: int
    fresh: int = 0
    sha256: str = ""


class Digest:
    """Both hashes of a file while it goes by."""

    def __init__(self, wanted: Wanted) -> None:
        self._wanted = wanted
        self._sha256 = hashlib.sha256()
        self._git = hashlib.sha1(b"blob %d\0" % wanted.size, usedforsecurity=False)

    def read(self, path: Path, cancel: CancelToken) -> Iterator[int]:
        """Take in what is in this file; yields how many bytes were read so far."""
        done = 0
        with path.open("rb") as file:
            while data := file.read(CHUNK):
                cancel.check()
                self.update(data)
                done += len(data)
                yield done

    def update(self, data: bytes) -> None:
        self._sha256.update(data)
        if not self._wanted.sha256:
            self._git.update(data)

    @property
    def sha256(self) -> str:
        return self._sha256.hexdigest()

    @property
    def is_right(self) -> bool:
        if self._wanted.sha256:
            return self.sha256 == self._wanted.sha256
        return self._git.hexdigest() == self._wanted.git_sha1


def fetch(hub: Hub, wanted: Wanted, folder: Path) -> Iterator[Got]:
    """Bring this file into the folder, going on where an earlier try stopped.

    Yields how much of it is here; the file is there under its own name when this ends. Cancelled
    or failed, what has arrived stays in its part, unless it turns out to be wrong. Raises
    `EngineError`.
    """
    part = folder / wanted.part
    try:
        sha256 = yield from _fill(hub, wanted, part)
        hub.cancel.check()
        sync_file(part)
        os.replace(part, folder / wanted.name)
        sync_folder(folder)
        yield Got(wanted.size, sha256=sha256)
    except OSError as error:
        raise EngineError(disk_sentence(folder, error)) from error


def _fill(hub: Hub, wanted: Wanted, part: Path) -> Generator[Got, None, str]:
    digest, done = Digest(wanted), 0
    if part.exists() and part.stat().st_size <= wanted.size:
        for done in digest.read(part, hub.cancel):
            yield Got(done)
    tries = Tries(hub.cancel)
    with part.open("r+b" if done else "wb") as file:
        while done < wanted.size:
            try:
                for data, at in _body(hub, wanted, done):
                    if at < done:  # the server began anew, and so does the file
                        file.truncate(0)
                        digest, done = Digest(wanted), 0
                    file.seek(at)
                    file.write(data)
                    file.flush()  # this thread may be left behind in the middle of a wait
                    digest.update(data)
                    done += len(data)
                    tries.succeeded()
                    yield Got(done, len(data))
            except PassingError as error:
                tries.wait(error)
    if not digest.is_right:
        part.unlink()
        raise EngineError(
            f"“{wanted.name}” arrived damaged (its checksum is wrong) and was deleted; start the "
            "download again."
        )
    return digest.sha256


def _body(hub: Hub, wanted: Wanted, start: int) -> Iterator[tuple[bytes, int]]:
    """The file's bytes from `start` on, each piece with its place; from 0 on if the server knows
    no ranges. Never more than the file's size; `PassingError` when the line breaks early."""
    headers = {"Range": f"bytes={start}-"} if start else {}
    with hub.open(wanted.url, headers) as response:
        at = _begin(response, wanted, start)
        for data in hub.chunks(response):
            piece = data[: wanted.size - at]
            if piece:
                yield piece, at
            at += len(data)
            if at >= wanted.size:
                break
    if at > wanted.size:
        raise EngineError(_other_file(wanted, response))
    if at < wanted.size:
        raise PassingError(f"The connection broke off during “{wanted.name}”; start it again.")


def _begin(response: Response, wanted: Wanted, start: int) -> int:
    """Where in the file this answer's body begins."""
    encoded = response.headers.get("content-encoding", "identity") != "identity"
    length = response.headers.get("content-length", "")
    if response.status_code == 200:
        if not encoded and length.isdigit() and int(length) != wanted.size:
            raise EngineError(_other_file(wanted, response))
        return 0
    told = _RANGE.fullmatch(response.headers.get("content-range", ""))
    if encoded or not told or (int(told[1]), int(told[2])) != (start, wanted.size):
        raise EngineError(_other_file(wanted, response))
    return start


def _other_file(wanted: Wanted, response: Response) -> str:
    return (
        f"{host_of(str(response.url))} sends something else in place of “{wanted.name}”; perhaps "
        "a network in between asks for a login. Open a web page, then start the download again."
    )


def disk_sentence(folder: Path, error: OSError) -> str:
    """What to tell about a failure to write in this folder."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return f"The disk of “{folder}” is full; free some space and go on."
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return f"“{folder}” cannot be written, or a program has the model open; check that."
    return f"“{folder}” cannot be written ({error.strerror or error}); check the disk."
