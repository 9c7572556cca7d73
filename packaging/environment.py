"""The virtual environment beside the project: made once, filled from the pinned set, then reused.

Standard library alone, and no syntax newer than Python 3.8 (see machine.py).
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import machine
from machine import SetupError

PYTORCH = "https://download.pytorch.org/whl"
NETWORK_SIGNS = (
    "Failed to establish a new connection",
    "NewConnectionError",
    "NameResolutionError",
    "name resolution",
    "Network is unreachable",
    "ConnectTimeout",
    "ReadTimeout",
    "timed out",
    "Connection refused",
    "Connection reset",
    "Tunnel connection failed",
    "ProxyError",
    "Max retries exceeded",
)


class Attempt(NamedTuple):
    """One way to get PyTorch: what to ask for, from which further index, when to take it."""

    requirement: str
    further_index: str = ""
    only_if_cpu: bool = False


def python_of(environment: Path) -> Path:
    """The environment's own Python."""
    windows = platform.system() == "Windows"
    return environment / ("Scripts/python.exe" if windows else "bin/python")


def prepare(root: Path, *, checks: bool) -> Path:
    """Make the environment ready and return its Python; `checks` adds what tests need.

    Quick where nothing changed since the last time. Raises SetupError with a sentence.
    """
    environment = root / ".venv"
    stamp = environment / "granite-studio.json"
    python = python_of(environment)
    machine.check_system(checks=checks)
    key = key_of(root)
    if is_fresh(stamp, key, checks=checks) and python.exists():
        return python
    machine.check_folder(root)
    torch, why = machine.torch_for(*machine.cuda())
    if not stamp.exists():
        machine.check_space(root, torch)
    print(f"Setting up in {environment}: PyTorch for the {torch.upper()}, as {why}.", flush=True)
    make(environment, ours=stamp.exists())
    constraints = root / "packaging" / "constraints.txt"
    pip = Pip(python, constraints)
    pip.install("pip", "setuptools", what="Python's installer")
    install_torch(pip, torch_attempts(platform.system(), torch, pinned(constraints, "torch")))
    extra = "[dev]" if checks else ""
    # The build tool was just installed at its pinned version: no second copy from anywhere.
    pip.install("--no-build-isolation", "-e", f"{root}{extra}", what="the studio's packages")
    pip.check()
    stamp.write_text(json.dumps({"key": key, "checks": checks}), encoding="utf-8")
    return python


def key_of(root: Path) -> str:
    """Changes when the environment must be looked at again: other pins, other Python, moved."""
    # Not `sys.version`: a security update of the same Python changes nothing for the packages.
    parts = [python_series(), platform.machine(), str(root)]
    for name in ("pyproject.toml", "packaging/constraints.txt"):
        parts.append((root / name).read_text(encoding="utf-8"))
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def python_series() -> str:
    """The running Python as "3.11"; packages fit all of one series."""
    return ".".join(map(str, sys.version_info[:2]))


def is_fresh(stamp: Path, key: str, *, checks: bool) -> bool:
    """Whether the last set-up that ended well was this one, or this one and the checks too."""
    try:
        last = json.loads(stamp.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return last.get("key") == key and (last.get("checks", False) or not checks)


def make(environment: Path, *, ours: bool) -> None:
    """Make the environment, or keep a sound one of this Python; `ours`: made by this script."""
    python = python_of(environment)
    version = said_by(python, "import sys; print(*sys.version_info[:2], sep='.')")
    if version == python_series():
        if said_by(python, "import pip; print('there')"):
            return
        command = [str(python), "-m", "ensurepip"]
    elif version and not ours:
        raise SetupError(
            f"{environment} was made by something else with Python {version}: move it away and"
            " run this again."
        )
    else:
        command = [sys.executable, "-m", "venv", "--clear", str(environment)]
    done = subprocess.run(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    if done.returncode:
        words = " ".join(done.stdout.decode(errors="replace").split()[-40:])
        raise SetupError(f"Python could not make the environment {environment}: {words}")


def said_by(python: Path, code: str) -> str:
    """What a Python prints for a line of code, or "" where it does not run."""
    try:
        done = subprocess.run(
            [str(python), "-I", "-c", code], capture_output=True, check=True, text=True
        )
    except (OSError, subprocess.CalledProcessError):
        return ""
    return done.stdout.strip()


def pinned(constraints: Path, name: str) -> str:
    """The version that the constraints give a package."""
    for line in constraints.read_text(encoding="utf-8").splitlines():
        if line.startswith(f"{name}=="):
            return line.split("==", 1)[1].strip()
    raise ValueError(f"{constraints} does not pin {name}")


def torch_attempts(system: str, torch: str, version: str) -> tuple[Attempt, ...]:
    """The ways to get PyTorch for "cpu" or "cuda" on a system, best first.

    The common index has CUDA builds of several GB for Linux, and only CPU builds for Windows;
    macOS has one build. A `+cpu` file may come from a person's own mirror or wheel folder.
    """
    plain = f"torch=={version}"
    if system == "Linux" and torch == "cpu":
        built = f"{plain}+cpu"
        return (
            Attempt(built),
            Attempt(plain, only_if_cpu=True),
            Attempt(built, further_index=f"{PYTORCH}/cpu"),
        )
    if system == "Windows" and torch == "cuda":
        return Attempt(f"{plain}+cu130"), Attempt(
            f"{plain}+cu130", further_index=f"{PYTORCH}/cu130"
        )
    return (Attempt(plain),)


def install_torch(pip: Pip, attempts: tuple[Attempt, ...]) -> None:
    """Install PyTorch alone, in the first way that has it. Its companions come with the rest."""
    for attempt in attempts:
        if attempt.only_if_cpu and not pip.offers_cpu_build(attempt.requirement):
            continue
        if pip.try_install(attempt):
            return
    raise SetupError(
        f"No fitting PyTorch was found (wanted: {attempts[-1].requirement}): connect to the"
        " internet, or put the wheel into a folder and name that in PIP_FIND_LINKS."
    )


class Pip:
    """The environment's pip: always within the constraints, never asking, never less secure."""

    def __init__(self, python: Path, constraints: Path) -> None:
        self._pip = [str(python), "-I", "-m", "pip", "--disable-pip-version-check", "--no-input"]
        self._constraints = str(constraints)

    def install(self, *wanted: str, what: str) -> None:
        """Install; raise SetupError with a sentence that names `what`."""
        code, said = self._run("install", "-c", self._constraints, *wanted)
        if code:
            raise SetupError(failure(said, what))

    def try_install(self, attempt: Attempt) -> bool:
        """Install without companions; False where the index does not have it."""
        index = ["--extra-index-url", attempt.further_index] if attempt.further_index else []
        code, said = self._run("install", "--no-deps", *index, attempt.requirement)
        if code == 0:
            return True
        if is_absent(said) and (attempt.further_index or not is_network(said)):
            return False
        raise SetupError(failure(said, "PyTorch"))

    def offers_cpu_build(self, requirement: str) -> bool:
        """Whether the configured indexes' file for this is a CPU build: it wants no CUDA parts."""
        arguments = ["install", "--dry-run", "--no-deps", "--ignore-installed", "--quiet"]
        done = subprocess.run(
            [*self._pip, *arguments, "--report", "-", requirement],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        return done.returncode == 0 and is_cpu_build(json.loads(done.stdout))

    def check(self) -> None:
        """Raise SetupError where the installed packages contradict one another."""
        code, said = self._run("check")
        if code:
            raise SetupError(
                "The installed packages do not fit together; delete the folder .venv and run this"
                f" again.\n    {said.strip()}"
            )

    def _run(self, *arguments: str) -> tuple[int, str]:
        """Run pip, show what takes long, and keep all it said."""
        said: list[str] = []
        with subprocess.Popen(
            [*self._pip, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            env={**os.environ, "PIP_USER": "0", "PYTHONIOENCODING": "utf-8"},
        ) as process:
            assert process.stdout is not None
            for line in process.stdout:
                said.append(line)
                news = worth_showing(line.strip())
                if news:
                    print(f"  {news}", flush=True)
        return process.returncode, "".join(said)


def worth_showing(line: str) -> str:
    """What a waiting person wants to see of a line of pip's, or ""."""
    if line.startswith("Downloading") and line.endswith("MB)"):
        return line
    if line.startswith("Installing collected packages:"):
        return f"Installing {line.count(',') + 1} packages"
    return ""


def is_cpu_build(report: dict[str, list[dict[str, dict[str, list[str]]]]]) -> bool:
    """Whether pip's report of one PyTorch wheel names no CUDA package among its needs."""
    needs = report["install"][0]["metadata"].get("requires_dist", [])
    return not any(need.startswith(("nvidia-", "cuda-", "triton")) for need in needs)


def is_network(said: str) -> bool:
    """Whether pip could not reach an index."""
    return any(sign in said for sign in NETWORK_SIGNS)


def is_absent(said: str) -> bool:
    """Whether pip found no such file."""
    return "No matching distribution found" in said


def failure(said: str, what: str) -> str:
    """One sentence for what pip said when `what` could not be installed."""
    if "No space left on device" in said:
        return f"The disk filled up while {what} was installed: make room and run this again."
    if "CERTIFICATE_VERIFY_FAILED" in said:
        return (
            f"The package index could not be trusted when {what} was fetched: if your network has"
            " a certificate of its own, set PIP_CERT to its file and run this again."
        )
    if is_network(said):
        return (
            f"The package index could not be reached to fetch {what}: connect to the internet (or"
            " set PIP_INDEX_URL to your mirror, or HTTPS_PROXY to your proxy) and run this again."
        )
    if "Permission denied" in said:
        return f"Writing was refused when {what} was installed: check who owns the folder .venv."
    errors = [line for line in said.splitlines() if line.startswith("ERROR")]
    words = "\n    ".join(errors or said.strip().splitlines()[-3:])
    return f"{what[0].upper()}{what[1:]} could not be installed; pip says:\n    {words}"
