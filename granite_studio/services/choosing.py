"""Which engine, model and options a person's settings come to, and what is here of each."""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from granite_studio.core.errors import EngineError
from granite_studio.engines import catalog, models
from granite_studio.engines.base import Options
from granite_studio.engines.catalog import Entry
from granite_studio.engines.models import Installed, Model, Ready
from granite_studio.pipeline import plan
from granite_studio.pipeline.plan import Pass
from granite_studio.services.settings import Settings

BASE, REMOTE = "granite-base", "remote"


class State(StrEnum):
    """What is on this machine of an engine."""

    READY = "ready"
    ABSENT = "absent"
    UNFINISHED = "unfinished"
    UNUSABLE = "unusable"


@dataclass(frozen=True, slots=True)
class Here:
    """An engine and its model on this machine.

    `reason` is a sentence saying why it is not ready. `model` is the one that is here, else the
    one it was written for. `place` is the folder of what is here, of `bytes` in all; `is_chosen`
    says that a person named that folder, `is_ours` that the program made it and may remove it.
    """

    entry: Entry
    state: State
    reason: str = ""
    model: Model | None = None
    place: Path | None = None
    bytes: int = 0
    is_chosen: bool = False
    is_ours: bool = False


def ready_now(settings: Settings, language: str, folder: Path) -> tuple[Ready, Options]:
    """What Hear would run: the engine with its model, and what is asked of it.

    Only what the engine can do is asked. With "auto" the best engine that knows the language is
    taken. Raises `EngineError` that says what to do.
    """
    names = [settings.engine]
    if settings.engine == catalog.AUTO:
        names = [entry.name for entry in catalog.ENTRIES if entry.model]
        names += [entry.name for entry in catalog.ENTRIES if entry.capabilities.draft]
    unable, absent = [], []
    for name in names:
        entry = catalog.find(name)
        options = options_for(settings, entry, language)
        try:
            catalog.check(entry, options)
        except EngineError as error:
            unable.append(error)
            continue
        try:
            return models.ready(name, settings.model(name), folder), options
        except EngineError as error:
            absent.append(error)
    raise [*absent, *unable][0]  # what could be had tells most about what to do


def passes_now(settings: Settings, language: str, folder: Path) -> tuple[Pass, ...]:
    """What Hear would run: one engine, or the passes of the plan that the settings name.

    Raises `EngineError` that says what to do.
    """
    if not settings.plan:
        return plan.only(*ready_now(settings, language, folder))

    def ready(engine: str, options: Options) -> Ready:
        return models.ready(engine, settings.model(engine), folder, options=options)

    wanted = Options(language=language, keywords=settings.keywords, carried=settings.carried)
    return plan.passes(plan.find(settings.plan), wanted, ready)


def options_for(settings: Settings, entry: Entry, language: str) -> Options:
    """What is asked of this engine; what it cannot do has its default."""
    can = entry.capabilities
    return Options(
        language=language,
        keywords=settings.keywords if can.keywords else (),
        punctuation=settings.punctuation or not may_be_plain(entry),
        speakers=settings.speakers or not can.speakers,
        own_times=settings.own_times and can.own_times,
        carried=settings.carried and can.carries and settings.speakers,
        server=settings.server if entry.name == REMOTE else "",
    )


def may_be_plain(entry: Entry) -> bool:
    """Whether text without punctuation can be asked for; the others give what they give."""
    return entry.name in (BASE, REMOTE)


def why_not(settings: Settings, entry: Entry, folder: Path) -> str | None:
    """Why this engine cannot run now, as the settings are; None if it can."""
    if entry.name == REMOTE:
        return None if settings.server else "No server is given; name its address under Models."
    place = settings.model(entry.name)
    if place is None:
        return models.why_not(entry, folder)
    if not Path(place).expanduser().is_dir() and not models.is_id(place):
        return f"The folder “{place}” is not there any more; choose another one, or forget it."
    try:
        models.ready(entry.name, place, folder)
    except EngineError as error:
        return str(error)
    return None


def engines_here(settings: Settings, folder: Path) -> tuple[Here, ...]:
    """Every engine of the catalogue, in its order."""
    found = models.installed(folder)
    return tuple(_here(settings, entry, found, folder) for entry in catalog.ENTRIES)


def _here(settings: Settings, entry: Entry, found: tuple[Installed, ...], folder: Path) -> Here:
    reason = why_not(settings, entry, folder) or ""
    usable = State.UNUSABLE if reason else State.READY
    if not entry.model:
        return Here(entry, State.ABSENT if reason else State.READY, reason)
    model = models.find(entry.model)
    place = settings.model(entry.name)
    if place is not None:
        chosen = Path(place).expanduser()
        return Here(entry, usable, reason, model, chosen, _size(chosen), is_chosen=True)
    fitting = [item for item in found if item.engine == entry.name or item.id == model.id]
    if fitting:
        item = min(fitting, key=lambda item: (bool(item.trouble), item.id != model.id))
        own = models.find(item.id)
        return Here(entry, usable, reason, own, item.folder, item.bytes, is_ours=item.is_ours)
    begun = models.folder_of(model, folder)
    if begun.is_dir():
        return Here(entry, State.UNFINISHED, reason, model, begun, _size(begun), is_ours=True)
    lacks_torch = importlib.util.find_spec("torch") is None
    return Here(entry, State.UNUSABLE if lacks_torch else State.ABSENT, reason, model)


def _size(folder: Path) -> int:
    """Bytes of the files in a folder; 0 where it cannot be read."""
    try:
        return sum(path.stat().st_size for path in folder.iterdir() if path.is_file())
    except OSError:
        return 0
