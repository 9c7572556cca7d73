"""Speaks the sample interview with flite, and writes down when each word is said.

    sudo apt-get install flite
    .venv/bin/python packaging/make_sample.py

reads `tests/data/sample/script.txt` and writes `resources/samples/interview.flac` (16 kHz, mono)
and, for the tests alone, its turns and word times beside the script. The times are flite's own:
it places every sound itself, so they are exact to its frame of 5 ms. The same script and seed give
the same files, byte for byte but for the encoder's version.
"""

from __future__ import annotations

import ctypes
import json
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

ROOT = Path(__file__).resolve().parents[1]
TRUTH = ROOT / "tests" / "data" / "sample"
SOUND = ROOT / "resources" / "samples" / "interview.flac"
NAME = "interview"
RATE = 16_000
SEED = 1852
VOICES = {"HELEN": "slt", "THOMAS": "rms"}
SLOWNESS = 1.08  # an interview is slower than a reading

LEAD_IN_S = 0.6
LEAD_OUT_S = 1.0
TURN_PAUSE_S = (0.4, 1.2)
SENTENCE_PAUSE_S = (0.25, 0.5)
BREATH_S = 0.06  # what is kept of flite's own silence around a sentence, so that no sound is cut
SPEECH_RMS = 0.07
ROOM_RMS = 0.0003  # a room is never digitally silent

FIRST_SOUND = b"R:SylStructure.daughter1.daughter1.R:Segment.p.end"
LAST_SOUND = b"R:SylStructure.daughtern.daughtern.R:Segment.end"

Samples = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Word:
    """A word as written in the script, with its times in seconds."""

    text: str
    start: float
    end: float
    speaker: str = ""


@dataclass(frozen=True, slots=True)
class Spoken:
    """One sentence: its sound, and its words timed from the sound's beginning."""

    samples: Samples
    words: tuple[Word, ...]


class _Wave(ctypes.Structure):
    _fields_ = (
        ("type", ctypes.c_char_p),
        ("rate", ctypes.c_int),
        ("count", ctypes.c_int),
        ("channels", ctypes.c_int),
        ("samples", ctypes.POINTER(ctypes.c_short)),
    )


class _Voice(ctypes.Structure):
    _fields_ = (("name", ctypes.c_char_p), ("features", ctypes.c_void_p))


class Flite:
    """The flite library, as far as it is needed here."""

    def __init__(self) -> None:
        for name in ("usenglish", "cmulex"):
            ctypes.CDLL(f"libflite_{name}.so.1", mode=ctypes.RTLD_GLOBAL)
        self._library = ctypes.CDLL("libflite.so.1", mode=ctypes.RTLD_GLOBAL)
        pointer, text = ctypes.c_void_p, ctypes.c_char_p
        for name, result, arguments in (
            ("flite_synth_text", pointer, (text, pointer)),
            ("utt_relation", pointer, (pointer, text)),
            ("relation_head", pointer, (pointer,)),
            ("item_next", pointer, (pointer,)),
            ("item_parent", pointer, (pointer,)),
            ("item_as", pointer, (pointer, text)),
            ("ffeature_string", text, (pointer, text)),
            ("ffeature_float", ctypes.c_float, (pointer, text)),
            ("utt_wave", pointer, (pointer,)),
            ("flite_feat_set_float", None, (pointer, text, ctypes.c_float)),
            ("delete_utterance", None, (pointer,)),
        ):
            function = getattr(self._library, name)
            function.restype, function.argtypes = result, arguments
        self._library.flite_init()
        self._voices = {name: self._voice(name) for name in set(VOICES.values())}

    def _voice(self, name: str) -> int:
        register = getattr(ctypes.CDLL(f"libflite_cmu_us_{name}.so.1"), f"register_cmu_us_{name}")
        register.restype, register.argtypes = ctypes.c_void_p, (ctypes.c_char_p,)
        return int(register(None))

    def say(self, sentence: str, voice: str, slowness: float = SLOWNESS) -> Spoken:
        """Speak one sentence. The words are the sentence's, parted at spaces."""
        library = self._library
        features = _Voice.from_address(self._voices[voice]).features
        library.flite_feat_set_float(features, b"duration_stretch", slowness)
        utterance = library.flite_synth_text(sentence.encode(), self._voices[voice])
        try:
            wave = _Wave.from_address(library.utt_wave(utterance))
            if (wave.rate, wave.channels) != (RATE, 1):
                raise ValueError(f"the voice speaks at {wave.rate} Hz, not {RATE}")
            samples = np.array(wave.samples[: wave.count], dtype=np.float64) / 32768
            sounds = self._sounds(utterance)
        finally:
            library.delete_utterance(utterance)
        written = sentence.split()
        if [token for token, _, _ in sounds] != [re.sub(r"[.,?!]+$", "", w) for w in written]:
            raise ValueError(f"flite read other words than are written: {sentence}")
        words = (Word(w, start, end) for w, (_, start, end) in zip(written, sounds, strict=True))
        return Spoken(samples, tuple(words))

    def _sounds(self, utterance: int) -> list[tuple[str, float, float]]:
        """Each written token with the time its first sound begins and its last one ends."""
        library = self._library
        found: dict[int, tuple[str, float, float]] = {}
        item = library.relation_head(library.utt_relation(utterance, b"Word"))
        while item:
            token = library.item_parent(library.item_as(item, b"Token"))
            text = library.ffeature_string(token, b"name").decode()
            start, end = (library.ffeature_float(item, path) for path in (FIRST_SOUND, LAST_SOUND))
            # "name's" is two words to flite and one to a reader
            found[token] = (text, found[token][1] if token in found else start, end)
            item = library.item_next(item)
        return list(found.values())


def turns(script: str) -> list[tuple[str, list[str]]]:
    """The script's lines as (speaker, sentences)."""
    return [
        (speaker, re.split(r"(?<=[.?!]) ", text))
        for speaker, text in (line.split(": ", 1) for line in script.splitlines() if line)
    ]


def trimmed(spoken: Spoken) -> Spoken:
    """Without most of the silence that flite puts around a sentence, at the common loudness."""
    first = max(0, round((spoken.words[0].start - BREATH_S) * RATE))
    last = round((spoken.words[-1].end + BREATH_S) * RATE)
    samples = spoken.samples[first:last]
    loudness = float(np.sqrt(np.mean(np.square(samples))))
    offset = first / RATE
    words = (Word(w.text, w.start - offset, w.end - offset) for w in spoken.words)
    return Spoken(samples * (SPEECH_RMS / loudness), tuple(words))


def interview(script: str) -> tuple[Samples, list[Word]]:
    """The whole conversation: its sound, and its words timed from the beginning."""
    flite, chance = Flite(), np.random.default_rng(SEED)
    pieces: list[Samples] = []
    words: list[Word] = []
    at = round(LEAD_IN_S * RATE)
    for number, (speaker, sentences) in enumerate(turns(script)):
        for index, sentence in enumerate(sentences):
            if number or index:
                pause = chance.uniform(*(SENTENCE_PAUSE_S if index else TURN_PAUSE_S))
                at += round((pause - 2 * BREATH_S) * RATE)
            spoken = trimmed(flite.say(sentence, VOICES[speaker]))
            start = at / RATE
            words += (Word(w.text, w.start + start, w.end + start, speaker) for w in spoken.words)
            pieces.append(np.zeros(at - sum(map(len, pieces))))
            pieces.append(spoken.samples)
            at += len(spoken.samples)
    pieces.append(np.zeros(round(LEAD_OUT_S * RATE)))
    sound = np.concatenate(pieces)
    return sound + chance.normal(0, ROOM_RMS, len(sound)), words


def plain(word: str) -> str:
    """A word as reference lists have it: lower case, without punctuation."""
    return re.sub(r"[^\w']", "", word).lower()


def main() -> None:
    """Write the sound and its truth."""
    import soundfile

    script = (TRUTH / "script.txt").read_text(encoding="utf-8")
    sound, words = interview(script)
    SOUND.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(SOUND, sound, RATE, format="FLAC", subtype="PCM_16", compression_level=1.0)
    ctm = (f"{NAME} 1 {w.start:.3f} {w.end - w.start:.3f} {plain(w.text)}\n" for w in words)
    (TRUTH / f"{NAME}.ctm").write_text("".join(ctm), encoding="utf-8")
    rows = [
        {"w": w.text, "start": round(w.start, 3), "end": round(w.end, 3), "speaker": w.speaker}
        for w in words
    ]
    listed = ",\n".join(json.dumps(row) for row in rows)
    (TRUTH / f"{NAME}.words.json").write_text(
        f'{{"audio": "{NAME}", "words": [\n{listed}\n]}}\n', encoding="utf-8"
    )
    (TRUTH / f"{NAME}.rttm").write_text(rttm(script, words), encoding="utf-8")
    print(f"{SOUND.name}: {len(sound) / RATE:.1f} s, {len(words)} words")


def rttm(script: str, words: list[Word]) -> str:
    """The turns, from a turn's first word to its last."""
    lines, at = [], 0
    for speaker, sentences in turns(script):
        count = len(" ".join(sentences).split())
        start, end = words[at].start, words[at + count - 1].end
        lines.append(
            f"SPEAKER {NAME} 1 {start:.3f} {end - start:.3f} <NA> <NA> {speaker} <NA> <NA>\n"
        )
        at += count
    return "".join(lines)


if __name__ == "__main__":
    main()
