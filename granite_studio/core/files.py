"""Files written whole or not at all, and a short name for what a file holds."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import re
import secrets
import stat
import time
from pathlib import Path

from granite_studio.core.errors import FormatError, MediaError

CHUNK = 1 << 20
"""Bytes of one write, and of the head and the tail that a fingerprint reads."""

_TEMPORARY = re.compile(r"\.granite-[0-9a-f]{12}\.tmp")
_STALE_S = 3600.0


def atomic_write(path: Path, data: bytes, *, follow: bool = False) -> None:
    """Make `data` the content of this file. A reader, and a power cut, finds old or new, whole.

    The mode of a file that is there stays. A symbolic link is replaced, and what it names stays
    as it is, unless it is to `follow` links. Raises `FormatError`, and then the old file is as it
    was and nothing else is left behind. What a killed writer left in the folder is swept by a
    later one.
    """
    try:
        real = Path(os.path.realpath(path, strict=False))
        mode = _mode_to_keep(real)
        target = real
        if path.is_symlink() and not follow:
            target, mode = path.absolute(), None
        temporary = target.with_name(f".granite-{secrets.token_hex(6)}.tmp")
        try:
            _write_new(temporary, data, mode)
            os.replace(temporary, target)
        except BaseException:
            with contextlib.suppress(OSError):
                temporary.unlink()
            raise
        sync_folder(target.parent)
        _sweep(target.parent)
    except (OSError, ValueError) as error:
        raise FormatError(_refusal(path, error, len(data))) from error


def refuse_folder(path: Path) -> None:
    """Raise `FormatError` where this names a folder in place of a file."""
    if os.path.isdir(path):
        raise FormatError(f"“{path}” is a folder; name a file in it.")


def sync_folder(folder: Path) -> None:
    """Make the names in this folder durable, where the system knows how to."""
    if os.name == "nt":
        return  # Windows cannot open a folder; its journal keeps renames in order
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP, errno.EBADF):
            raise  # some network and FUSE file systems have nothing to sync a folder with
    finally:
        os.close(handle)


def sync_file(path: Path) -> None:
    """Make the content of this file durable."""
    handle = os.open(path, os.O_RDWR | getattr(os, "O_BINARY", 0))
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def fingerprint(path: Path) -> str:
    """Size and SHA-256 of the first and last MiB: the same for the same recording anywhere.

    Raises `MediaError` when the file cannot be read.
    """
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            digest.update(file.read(CHUNK))
            file.seek(max(0, size - CHUNK))
            digest.update(file.read(CHUNK))
    except (OSError, ValueError) as error:
        raise MediaError(
            f"“{path}” cannot be read ({_reason(error)}); check that it is there and try again."
        ) from error
    return f"{size}-{digest.hexdigest()}"


def _mode_to_keep(target: Path) -> int | None:
    """The permissions of the file that stands there, or None if there is none to replace."""
    try:
        found = target.stat()
    except FileNotFoundError:
        return None
    if stat.S_ISDIR(found.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    if not stat.S_ISREG(found.st_mode):
        raise ValueError("it is not a file")  # renaming over /dev/null would destroy it
    if not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    return stat.S_IMODE(found.st_mode)


def _write_new(path: Path, data: bytes, mode: int | None) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    handle = os.open(path, flags, 0o666)
    try:
        rest = memoryview(data)
        while rest:
            written = os.write(handle, rest[:CHUNK])
            if written <= 0:
                raise OSError(errno.EIO, os.strerror(errno.EIO))
            rest = rest[written:]
        if mode is not None and hasattr(os, "fchmod"):
            os.fchmod(handle, mode)
        os.fsync(handle)
        if os.fstat(handle).st_size != len(data):
            raise OSError(errno.EIO, os.strerror(errno.EIO))
    finally:
        os.close(handle)


def _sweep(folder: Path) -> None:
    with contextlib.suppress(OSError):  # somebody else's file, or swept by somebody else
        for name in filter(_TEMPORARY.fullmatch, os.listdir(folder)):
            if time.time() - (folder / name).stat().st_mtime > _STALE_S:
                (folder / name).unlink()


def _refusal(path: Path, error: OSError | ValueError, size: int) -> str:
    code = error.errno if isinstance(error, OSError) else None
    if code in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return (
            f"“{path}” could not be written because the disk is full; "
            f"free {size:,} bytes or choose another place."
        )
    if code in (errno.EACCES, errno.EPERM, errno.EROFS):
        return f"“{path}” could not be written: it is write-protected; choose another place."
    return f"“{path}” could not be written ({_reason(error)}); choose another place."


def _reason(error: OSError | ValueError) -> str:
    text = error.strerror if isinstance(error, OSError) else str(error)
    return (text or "input/output error").lower()
