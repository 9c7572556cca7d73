"""What can be asked about other languages and about the times of words.

Read before the first paint, as the table of actions is: what brings numpy is imported inside.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from granite_studio.ui.acting import may_change_text, may_edit, translated
from granite_studio.ui.asking import ask_choice

if TYPE_CHECKING:
    from granite_studio.services.engine_run import EngineRun
    from granite_studio.ui.studio import Studio


def is_working(studio: Studio) -> bool:
    """Whether the engine has something to do that can be stopped."""
    return any(work.is_running for work in _works(studio))


def stop(studio: Studio) -> None:
    """Stop what the engine does; what is done is kept."""
    for work in _works(studio):
        work.cancel()


def _works(studio: Studio) -> tuple[EngineRun, ...]:
    return studio.hearing, studio.translating, studio.aligning, studio.matching


def can_translate(studio: Studio) -> bool:
    is_there = studio.session.media_path is not None
    return may_change_text(studio) and is_there and not is_working(studio)


def can_align(studio: Studio) -> bool:
    has_sound = studio.session.document.media is not None
    return may_change_text(studio) and has_sound and not is_working(studio)


def can_align_text(studio: Studio) -> bool:
    is_there = studio.session.media_path is not None
    return may_edit(studio) and is_there and not is_working(studio)


def ask_language(studio: Studio) -> None:
    """Ask to which language, and begin."""
    from granite_studio.engines.catalog import language_name
    from granite_studio.services.translating import languages_for

    spoken = studio.session.document.language
    tags = languages_for(studio.settings.now, spoken)
    if not tags:
        from granite_studio.core.errors import EngineError

        raise EngineError(
            translated("No engine translates from {language}.").format(
                language=language_name(spoken)
            )
        )
    ask_choice(
        studio.window,
        translated("Translate"),
        translated(
            "To which language? Paragraphs that have a translation keep it, and what you wrote "
            "stays as it is."
        ),
        [language_name(tag) for tag in tags],
        lambda place: translate(studio, tags[place]),
    )


def translate(studio: Studio, language: str) -> None:
    """Translate to this language; what stands against it is said beside the way to change it."""
    from granite_studio.core.errors import EngineError, StudioError
    from granite_studio.services.translating import ready_to_translate
    from granite_studio.ui.engine_deeds import show_models

    settings, banners = studio.settings.now, studio.window.banners
    try:
        ready, options = ready_to_translate(
            settings,
            spoken=studio.session.document.language,
            language=language,
            folder=studio.fetching.folder,
        )
        studio.translating.start(ready, options, device=settings.device)
    except EngineError as error:
        change = (translated("Engines and models …"), lambda: show_models(studio))
        banners.show_banner("engine", str(error), kind="bad", buttons=(change,))
    except StudioError as error:
        banners.show_banner("action", str(error), kind="bad")
    else:
        banners.clear("engine")
        studio.translation.show_language(language)
        studio.window.show_translation()


def align(studio: Studio) -> None:
    """Align the words of the paragraphs that are selected, else of the one at the cursor."""
    from granite_studio.engines import catalog
    from granite_studio.engines.base import Options
    from granite_studio.engines.models import Ready
    from granite_studio.services.choosing import ready_now

    document, settings = studio.session.document, studio.settings.now
    if not catalog.find(settings.engine).model:  # it could not tell where words are
        settings = replace(settings, engine=catalog.AUTO)
    folder = studio.fetching.folder
    chosen = studio.transcript.selection
    rows = range(chosen[0].row, chosen[1].row + 1) if chosen else [studio.transcript.place.row]
    ids = [document.segments[row].id for row in rows if row < len(document.segments)]

    def choose() -> Ready:
        return ready_now(settings, document.language, folder)[0]

    options = Options(language=document.language)
    studio.aligning.start(ids, choose, options=options, device=settings.device)
