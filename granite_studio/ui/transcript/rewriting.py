"""Brings a text document from some paragraphs to others with the fewest changes to its text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtGui import QTextCursor, QTextDocument

from granite_studio.core.document import Segment
from granite_studio.ui.transcript.spans import shared_edges, shown, units


@dataclass(frozen=True, slots=True)
class _Group:
    """`removed` rows from `first` become these segments."""

    first: int
    removed: int
    segments: tuple[Segment, ...]


def rewrite(
    document: QTextDocument, first: int, old: Sequence[Segment], new: Sequence[Segment]
) -> None:
    """Make blocks that show the old segments, from block `first` on, show the new ones.

    Paragraphs that are in both keep their block, and cursors in them their place.
    """
    for group in reversed(_groups(old, new)):
        texts = [shown(segment.text) for segment in group.segments]
        _replace(document, first + group.first, group.removed, texts)


def rewrite_block(document: QTextDocument, number: int, text: str) -> None:
    """Make this the text of one block."""
    _change(document, number, 1, text)


def insert_blank(document: QTextDocument, number: int) -> None:
    """Put an empty block in front of this one, or behind the last."""
    _replace(document, number, 0, [""])


def remove_blocks(document: QTextDocument, first: int, count: int) -> None:
    """Take blocks out; the last one that is left is only emptied."""
    _remove(document, first, count)


def _groups(old: Sequence[Segment], new: Sequence[Segment]) -> list[_Group]:
    """Rows that belong together, in order; a paragraph that is in both is a group of its own."""
    where = {segment.id: index for index, segment in enumerate(new)}
    groups: list[_Group] = []
    i, j = 0, 0
    for row, segment in enumerate(old):
        partner = where.get(segment.id, -1)
        if partner < j:
            continue
        if row > i or partner > j:
            groups.append(_Group(i, row - i, tuple(new[j:partner])))
        if new[partner] is not segment:
            groups.append(_Group(row, 1, (new[partner],)))
        i, j = row + 1, partner + 1
    if len(old) > i or len(new) > j:
        groups.append(_Group(i, len(old) - i, tuple(new[j:])))
    return groups


def _replace(document: QTextDocument, first: int, count: int, texts: Sequence[str]) -> None:
    cursor = QTextCursor(document)
    if count and texts:
        _change(document, first, count, "\n".join(texts))
    elif texts and first == document.blockCount():
        cursor.movePosition(QTextCursor.MoveOperation.End)
        cursor.insertText("\n" + "\n".join(texts))
    elif texts:
        cursor.setPosition(document.findBlockByNumber(first).position())
        cursor.insertText("\n".join(texts) + "\n")
    elif count:
        _remove(document, first, count)


def _change(document: QTextDocument, first: int, count: int, new: str) -> None:
    """Write over whole blocks, but only from where the texts begin to differ to where they end."""
    cursor = QTextCursor(document)
    block = document.findBlockByNumber(first)
    start = block.position()
    texts = [block.text()]
    for _ in range(count - 1):
        block = block.next()
        texts.append(block.text())
    old = "\n".join(texts)
    if old == new:
        return
    head, tail = shared_edges(old, new)
    cursor.setPosition(start + units(old[:head]))
    end = start + units(old[: len(old) - tail])
    cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
    cursor.insertText(new[head : len(new) - tail])


def _remove(document: QTextDocument, first: int, count: int) -> None:
    cursor = QTextCursor(document)
    behind = document.findBlockByNumber(first + count)
    if behind.isValid():
        cursor.setPosition(document.findBlockByNumber(first).position())
        cursor.setPosition(behind.position(), QTextCursor.MoveMode.KeepAnchor)
    else:
        start = document.findBlockByNumber(first).position()
        cursor.setPosition(max(start - 1, 0))
        cursor.movePosition(QTextCursor.MoveOperation.End, QTextCursor.MoveMode.KeepAnchor)
    cursor.removeSelectedText()
