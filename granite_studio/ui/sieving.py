"""Which cues are listed, as the table of actions asks for it.

Read before the first paint, as the table is: the list is imported inside.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from granite_studio.ui.acting import Call, Test

if TYPE_CHECKING:
    from granite_studio.ui.studio import Studio


def list_only(name: str) -> Call:
    """List the cues that have this, a value of `cues.sieve.Only`; once more lists all."""

    def call(studio: Studio) -> None:
        from granite_studio.ui.cues.sieve import Only

        only = Only(name)
        listed = studio.cues.listed
        listed.list_only(Only.ALL if listed.only is only else only)

    return call


def lists(name: str) -> Test:
    return lambda studio: studio.cues.listed.only.value == name


def face(studio: Studio) -> str:
    """A full funnel while something is held back."""
    return "filter-outline" if lists("all")(studio) else "filter"
