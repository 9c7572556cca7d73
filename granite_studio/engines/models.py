"""Which models there are, which of them lie on this machine, and which engine runs each.

Nothing here touches the network: what is not on the machine is answered with what to click or
type. A model of ours is a folder of plain files with a small `granite-studio.json`, written last;
a folder without it is an unfinished download.
"""

from __future__ import annotations

import importlib.util
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from pathlib import Path

from granite_studio.core.errors import EngineError
from granite_studio.engines import catalog, manifest
from granite_studio.engines.base import Options
from granite_studio.engines.catalog import Entry
from granite_studio.engines.granite.checkpoint import Checkpoint, Kind, inspect
from granite_studio.engines.manifest import Manifest

_ID = re.compile(r"[A-Za-z0-9][\w.-]{0,95}/[A-Za-z0-9][\w.-]{0,95}", re.ASCII)
_ENGINES = {
    Kind.PLUS: "granite-plus",
    Kind.BASE: "granite-base",
    Kind.NAR: "granite-nar",
    Kind.CTC: "granite-ctc",
}
_BEST = ("granite-plus", "granite-base", "granite-nar", "granite-ctc", "draft")
"""What "auto" tries, in this order."""
_PARTS = {
    "torch": "PyTorch",
    "transformers": "transformers",
    "tokenizers": "tokenizers",
    "safetensors": "safetensors",
}


@dataclass(frozen=True, slots=True)
class Model:
    """A model on the hub. `bytes` is about what it takes on disk, 0 where nobody knows."""

    id: str
    engine: str
    title: str
    bytes: int = 0
    revision: str = "main"


MODELS = (
    Model(
        "ibm-granite/granite-speech-4.1-2b-plus",
        "granite-plus",
        "Granite Speech 4.1 Plus",
        4_230_000_000,
    ),
    Model(
        "ibm-granite/granite-speech-4.1-2b", "granite-base", "Granite Speech 4.1", 4_630_000_000
    ),
    Model(
        "ibm-granite/granite-speech-4.1-2b-nar",
        "granite-nar",
        "Granite Speech 4.1 NAR",
        4_510_000_000,
        # Other revisions of this repository have other layouts, which are not known here.
        "99a4df9007ac",
    ),
    Model(
        "ibm-granite/granite-speech-5.0-470m-turboctc",
        "granite-ctc",
        "Granite Speech 5.0 TurboCTC",
        940_000_000,
    ),
)


@dataclass(frozen=True, slots=True)
class Installed:
    """A model on this machine.

    `engine` is the name of the engine that runs it; `identity` names its weights; `is_ours` says
    that it lies in the models folder, so that it may be removed; `has_hashes` that it was
    downloaded with the hashes of its files. With `trouble`, a sentence, it cannot be used, and
    `engine` and `identity` are empty.
    """

    id: str
    folder: Path
    commit: str
    bytes: int
    is_ours: bool
    has_hashes: bool = False
    engine: str = ""
    identity: str = ""
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Ready:
    """An engine that can run now.

    `model` is what its loader takes: a folder, the name that a remote server knows, or None.
    `revision` names the weights and is part of the key of every result.
    """

    entry: Entry
    model: str | None
    revision: str


def find(name: str) -> Model:
    """The model of this hub id, or the one that the engine of this name was written for.

    Any well-formed id is taken, since others may publish such models too. Raises `EngineError`
    for anything else.
    """
    for model in MODELS:
        if name in (model.id, model.engine):
            return model
    if is_id(name):
        return Model(name, "", name)
    known = ", ".join(model.engine for model in MODELS)
    raise EngineError(
        f"There is no model {name!r}; choose one of {known}, or give a hub id such as "
        f"{MODELS[0].id}."
    )


def is_id(text: str) -> bool:
    """Whether this can be a hub id, "organisation/name"; never for "..", "./x" or "a--b/c"."""
    return _ID.fullmatch(text) is not None and ".." not in text and "--" not in text


def folder_of(model: Model, folder: Path) -> Path:
    """Where this model lies, or will lie, in the models folder."""
    if not is_id(model.id):
        raise EngineError(f"{model.id!r} is not a hub id; it has to look like organisation/name.")
    return folder / model.id.replace("/", "--")


def installed(folder: Path) -> tuple[Installed, ...]:
    """The models in the models folder, then those of the hub library's own cache.

    What lies in the cache and is no whole Granite Speech model is passed over: the cache holds
    other programs' models too. Quick when asked again: a folder is read anew only when its files
    changed.
    """
    ours = list(_ours(folder))
    ids = {found.id for found in ours if not found.trouble}
    return (*ours, *(found for found in _cached() if found.id not in ids))


def unfinished(folder: Path) -> dict[str, int]:
    """Downloads that were begun and not finished: how many bytes of which hub id are there."""
    begun = {}
    for path in _folders(folder):
        id_ = path.name.replace("--", "/", 1)
        if manifest.read(path) is None and is_id(id_):
            begun[id_] = sum(entry.stat().st_size for entry in os.scandir(path))
    return begun


def ready(
    engine: str, wanted: str | None, folder: Path, *, options: Options | None = None
) -> Ready:
    """The engine of this name with the model it will load.

    `wanted` is a model folder, the hub id of a model that is on this machine, for a remote engine
    the name its server knows, or None for the model the engine was written for. With "auto" it
    chooses the engine: the one that runs `wanted`, or the best that is ready and, where `options`
    are given, can do what they ask. Raises `EngineError` that says what to click or type.
    """
    if engine == catalog.AUTO:
        if wanted is None:
            return _best(folder, options)
        found = locate(wanted, folder)
        entry = catalog.find(_engine_of(found))
        _check_parts(entry)
        return _with(entry, found)
    entry = catalog.find(engine)
    if entry.name == "remote":
        return Ready(entry, wanted, entry.revision)
    if not entry.model:
        if wanted is not None:
            raise EngineError(f"{entry.title} brings its own model; leave out the other one.")
        return Ready(entry, None, entry.revision)
    _check_parts(entry)
    return _with(entry, locate(wanted, folder) if wanted is not None else _usual(entry, folder))


def locate(wanted: str, folder: Path) -> Installed:
    """The model in this folder, or the one of this hub id that is on this machine.

    It may have `trouble`. Raises `EngineError` when there is none, saying what to do.
    """
    path = Path(wanted).expanduser()
    if path.is_dir():
        return _at(path)
    if not is_id(wanted):
        raise EngineError(
            f"{wanted!r} is neither a model folder nor a hub id such as {MODELS[0].id}; check it."
        )
    here = [found for found in installed(folder) if found.id == wanted]
    if not here:
        raise EngineError(f"The model {wanted} is not here; {_fetch(find(wanted))}.")
    return here[0]


def why_not(entry: Entry, folder: Path) -> str | None:
    """Why this engine cannot run now, in a sentence that says what to do; None if it can."""
    if not entry.model:
        return None
    try:
        ready(entry.name, None, folder)
    except EngineError as error:
        return str(error)
    return None


def _best(folder: Path, options: Options | None) -> Ready:
    refusals = []
    for name in _BEST:
        entry = catalog.find(name)
        try:
            if options is not None:
                catalog.check(entry, options)
            return ready(name, None, folder)
        except EngineError as error:
            refusals.append((entry, str(error)))
    # The first that could do it if its model were here tells most about what to do.
    able = [why for entry, why in refusals if options is None or _can(entry, options)]
    raise EngineError(able[0] if able else refusals[0][1])


def _can(entry: Entry, options: Options) -> bool:
    try:
        catalog.check(entry, options)
    except EngineError:
        return False
    return True


def _check_parts(entry: Entry) -> None:
    """Raise when this installation has no torch, as the small bundle has none."""
    missing = [title for module, title in _PARTS.items() if not _is_there(module)]
    if missing:
        raise EngineError(
            f"{entry.title} needs {' and '.join(missing)}, which this installation does not have; "
            "install the full Granite Studio, or use Draft or a remote server."
        )


def _with(entry: Entry, found: Installed) -> Ready:
    """This engine with this model. Raises when they do not fit."""
    engine = _engine_of(found)
    if engine != entry.name:
        title = catalog.find(engine).title
        raise EngineError(
            f"The model in {found.folder} is {title}, which {entry.title} cannot run; choose the "
            f"engine {engine} for it."
        )
    return Ready(entry, str(found.folder), found.identity)


def _engine_of(found: Installed) -> str:
    if found.trouble:
        raise EngineError(found.trouble)
    return found.engine


@cache
def _is_there(module: str) -> bool:
    return importlib.util.find_spec(module) is not None


def _usual(entry: Entry, folder: Path) -> Installed:
    """The model this engine was written for, or another that it can run."""
    here = [found for found in installed(folder) if entry.name in (found.engine, _meant(found))]
    if not here:
        model = find(entry.model)
        raise EngineError(f"{entry.title} needs its model, which is not here; {_fetch(model)}.")
    return min(here, key=lambda found: (bool(found.trouble), found.id != entry.model))


def _meant(found: Installed) -> str:
    """The engine whose model this should be, where its files no longer say so."""
    return find(found.id).engine if found.trouble else ""


def _fetch(model: Model) -> str:
    size = f" ({model.bytes / 1e9:.1f} GB)" if model.bytes else ""
    return (
        f"download it{size} in Preferences under Models, or with "
        f"`granite-studio models download {model.engine or model.id}`"
    )


def _at(folder: Path) -> Installed:
    """The model in a folder that somebody chose by hand."""
    return _look(folder, manifest.read(folder), is_ours=False)


def _ours(folder: Path) -> Iterator[Installed]:
    for path in _folders(folder):
        kept = manifest.read(path)
        if kept is not None and is_id(kept.id):
            yield _look(path, kept, is_ours=True)


def _cached() -> Iterator[Installed]:
    """Models that another program fetched through the hub library."""
    for path in _folders(_hub_cache()):
        id_ = path.name.removeprefix("models--").replace("--", "/", 1)
        if not path.name.startswith("models--") or not is_id(id_):
            continue
        snapshot = _snapshot(path, find(id_).revision)
        if snapshot is not None:
            found = _look(snapshot, None, is_ours=False)
            if not found.trouble:
                yield replace(found, id=id_, commit=snapshot.name)


def _hub_cache() -> Path:
    """Where the hub library keeps what it fetched, by its own rules."""
    home = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    home = os.environ.get("HF_HOME") or f"{home}/huggingface"
    return Path(os.environ.get("HF_HUB_CACHE") or f"{home}/hub").expanduser()


def _snapshot(path: Path, revision: str) -> Path | None:
    """The snapshot of this revision, a branch or the beginning of a commit."""
    try:
        commit = (path / "refs" / revision).read_text("ascii").strip()
    except (OSError, ValueError):
        commit = revision
    fitting = [folder for folder in _folders(path / "snapshots") if folder.name.startswith(commit)]
    return fitting[0] if fitting else None


def _folders(folder: Path) -> list[Path]:
    """The folders in this one, in the order of their names; none where it cannot be read."""
    try:
        return sorted(path for path in folder.iterdir() if path.is_dir())
    except OSError:
        return []


def _look(folder: Path, kept: Manifest | None, *, is_ours: bool) -> Installed:
    stamp: tuple[tuple[str, int, int], ...] = ()
    try:
        stamp = tuple(
            (entry.name, entry.stat().st_size, entry.stat().st_mtime_ns)
            for entry in sorted(os.scandir(folder), key=lambda entry: entry.name)
        )
        checkpoint = _inspected(folder, stamp)
    except OSError as error:
        checkpoint = f"The model in {folder} cannot be read ({error.strerror})."
    found = Installed(
        kept.id if kept else "",
        folder,
        kept.commit if kept else "",
        sum(row[1] for row in stamp),
        is_ours,
        has_hashes=kept is not None,
    )
    if isinstance(checkpoint, str):
        return replace(found, trouble=checkpoint)
    return replace(found, engine=_ENGINES[checkpoint.kind], identity=checkpoint.identity)


@lru_cache(maxsize=64)
def _inspected(folder: Path, stamp: tuple[tuple[str, int, int], ...]) -> Checkpoint | str:
    """What the folder holds, or why it cannot be used. `stamp` is its files as they are now, so
    that a folder is read once for as long as nothing in it changes."""
    try:
        return inspect(folder)
    except EngineError as error:
        return str(error)
