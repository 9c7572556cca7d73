"""What an action is, when it can be done, and the few that take more than one call.

The table is read before the first paint, so what only some calls need is imported inside them.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt

from granite_studio.core.document import Span
from granite_studio.core.timing import clock

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMenu

    from granite_studio.ui.studio import Studio

WINDOW, TRANSCRIPT, CUES, TIMELINE, VIDEO = "window", "transcript", "cues", "timeline", "video"
CONTEXTS = (WINDOW, TRANSCRIPT, CUES, TIMELINE, VIDEO)
"""Where a shortcut holds: "window" everywhere, the others while that panel has the focus."""

FILE, EDIT, SPEAKERS, LISTEN = "&File", "&Edit", "&Speakers", "&Listen"
SUBTITLES, REVIEW, VIEW, HELP = "S&ubtitles", "&Review", "&View", "&Help"
MENUS = (FILE, EDIT, SPEAKERS, LISTEN, SUBTITLES, REVIEW, VIEW, HELP)

Call = Callable[["Studio"], object]
Test = Callable[["Studio"], bool]
Keys = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Action:
    """One thing that can be done.

    `keys` are pairs of a context and a key sequence in Qt's portable form. `call` gets the studio;
    a `StudioError` it raises is shown. `label` and `face` give text and icon that depend on the
    state; `checked` makes it a choice that is on or off. `fill` makes it a submenu, filled
    whenever it opens. `rule` draws a line above it; `hides` takes it away while it cannot be done;
    `why` says in its tip why it cannot, where that is not plain.
    """

    id: str
    menu: str
    text: str
    call: Call
    when: Test
    keys: Keys = ()
    icon: str = ""
    tip: str = ""
    label: Callable[[Studio], str] | None = None
    face: Callable[[Studio], str] | None = None
    checked: Test | None = None
    fill: Callable[[Studio, QMenu], None] | None = None
    rule: bool = False
    hides: bool = False
    why: Callable[[Studio], str] | None = None


def nothing(_studio: Studio) -> None:
    """For submenus, which do nothing themselves."""


def translated(text: str) -> str:
    """A text of the table in the person's language."""
    return QCoreApplication.translate("actions", text)


def keys(*sequences: str, **others: str) -> Keys:
    """Sequences for the whole window, and one each for single panels: `transcript="Esc"`."""
    window = tuple((WINDOW, sequence) for sequence in sequences)
    return window + tuple(others.items())


# When something can be done.


def always(_studio: Studio) -> bool:
    return True


def is_open(studio: Studio) -> bool:
    return studio.session.project is not None


def may_edit(studio: Studio) -> bool:
    return not studio.session.is_read_only


def has_text(studio: Studio) -> bool:
    return bool(studio.session.document.segments)


def may_change_text(studio: Studio) -> bool:
    return may_edit(studio) and has_text(studio)


def can_undo(studio: Studio) -> bool:
    """Also while it has to wait: it then says so."""
    return studio.session.undo_label is not None or studio.session.must_wait


def can_redo(studio: Studio) -> bool:
    return studio.session.redo_label is not None


def can_play(studio: Studio) -> bool:
    return studio.playback.path is not None


def can_move(studio: Studio) -> bool:
    return is_open(studio) and studio.playback.duration > 0


def can_hear(studio: Studio) -> bool:
    works = (studio.hearing, studio.translating, studio.matching)
    is_idle = not any(work.is_running for work in works)
    return is_idle and may_edit(studio) and studio.session.media_path is not None


def can_hear_from_here(studio: Studio) -> bool:
    return can_hear(studio) or is_hearing(studio)


def can_hear_span(studio: Studio) -> bool:
    return can_hear(studio) and chosen_span(studio) is not None


def is_hearing(studio: Studio) -> bool:
    return studio.hearing.is_running


def may_change_cues(studio: Studio) -> bool:
    return may_edit(studio) and has_cues(studio)


def can_make_cue(studio: Studio) -> bool:
    return may_change_cues(studio) and studio.timeline.span is not None


def has_choice(studio: Studio) -> bool:
    return studio.timeline.chosen is not None


def has_cues(studio: Studio) -> bool:
    return bool(studio.subtitles.cues) and not studio.subtitles.is_opening


def has_findings(studio: Studio) -> bool:
    return bool(studio.findings.rows)


def has_dialog(name: str) -> Test:
    return lambda studio: name in studio.dialogs


def can_export(studio: Studio) -> bool:
    return "export" in studio.dialogs and has_text(studio)


def can_print(studio: Studio) -> bool:
    return is_open(studio) and has_text(studio)


def has_speaker(number: int) -> Test:
    return lambda s: may_change_text(s) and number <= len(s.session.document.speakers)


def has_speakers(studio: Studio) -> bool:
    return may_edit(studio) and len(studio.session.document.speakers) > 1


# What needs more than one call.


def chosen_span(studio: Studio) -> Span | None:
    """The stretch that is selected in the timeline, else in the transcript."""
    if studio.timeline.span is not None:
        return studio.timeline.span
    chosen = studio.transcript.selection
    if chosen is None:
        return None
    start, end = chosen
    segments = studio.session.document.segments
    first = segments[start.row].words[start.word : start.word + 1]
    last = segments[end.row].words[: end.word][-1:]
    return Span(first[0].start, last[0].end) if first and last else None


def play_span(studio: Studio) -> None:
    """Play the selected stretch, else the cue at the playhead."""
    span = chosen_span(studio)
    if span is not None:
        studio.playback.play_span(span.start, span.end)
    else:
        studio.cue_deeds.play()


def mend_cue(studio: Studio) -> None:
    """Mend the cue at the playhead and say how, or that it needs other words or another cut."""
    made = [fix.message for fix in studio.cue_deeds.mend()]
    told = translated("Only other words or another cut would make this cue better.")
    studio.window.job_bar.show_notice(" ".join(made) or told)


def mend_cues(studio: Studio) -> None:
    studio.mending.start()


def play_from_cursor(studio: Studio) -> None:
    studio.transcript.play_from_caret()
    studio.playback.play()


def go_to_paragraph(step: int) -> Call:
    """Move the playhead to where a paragraph begins."""

    def go(studio: Studio) -> None:
        starts = sorted(segment.start for segment in studio.session.document.segments)
        now = studio.playback.position
        # Shortly after a start "before" means the one before, as on every player.
        place = bisect_right(starts, now) if step > 0 else bisect_left(starts, now - 1500) - 1
        if step > 0 and place == len(starts):
            return
        studio.playback.seek(starts[place] if place >= 0 else 0)

    return go


def with_label(pattern: str, alone: str, label: str | None) -> str:
    """The text of undo and redo: what they would do, where that is known."""
    return translated(pattern).format(what=label) if label else translated(alone)


def undo_label(studio: Studio) -> str:
    """What undo would do, or that it cannot do it now."""
    if studio.session.must_wait:
        return translated("Undo: when the work that goes on has ended")
    return with_label("Undo: {what}", "Undo", studio.session.undo_label)


def change_rate(by: float) -> Call:
    return lambda studio: studio.playback.set_rate(studio.playback.rate + by)


def speaker_label(number: int) -> Callable[[Studio], str]:
    def label(studio: Studio) -> str:
        speakers = studio.session.document.speakers
        if number > len(speakers):
            return translated("Speaker {number}").format(number=number)
        return speakers[number - 1].name

    return label


def correct_spoken(studio: Studio) -> None:
    """Stop, and select the word that was heard last, to be typed over."""
    from granite_studio.core.edits import Place
    from granite_studio.ui.transcript.spoken import spoken_at

    studio.playback.pause()
    document = studio.session.document
    place = spoken_at(document, studio.playback.position)
    if place is not None:
        studio.transcript.select_words(place, Place(place.row, place.word + 1))
        studio.transcript.setFocus()


def copy_quote(studio: Studio) -> None:
    """Copy the selected words or the paragraph as a quote, and say so."""
    studio.transcript.copy_quote()
    studio.window.job_bar.show_notice(translated("The quote is copied, to be pasted anywhere."))


def insert_time_mark(studio: Studio) -> None:
    """Write the present moment into the text at the cursor."""
    from granite_studio.core import edits

    session, transcript = studio.session, studio.transcript
    mark = f"[{clock(studio.playback.position)[:-4]}]"
    after = edits.insert(session.document, transcript.place, mark)
    session.commit(after, translated("Insert time mark"))


def show_help(studio: Studio, page: int) -> None:
    """Open the help at this page."""
    from granite_studio.ui.dialogs.help import HelpPanel

    panel = studio.show_dialog("help")
    if isinstance(panel, HelpPanel):
        panel.show_page(page)


def toggle_full_screen(studio: Studio) -> None:
    state = studio.window.windowState()
    studio.window.setWindowState(state ^ Qt.WindowState.WindowFullScreen)


def is_full_screen(studio: Studio) -> bool:
    return studio.window.isFullScreen()


def toggle_dock(name: str) -> Call:
    def toggle(studio: Studio) -> None:
        dock = studio.window.docks[name]
        dock.setVisible(dock.isHidden())

    return toggle


def shows_dock(name: str) -> Test:
    return lambda studio: name in studio.window.docks and not studio.window.docks[name].isHidden()


def float_picture(studio: Studio) -> None:
    """Give the picture a window of its own, or take it back."""
    dock = studio.window.docks["video"]
    dock.setFloating(not dock.isFloating())
    dock.show()


def go_to_panel(step: int) -> Call:
    """Move the focus from panel to panel, as the eye goes."""

    def go(studio: Studio) -> None:
        panels = [
            panel
            for panel in (studio.transcript, studio.video, studio.cues, studio.timeline)
            if panel.isVisible()
        ]
        focus = studio.window.focusWidget()
        at = [panel is focus or (focus and panel.isAncestorOf(focus)) for panel in panels]
        place = at.index(True) + step if True in at else 0
        if panels:
            panels[place % len(panels)].setFocus(Qt.FocusReason.ShortcutFocusReason)

    return go


def set_theme(mode: str) -> Call:
    return lambda studio: studio.settings.change(theme=mode)


def has_theme(mode: str) -> Test:
    return lambda studio: studio.settings.now.theme == mode


def choose(studio: Studio, setting: str, name: str, _checked: bool = False) -> None:
    """Set a setting; to be connected to an action of a menu."""
    studio.settings.change(**{setting: name})
