"""A person's own subtitle styles: a TOML file for each in a folder beside their settings."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from granite_studio.core.errors import FormatError
from granite_studio.core.files import atomic_write
from granite_studio.core.styles import SUFFIX, Style, Styles, dump_style, own_styles

LARGEST = 1 << 16
"""Bytes of a style file; the longest of ours has 4,000."""
MOST = 500
"""So many files are looked at."""


def read_text(path: Path) -> str:
    """The text of a style file. Raises `FormatError`."""
    try:
        if not path.is_file():
            raise FormatError(f"“{path.name}” is not there or not a file; choose another one.")
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
        if len(data) <= LARGEST:
            return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FormatError(f"“{path.name}” is not a text in UTF-8; save it as one.") from error
    except (OSError, ValueError) as error:
        raise FormatError(
            f"“{path.name}” cannot be read; check that it is there and may be opened."
        ) from error
    raise FormatError(f"“{path.name}” is too large for a style; choose another one.")


def read(folder: Path) -> Styles:
    """All styles there are, with those in this folder; a file that is no style becomes a fault.

    A folder that is not there has none.
    """
    texts, faults = dict[str, str](), list[str]()
    for path in sorted(folder.glob(f"*{SUFFIX}"))[:MOST]:
        try:
            texts[path.name] = read_text(path)
        except FormatError as error:
            faults.append(str(error))
    found = own_styles(texts)
    return replace(found, faults=(*faults, *found.faults))


def write(folder: Path, styles: Styles, guide: Style) -> None:
    """Keep this style in the folder, in place of the one of its name if there is one.

    Raises `FormatError` where its numbers contradict one another or the disk refuses; then all is
    as it was.
    """
    text = dump_style(guide)
    styles.load(text)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FormatError(f"“{folder}” cannot be made; check who may write there.") from error
    atomic_write(folder / _place(folder, styles, guide.name), text.encode(), follow=True)


def remove(folder: Path, styles: Styles, name: str) -> None:
    """Delete the file of this style of theirs. Raises `FormatError`."""
    path = folder / styles.places[name]
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise FormatError(
            f"“{path}” cannot be deleted; check who may write in its folder."
        ) from error


def _place(folder: Path, styles: Styles, name: str) -> str:
    """The file of the style of this name, else one that is not there yet."""
    if name in styles.places:
        return styles.places[name]
    place, number = f"{name}{SUFFIX}", 1
    while (folder / place).exists():
        number += 1
        place = f"{name} {number}{SUFFIX}"
    return place
