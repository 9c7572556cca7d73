"""What lies under the pointer."""

from __future__ import annotations

import textwrap

from PySide6.QtCore import QCoreApplication, QPointF

from granite_studio.core.timing import clock
from granite_studio.ui.timeline.content import NOTHING, Content, Kind, Target
from granite_studio.ui.timeline.drawing import Frame
from granite_studio.ui.timeline.lanes import Blocks, Lane
from granite_studio.ui.timeline.layout import RULER

GRASP = 5
"""An edge can be taken from this many pixels away."""


def target_at(content: Content, frame: Frame, x: float, y: float) -> Target:
    """The thing at this point; `y` counts from below the ruler, which lies above 0."""
    if y < 0:
        return Target(Kind.RULER)
    layout = frame.layout
    if layout.cues.holds(y):
        return _cue_at(content, frame, x)
    if layout.speakers.holds(y):
        number = next(n for n, band in enumerate(layout.lanes) if band.holds(y))
        return _turn_at(content, frame, content.text.lanes[number], x)
    if layout.wave.holds(y):
        return _span_edge(content, frame, x) or Target(Kind.SOUND)
    return NOTHING


def _span_edge(content: Content, frame: Frame, x: float) -> Target | None:
    if content.span is None:
        return None
    for ms, is_end in ((content.span.end, True), (content.span.start, False)):
        if abs(frame.x(ms) - x) <= GRASP:
            return Target(Kind.SPAN_EDGE, is_end=is_end)
    return None


def _cue_at(content: Content, frame: Frame, x: float) -> Target:
    edge = edge_at(content.cues.blocks, frame, x)
    if edge is not None:
        return Target(Kind.CUE_EDGE, cue=edge[0], is_end=edge[1])
    cue = content.cues.blocks.at(frame.ms(x))
    return Target(Kind.SOUND) if cue is None else Target(Kind.CUE, cue=cue)


def _turn_at(content: Content, frame: Frame, lane: Lane, x: float) -> Target:
    index = content.text.index
    edge = edge_at(lane.blocks, frame, x)
    ms = frame.ms(x)
    block = edge[0] if edge is not None else lane.blocks.at(ms)
    if block is None:
        return Target(Kind.SOUND)
    row = int(lane.rows[block])
    if not frame.shows_words:
        if edge is None:
            return Target(Kind.TURN, row=row)
        return Target(Kind.TURN_EDGE, row=row, is_end=edge[1])
    cut = index.words_of(row)
    words = Blocks.of(index.word_starts[cut], index.word_ends[cut])
    taken = edge_at(words, frame, x)
    if taken is not None:
        return Target(Kind.WORD_EDGE, row=row, word=taken[0], is_end=taken[1])
    word = words.at(ms)
    return Target(Kind.TURN, row=row) if word is None else Target(Kind.WORD, row=row, word=word)


def edge_at(blocks: Blocks, frame: Frame, x: float) -> tuple[int, bool] | None:
    """The nearest start or end within reach, and whether it is an end.

    Narrow blocks keep their middle free, so that they can still be clicked.
    """
    reach = GRASP * frame.pixel_ms
    best: tuple[float, bool, int, bool] | None = None
    for block in blocks.within(frame.ms(x) - reach, frame.ms(x) + reach):
        left, right = frame.x(int(blocks.starts[block])), frame.x(int(blocks.ends[block]))
        grasp = min(GRASP, (right - left) / 4)
        for edge, is_end in ((left, False), (right, True)):
            # Where two touch, the side of the pointer tells which of them is meant.
            found = (abs(x - edge), is_end != (x < edge), block, is_end)
            if found[0] <= grasp and (best is None or found < best):
                best = found
    return None if best is None else best[2:]


def described(content: Content, frame: Frame, position: QPointF) -> str:
    """What lies at this point of the view, in full; the ruler and silence say only the time."""
    y = position.y() - RULER
    ms = max(0, round(frame.ms(position.x())))
    target = target_at(content, frame, position.x(), y)
    said = [clock(ms)]
    if target.cue >= 0:
        said += content.cues.items[target.cue].lines
    elif target.row >= 0:
        segment = content.text.segment(target.row)
        speaker = content.text.document.speaker(segment.speaker)
        said += [speaker.name] if speaker else []
        said.append(_shortened(segment.text))
    elif frame.layout.wave.holds(y):
        reach = GRASP * frame.pixel_ms
        for finding in content.text.document.findings:
            if (
                finding.span.start - reach
                <= ms
                <= max(finding.span.end, finding.span.start + reach)
            ):
                said.append(finding.message)
        if len(content.shots_within(ms - reach, ms + reach)):
            said.append(QCoreApplication.translate("Timeline", "Shot change"))
        if content.untranscribed.at(ms) is not None:
            said.append(QCoreApplication.translate("Timeline", "Speech without text"))
    return "\n".join(said[:6])


def _shortened(text: str) -> str:
    """Long paragraphs, broken into lines that a tool tip can show."""
    cut = text if len(text) <= 400 else text[:399] + "…"
    return "\n".join(textwrap.wrap(cut, 72))
