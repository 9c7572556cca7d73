"""Amounts, waits and what engines can do, in the words of a person."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from granite_studio.engines.catalog import Entry, language_name

_GB = 10**9
_MB = 10**6


def size(count: int) -> str:
    """ "4.2 GB" or "312 MB"."""
    return f"{count / _GB:.1f} GB" if count >= _GB else f"{round(count / _MB)} MB"


def share(done: int, total: int) -> str:
    """ "1.3 of 4.2 GB", in the unit of the whole."""
    if total >= _GB:
        pair = f"{done / _GB:.1f}", f"{total / _GB:.1f} GB"
    else:
        pair = f"{round(done / _MB)}", f"{round(total / _MB)} MB"
    return QCoreApplication.translate("saying", "{done} of {total}").format(
        done=pair[0], total=pair[1]
    )


def wait(seconds: float) -> str:
    """ "40 s", "12 min" or "3 h 20 min"."""
    if seconds < 60:
        return f"{max(1, round(seconds))} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"


def can_do(entry: Entry) -> str:
    """What an engine is good for, in a sentence or two."""

    def tr(text: str) -> str:
        return QCoreApplication.translate("saying", text)

    can = entry.capabilities
    offers = [
        tr("speakers") if can.speakers else "",
        tr("punctuation") if can.punctuation else "",
        tr("keywords") if can.keywords else "",
        tr("word times") if can.word_times else "",
        tr("translation") if can.translates_to else "",
        tr("a draft without punctuation, with many wrong words") if can.draft else "",
    ]
    known = ", ".join(language_name(tag) for tag in can.languages)
    said = ", ".join(offer for offer in offers if offer)
    return f"{known}. {said[:1].upper()}{said[1:]}." if said else f"{known}."
