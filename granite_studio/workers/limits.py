"""What a child process may use, and how it gives up the rest before it touches anything."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from dataclasses import dataclass

_PR_SET_PDEATHSIG = 1
_CLONE_NEWUSER = 0x10000000
_CLONE_NEWNET = 0x40000000


@dataclass(frozen=True, slots=True)
class Limits:
    """Caps of one child; None leaves a cap off. Where the system knows none, nothing happens.

    `memory_mb` is address space, so it must leave room for libraries (not for CUDA, which maps
    far more than it uses). `cpu_s` is processor time for each request. `threads` is how many
    threads numerical libraries start. `network` False cuts the child off the network on Linux.
    """

    memory_mb: int | None = None
    cpu_s: int | None = None
    open_files: int | None = None
    threads: int | None = None
    network: bool = True


def die_with(parent: int) -> None:
    """Have the kernel kill this process when the thread that started it ends (Linux).

    The pipe's end tells the child too, but no Python runs while a native call hangs.
    """
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)


def apply(limits: Limits) -> None:
    """Take on the limits. Called once, before any thread and any library is there."""
    if not limits.network:
        _leave_network()
    if limits.threads is not None:
        for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
            os.environ[name] = str(limits.threads)
    if sys.platform != "win32":
        import resource

        _lower(resource.RLIMIT_CORE, 0)
        if limits.memory_mb is not None:
            _lower(resource.RLIMIT_AS, limits.memory_mb << 20)
        if limits.open_files is not None:
            _lower(resource.RLIMIT_NOFILE, limits.open_files)


def allow_cpu(limits: Limits) -> None:
    """Give the request that begins now its processor time; past it comes SIGXCPU."""
    if sys.platform != "win32" and limits.cpu_s is not None:
        import resource

        used = resource.getrusage(resource.RUSAGE_SELF)
        seconds = int(used.ru_utime + used.ru_stime) + 1 + limits.cpu_s
        _, most = resource.getrlimit(resource.RLIMIT_CPU)
        if most == resource.RLIM_INFINITY or seconds < most:
            resource.setrlimit(resource.RLIMIT_CPU, (seconds, most))


def _lower(kind: int, value: int) -> None:
    import resource

    _, most = resource.getrlimit(kind)
    if most == resource.RLIM_INFINITY or value <= most:
        with contextlib.suppress(OSError, ValueError):  # macOS refuses some
            resource.setrlimit(kind, (value, most))


def _leave_network() -> None:
    """Enter an empty network of its own; kernels that forbid it leave things as they were.

    Root does it without a user namespace, which would take away its right to read others' files.
    """
    if sys.platform == "linux":
        import ctypes

        with contextlib.suppress(OSError, AttributeError):
            flags = _CLONE_NEWNET if os.geteuid() == 0 else _CLONE_NEWUSER | _CLONE_NEWNET
            ctypes.CDLL(None).unshare(flags)
