"""The panels with a window of their own, each loaded when it is first wanted."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QWidget

from granite_studio.services.jobs import Jobs
from granite_studio.ui.action_set import ActionSet
from granite_studio.ui.actions import ACTIONS
from granite_studio.ui.studio import Studio


def makers(studio: Studio, actions: ActionSet, quick: Jobs) -> dict[str, Callable[[], QWidget]]:
    """What makes each dialog, by its name; `quick` is for short work in the background."""
    window, settings = studio.window, studio.settings

    def export() -> QWidget:
        from granite_studio.ui.dialogs.export import ExportPanel

        return ExportPanel(
            *(studio.session, quick, settings, studio.styles, window),
            film=lambda: studio.subtitles.film,
        )

    def hear() -> QWidget:
        from granite_studio.ui.dialogs.hear_options import HearOptions
        from granite_studio.ui.engine_deeds import show_models

        hear = actions.actions["listen.hear"]
        panel = HearOptions(
            settings, studio.session, studio.fetching, hear, studio.recording, window
        )
        panel.models_pressed.connect(partial(show_models, studio))
        return panel

    def move() -> QWidget:
        from granite_studio.ui.dialogs.move_cues import MoveCues

        return MoveCues(
            studio.session, studio.subtitles, studio.playback, studio.cues.chosen, window
        )

    def kept() -> QWidget:
        from granite_studio.ui.dialogs.kept_cues import KeptCues

        return KeptCues(studio.session, studio.subtitles, studio.playback, window)

    def align() -> QWidget:
        from granite_studio.ui.dialogs.align_text import AlignPanel

        return AlignPanel(studio.session, studio.matching, settings, studio.fetching, window)

    def burn() -> QWidget:
        from granite_studio.ui.dialogs.burn import BurnPanel

        return BurnPanel(
            studio.session,
            studio.burning,
            studio.subtitles,
            studio.recording,
            settings,
            window,
        )

    def preferences() -> QWidget:
        from granite_studio.engines import greeting, keys
        from granite_studio.ui.dialogs.models_page import ModelsPage
        from granite_studio.ui.dialogs.preferences import PreferencesPanel
        from granite_studio.ui.dialogs.server_card import ServerCard

        server = ServerCard(settings, quick, keys, greeting.served)
        page = ModelsPage(settings, studio.fetching, server, lambda: studio.hearing.ran_on)
        studio.hearing.ended.connect(page.look)
        return PreferencesPanel(settings, studio.styles, page, window)

    def styles() -> QWidget:
        from granite_studio.ui.dialogs.styles_panel import StylesPanel

        film = studio.subtitles.film
        return StylesPanel(studio.styles, studio.session, settings, window, film=film)

    def quality() -> QWidget:
        from granite_studio.ui.dialogs.quality_panel import QualityPanel

        return QualityPanel(studio.session, quick, studio.subtitles, window)

    def log_view() -> QWidget:
        from granite_studio.ui.dialogs.log_view import LogPanel

        return LogPanel(window)

    def help_panel() -> QWidget:
        from granite_studio.ui.dialogs.help import HelpPanel

        return HelpPanel(ACTIONS, window)

    return {
        "export": export,
        "hear": hear,
        "align": align,
        "burn": burn,
        "preferences": preferences,
        "styles": styles,
        "quality": quality,
        "move": move,
        "kept": kept,
        "log": log_view,
        "help": help_panel,
    }
