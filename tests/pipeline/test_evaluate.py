"""Words, speakers and times against a reference, on literals small enough to count by hand."""

from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from granite_studio import formats
from granite_studio.core.document import Document, Segment, Speaker, Word
from granite_studio.core.errors import FormatError
from granite_studio.formats import rttm
from granite_studio.pipeline.evaluate import Score, Side, evaluate, score, score_characters
from granite_studio.pipeline.evaluate.matching import best_pairs
from granite_studio.pipeline.evaluate.speakers import (
    Diarisation,
    SpeakerWords,
    Turn,
    WrongSpeaker,
    diarisation,
    speaker_words,
    wrong_speaker,
)
from granite_studio.pipeline.evaluate.times import (
    MissingSpeech,
    TimeError,
    missing_speech,
    time_error,
)


def document(*parts: tuple[str, str, int], estimated: bool = False) -> Document:
    """Paragraphs of a speaker, words of 400 ms each, 500 ms apart, and a start."""
    names = {name: number for number, name in enumerate((p[0] for p in parts if p[0]), start=1)}
    segments = tuple(
        Segment(
            100 * row,
            tuple(
                Word(100 * row + n, text, start + 500 * n, start + 500 * n + 400, None, "x")
                if not estimated
                else Word(100 * row + n, text, start, start, estimated=True)
                for n, text in enumerate(said.split(), start=1)
            ),
            names.get(name),
        )
        for row, (name, said, start) in enumerate(parts, start=1)
    )
    speakers = tuple(Speaker(number, name) for name, number in names.items())
    return Document(segments, speakers, next_id=9999)


def side(*parts: tuple[str, str, int], estimated: bool = False, timed: bool = True) -> Side:
    return Side(name="x.ctm", document=document(*parts, estimated=estimated), is_timed=timed)


def rate(found: Score | SpeakerWords | WrongSpeaker | Diarisation | None) -> float:
    assert found is not None
    return found.rate


def test_words_are_counted_after_normalising() -> None:
    counted = score("The roof can't cost $60,000!", "uh the roof may not cost 60,000 dollars")

    assert counted == Score(1 / 6, 6, 5, 1, 0, 0)


@pytest.mark.parametrize(
    ("language", "reference", "hypothesis", "errors", "total"),
    [
        ("de", "Über Straßen, gehen.", "über strassen gehen", 1, 3),
        ("ja", "東京に行く。", "東京へ行く", 1, 5),
        ("zh-TW", "我 在 台北", "我再台北", 1, 4),
    ],
)
def test_what_counts_as_a_word_depends_on_the_language(
    language: str, reference: str, hypothesis: str, errors: int, total: int
) -> None:
    counted = score(reference, hypothesis, language=language)

    assert (counted.substitutions, counted.total) == (errors, total)


def test_characters_are_counted_with_the_space_between_words() -> None:
    counted = score_characters("to the quay", "to the key")

    assert (counted.substitutions, counted.deletions, counted.total) == (2, 1, 11)


def test_a_reference_without_words_is_refused() -> None:
    with pytest.raises(FormatError, match="The reference holds no words"):
        score("(coughs) uh", "so")


@given(
    st.dictionaries(
        st.tuples(st.sampled_from("abcde"), st.sampled_from("vwxyz")), st.integers(0, 9)
    )
)
def test_the_best_pairs_are_those_of_trying_all(gains: dict[tuple[str, str], int]) -> None:
    best = max(
        sum(gains.get(pair, 0) for pair in zip("abcde", order, strict=True))
        for order in permutations("vwxyz")
    )

    pairs = best_pairs(gains)

    assert sum(gains[pair] for pair in pairs.items()) == best
    assert len(set(pairs.values())) == len(pairs)


def test_words_by_speaker_are_compared_under_the_best_pairs() -> None:
    reference = {
        "HOST": ["welcome", "to", "tideline", "who", "paid"],
        "ENGINEER": ["the", "fund", "gave", "half"],
    }
    hypothesis = {
        "A": ["the", "fund", "gave"],
        "B": ["welcome", "to", "tide", "line", "who", "paid"],
        "C": ["half"],
    }

    # As meeteval 0.4.3 counts: 1 substituted, 1 missing, 2 added.
    assert speaker_words(reference, hypothesis) == SpeakerWords(
        4 / 9, 4, 9, {"ENGINEER": "A", "HOST": "B"}
    )


def test_aligned_words_of_the_wrong_speaker_are_counted_under_the_best_pairs() -> None:
    aligned = [*([("anna", "2")] * 5), ("anna", "1"), *([("tom", "1")] * 3), ("tom", "")]

    assert wrong_speaker(aligned) == WrongSpeaker(0.2, 2, 10)
    assert wrong_speaker([]) is None


REFERENCE: list[Turn] = [(0, 4000, "anna"), (3000, 6000, "tom"), (8000, 10_000, "anna")]
HYPOTHESIS: list[Turn] = [(0, 3500, "1"), (3500, 7000, "2"), (8500, 9000, "2")]


def test_diarisation_errors_are_missed_false_and_confused_speech() -> None:
    # Missed: one of two at 3-4 s, and 8-8.5 and 9-10 s. False: 6-7 s. Confused: 8.5-9 s.
    assert diarisation(REFERENCE, HYPOTHESIS) == Diarisation(
        (2500 + 1000 + 500) / 9000, 9000, 2500, 1000, 500
    )


def test_a_collar_forgives_what_is_near_the_boundaries_of_the_reference() -> None:
    # Left: 250-2750 anna, 3250-3750 both, 4250-5750 tom, 8250-9750 anna; nobody 6250-7750.
    assert diarisation(REFERENCE, HYPOTHESIS, collar=250) == Diarisation(
        (500 + 250 + 750 + 750 + 500) / 6500, 6500, 1500, 750, 500
    )


def test_nothing_to_diarise_is_nothing() -> None:
    assert diarisation([], HYPOTHESIS) is None
    assert diarisation([(0, 400, "anna")], HYPOTHESIS, collar=250) is None
    assert diarisation(REFERENCE, []) == Diarisation(1.0, 9000, 9000, 0, 0)


def turns_in(path: Path) -> list[Turn]:
    return Side(name=path.name, turns=rttm.read_turns(formats.source(path))).spoken


@pytest.mark.parametrize(
    ("reference", "hypothesis", "collar", "error", "parts"),
    [
        ("ami_EN2004a_0-30s", "ami_EN2004a_0-30s.only_words", 0, 0.069339, (26046, 1806, 0, 0)),
        ("ami_EN2004a_0-30s", "ami_EN2004a_0-30s.only_words", 250, 0.013802, (20576, 284, 0, 0)),
        ("ami_EN2001a_0-30s", "ami_EN2006a_0-30s", 0, 1.049383, (23348, 14874, 7029, 2598)),
        ("ami_EN2001a_0-30s", "ami_EN2006a_0-30s", 250, 1.057935, (12186, 7460, 4481, 951)),
        ("pyannote_sample", "ami_ES2003a_0-30s", 0, 0.678234, (24350, 2715, 6862, 6938)),
        ("pyannote_sample", "ami_ES2003a_0-30s", 250, 0.746756, (16340, 872, 6056, 5274)),
    ],
)
def test_diarisation_is_what_pyannote_metrics_says(
    shared_data: Path,
    reference: str,
    hypothesis: str,
    collar: int,
    error: float,
    parts: tuple[int, ...],
) -> None:
    """Figures of pyannote.metrics 4.2.0, whose collar is both sides together."""
    folder = shared_data / "diarization"

    found = diarisation(
        turns_in(folder / f"{reference}.rttm"),
        turns_in(folder / f"{hypothesis}.rttm"),
        collar=collar,
    )

    assert found is not None
    assert (found.speech_ms, found.missed_ms, found.false_alarm_ms, found.confused_ms) == parts
    assert found.rate == pytest.approx(error, abs=1e-6)


def test_time_errors_are_summed_up() -> None:
    sizes = [0, 10, -20, 30, 40, 60, -90, 110, 150, 1000]

    assert time_error(sizes) == TimeError(10, 151.0, 50.0, 150, 0.5, 0.7, 0.9)
    assert time_error([]) is None


def test_speech_is_missing_where_no_word_lies() -> None:
    speech = [(0, 2000), (2300, 6000), (9000, 9400), (20_000, 21_000)]
    words = [(500, 900), (800, 1500), (1900, 3100), (5000, 5200), (20_900, 21_500)]

    # 3.1-5 s is a second and more, 9-9.4 s a whole stretch; the rest is short.
    assert missing_speech(speech, words) == MissingSpeech(2300, 2, 7400)
    assert missing_speech(speech, []) == MissingSpeech(7400, 3, 7400)


def test_a_transcript_against_itself_has_no_error() -> None:
    said = side(("anna", "who paid the rest", 0), ("tom", "I don't know", 2500))

    found = evaluate(said, said)

    assert found.not_measured == ()
    assert rate(found.words) == 0
    assert rate(found.characters) == 0
    assert found.speaker_words == SpeakerWords(0, 0, 8, {"anna": "anna", "tom": "tom"})
    assert found.wrong_speaker == WrongSpeaker(0, 0, 8)
    assert rate(found.diarisation) == 0
    assert found.word_times is not None
    assert found.word_times.ends == TimeError(7, 0, 0, 0, 1, 1, 1)
    assert found.missing_speech == MissingSpeech(0, 0, 3300)


def test_times_are_those_of_words_that_are_the_same() -> None:
    found = evaluate(
        side(("", "who paid a rest it's", 30)), side(("", "who paid the rest it is", 0))
    )

    assert found.word_times is not None
    # "who", "paid" and "rest"; "it's" starts like "it" and ends like "is".
    assert found.word_times.starts == TimeError(4, 30, 30, 30, 1, 1, 1)
    assert found.word_times.ends is not None
    assert (found.word_times.ends.words, found.word_times.ends.within_50) == (4, 0.75)


def test_japanese_words_cut_otherwise_are_compared_by_their_edges() -> None:
    found = evaluate(side(("", "東京 に", 0)), side(("", "東 京に", 0)), language="ja")

    assert (found.unit, found.words) == ("character", None)
    assert rate(found.characters) == 0
    assert found.word_times is not None
    assert found.word_times.starts == TimeError(1, 0, 0, 0, 1, 1, 1)


def test_what_a_side_does_not_carry_is_named() -> None:
    text = Side(name="a.txt", document=document(("", "who paid", 0)), is_timed=False)
    cues = Side(name="b.srt", document=document(("anna", "who paid", 0), estimated=True))

    found = evaluate(text, cues)

    assert rate(found.words) == 0
    assert found.not_measured == (
        "word errors by speaker: a.txt carries no speakers of words",
        "words with the wrong speaker: a.txt carries no speakers of words",
        "diarisation: a.txt carries no times of speakers",
        "times of words: b.srt carries no times of words",
        "missing speech: a.txt carries no words with times",
    )


def test_speakers_of_the_reference_may_come_from_a_file_of_turns() -> None:
    from pyannote.core import Annotation
    from pyannote.core import Segment as Stretch

    turns = Annotation()
    turns[Stretch(0, 1.5)] = "anna"
    turns[Stretch(1.3, 2.9)] = "tom"
    reference = Side(name="a.ctm", document=document(("", "who paid I did", 0)), turns=turns)

    found = evaluate(side(("A", "who paid", 0), ("B", "I did", 1000)), reference)

    assert reference.voices == ("anna", "anna", "tom", "tom")
    assert found.wrong_speaker == WrongSpeaker(0, 0, 4)


def test_so_many_speakers_are_not_paired_off() -> None:
    crowd = side(*((f"s{n}", "so", 1000 * n) for n in range(51)))

    found = evaluate(crowd, crowd)

    assert found.speaker_words is None
    assert "diarisation: x.ctm has 51 speakers, 50 at most" in found.not_measured


REFERENCES = (
    *("ami_EN2001a_0-30s", "ami_EN2001d_0-30s", "ami_EN2001e_0-30s", "ami_EN2002b_0-30s"),
    *("ami_EN2004a_0-30s", "ami_EN2006a_0-30s", "ami_ES2003a_0-30s", "en_assembled_3spk_a"),
    *("harbour_festival_a", "harbour_interview_a", "pyannote_sample"),
)


@pytest.mark.parametrize("name", REFERENCES)
def test_a_reference_of_a_corpus_against_itself_has_no_error(shared_data: Path, name: str) -> None:
    folder = shared_data / "diarization"
    read = formats.load(folder / f"{name}.stm")
    assert isinstance(read, Document)
    turns = rttm.read_turns(formats.source(folder / f"{name}.rttm"))
    reference = Side(name=name, document=read, turns=turns)

    found = evaluate(reference, reference)

    assert rate(found.words) == 0
    assert rate(found.speaker_words) == 0
    assert rate(found.wrong_speaker) == 0
    assert rate(found.diarisation) == 0
