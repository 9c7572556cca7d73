"""One writer per project: a lock beside the file that dies with the process that holds it."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import socket
import sys
import time
from pathlib import Path

from granite_studio.store.filesystems import is_network

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

_FAR = 1 << 30
"""Windows locks bytes against reading too, so the locked one lies behind the holder's words."""


class LockedError(Exception):
    """Somebody else has the project open for writing; the message is the sentence to show.

    `is_left` says that this is only what a lock file tells of another computer: a person who
    knows better may take over.
    """

    def __init__(self, sentence: str, *, is_left: bool) -> None:
        super().__init__(sentence)
        self.is_left = is_left


class Lock:
    """LockedError from `take` until `release` or the death of the process."""

    def __init__(self, path: Path, handle: int) -> None:
        self._path = path
        self._handle = handle

    @classmethod
    def take(cls, project: Path, *, take_over: bool = False) -> Lock:
        """Lock this project, or raise `LockedError`, or `OSError` where no lock file can be made.

        A lock left by a dead process is taken. One that another machine left in a folder that is
        merely synchronised proves nothing, so it is respected unless `take_over` is set.
        """
        path = project.with_name(project.name + "-lock")
        while True:
            handle = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o666)
            try:
                owned = _grab(handle)
                holder = _read(handle)
                if owned is False:
                    raise LockedError(_sentence(project, holder), is_left=False)
                is_left = _is_elsewhere(holder) and not is_network(path)
                if not take_over and (is_left if owned else _is_alive(holder)):
                    raise LockedError(_sentence(project, holder), is_left=True)
                if not _is_same_file(path, handle):
                    os.close(handle)  # its holder released and removed it just now
                    continue
                _write(handle)
            except BaseException:
                with contextlib.suppress(OSError):
                    os.close(handle)
                raise
            return cls(path, handle)

    def release(self) -> None:
        """Let others in. The lock file goes, so that a closed project is a single file."""
        with contextlib.suppress(OSError):
            if os.name == "nt":
                os.close(self._handle)
                self._path.unlink()
            else:
                if _is_same_file(self._path, self._handle):
                    self._path.unlink()
                os.close(self._handle)


def _grab(handle: int) -> bool | None:
    """Lock the open file: True, or False if another has it, or None where locks are unknown."""
    try:
        if sys.platform == "win32":
            os.lseek(handle, _FAR, os.SEEK_SET)
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in (errno.EACCES, errno.EAGAIN, errno.EDEADLK):
            return False
        return None
    return True


def _read(handle: int) -> dict[str, object]:
    os.lseek(handle, 0, os.SEEK_SET)
    try:
        holder = json.loads(os.read(handle, 4096) or b"{}")
    except (OSError, ValueError, RecursionError):
        return {}
    return holder if isinstance(holder, dict) else {}


def _write(handle: int) -> None:
    holder = {"pid": os.getpid(), "host": socket.gethostname(), "time": int(time.time())}
    os.ftruncate(handle, 0)
    os.lseek(handle, 0, os.SEEK_SET)
    os.write(handle, json.dumps(holder).encode())


def _is_same_file(path: Path, handle: int) -> bool:
    try:
        return os.path.samestat(os.stat(path), os.fstat(handle))
    except FileNotFoundError:
        return False


def _is_elsewhere(holder: dict[str, object]) -> bool:
    return holder.get("host", socket.gethostname()) != socket.gethostname()


def _is_alive(holder: dict[str, object]) -> bool:
    """Whether the holder may still run; a process on another machine is taken to."""
    pid = holder.get("pid")
    if not isinstance(pid, int) or pid <= 0:
        return False
    if _is_elsewhere(holder):
        return True
    if os.name == "nt":
        return True  # os.kill would end the process; Windows removes its locks itself
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:
        return True
    return True


def _sentence(project: Path, holder: dict[str, object]) -> str:
    host, pid, began = holder.get("host"), holder.get("pid"), holder.get("time")
    who = "Another window of Granite Studio"
    if isinstance(host, str) and _is_elsewhere(holder):
        who = f"Granite Studio on the computer “{host[:80]}”"
    elif isinstance(pid, int) and pid != os.getpid():
        who = f"Another Granite Studio (process {pid})"
    since = ""
    if isinstance(began, int) and 0 < began < 1 << 33:
        since = time.strftime(" since %Y-%m-%d %H:%M", time.localtime(began))
    return (
        f"{who} has “{project.name}” open{since}, so it is open for reading only here; "
        "close it there to make changes."
    )
