"""The engines by name: what each is, what it can do, and which model it needs."""

from __future__ import annotations

from dataclasses import dataclass

from granite_studio.core.document import EngineUse
from granite_studio.core.errors import EngineError
from granite_studio.engines import address
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
_PIVOT = "en"
"""The models translate from this language into the others, and from the others into this one."""

_EUROPEAN = ("en", "fr", "de", "es", "pt")
_TARGETS = ("en", "fr", "de", "es", "pt", "ja", "it", "zh")


@dataclass(frozen=True, slots=True)
class Entry:
    """One engine of the catalogue.

    `loader` is "package.module:function"; called in the engine process with the model folder (or
    None; for a remote engine the name its server knows) and a device it returns an `Engine`.
    `revision` becomes part of the key of every result; it is empty where the model that is loaded
    says it. `model` is the hub id of the model the engine was written for, or empty.
    """

    name: str
    title: str
    revision: str
    capabilities: Capabilities
    loader: str
    model: str = ""

    @property
    def use(self) -> EngineUse:
        """How documents and exports name this engine."""
        return EngineUse(self.title, self.revision, self.capabilities.draft)


ENTRIES = (
    Entry(
        "draft",
        "Draft (PocketSphinx, English)",
        "pocketsphinx-5.1 en-us, voices 1",
        # Short windows: the recogniser answers a window at a time, and cancelling waits for none.
        Capabilities(languages=("en",), word_times=True, speakers=True, draft=True, window_s=12.0),
        "granite_studio.engines.sphinx:load",
    ),
    Entry(
        "granite-plus",
        "Granite Speech 4.1 Plus",
        "",
        Capabilities(
            languages=_EUROPEAN,
            word_times=True,
            speakers=True,
            punctuation=True,
            keywords=True,
            own_times=True,
            carries=True,
        ),
        "granite_studio.engines.granite.plus:load",
        "ibm-granite/granite-speech-4.1-2b-plus",
    ),
    Entry(
        "granite-base",
        "Granite Speech 4.1",
        "",
        Capabilities(
            languages=(*_EUROPEAN, "ja"),
            word_times=True,
            punctuation=True,
            keywords=True,
            translates_to=_TARGETS,
        ),
        "granite_studio.engines.granite.base:load",
        "ibm-granite/granite-speech-4.1-2b",
    ),
    Entry(
        "granite-nar",
        "Granite Speech 4.1 NAR",
        "",
        Capabilities(languages=_EUROPEAN, word_times=True),
        "granite_studio.engines.granite.nar:load",
        "ibm-granite/granite-speech-4.1-2b-nar",
    ),
    Entry(
        "granite-ctc",
        "Granite Speech 5.0 TurboCTC",
        "",
        Capabilities(languages=("en",), word_times=True),
        "granite_studio.engines.granite.ctc:load",
        "ibm-granite/granite-speech-5.0-470m-turboctc",
    ),
    Entry(
        "remote",
        "A remote server",
        "",
        # What can be asked for; what its model cannot do, the server's engine refuses by itself.
        Capabilities(
            languages=(*_EUROPEAN, "ja"),
            speakers=True,
            punctuation=True,
            keywords=True,
            translates_to=_TARGETS,
            own_times=True,
        ),
        "granite_studio.engines.remote:load",
    ),
)


def names() -> tuple[str, ...]:
    """Every name that `find` takes."""
    return (AUTO, *(entry.name for entry in ENTRIES))


def find(name: str) -> Entry:
    """The engine of this name; "auto" is the one that needs no model.

    Which engine is best among those whose models are here, `models.ready` says. Raises
    `EngineError` for an unknown name.
    """
    for entry in ENTRIES:
        if name in (entry.name, AUTO):
            return entry
    raise EngineError(f"There is no engine named {name!r}; choose one of {', '.join(names())}.")


def check(entry: Entry, options: Options) -> None:
    """Raise `EngineError` when this engine cannot do what the options ask."""
    can = entry.capabilities
    if options.language not in can.languages:
        known = ", ".join(language_name(tag) for tag in can.languages)
        wanted = language_name(options.language)
        raise EngineError(f"{entry.title} cannot hear {wanted}; it knows {known}.")
    if options.keywords and not can.keywords:
        raise EngineError(f"{entry.title} takes no keywords; leave them out.")
    if options.own_times and not can.own_times:
        raise EngineError(
            f"{entry.title} gives no word times of its own; words are timed without them, so "
            "leave that out."
        )
    if options.carried and not can.carries:
        raise EngineError(
            f"{entry.title} carries no speakers from window to window; leave that out."
        )
    if options.carried and not options.speakers:
        raise EngineError(
            "Speakers can be carried from window to window only where they are told apart; leave "
            "one of the two out."
        )
    if options.translate_to is not None:
        _check_translation(entry, options.language, options.translate_to)
    if entry.name == "remote" and not options.server:
        raise EngineError(
            "No server is given; name its address in the preferences under Models, or with "
            "--server URL."
        )
    if entry.name == "remote":
        address.normal(options.server)  # before it is kept anywhere: there may be a key in it
    if entry.name != "remote" and options.server:
        raise EngineError(
            f"{entry.title} runs on this machine; leave out the server, or choose --engine remote."
        )


def language_name(tag: str) -> str:
    """The English name of a language, or its tag where none is known."""
    return _LANGUAGES.get(tag, f"the language {tag!r}")


def _check_translation(entry: Entry, spoken: str, wanted: str) -> None:
    targets = entry.capabilities.translates_to
    if not targets:
        raise EngineError(f"{entry.title} translates nothing; use Granite Speech 4.1.")
    if wanted not in targets:
        known = ", ".join(language_name(tag) for tag in targets)
        raise EngineError(
            f"{entry.title} cannot translate to {language_name(wanted)}; it knows {known}."
        )
    if wanted == spoken:
        raise EngineError(
            f"The recording is in {language_name(spoken)} already; choose another language to "
            "translate to."
        )
    if _PIVOT not in (spoken, wanted):
        raise EngineError(
            f"{entry.title} translates from or to {language_name(_PIVOT)} only, not from "
            f"{language_name(spoken)} to {language_name(wanted)}."
        )
