"""Plans of several passes, and channels heard one by one, by the command line on tiny models."""

import json

import numpy as np
import pytest
import soundfile

from granite_studio import formats
from granite_studio.engines import models
from granite_studio.store.project import Project
from tests.cli.test_long import facts, kill_after
from tests.long_recordings import WINDOW_S, hearing, made, proof

HEARS = ("--device", "cpu", "--window", WINDOW_S)


@pytest.fixture(scope="module")
def recording(tmp_path_factory):
    return made(tmp_path_factory.mktemp("media") / "long.flac", 60)


@pytest.fixture
def downloaded(tmp_path, monkeypatch):
    """All three models lie where the hub library keeps what another program fetched."""
    cache = tmp_path / "hub"
    monkeypatch.setenv("HF_HUB_CACHE", str(cache))
    for engine in ("granite-plus", "granite-nar", "granite-base"):
        model = next(m for m in models.MODELS if m.engine == engine)
        folder = cache / f"models--{model.id.replace('/', '--')}" / "snapshots" / model.revision
        folder.parent.mkdir(parents=True)
        folder.symlink_to(hearing.model(engine))


def sources(document):
    return {word.source for word in document.words()}


def doubts(document):
    return [finding for finding in document.findings if finding.kind == "doubt"]


def test_three_models_make_one_text_with_speakers_and_few_doubts(
    command, downloaded, recording, tmp_path
):
    project = tmp_path / "thorough.gstudio"
    code, out, told = command(
        *("transcribe", recording.path, "--plan", "thorough", *HEARS, "-o", project, "--json")
    )
    assert code < 2, told
    assert json.loads(out)["engine"].count("Granite") == 3
    with Project.open(project, read_only=True) as found:
        document = found.history.document
        assert {heard.engine.name for heard in found.results().values()} == {
            *("Granite Speech 4.1", "Granite Speech 4.1 Plus", "Granite Speech 4.1 NAR")
        }
    assert "Granite Speech 4.1" in sources(document)
    pairs = proof.paired(recording.words, proof.words_of(document))
    assert proof.word_error_rate(pairs) < 0.2
    assert np.median(proof.time_errors(pairs)) < 0.06
    assert {speaker.name for speaker in document.speakers} >= {"Speaker 1", "Speaker 2"}
    assert all(segment.speaker for segment in document.segments)
    words = list(document.words())
    assert len(doubts(document)) <= max(1, round(0.02 * len(words)))
    assert len(document.findings) == len(set(document.findings))
    assert all(finding.message.endswith(".") for finding in document.findings)


def test_a_killed_plan_resumes_to_the_words_and_findings_of_an_uninterrupted_one(
    command, downloaded, recording, tmp_path
):
    whole, killed = tmp_path / "whole.gstudio", tmp_path / "killed.gstudio"
    asked = ("transcribe", recording.path, "--plan", "thorough", *HEARS)
    assert command(*asked, "-o", whole)[0] < 2
    with Project.open(whole, read_only=True) as found:
        windows = len(found.results())
    done = kill_after(windows // 2, killed, asked)
    assert 0 < done < windows
    assert command(*asked, "-o", killed)[0] < 2
    assert facts(killed) == facts(whole)


def test_the_plan_for_haste_has_no_speakers(command, downloaded, recording, tmp_path):
    out = tmp_path / "instant.json"
    code, _, told = command(
        "transcribe", recording.path, "--plan", "instant", *HEARS, "-o", out, "--end", 20
    )
    assert code < 2, told
    document = formats.load(out)
    assert sources(document) == {"Granite Speech 4.1 NAR"}
    assert document.speakers == ()


def test_a_plan_without_its_models_says_which_is_missing(command, recording, tmp_path):
    code, _, told = command(
        "transcribe", recording.path, "--plan", "thorough", "-o", tmp_path / "a.srt"
    )
    assert code == 2
    assert "Granite Speech 4.1 NAR needs its model" in told
    assert list(tmp_path.glob("*.srt")) == []


def test_a_plan_that_cannot_carry_speakers_says_so(command, recording, tmp_path):
    code, _, told = command(
        *("transcribe", recording.path, "--plan", "instant", "--carry-speakers"),
        *("-o", tmp_path / "a.srt"),
    )
    assert code == 2
    assert "The plan instant carries no speakers" in told


def test_each_channel_is_heard_as_one_person(command, downloaded, recording, tmp_path):
    media, out = tmp_path / "two channels.wav", tmp_path / "people.json"
    apart(recording, media)
    code, _, told = command(
        *("transcribe", media, "--plan", "instant", "--channels", "people", *HEARS, "-o", out)
    )
    assert code < 2, told
    document = formats.load(out)
    pairs = proof.paired(recording.words, proof.words_of(document))
    assert proof.word_error_rate(pairs) < 0.2
    assert {speaker.name for speaker in document.speakers} == {"Speaker 1", "Speaker 2"}
    assert proof.right_speakers(pairs) > 0.97
    starts = [segment.start for segment in document.segments]
    assert starts == sorted(starts)


def apart(recording, path):
    """The recording with each voice on a channel of its own."""
    sound, rate = soundfile.read(recording.path, dtype="float32")
    voices = sorted({word.speaker for word in recording.words})
    edges = [
        round(rate * (one.end + other.start) / 2)
        for one, other in zip(recording.words, recording.words[1:], strict=False)
    ]
    channels = np.zeros((len(sound), len(voices)), np.float32)
    bounds = [0, *edges, len(sound)]
    for word, first, last in zip(recording.words, bounds, bounds[1:], strict=False):
        channels[first:last, voices.index(word.speaker)] = sound[first:last]
    assert len(voices) == 2
    assert channels.any(axis=0).all()
    soundfile.write(path, channels, rate)
