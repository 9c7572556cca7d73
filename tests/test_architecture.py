"""The arrows between the packages, and what each may load, checked by machine."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
HEAVY = {
    "torch",
    "transformers",
    "av",
    "onnxruntime",
    "pocketsphinx",
    "pandas",
    "scipy",
    "docx",
    "pypdf",
}


def loaded_by(*modules):
    """The names of all modules that a fresh Python holds after importing these."""
    code = f"import {', '.join(modules)}, sys; print('\\n'.join(sys.modules))"
    shown = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    return set(shown.stdout.split("\n"))


def roots(names):
    return {name.partition(".")[0] for name in names}


def test_dependencies_point_downwards():
    # In a process of its own: the linter sets up logging for the whole process that it runs in.
    code = (
        "import sys; from importlinter.cli import lint_imports; "
        "sys.exit(lint_imports(config_filename='pyproject.toml', no_cache=True))"
    )
    shown = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert shown.returncode == 0, shown.stdout


@pytest.mark.parametrize(
    "package",
    [
        "core.edits",
        "core.cues",
        "workers.child",
        "formats",
        "media.client",
        "store.project",
        "engines.serving",
        "pipeline.listen",
        "cli.commands",
    ],
)
def test_importing_it_loads_neither_qt_nor_anything_heavy(package):
    assert roots(loaded_by(f"granite_studio.{package}")) & (HEAVY | {"PySide6"}) == set()


def test_the_core_needs_only_the_standard_library():
    files = sorted((ROOT / "granite_studio" / "core").rglob("*.py"))
    modules = [
        "granite_studio."
        + ".".join(path.relative_to(ROOT / "granite_studio").with_suffix("").parts)
        for path in files
        if path.name != "__init__.py"
    ]
    unknown = (
        roots(loaded_by(*modules))
        - sys.stdlib_module_names
        - {"granite_studio", "", "_virtualenv"}
    )
    ours = {name for name in unknown if not name.startswith(("__editable__", "_", "distutils"))}
    assert ours == set()


def test_services_use_qtcore_only():
    names = loaded_by(*(f"granite_studio.services.{n}" for n in ("session", "jobs", "hearing")))
    assert not {"PySide6.QtGui", "PySide6.QtWidgets", "PySide6.QtMultimedia"} & names
    assert roots(names) & HEAVY == set()


def test_the_entry_point_is_light():
    names = loaded_by("granite_studio.__main__")
    assert roots(names) & (HEAVY | {"PySide6", "numpy"}) == set()


def test_what_the_window_needs_for_its_first_paint_is_light():
    names = loaded_by("granite_studio.app")
    assert roots(names) & (HEAVY | {"pyqtgraph", "qtawesome"}) == set()
    assert "PySide6.QtMultimedia" not in names
    assert not {"granite_studio.core.edits", "granite_studio.core.cues"} & names


def test_no_module_passes_six_hundred_lines():
    long = {
        str(path.relative_to(ROOT)): count
        for path in (ROOT / "granite_studio").rglob("*.py")
        if (count := len(path.read_text(encoding="utf-8").splitlines())) > 600
    }
    assert long == {}
