"""What a person chose once for all projects: one frozen value, kept as a small JSON file."""

from __future__ import annotations

import dataclasses
import json
import logging
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from granite_studio.core.errors import StudioError
from granite_studio.core.files import atomic_write

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting with its default. Names are stable: they are the keys of the file.

    `theme` is "system", "light" or "dark"; `engine` a name of the catalogue; `style` a subtitle
    style; `rewind_ms` how far playing goes back when it resumes; `timecodes` and `mark_gaps` as in
    `formats.Content`; `names_in_text` whether cues begin with the speaker's name where a format or
    a picture has no other place for it; `frame_rate` a name of `core.timing.RATES`; `click_seeks`
    whether a click on a word moves the playhead.

    `language` is that of new projects; `models` holds "engine=folder" for every engine whose
    model a person keeps elsewhere; `device` is "auto", "cpu", "cuda" or "mps"; `server` the
    address of the remote engine. `keywords`, `punctuation`, `speakers`, `own_times` and `carried`
    are as in `engines.base.Options`; `plan` names one of `pipeline.plan` to take in place of
    `engine`, or none; with `by_channel` a recording with a person on each channel is heard one by
    one. `cue_columns` names the figures that the list of cues shows, as in `ui.cues.model`; "auto"
    shows as many as there is room for.
    """

    theme: str = "system"
    engine: str = "auto"
    language: str = "en"
    style: str = "general"
    rewind_ms: int = 1000
    click_seeks: bool = True
    timecodes: str = "paragraph"
    names_in_text: bool = False
    mark_gaps: bool = False
    export_formats: tuple[str, ...] = ("docx", "srt")
    frame_rate: str = "25"
    models: tuple[str, ...] = ()
    device: str = "auto"
    server: str = ""
    keywords: tuple[str, ...] = ()
    punctuation: bool = True
    speakers: bool = True
    own_times: bool = False
    carried: bool = False
    plan: str = ""
    by_channel: bool = False
    cue_columns: tuple[str, ...] = ("auto",)

    def model(self, engine: str) -> str | None:
        """Where this engine's model is, or what its server calls it; None if nobody said."""
        for chosen in self.models:
            name, _, place = chosen.partition("=")
            if name == engine and place:
                return place
        return None

    def with_model(self, engine: str, place: str | None) -> tuple[str, ...]:
        """`models` with this engine's in this place, or without it."""
        others = [chosen for chosen in self.models if chosen.partition("=")[0] != engine]
        return (*others, f"{engine}={place}") if place else tuple(others)


class SettingsKeeper(QObject):
    """The settings now, and the file that keeps them."""

    changed = Signal(object)
    """The new `Settings`."""

    def __init__(self, path: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._path = path
        self._now = _read(path)

    @property
    def now(self) -> Settings:
        return self._now

    def change(self, **values: object) -> None:
        """Set some of the settings; the file follows at once. TypeError for unknown names."""
        settings = dataclasses.replace(self._now, **values)  # type: ignore[arg-type]
        if settings == self._now:
            return
        self._now = settings
        try:
            data = json.dumps(dataclasses.asdict(settings), indent=1).encode()
            atomic_write(self._path, data, follow=True)
        except StudioError as error:
            log.warning("settings are not kept: %s", error)
        self.changed.emit(settings)


def _read(path: Path) -> Settings:
    """The settings in this file; what is missing or nonsense there has its default."""
    default = Settings()
    try:
        found = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return default
    except (OSError, ValueError):
        log.warning("%s was not understood; defaults are used", path)
        return default
    values = {}
    for field in dataclasses.fields(Settings):
        usual = getattr(default, field.name)
        value = found.get(field.name, usual) if isinstance(found, dict) else usual
        if isinstance(usual, tuple) and isinstance(value, list):
            value = tuple(item for item in value if isinstance(item, str))
        values[field.name] = value if type(value) is type(usual) else usual
    return Settings(**values)
