"""Where sentences and clauses end, as far as one word can tell."""

# The signs below are look-alikes of one another on purpose.
# ruff: noqa: RUF001

from __future__ import annotations

_CLOSING = "\"'’”»›)]}」』）】*_"
_ENDS = (".", "!", "?", "…", "。", "！", "？", "؟", "।")
_CLAUSES = (",", ";", ":", "–", "—", "、", "，", "；", "：", "،")
_ABBREVIATIONS = """
    mr mrs ms dr prof st sr jr rev hon capt lt sgt gov vs cf approx vol
    bzw ca nr hr fr frl geb evtl ggf inkl bspw mme mlle sra srta ud uds exmo exma
"""
# Those that stand before a name, a number or an example; "etc." may well end a sentence.
_NEVER_LAST = frozenset(_ABBREVIATIONS.split())


def ends_sentence(word: str) -> bool:
    """Whether a sentence is over after this word: "wall." but not "Dr.", "J." or "z.B."."""
    bare = word.rstrip(_CLOSING)
    if not bare.endswith(_ENDS):
        return False
    if not bare.endswith(".") or bare.endswith(".."):
        return True
    stem = bare[:-1].lstrip("\"'“„«‹([{¿¡-").casefold()
    initials = all(len(part) == 1 and part.isalpha() for part in stem.split("."))
    return not initials and stem not in _NEVER_LAST


def ends_clause(word: str) -> bool:
    """Whether a comma, colon, semicolon or dash closes this word, or a sentence does."""
    bare = word.rstrip(_CLOSING)
    return bare.endswith(_CLAUSES) or ends_sentence(word)
