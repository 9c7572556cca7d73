"""What the audit finds in a text, each on a picture small enough to see."""

import pytest

from granite_studio.core.audit import (
    CUT_OFF,
    LOOP,
    NO_SPEECH,
    PACE,
    audit,
    needs_retry,
    trouble_ms,
    unheard,
)
from granite_studio.core.document import Finding, Span
from granite_studio.core.heard import HeardWord

WINDOW = Span(0, 30_000)
ALL = (Span(0, 30_000),)


def said(text, start=0, *, each=400, gap=100):
    """Words one after the other, each lasting so long."""
    return [
        HeardWord(word, start + at * (each + gap), start + at * (each + gap) + each)
        for at, word in enumerate(text.split())
    ]


def found(words, speech=None, language="en", span=WINDOW):
    """Kinds and times; the speech ends with the words where nothing else is said."""
    end = max((word.end for word in words), default=0)
    speech = (Span(0, end),) if speech is None else speech
    return [
        (f.kind, f.span.start, f.span.end) for f in audit(speech, words, span, language=language)
    ]


def test_a_plain_sentence_has_no_finding():
    assert found(said("good morning and welcome to the harbour museum")) == []


def test_a_window_without_words_has_no_finding_as_its_speech_is_marked():
    assert found([], ALL) == []


def test_text_where_nobody_speaks_may_be_invented():
    words = said("thank you for watching", 10_000)
    assert found(words, (Span(0, 5000),)) == [(NO_SPEECH, 10_000, 11_900)]


def test_a_word_just_beside_the_speech_is_not_invented():
    speech = (Span(1000, 5000), Span(9000, 9500))
    words = [HeardWord("so", 200, 850), *said("we went on", 5100)]
    assert found(words, speech) == []


def test_a_short_word_over_silence_is_not_worth_a_look():
    assert found([HeardWord("hm", 10_000, 10_900)], (Span(0, 5000),)) == []


def test_words_over_silence_far_from_one_another_are_judged_apart():
    words = [HeardWord("hm", 10_000, 10_600), HeardWord("hm", 12_000, 12_600)]
    assert found(words, (Span(0, 5000),)) == []


def test_a_whole_sentence_in_a_second_cannot_be_said():
    text = "this is a rather long sentence which nobody in the world can say within a second"
    assert found(said(text, 2000, each=50, gap=10)) == [(PACE, 2060, 2950)]


def test_the_fastest_speech_of_real_meetings_is_believed():
    text = "so what I wanted to say about the remote control is that it should be cheap really"
    assert found(said(text, each=140, gap=10)) == []


def test_a_few_short_words_at_one_moment_are_believed():
    assert found(said("you know I mean", each=10, gap=0)) == []


def test_a_word_that_lasts_for_seconds_hides_others():
    words = [*said("and then"), HeardWord("the", 1000, 5200), *said("end", 5300)]
    assert found(words) == [(PACE, 1000, 5200)]


@pytest.mark.parametrize("text", ["1,234,567", "Donaudampfschifffahrtsgesellschaft", "sooooo"])
def test_long_numbers_compounds_and_drawled_words_take_their_time(text):
    assert found([HeardWord(text, 1000, 3900)]) == []
    assert len(found([HeardWord(text, 1000, 20_000)])) == 1


def test_japanese_is_measured_by_its_signs():
    calm = [HeardWord("本日は", 0, 500), HeardWord("港の博物館へ", 500, 1300)]
    assert found(calm, language="ja") == []
    rushed = [HeardWord("本日は港の博物館へようこそお越しくださいました", 0, 500)] * 2
    assert found(rushed, language="ja-JP") == [(PACE, 0, 500)]
    assert found([HeardWord("え", 0, 4000)], language="ja") == [(PACE, 0, 4000)]


def test_a_phrase_over_and_over_is_a_loop():
    words = [*said("he said"), *said("I do not know. " * 4, 1000), *said("and left", 10_000)]
    assert found(words) == [(LOOP, 1000, 8900)]


def test_case_and_punctuation_do_not_hide_a_loop():
    assert found(said("Thank you. thank you, Thank you thank you!")) == [(LOOP, 0, 3900)]


def test_of_a_loop_the_shortest_phrase_is_told_once():
    (finding,) = audit((Span(0, 27_000),), said("ja " * 54), WINDOW, language="de")
    assert finding.message == "The same words come 54 times in a row here; hear if they do."


@pytest.mark.parametrize(
    "text",
    ["no no no no no", "ha ha ha ha ha ha ha", "never again " * 3, "a b c d e f g h i " * 4],
)
def test_what_people_do_repeat_is_no_loop(text):
    assert found(said(text)) == []


def test_eight_words_are_the_longest_phrase_of_a_loop():
    assert found(said("a b c d e f g h " * 4, each=200)) == [(LOOP, 0, 9500)]


def test_japanese_loops_are_found_inside_words():
    words = [HeardWord("ありがとうございます。" * 5, 0, 6000)]
    assert found(words, language="ja") == [(LOOP, 0, 6000)]
    assert found([HeardWord("そうそうそうそう", 0, 1000)], language="ja") == []


def test_text_that_stops_before_the_speech_does_is_cut_off():
    speech = (Span(0, 4000), Span(5000, 7000), Span(8000, 12_000))
    assert found(said("it goes on"), speech) == [(CUT_OFF, 1400, 12_000)]
    assert found(said("it goes on", 9500), speech) == []


def test_speech_behind_the_window_is_another_windows():
    assert found(said("it goes on", 6000), ALL, span=Span(0, 8000)) == []


def test_words_of_other_windows_are_not_judged():
    words = said("thank you for watching", 40_000)
    assert found(words, (Span(0, 5000),)) == []


def test_findings_come_in_order_of_time_with_a_plain_sentence():
    words = [*said("word " * 10, 9000), *said("thank you for watching", 20_000)]
    findings = audit((Span(0, 14_000),), words[::-1], WINDOW, language="en")
    assert [f.kind for f in findings] == [LOOP, NO_SPEECH]
    assert all(f.message.endswith(".") for f in findings)


@pytest.mark.parametrize(
    ("words", "missed"),
    [
        ([], (Span(1000, 9000),)),
        ([(1000, 8900)], ()),
        ([(1000, 2000), (6000, 9000)], (Span(2000, 6000),)),
        ([(0, 500), (9500, 9900)], (Span(1000, 9000),)),
        ([(2000, 8000)], ()),
        ([(4000, 4500)], (Span(1000, 4000), Span(4500, 9000))),
        ([(4000, 8000), (4500, 5000)], (Span(1000, 4000),)),
        ([(8000, 9000), (0, 7000)], ()),
    ],
)
def test_speech_that_no_word_covers_is_found(words, missed):
    spoken = [HeardWord("w", start, end) for start, end in words]
    assert unheard((Span(1000, 9000),), spoken) == missed


def test_each_stretch_of_speech_is_looked_at():
    words = [HeardWord("w", 0, 4200), HeardWord("w", 20_000, 20_500)]
    speech = (Span(0, 2000), Span(4000, 7000), Span(9000, 9500), Span(20_000, 23_000))
    assert unheard(speech, words) == (Span(4200, 7000), Span(20_500, 23_000))


def test_a_window_is_heard_again_for_loops_inventions_or_much_that_is_missing():
    loop = Finding(LOOP, Span(0, 4000), "")
    assert needs_retry([loop], [])
    assert needs_retry([], [Span(0, 1600), Span(5000, 6600)])
    assert not needs_retry([], [Span(0, 1600)])
    assert not needs_retry([Finding("doubt", Span(0, 9000), "")], [])


def test_trouble_counts_every_moment_once():
    loop = Finding(LOOP, Span(1000, 4000), "")
    doubt = Finding("doubt", Span(0, 9000), "")
    assert trouble_ms([loop, doubt], [Span(3000, 6000), Span(8000, 9000)]) == 6000
    assert trouble_ms([], []) == 0
