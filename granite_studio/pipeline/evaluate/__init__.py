"""How far a transcript is from a reference: its words, its speakers, its times.

`evaluate` measures all that both sides carry, and says what it could not measure and why.
`wording` counts words and characters, `speakers` who said them, `times` when.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from granite_studio.core.document import Document, joined
from granite_studio.pipeline.evaluate.sides import Side
from granite_studio.pipeline.evaluate.speakers import (
    COLLAR,
    Diarisation,
    SpeakerWords,
    WrongSpeaker,
    diarisation,
    speaker_words,
    wrong_speaker,
)
from granite_studio.pipeline.evaluate.times import (
    MissingSpeech,
    WordTimes,
    missing_speech,
    time_error,
)
from granite_studio.pipeline.evaluate.wording import (
    Score,
    Token,
    answers,
    is_unspaced,
    normalised,
    score,
    score_characters,
    tokens_of,
)

__all__ = [
    "Evaluation",
    "Score",
    "Side",
    "evaluate",
    "score",
    "score_characters",
]

MOST_SPEAKERS = 50
"""More are no recording's speakers, and pairing them off would take too long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """All that was measured; None stands for what was not, and `not_measured` says why.

    `unit` says what the measures of words count: "word", or "character" where words have no
    spaces between them; there, `words` is None, since `characters` says the same.
    """

    language: str
    unit: str
    words: Score | None = None
    characters: Score | None = None
    speaker_words: SpeakerWords | None = None
    wrong_speaker: WrongSpeaker | None = None
    diarisation: Diarisation | None = None
    diarisation_forgiving: Diarisation | None = None
    word_times: WordTimes | None = None
    missing_speech: MissingSpeech | None = None
    not_measured: tuple[str, ...] = ()


def evaluate(
    hypothesis: Side, reference: Side, *, timed: Side | None = None, language: str = ""
) -> Evaluation:
    """Measure all that both sides carry.

    `timed` is where the true times of words stand, if not in the reference. `language` is taken
    from the sides where it is empty, and is English where they do not say either. Words stand in
    the order of their paragraphs. Raises `FormatError` when the reference holds no words.
    """
    tag = language or reference.language or hypothesis.language or "en"
    comparison = _Comparison(hypothesis, reference, timed or reference, tag)
    plain = not is_unspaced(tag)
    return Evaluation(
        language=tag,
        unit="word" if plain else "character",
        words=comparison.words() if plain else None,
        characters=comparison.characters(),
        speaker_words=comparison.speaker_words(),
        wrong_speaker=comparison.wrong_speaker(),
        diarisation=comparison.diarisation(0),
        diarisation_forgiving=comparison.diarisation(COLLAR),
        word_times=comparison.word_times(),
        missing_speech=comparison.missing_speech(),
        not_measured=tuple(f"{name}: {why}" for name, why in comparison.lacks.items()),
    )


@dataclass(frozen=True)
class _Comparison:
    """The measures, one by one; what cannot be measured is put into `lacks`, by its name."""

    hypothesis: Side
    reference: Side
    timed: Side
    language: str
    lacks: dict[str, str] = field(default_factory=dict)

    def words(self) -> Score | None:
        if not self._both("word errors", "has_words", "words"):
            return None
        return score(*self._texts(), language=self.language)

    def characters(self) -> Score | None:
        if not self._both("character errors", "has_words", "words"):
            return None
        return score_characters(*self._texts(), language=self.language)

    def speaker_words(self) -> SpeakerWords | None:
        name = "word errors by speaker"
        if not self._both(name, "has_voices", "speakers of words") or self._are_too_many(name):
            return None
        sides = (self.reference, self.hypothesis)
        return speaker_words(*(_by_voice(side, self.language) for side in sides))

    def wrong_speaker(self) -> WrongSpeaker | None:
        name = "words with the wrong speaker"
        if not self._both(name, "has_voices", "speakers of words") or self._are_too_many(name):
            return None
        expected, found = self.reference.voices, self.hypothesis.voices
        result = wrong_speaker(
            (expected[one.word], found[other.word]) for one, other in self._aligned
        )
        if result is None:
            self.lacks[name] = "no word of either side answers one of the other"
        return result

    def diarisation(self, collar: int) -> Diarisation | None:
        name = "diarisation"
        if not self._both(name, "has_turns", "times of speakers") or self._are_too_many(name):
            return None
        result = diarisation(self.reference.spoken, self.hypothesis.spoken, collar=collar)
        if result is None:
            name += f" with a collar of {collar} ms" if collar else ""
            self.lacks[name] = f"{self.reference.name} has no speech left to count"
        return result

    def word_times(self) -> WordTimes | None:
        name = "times of words"
        for side in (self.timed, self.hypothesis):
            if not side.has_word_times:
                self.lacks[name] = f"{side.name} carries no times of words"
                return None
        starts, ends = [], []
        for one, other in self._aligned_in_time:
            expected, found = self.timed.words[one.word], self.hypothesis.words[other.word]
            if one.text != other.text or expected.estimated:
                continue
            if one.first and other.first:
                starts.append(found.start - expected.start)
            if one.last and other.last:
                ends.append(found.end - expected.end)
        if not starts and not ends:
            self.lacks[name] = "no word is the same on both sides"
            return None
        return WordTimes(time_error(starts), time_error(ends))

    def missing_speech(self) -> MissingSpeech | None:
        name = "missing speech"
        reference = self.reference if self.reference.has_times else self.timed
        if not reference.has_times:
            self.lacks[name] = f"{reference.name} carries no times"
            return None
        if not (self.hypothesis.has_words and self.hypothesis.has_times):
            self.lacks[name] = f"{self.hypothesis.name} carries no words with times"
            return None
        return missing_speech(
            ((start, end) for start, end, _ in reference.spoken),
            ((word.start, word.end) for word in self.hypothesis.words),
        )

    @cached_property
    def _aligned(self) -> list[tuple[Token, Token]]:
        return _answering(self.reference, self.hypothesis, self.language)

    @property
    def _aligned_in_time(self) -> list[tuple[Token, Token]]:
        if self.timed is self.reference:
            return self._aligned
        return _answering(self.timed, self.hypothesis, self.language)

    def _texts(self) -> tuple[str, str]:
        return _text(self.reference), _text(self.hypothesis)

    def _both(self, measure: str, need: str, what: str) -> bool:
        """Whether both sides have this property; the first that lacks it is named."""
        for side in (self.reference, self.hypothesis):
            if not getattr(side, need):
                self.lacks[measure] = f"{side.name} carries no {what}"
                return False
        return True

    def _are_too_many(self, measure: str) -> bool:
        for side in (self.reference, self.hypothesis):
            count = len({*side.voices, *(label for *_, label in side.spoken)})
            if count > MOST_SPEAKERS:
                self.lacks[measure] = f"{side.name} has {count} speakers, {MOST_SPEAKERS} at most"
                return True
        return False


def _answering(reference: Side, hypothesis: Side, language: str) -> list[tuple[Token, Token]]:
    expected, found = (
        tokens_of((word.text for word in side.words), language) for side in (reference, hypothesis)
    )
    places = answers([token.text for token in expected], [token.text for token in found])
    return [(expected[one], found[other]) for one, other in places]


def _text(side: Side) -> str:
    return "\n".join(segment.text for segment in side.document or Document())


def _by_voice(side: Side, language: str) -> Mapping[str, Sequence[str]]:
    """The normalised words of each speaker, all that one says put together."""
    texts: dict[str, list[str]] = {}
    for word, voice in zip(side.words, side.voices, strict=True):
        texts.setdefault(voice, []).append(word.text)
    return {voice: normalised(joined(said), language) for voice, said in texts.items()}
