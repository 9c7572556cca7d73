"""What Plus writes, and what it might write, as turns and as timed words."""

import difflib
import itertools
import json
import re
import statistics

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from granite_studio.engines.granite.tags import SpeakerTurn, timed, turns


def times(text, duration_s=30.0):
    return [(w.text, w.start_s, w.end_s) for w in timed(text, duration_s=duration_s).words]


def said(text):
    return [(turn.speaker, turn.text) for turn in turns(text)]


def test_each_speaker_tag_begins_a_turn():
    assert turns("[Speaker 1]: Hello how are you [Speaker 2]: I'm fine [Speaker 1]: Good") == (
        SpeakerTurn(1, "Hello how are you"),
        SpeakerTurn(2, "I'm fine"),
        SpeakerTurn(1, "Good"),
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("  \n ", []),
        ("no tags at all", [(None, "no tags at all")]),
        ("well [Speaker 1]: yes", [(None, "well"), (1, "yes")]),
        ("[Speaker 1]: [Speaker 2]: yes [Speaker 1]:", [(2, "yes")]),
        ("[Speaker 12]: yes", [(12, "yes")]),
        ("[speaker 1] : yes", [(1, "yes")]),
        ("[ Speaker1 ]yes", [(1, "yes")]),
        ("[Speaker 1: yes", [(1, "yes")]),
        ("[Speaker]: yes", [(None, "yes")]),
        ("[Speaker 99999999999]: yes", [(None, "yes")]),
        ("[Speaker 1]: one [Speaker 1]: two", [(1, "one two")]),
        ("[Speaker 1]: one [Speaker 2]: [Speaker 1]: two", [(1, "one two")]),
        ("[Speaker 1]: hel[Speaker 2]: lo", [(1, "hel"), (2, "lo")]),
        ("[Speaker 1]: yes [Speak", [(1, "yes")]),
        ("[Speaker 1]: yes [Speaker 2", [(1, "yes")]),
        ("[Speaker 1]: yes [", [(1, "yes")]),
        ("[Speaker 1]: yes [laughs]", [(1, "yes [laughs]")]),
        ("[Speaker 1]: [Tom] and [Speakers of it]", [(1, "[Tom] and [Speakers of it]")]),
        ("[Speaker 1]: _ [T:30] yes[T:50]sir [T:9", [(1, "yes sir")]),
    ],
)
def test_malformed_speaker_tags_lose_no_word(text, expected):
    assert said(text) == expected


def test_a_word_starts_where_the_tag_before_it_stands():
    assert times("_ [T:30] and [T:57] so [T:95]", 1.0) == [("and", 0.3, 0.57), ("so", 0.57, 0.95)]


def test_tags_count_on_over_ten_seconds():
    text = "_ [T:980] fellow [T:12] _ [T:990] americans [T:60]"
    assert times(text) == [("fellow", 9.8, 10.12), ("americans", 19.9, 20.6)]


def test_tags_may_run_together_and_count_past_ten_seconds():
    text = "_[T:7900]if[T:7962]you[T:7970]do[T:990]"
    assert times(text, 80.0) == [
        ("if", 79.0, 79.62),
        ("you", 79.62, 79.7),
        ("do", 79.7, 79.9),
    ]


def test_a_good_window_is_not_doubtful():
    heard = timed("_ [T:30] and [T:57] so [T:95]", duration_s=1.5)
    assert not heard.doubtful
    assert not any(word.estimated for word in heard.words)


def test_a_tag_that_goes_back_is_a_slip_and_not_another_ten_seconds():
    heard = timed("_ [T:500] we [T:520] had [T:518] it [T:540]", duration_s=6.0)
    assert [(w.text, w.start_s, w.end_s, w.estimated) for w in heard.words] == [
        ("we", 5.0, 5.2, False),
        ("had", 5.2, 5.2, True),
        ("it", 5.2, 5.4, False),
    ]
    assert heard.doubtful


def test_words_without_a_tag_share_the_time_by_their_lengths():
    heard = timed("_ [T:100] a bcd [T:] no [T:700]", duration_s=7.0)
    assert [(w.text, w.start_s, w.end_s) for w in heard.words] == [
        ("a", 1.0, 2.0),
        ("bcd", 2.0, 5.0),
        ("no", 5.0, 7.0),
    ]
    assert heard.doubtful
    assert all(word.estimated for word in heard.words)


def test_words_after_the_last_tag_follow_it_closely():
    assert times("hello [T:45] world [T:8", 30.0) == [("hello", 0.0, 0.45), ("world", 0.45, 0.8)]
    assert timed("hello [T:45] world [T:8", duration_s=1.0).doubtful


def test_text_without_any_tag_is_spread_over_the_window():
    heard = timed("hello world", duration_s=10.0)
    assert [(w.start_s, w.end_s) for w in heard.words] == [(0.0, 5.0), (5.0, 10.0)]
    assert heard.doubtful


def test_a_silence_alone_gives_no_words_and_no_doubt():
    for text in ("", "_ [T:100]", "_"):
        heard = timed(text, duration_s=30.0)
        assert (heard.words, heard.doubtful) == ((), text == "_")


def test_a_last_tag_long_before_the_end_is_doubtful():
    assert timed("_ [T:100] hi [T:128] _ [T:668]", duration_s=47.6).doubtful


def test_no_time_lies_past_the_window():
    heard = timed("a [T:300] b [T:900] c [T:200]", duration_s=5.0)
    assert [w.end_s for w in heard.words] == [3.0, 3.0, 3.0]
    assert heard.doubtful


def test_a_speaker_tag_among_time_tags_is_no_word():
    assert times("[Speaker 1]: hello [T:45]", 1.0) == [("hello", 0.0, 0.45)]


@pytest.mark.parametrize(
    "text",
    [
        "x" * 10_000_000,
        "[T:" + " " * 1_000_000,
        "[speaker" + "\t" * 1_000_000,
        "[T:" + "9" * 1_000_000 + "]",
        "[Speaker " + "9" * 1_000_000 + "]",
        "[[" * 30_000,
        "[speaker " * 30_000,
        "a[T:9999999]" * 30_000,
        "_ " * 30_000,
    ],
    ids=lambda text: text[:12].strip(),
)
def test_huge_text_is_read_in_one_go(text):
    timed(text, duration_s=30.0)
    turns(text)


PIECES = st.one_of(
    st.sampled_from(
        ["_", " ", "[", "]", ":", "[T:", "[T:]", "[Speak", "[Speaker ", "[speaker 1] :", "-->"]
    ),
    st.integers(0, 1200).map("[T:{}]".format),
    st.integers(0, 10**30).map("[T: {} ]".format),
    st.integers(0, 12).map("[Speaker {}]:".format),
    st.text(max_size=8),
    st.sampled_from(["hello ", " world", " it's ", "\ud800", "\x00", "日本語", "٣"]),
)
TEXTS = st.lists(PIECES, max_size=40).map("".join)
WORDS = st.text(
    st.characters(exclude_characters="[]_:", exclude_categories=["Z", "C"]), min_size=1
)
TAGS = st.one_of(
    st.just(" "),
    st.integers(0, 10**9).map("[T:{}]".format),
    st.integers(0, 10**9).map(" [Speaker {}]: ".format),
    st.sampled_from(["[T:]", "[Speaker]", " [t: 7 ] ", " _ [T:5] "]),
)


@settings(deadline=None)
@given(TEXTS, st.floats(0, 1000))
def test_any_text_gives_times_that_never_go_back_nor_leave_the_window(text, duration_s):
    heard = timed(text, duration_s=duration_s)
    edges = [edge for w in heard.words for edge in (w.start_s, w.end_s)]
    assert all(a <= b for a, b in itertools.pairwise([0.0, *edges, duration_s]))
    assert all(w.text and w.text.split() == [w.text] for w in heard.words)


@settings(deadline=None)
@given(TEXTS)
def test_any_text_gives_turns_with_words_in_them(text):
    found = turns(text)
    assert all(turn.text == " ".join(turn.text.split()) != "" for turn in found)
    assert all(a.speaker != b.speaker or a.speaker is None for a, b in itertools.pairwise(found))


@settings(deadline=None)
@given(st.lists(st.tuples(WORDS, TAGS)))
def test_every_word_between_tags_comes_out_once_and_in_order(pairs):
    text = "".join(word + tag for word, tag in pairs)
    words = [word for word, _ in pairs]
    assert [w.text for w in timed(text, duration_s=30.0).words] == words
    assert [w for turn in turns(text) for w in turn.text.split()] == words


OUTPUTS = ("0001", "0003", "0005", "0007", "0009", "0011")


@pytest.fixture(params=OUTPUTS)
def recorded(request, shared_data):
    """What the real model wrote for one clip, and the words another aligner found in it."""
    path = shared_data / "plus_outputs" / f"clip_{request.param}.json"
    clip = json.loads(path.read_text(encoding="utf-8"))
    [window] = clip["windows"]
    return request.param, window, clip["whisperx_words"]


def test_every_word_of_the_recorded_outputs_comes_out(recorded):
    _, window, _ = recorded
    for kind, heard in (
        ("timestamps", [w.text for w in timed(window["timestamps"], duration_s=300).words]),
        ("speakers", [w for turn in turns(window["speakers"]) for w in turn.text.split()]),
    ):
        raw = re.sub(r"\[(T|Speaker ?):?\d+\]:?", " ", window[kind]).split()
        assert heard == [word for word in raw if word != "_"]


def test_the_recorded_turns_are_the_recorded_tags(recorded):
    _, window, _ = recorded
    tags = [int(n) for n in re.findall(r"\[Speaker (\d+)\]", window["speakers"])]
    assert [turn.speaker for turn in turns(window["speakers"])] == [
        n for n, _ in itertools.groupby(tags)
    ]


def test_recorded_times_never_go_back_nor_leave_the_window(recorded):
    _, window, _ = recorded
    heard = timed(window["timestamps"], duration_s=window["duration_s"])
    edges = [edge for w in heard.words for edge in (w.start_s, w.end_s)]
    assert edges == sorted(edges)
    assert edges[-1] <= window["duration_s"]


MEDIAN_S = {"0001": 0.45, "0005": 0.25, "0007": 1.45, "0011": 0.07}
"""How far the model's own times lie from WhisperX's, where no silence lasts ten seconds."""


def test_the_models_times_are_as_good_as_they_were_measured(recorded):
    name, window, aligned = recorded
    heard = timed(window["timestamps"], duration_s=window["duration_s"])
    errors = errors_s(heard.words, aligned)
    if name in MEDIAN_S:
        assert statistics.median(errors) < MEDIAN_S[name]
    if statistics.median(errors) > 0.1:
        assert heard.doubtful


def errors_s(words, aligned):
    ours = [plain(word.text) for word in words]
    theirs = [plain(text) for text, _, _ in aligned]
    blocks = difflib.SequenceMatcher(None, ours, theirs, autojunk=False).get_matching_blocks()
    return [
        abs(words[a + n].end_s - aligned[b + n][2]) for a, b, size in blocks for n in range(size)
    ]


def plain(word):
    return re.sub(r"[^\w']", "", word.lower())
