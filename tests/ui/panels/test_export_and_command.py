"""The export panel and the command line say the same of what a format leaves out."""

from dataclasses import replace

import pytest

from granite_studio.cli import commands
from granite_studio.core.document import (
    CueOverride,
    Emphasis,
    EngineUse,
    Highlight,
    Note,
    Span,
    TranslatedText,
    Translation,
)
from granite_studio.formats import FORMATS, Kind
from granite_studio.store import logs
from tests.ui.panels.test_export_panel import panel_of, tick

OFFERED = [name for name, known in FORMATS.items() if known.kind is not Kind.CORPUS]
LOSSLESS = {"json"}


@pytest.fixture
def everything(session, document):
    """A document with all that can be lost, open in the window."""
    looks = [Emphasis(101, 102, tag) for tag in ("i", "b", "u", "c.red", "c.black")]
    session.commit(
        replace(
            document,
            emphases=tuple(looks),
            highlights=(Highlight(400, 101, 102, "greeting"), Highlight(401, 201, 203)),
            notes=(Note(402, 101, "Check."),),
            untranscribed=(Span(12_000, 15_000),),
            engines=(EngineUse("draft", "5", draft=True),),
            cue_overrides=(CueOverride(201, 205, settings="line:0 position:20%", breaks=(203,)),),
            translations=tuple(
                Translation(tag, (TranslatedText(1, "Bonjour, \u0416.", "x"),))
                for tag in ("fr", "de")
            ),
            extras='{"top":{"mood":"calm"},"media":{},"segments":{},"words":{}}',
            next_id=500,
        ),
        "Everything",
    )
    session.project.flush()
    return session


@pytest.mark.parametrize("name", OFFERED)
def test_both_say_the_same(qtbot, everything, jobs, settings, tmp_path, capfd, monkeypatch, name):
    panel = panel_of(qtbot, everything, jobs, settings)
    tick(panel, name)
    told = []
    panel._reshaped.told.connect(told.append)
    if FORMATS[name].reshapes:
        panel._look()
        qtbot.waitUntil(lambda: bool(told))
    out = tmp_path / f"command{FORMATS[name].extensions[0]}"
    monkeypatch.setattr(logs, "start", lambda _name: None)

    commands.main(["export", str(everything.project.path), "-o", str(out)])

    said = [line for line in capfd.readouterr().err.splitlines() if ": Not in " in line]
    sentence = "".join(said).removeprefix("granite-studio: ")
    sentence = sentence.removesuffix(" Names get into the text with --speaker-names.")
    assert panel._note.text().split("\n")[0] == sentence
    assert bool(sentence) is (name not in LOSSLESS)
