"""The archive that a Word file is, opened with care: it may come from anybody."""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib

from granite_studio.core.errors import FormatError
from granite_studio.formats.base import MIB, Source, unreadable
from granite_studio.formats.xml_tree import Element

MOST_PARTS = 5_000
MOST_BYTES = 512 * MIB
LARGEST_XML = 256 * MIB
WORD = (
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "http://purl.oclc.org/ooxml/wordprocessingml/main",
)
"""The namespace of Word's elements, of every day and of the strict kind."""

_CURE = "save it as .docx once more and try again"
_OLD = b"\xd0\xcf\x11\xe0"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships Relationship"
_MAIN = "/officeDocument"


class Package:
    """The parts of a Word file. Raises `FormatError` for what is none, holds macros or is made to
    fill the memory."""

    def __init__(self, source: Source) -> None:
        self._name = source.name
        if source.data[:4] == _OLD:
            raise unreadable(
                source.name,
                "is an old Word file, or one with a password",
                "save it as .docx without a password",
            )
        try:
            self._file = zipfile.ZipFile(io.BytesIO(source.data))
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
            raise unreadable(source.name, "is not a Word document", _CURE) from error
        entries = self._file.infolist()
        if len(entries) > MOST_PARTS or sum(each.file_size for each in entries) > MOST_BYTES:
            raise unreadable(
                source.name, "unpacks to more than a text ever needs", "check what it is"
            )
        self.names = [each.filename for each in entries]
        if len(set(self.names)) < len(self.names):
            raise unreadable(source.name, "holds a part twice", _CURE)
        types = self._read("[Content_Types].xml")
        if b"macroEnabled" in types or any("vbaProject" in name for name in self.names):
            raise unreadable(
                source.name, "can hold macros", "save it as .docx, which cannot, and try again"
            )
        self.main = self._main()

    def xml(self, name: str) -> Element | None:
        """The root of a part, or None where there is no such part."""
        if name not in self.names:
            return None
        return Element.parse(self._read(name), self._name, cure=_CURE)

    def beside(self, name: str) -> Element | None:
        """The part of this name beside the main one."""
        return self.xml(posixpath.join(posixpath.dirname(self.main), name))

    def check(self) -> None:
        """Read every part of XML once. Raises `FormatError` for what no program should be given:
        types and entities of its own, damage, elements without end."""
        for name in self.names:
            if name.endswith((".xml", ".rels")):
                self.xml(name)

    def _main(self) -> str:
        relations = self.xml("_rels/.rels")
        for each in relations.elements if relations else ():
            if each.name == _RELATIONS and each.attributes.get("Type", "").endswith(_MAIN):
                return posixpath.normpath(each.attributes.get("Target", "").lstrip("/"))
        raise unreadable(self._name, "is not a Word document", _CURE)

    def _read(self, name: str) -> bytes:
        """The bytes of a part; never more than it says that it holds."""
        try:
            if self._file.getinfo(name).file_size > LARGEST_XML:
                raise unreadable(self._name, "holds a part of absurd size", "check what it is")
            return self._file.read(name)
        except FormatError:
            raise
        except KeyError as error:
            raise unreadable(self._name, "is not a Word document", _CURE) from error
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            OSError,
            RuntimeError,
            ValueError,
        ) as error:  # RuntimeError: encrypted; its kin NotImplementedError: unknown compression
            raise unreadable(self._name, "is damaged or encrypted", _CURE) from error
