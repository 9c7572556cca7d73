"""157 awkward, damaged and hostile files through one warm reader: each is read right or refused
with a sentence."""

import csv
import re

import pytest
from recordings import listen, loud_from

from granite_studio.core.errors import MediaError

REFUSED = {
    "made/header_only.wav": "no sound that can be decoded",
    "made/junk_before_riff.wav": "damaged or not a recording",
    "made/one_byte.mp3": "damaged or not a recording",
    "made/random_bytes.ogg": "damaged or not a recording",
    "made/text_named.wav": "damaged or not a recording",
    "made/truncated_no_moov.mp4": "damaged or not a recording",
    "made/video_without_audio.mp4": "has no sound",
    "made/wrong_rate_in_header.wav": "damaged or not a recording",
    "made/zero_bytes.wav": "is empty",
    "aeneas/mono.zero.wav": "no sound that can be decoded",
    "names/MORE_NAMES_TO_CREATE.txt": "damaged or not a recording",
    "mp4parse/bbb_sunflower_QCIF_30fps_mp4v_noaudio_1f.mp4": "has no sound",
    "pocketsphinx/awful.wav": "1092676 samples a second",
    "scipy/test-8000Hz-le-3ch-5S-53bit.wav": "holds sound of an unknown kind",
    "subtitleedit/sample_MP4_chapters.mp4": "has no sound",
    "taglib/no-tags.webm": "has no sound",
    "taglib/optimized.mkv": "has no sound",
    "tinytag/no_audio.ogg": "no sound that can be decoded",
    "tinytag/no_audio_data_uncompressed.wav": "no sound that can be decoded",
    "flac/faulty 11 - incorrect metadata block length.flac": "no sound that can be decoded",
}
"""Files that must be refused although another decoder opens them, and those made to be."""

READ_ANYWAY = {
    "flac/faulty 01 - wrong max blocksize.flac",
    "flac/uncommon 04 - changing bitdepth.flac",
}
"""Files that another decoder refuses and of which we keep what can be decoded, saying so."""

SPEECH_FROM_MS = {
    # The speech begins 72 ms into the clip that all are made of.
    "adts.aac": 136,  # nothing tells a player of the encoder's 64 ms
    "audio_starts_late.mkv": 2572,
    "dc_offset.wav": 0,
    "long_silence_then_speech.flac": 60_072,
    "rate_22050_8bit.wav": 45,  # its quantisation noise
    "transport_stream.ts": 136,
    "vbr_no_xing.mp3": 141,  # no header tells of the encoder's delay
    "video_mpeg4.avi": 141,
    "wma.wma": 104,
    "ten_ms.wav": None,
    "one_sample.wav": None,
    "silence_10s.wav": None,
    "sine_6s.mp3": 0,
    "very_quiet_-50dB.wav": None,
}

UNUSUALLY_LOUD = {"dc_offset.wav", "very_quiet_-50dB.wav"}

DURATION_MS = {
    "adts.aac": 11_072,
    "audio_starts_late.mkv": 13_508,
    "hole_in_the_middle.mp3": 10_479,
    "long_silence_then_speech.flac": 71_000,
    "one_sample.wav": 0,
    "silence_10s.wav": 10_000,
    "sine_6s.mp3": 6000,
    "ten_ms.wav": 10,
    "truncated.mp3": 6591,
    "truncated.ogg": 6032,
    "truncated_data.wav": 5499,
}


@pytest.fixture(scope="module")
def outcomes(shared_data, reader):
    """What came of each file: the sound and its end, or the sentence."""
    with (shared_data / "MANIFEST.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    found = {}
    for path, kind, *_, notes in rows[1:]:
        if kind == "badmedia":
            name = path.removeprefix("badmedia/")
            try:
                reader.probe(shared_data / path)
                found[name] = (*listen(reader, shared_data / path), notes)
            except MediaError as error:
                found[name] = (str(error), None, notes)
    return found


def made(outcomes):
    return {n.removeprefix("made/"): o for n, o in outcomes.items() if n.startswith("made/")}


def test_all_files_are_there(outcomes):
    assert len(outcomes) == 157


def test_refusals_are_one_sentence_that_names_the_file(outcomes):
    for name, (sentence, end, _) in outcomes.items():
        if end is None:
            assert re.fullmatch(r"“[^”]+” .+[^.]\.", sentence, re.DOTALL), sentence
            assert "Error" not in sentence
            assert "too much for the media reader" not in sentence, name


@pytest.mark.parametrize("name", REFUSED)
def test_what_holds_no_speech_is_refused(outcomes, name):
    sentence, end, _ = outcomes[name]
    assert end is None
    assert REFUSED[name] in sentence


def test_what_another_decoder_reads_is_read(outcomes):
    refused = {
        name
        for name, (_, end, notes) in outcomes.items()
        if end is None and ("5.1: ok]" in notes or "with warnings]" in notes)
    }
    assert refused <= set(REFUSED)


def test_what_another_decoder_refuses_is_refused_or_said_to_be_damaged(outcomes):
    read = {n: o[1] for n, o in outcomes.items() if o[1] and "ffmpeg refuses]" in o[2]}
    assert set(read) == READ_ANYWAY
    assert all(end.damaged for end in read.values())


def test_durations_are_those_of_the_sound(outcomes):
    for name, (_, end, _) in made(outcomes).items():
        if end is not None:
            assert end.duration_ms == pytest.approx(DURATION_MS.get(name, 11_000), abs=90), name


def test_speech_stands_where_a_player_shows_it(outcomes):
    for name, (samples, end, _) in made(outcomes).items():
        if end is not None:
            expected = SPEECH_FROM_MS.get(name, 72)
            begins = loud_from(samples)
            assert (begins is None) == (expected is None), name
            assert begins == expected or begins == pytest.approx(expected, abs=6), name


def test_speech_keeps_its_level_through_every_container_and_channel(outcomes):
    for name, (samples, end, notes) in made(outcomes).items():
        if end is not None and "same words" in notes and name not in UNUSUALLY_LOUD:
            assert 20_000 < np_abs(samples).max() < 26_000, name


def np_abs(samples):
    return abs(samples.astype(int))


def test_a_quiet_recording_is_left_as_it_is(outcomes):
    assert np_abs(made(outcomes)["very_quiet_-50dB.wav"][0]).max() < 110


def test_damage_is_counted_and_a_short_file_known(outcomes):
    facts = {
        name: (end.damaged > 0, end.is_short)
        for name, (_, end, _) in made(outcomes).items()
        if end is not None
    }
    assert {n: f for n, f in facts.items() if f != (False, False)} == {
        "bitflips.flac": (True, False),
        "hole_in_the_middle.mp3": (True, False),
        "truncated.mp3": (False, True),
    }


def test_all_awkward_names_are_read(outcomes):
    named = {n: o for n, o in outcomes.items() if n.startswith("names/") and n[-4:] == ".wav"}
    assert len(named) == 9
    assert {end.duration_ms for _, end, _ in named.values()} == {3000}
