"""What this machine has and lacks for the studio, and the sentence that mends it.

Standard library alone. This file is read by Pythons too old for the studio, so that they can say
so: no syntax newer than 3.8.
"""

from __future__ import annotations

import ctypes
import importlib.util
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

PYTHON_FROM, PYTHON_BELOW = (3, 11), (3, 15)
CUDA_DRIVER = 13_000  # the CUDA version of PyTorch's own wheels, as a driver tells it
GIB = 1024**3
SPACE = {"cpu": 3 * GIB, "cuda": 10 * GIB}
TEMPORARY_SPACE = {"cpu": GIB // 2, "cuda": 2 * GIB}


class SetupError(Exception):
    """Something is missing. The message is one sentence: what, and what to do."""


class Library(NamedTuple):
    """A system library that Qt or the tests need: Debian's package, and the file it brings."""

    package: str
    file: str


QT_LIBRARIES = (
    Library("libglib2.0-0", "libglib-2.0.so.0"),
    Library("libgl1", "libGL.so.1"),
    Library("libegl1", "libEGL.so.1"),
    Library("libxkbcommon0", "libxkbcommon.so.0"),
    Library("libfontconfig1", "libfontconfig.so.1"),
    Library("libdbus-1-3", "libdbus-1.so.3"),
    Library("libpulse0", "libpulse.so.0"),
    Library("libxrandr2", "libXrandr.so.2"),
)
X11_LIBRARIES = (
    Library("libxkbcommon-x11-0", "libxkbcommon-x11.so.0"),
    Library("libxcb-cursor0", "libxcb-cursor.so.0"),
    Library("libxcb-icccm4", "libxcb-icccm.so.4"),
    Library("libxcb-keysyms1", "libxcb-keysyms.so.1"),
    Library("libxcb-shape0", "libxcb-shape.so.0"),
)
TEST_LIBRARIES = (Library("libflite1", "libflite.so.1"),)
"""Speaks sentences that no checkpoint was trained on; without it the tests that need them skip."""


def python_problem(version: Sequence[int]) -> str:
    """Why this Python cannot run the studio, or "" where it can."""
    if PYTHON_FROM <= tuple(version[:2]) < PYTHON_BELOW:
        return ""
    return (
        f"This is Python {version[0]}.{version[1]}, and Granite Studio needs 3.11 to 3.14: install"
        " one of these (python.org, or your system's packages) and run the same command with it,"
        " for example `python3.12 packaging/dev.py run`."
    )


def other_python(version: Sequence[int]) -> str | None:
    """A Python on this machine that fits, where this one does not."""
    if not python_problem(version):
        return None
    minors = range(PYTHON_BELOW[1] - 1, PYTHON_FROM[1] - 1, -1)
    found = (shutil.which(f"python3.{minor}") for minor in minors)
    return next((path for path in found if path), None)


def linux_problem(library: str, version: str, processor: str) -> str:
    """Why Qt's files do not run with this C library, or "" where they do."""
    needed = "2.39" if processor == "aarch64" else "2.34"
    if library != "glibc":
        return "This Linux does not use the GNU C library, and Qt's files for Python need it."
    if tuple(map(int, version.split(".")[:2])) >= tuple(map(int, needed.split("."))):
        return ""
    return (
        f"This Linux is too old for Qt's files (its C library is {version}, {needed} is needed):"
        " Debian 12, Ubuntu 22.04, Fedora 35 and anything newer will do."
    )


def has_display(system: str, environment: Mapping[str, str]) -> bool:
    """Whether a window can be shown. Windows and macOS always have a desktop."""
    return system != "Linux" or any(environment.get(k) for k in ("DISPLAY", "WAYLAND_DISPLAY"))


def check_folder(root: Path) -> None:
    """Raise SetupError where `root` cannot be written."""
    try:
        with tempfile.TemporaryFile(dir=root):
            pass
    except OSError as error:
        raise SetupError(
            f"The folder {root} cannot be written ({error.strerror}): copy the project into a"
            " folder of your own and run the command there."
        ) from error


def check_space(root: Path, torch: str) -> None:
    """Raise SetupError where the packages for `torch` ("cpu" or "cuda") would not fit."""
    for folder, needed, advice in (
        (root, SPACE[torch], "make room there, or put the project on another disk."),
        (
            Path(tempfile.gettempdir()),
            TEMPORARY_SPACE[torch],
            "make room there, or set TMPDIR to a folder on another disk.",
        ),
    ):
        sentence = space_problem(folder, shutil.disk_usage(folder).free, needed)
        if sentence:
            raise SetupError(f"{sentence}: {advice}")


def space_problem(folder: Path, free: int, needed: int) -> str:
    """What is wrong with so many free bytes, or "" where they suffice."""
    if free >= needed:
        return ""
    return (
        f"The set-up needs about {needed / GIB:.1f} GB, and the disk of {folder} has"
        f" {free / GIB:.1f} GB free"
    )


def cuda() -> tuple[int, int]:
    """How many CUDA GPUs the driver sees, and the CUDA version it speaks (13000 is 13.0)."""
    name = {"Linux": "libcuda.so.1", "Windows": "nvcuda.dll"}.get(platform.system())
    if name is None:
        return 0, 0
    try:
        driver = ctypes.CDLL(name)
    except OSError:
        return 0, 0
    count, version = ctypes.c_int(0), ctypes.c_int(0)
    if driver.cuInit(0) or driver.cuDeviceGetCount(ctypes.byref(count)):
        return 0, 0
    driver.cuDriverGetVersion(ctypes.byref(version))
    return count.value, version.value


def torch_for(gpus: int, driver: int) -> tuple[str, str]:
    """Which PyTorch fits, "cpu" or "cuda", and why."""
    if not gpus:
        return "cpu", "no CUDA GPU was found"
    if driver < CUDA_DRIVER:
        speaks = f"{driver // 1000}.{driver % 1000 // 10}"
        return "cpu", (
            f"the NVIDIA driver speaks CUDA {speaks} and 13.0 is needed; renew the driver, delete"
            " the folder .venv and run this again to use the GPU"
        )
    return "cuda", f"{gpus} CUDA GPU{'s' if gpus > 1 else ''} found"


def absent(libraries: Sequence[Library]) -> list[Library]:
    """Those of the libraries that the system's loader does not find."""
    try:
        cache = subprocess.run(
            [shutil.which("ldconfig") or "/sbin/ldconfig", "-p"],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
    except (OSError, subprocess.CalledProcessError):
        cache = ""  # musl, NixOS: the loader itself is asked
    known = {line.split()[0] for line in cache.splitlines() if "=>" in line}
    return [one for one in libraries if one.file not in known and not _loads(one.file)]


def _loads(file: str) -> bool:
    try:
        ctypes.CDLL(file)
    except OSError:
        return False
    return True


def has_venv() -> bool:
    """Whether this Python can make virtual environments (Debian parts that off)."""
    return importlib.util.find_spec("ensurepip") is not None


def is_debian(os_release: str) -> bool:
    """Whether `/etc/os-release` tells of Debian, Ubuntu or a child of theirs."""
    pairs = (line.split("=", 1) for line in os_release.splitlines() if "=" in line)
    facts = {key: value.strip("\"'") for key, value in pairs}
    names = [facts.get("ID", ""), *facts.get("ID_LIKE", "").split()]
    return "debian" in names or "ubuntu" in names


def apt_line(packages: Sequence[str], *, sudo: bool) -> str:
    """The command that installs Debian packages."""
    line = f"apt-get install -y --no-install-recommends {' '.join(packages)}"
    return f"sudo {line}" if sudo else line


def system_advice(libraries: Sequence[Library], *, venv: bool, debian: bool) -> str:
    """The sentence for a person who must install something first; `venv`: ensurepip is missing."""
    if debian:
        packages = [venv_package()] if venv else []
        packages += [one.package for one in libraries]
        return (
            "Some system packages are missing: install them with the next line, then run this"
            f" again.\n    {apt_line(packages, sudo=True)}"
        )
    parts = ["Python's `venv` and `ensurepip` modules"] if venv else []
    parts += [one.file for one in libraries]
    return (
        f"These are missing on this system: {', '.join(parts)}; install the packages that bring"
        " them with your system's package manager (with dnf: `sudo dnf install"
        " 'libEGL.so.1()(64bit)'`, and so on), then run this again."
    )


def venv_package() -> str:
    """Debian's package that lets this Python make virtual environments."""
    return f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"


def check_system(*, checks: bool) -> None:
    """See to Python's venv and Qt's libraries: as root on Debian install them, else ask for them.

    What only an X11 window needs is asked of a person only where a window will be shown there,
    and what only the tests need (`checks`) is never asked of a person.
    """
    lacks_venv = not has_venv()
    linux = platform.system() == "Linux"
    needed = absent(QT_LIBRARIES) if linux else []
    for_x11 = absent(X11_LIBRARIES) if linux else []
    for_tests = absent(TEST_LIBRARIES) if linux and checks else []
    if not (lacks_venv or needed or for_x11 or for_tests):
        return
    release = Path("/etc/os-release")
    debian = release.is_file() and is_debian(release.read_text(encoding="utf-8"))
    if debian and shutil.which("apt-get") and os.geteuid() == 0:
        packages = [venv_package()] if lacks_venv else []
        apt_install([*packages, *(one.package for one in needed + for_x11 + for_tests)])
        importlib.invalidate_caches()
        return
    if lacks_venv or needed or os.environ.get("DISPLAY"):
        raise SetupError(system_advice(needed + for_x11, venv=lacks_venv, debian=debian))


def apt_install(packages: Sequence[str]) -> None:
    """Install Debian packages as root. Raise SetupError with apt's own last words."""
    print(f"Installing system packages: {' '.join(packages)}", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["apt-get", "update"], apt_line(packages, sudo=False).split()):
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=environment,
        )
        if done.returncode and command[1] == "install":
            words = " ".join(done.stdout.strip().splitlines()[-3:])
            raise SetupError(
                "The system packages could not be installed; mend what apt says and run this"
                f" again.\n    {words}"
            )
