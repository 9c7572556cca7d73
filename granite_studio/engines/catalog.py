"""The engines by name: what each is, whether it can run here, and what to do if it cannot."""

from __future__ import annotations

from dataclasses import dataclass

from granite_studio.core.document import EngineUse
from granite_studio.core.errors import EngineError
from granite_studio.engines.base import Capabilities, Options

AUTO = "auto"

_LANGUAGES = {
    "de": "German",
    "en": "English",
    "es": "Spanish",
    "fr": "French",
    "it": "Italian",
    "ja": "Japanese",
    "pt": "Portuguese",
    "zh": "Chinese",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One engine of the catalogue.

    `loader` is "package.module:function"; called in the engine process with the model folder (or
    None) it returns an `Engine`. `missing` is a sentence saying why the engine cannot run in this
    version, or None. `revision` becomes part of the key of every result.
    """

    name: str
    title: str
    revision: str
    capabilities: Capabilities
    loader: str = ""
    missing: str | None = None

    @property
    def use(self) -> EngineUse:
        """How documents and exports name this engine."""
        return EngineUse(self.title, self.revision, self.capabilities.draft)


def _coming(name: str, title: str, capabilities: Capabilities) -> Entry:
    sentence = (
        f"{title} is not part of this version yet; use --engine draft, or choose Draft in the "
        "window."
    )
    return Entry(name, title, "", capabilities, missing=sentence)


ENTRIES = (
    Entry(
        "draft",
        "Draft (PocketSphinx, English)",
        "pocketsphinx-5.1 en-us",
        # Short windows: the recogniser answers a window at a time, and cancelling waits for none.
        Capabilities(languages=("en",), word_times=True, draft=True, window_s=12.0),
        "granite_studio.engines.sphinx:load",
    ),
    _coming(
        "granite-plus",
        "Granite Speech 4.1 Plus",
        Capabilities(("en", "fr", "de", "es", "pt"), word_times=True, speakers=True),
    ),
    _coming(
        "granite-base",
        "Granite Speech 4.1",
        Capabilities(
            ("en", "fr", "de", "es", "pt", "ja"),
            punctuation=True,
            keywords=True,
            translates_to=("en", "fr", "de", "es", "pt", "ja", "it", "zh"),
        ),
    ),
    _coming("granite-nar", "Granite Speech 4.1 NAR", Capabilities(("en", "fr", "de", "es", "pt"))),
    _coming("remote", "A remote server", Capabilities(("en", "fr", "de", "es", "pt", "ja"))),
)


def names() -> tuple[str, ...]:
    """Every name that `find` takes."""
    return (AUTO, *(entry.name for entry in ENTRIES))


def find(name: str) -> Entry:
    """The engine of this name, ready to run; "auto" is the best one that can run here.

    Raises `EngineError` for an unknown name and for an engine that cannot run, saying why.
    """
    if name == AUTO:
        return next(entry for entry in ENTRIES if entry.missing is None)
    for entry in ENTRIES:
        if entry.name == name:
            if entry.missing:
                raise EngineError(entry.missing)
            return entry
    raise EngineError(f"There is no engine named {name!r}; choose one of {', '.join(names())}.")


def check(entry: Entry, options: Options) -> None:
    """Raise `EngineError` when this engine cannot do what the options ask."""
    can = entry.capabilities
    if options.language not in can.languages:
        known = ", ".join(_LANGUAGES.get(tag, tag) for tag in can.languages)
        wanted = _LANGUAGES.get(options.language, f"the language {options.language!r}")
        raise EngineError(f"{entry.title} cannot hear {wanted}; it knows {known}.")
    if options.keywords and not can.keywords:
        raise EngineError(f"{entry.title} takes no keywords; leave them out.")
    if options.translate_to and options.translate_to not in can.translates_to:
        raise EngineError(f"{entry.title} cannot translate to {options.translate_to}.")
