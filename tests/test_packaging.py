"""Setting up: what is asked of a machine, what is said when it lacks something, what is pinned."""

import ast
import importlib.metadata
import json
import re
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "packaging"))

import dev  # noqa: E402
import environment  # noqa: E402
import machine  # noqa: E402
from environment import Attempt  # noqa: E402

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def pins() -> dict[str, str]:
    text = (ROOT / "packaging" / "constraints.txt").read_text()
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return {canonicalize_name(name): version for name, version in (x.split("==") for x in lines)}


def wanted() -> list[Requirement]:
    return [
        Requirement(text)
        for text in PROJECT["dependencies"] + PROJECT["optional-dependencies"]["dev"]
    ]


# --- the pinned set


def test_every_dependency_is_pinned_to_a_version_that_it_allows():
    pinned = pins()
    for requirement in wanted():
        version = pinned[canonicalize_name(requirement.name)]
        assert requirement.specifier.contains(version), requirement


def test_what_the_dependencies_need_is_pinned_too():
    pinned, todo, seen = pins(), wanted(), set()
    while todo:
        requirement = todo.pop()
        name = canonicalize_name(requirement.name)
        extras = requirement.extras or {""}
        if name in seen:
            continue
        seen.add(name)
        assert name in pinned
        for text in importlib.metadata.requires(name) or []:
            need = Requirement(text)
            if not need.marker or any(need.marker.evaluate({"extra": e}) for e in extras):
                todo.append(need)


def test_no_package_is_pinned_twice_and_no_index_is_named():
    text = (ROOT / "packaging" / "constraints.txt").read_text()
    names = re.findall(r"^([\w.-]+)==", text, flags=re.MULTILINE)
    assert len(names) == len(pins())
    assert "://" not in text


def test_the_installed_package_has_every_folder_of_the_program():
    listed = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["packages"]
    folders = {
        ".".join(path.parent.relative_to(ROOT).parts)
        for path in (ROOT / "granite_studio").rglob("__init__.py")
    }
    assert set(listed) == folders | {"granite_studio.resources"}


def test_the_checks_of_the_project_are_one_command():
    last = (ROOT / ".ci" / "run").read_text().splitlines()[-1]
    assert last == "exec python3 packaging/dev.py test"


# --- the stamp


@pytest.fixture
def stamp(tmp_path) -> Path:
    return tmp_path / "granite-studio.json"


def test_without_a_stamp_the_set_up_is_not_fresh(stamp):
    assert not environment.is_fresh(stamp, "k", checks=False)


def test_a_broken_stamp_is_no_stamp(stamp):
    stamp.write_text("{")
    assert not environment.is_fresh(stamp, "k", checks=False)


@pytest.mark.parametrize(
    ("written", "key", "checks", "fresh"),
    [
        ({"key": "k", "checks": False}, "k", False, True),
        ({"key": "k", "checks": True}, "k", False, True),
        ({"key": "k", "checks": False}, "k", True, False),
        ({"key": "old", "checks": True}, "k", False, False),
    ],
)
def test_a_stamp_holds_for_the_same_pins_and_no_more_than_was_set_up(
    stamp, written, key, checks, fresh
):
    stamp.write_text(json.dumps(written))
    assert environment.is_fresh(stamp, key, checks=checks) is fresh


def test_the_key_changes_with_the_pins_and_with_the_place(tmp_path):
    keys = set()
    for name, pin in (("a", "one==1"), ("a", "one==2"), ("b", "one==2")):
        folder = tmp_path / name / "packaging"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "constraints.txt").write_text(pin)
        (folder.parent / "pyproject.toml").write_text("")
        keys.add(environment.key_of(folder.parent))
    assert len(keys) == 3


# --- which PyTorch


def test_on_linux_without_a_gpu_a_cpu_build_is_looked_for_nearest_first():
    assert environment.torch_attempts("Linux", "cpu", "2.13.0") == (
        Attempt("torch==2.13.0+cpu"),
        Attempt("torch==2.13.0", only_if_cpu=True),
        Attempt("torch==2.13.0+cpu", further_index="https://download.pytorch.org/whl/cpu"),
    )


@pytest.mark.parametrize(
    ("system", "torch"), [("Linux", "cuda"), ("Darwin", "cpu"), ("Windows", "cpu")]
)
def test_elsewhere_the_plain_build_is_the_fitting_one(system, torch):
    assert environment.torch_attempts(system, torch, "2.13.0") == (Attempt("torch==2.13.0"),)


@pytest.mark.parametrize(
    ("gpus", "driver", "torch"), [(0, 0, "cpu"), (1, 12_040, "cpu"), (2, 13_000, "cuda")]
)
def test_a_cuda_build_is_for_a_gpu_with_a_driver_that_is_new_enough(gpus, driver, torch):
    assert machine.torch_for(gpus, driver)[0] == torch


def test_an_old_driver_is_named():
    assert "speaks CUDA 12.4 and 13.0 is needed" in machine.torch_for(1, 12_040)[1]


@pytest.mark.parametrize(
    ("needs", "is_cpu"),
    [
        (["filelock", "sympy>=1.13.3"], True),
        (["filelock", 'nvidia-cudnn-cu13==9; platform_system == "Linux"'], False),
        (['triton==3.7; platform_system == "Linux"'], False),
    ],
)
def test_a_build_that_wants_cuda_parts_is_no_cpu_build(needs, is_cpu):
    report = {"install": [{"metadata": {"requires_dist": needs}}]}
    assert environment.is_cpu_build(report) is is_cpu


def test_the_pytorch_that_is_asked_for_is_the_pinned_one():
    constraints = ROOT / "packaging" / "constraints.txt"
    assert environment.pinned(constraints, "torch") == pins()["torch"]


# --- what is said


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        (
            "WARNING: Retrying ... NewConnectionError('Network is unreachable')\n"
            "ERROR: No matching distribution found for av",
            "The package index could not be reached to fetch av: connect to the internet",
        ),
        (
            "SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED] ...",
            "The package index could not be trusted when av was fetched",
        ),
        (
            "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on"
            " device",
            "The disk filled up while av was installed: make room",
        ),
        (
            "ERROR: [Errno 13] Permission denied: '/x/.venv/lib'",
            "Writing was refused when av was installed",
        ),
        ("Collecting av\nERROR: av is odd", "Av could not be installed; pip says:\n    ERROR: av"),
    ],
)
def test_what_pip_says_becomes_one_sentence(said, sentence):
    assert environment.failure(said, "av").startswith(sentence)


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("Downloading torch-2.13.0-cp311.whl (191.8 MB)", True),
        ("Downloading idna-3.20-py3-none-any.whl (75 kB)", False),
        ("Requirement already satisfied: av", False),
    ],
)
def test_only_long_downloads_are_shown(line, shown):
    assert environment.worth_showing(line) == (line if shown else "")


def test_an_installation_is_counted_not_listed():
    assert environment.worth_showing("Installing collected packages: a, b, c") == (
        "Installing 3 packages"
    )


@pytest.mark.parametrize(
    ("version", "fits"), [((3, 10), False), ((3, 11), True), ((3, 14), True), ((3, 15), False)]
)
def test_a_python_that_does_not_fit_is_named(version, fits):
    problem = machine.python_problem(version)
    assert problem == "" if fits else f"This is Python 3.{version[1]}," in problem


@pytest.mark.parametrize(
    ("library", "version", "processor", "fits"),
    [
        ("glibc", "2.36", "x86_64", True),
        ("glibc", "2.31", "x86_64", False),
        ("glibc", "2.36", "aarch64", False),
        ("", "", "x86_64", False),
    ],
)
def test_a_linux_that_is_too_old_for_qt_is_named(library, version, processor, fits):
    assert (machine.linux_problem(library, version, processor) == "") is fits


def test_too_little_disk_is_told_in_gigabytes():
    gib = 1024**3
    assert machine.space_problem(Path("/home"), gib // 2, 3 * gib) == (
        "The set-up needs about 3.0 GB, and the disk of /home has 0.5 GB free"
    )
    assert machine.space_problem(Path("/home"), 3 * gib, 3 * gib) == ""


def test_a_folder_that_cannot_be_written_is_named():
    with pytest.raises(machine.SetupError, match=r"^The folder /proc cannot be written"):
        machine.check_folder(Path("/proc"))


@pytest.mark.parametrize(
    ("text", "debian"),
    [
        ("ID=debian\nVERSION_ID=12", True),
        ("ID=linuxmint\nID_LIKE='ubuntu debian'", True),
        ("ID=fedora\nID_LIKE=redhat", False),
    ],
)
def test_debian_and_its_children_are_known(text, debian):
    assert machine.is_debian(text) is debian


def test_a_plain_user_of_debian_gets_one_line_to_paste():
    advice = machine.system_advice(machine.QT_LIBRARIES[:2], venv=True, debian=True)
    assert advice.splitlines()[1].strip() == (
        "sudo apt-get install -y --no-install-recommends"
        f" {machine.venv_package()} libglib2.0-0 libgl1"
    )


def test_elsewhere_the_libraries_are_named_by_their_files():
    advice = machine.system_advice(machine.QT_LIBRARIES[1:3], venv=False, debian=False)
    assert "missing on this system: libGL.so.1, libEGL.so.1;" in advice


def test_the_read_me_asks_for_the_same_libraries():
    packages = [one.package for one in machine.QT_LIBRARIES + machine.X11_LIBRARIES]
    line = machine.apt_line(["python3-venv", *packages], sudo=True)
    assert line in (ROOT / "README.md").read_text()


@pytest.mark.parametrize(
    ("system", "variables", "display"),
    [
        ("Linux", {}, False),
        ("Linux", {"DISPLAY": ":0"}, True),
        ("Linux", {"WAYLAND_DISPLAY": "wayland-0"}, True),
        ("Windows", {}, True),
        ("Darwin", {}, True),
    ],
)
def test_a_window_is_shown_where_there_is_a_display(system, variables, display):
    assert machine.has_display(system, variables) is display


def test_an_old_python_can_read_the_set_up_and_so_say_that_it_is_too_old():
    for name in ("dev", "environment", "machine", "bundle"):
        source = (ROOT / "packaging" / f"{name}.py").read_text()
        ast.parse(source, feature_version=(3, 8))


# --- where the sample goes


def test_the_sample_goes_to_the_documents_or_else_here(tmp_path, monkeypatch):
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    monkeypatch.chdir(tmp_path)
    assert dev.sample_folder() == tmp_path / "granite-studio-sample"
    (tmp_path / "Documents").mkdir()
    assert dev.sample_folder() == tmp_path / "Documents" / "granite-studio-sample"
