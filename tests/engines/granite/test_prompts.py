"""What the models are asked, as the cards give it."""

import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from granite_studio.core.errors import EngineError
from granite_studio.engines.base import Options
from granite_studio.engines.granite import prompts
from granite_studio.engines.granite.prompts import PLUS_SYSTEM, Prompt
from tests.engines.granite import checkpoints


@pytest.mark.parametrize(
    ("options", "asked"),
    [
        (Options(), "transcribe the speech with proper punctuation and capitalization."),
        (
            Options(punctuation=False, language="ja"),
            "can you transcribe the speech into a written format?",
        ),
        (
            Options(keywords=("Anna", "Reid")),
            "transcribe the speech to text. Keywords: Anna, Reid",
        ),
        (
            Options(translate_to="de"),
            "translate the speech to German with proper punctuation and capitalization.",
        ),
        (Options(translate_to="zh", punctuation=False), "translate the speech to Mandarin."),
        (
            Options(language="ja", translate_to="en", keywords=("Kyoto",)),
            "translate the speech to English. Keywords: Kyoto",
        ),
    ],
)
def test_base_is_asked_in_the_words_of_its_card(options, asked):
    assert prompts.base(options) == Prompt(None, "<|audio|>" + asked)


@pytest.mark.parametrize(
    ("spoken", "wanted"),
    [("en", tag) for tag in ("fr", "de", "es", "pt", "ja", "it", "zh")]
    + [(tag, "en") for tag in ("fr", "de", "es", "pt", "ja")],
)
def test_base_translates_every_pair_of_the_card(spoken, wanted):
    asked = prompts.base(Options(language=spoken, translate_to=wanted)).user
    assert asked.startswith("<|audio|>translate the speech to ")


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (Options(language="it", translate_to="en"), "cannot hear Italian"),
        (Options(language="fr", translate_to="de"), "from or to English only"),
        (Options(language="en", translate_to="en"), "in English already"),
        (Options(own_times=True), "no word times of its own"),
        (Options(before="Hello"), "use Granite Speech 4.1 Plus"),
    ],
)
def test_what_base_cannot_do_is_said(options, sentence):
    with pytest.raises(EngineError, match=sentence):
        prompts.base(options)


RAW = "<|audio|> can you transcribe the speech into a written format?"
SPEAKERS = (
    "<|audio|> Speaker attribution: Transcribe and denote who is speaking by adding "
    "[Speaker 1]: and [Speaker 2]: tags before speaker turns."
)
TIMES = (
    "<|audio|> Timestamps: Transcribe the speech. After each word, add a timestamp tag showing "
    "the end time in centiseconds, e.g. hello [T:45] world [T:82]"
)


@pytest.mark.parametrize(
    ("options", "asked"),
    [
        (Options(), [SPEAKERS]),
        (Options(speakers=False), [RAW]),
        (Options(speakers=False, own_times=True), [RAW, TIMES]),
        (Options(keywords=("Anna",), speakers=False), [RAW + " Keywords: Anna"]),
        (
            Options(keywords=("Anna",), own_times=True),
            [RAW + " Keywords: Anna", SPEAKERS, TIMES],
        ),
    ],
)
def test_plus_is_asked_in_the_words_of_its_card(options, asked):
    assert prompts.plus(options).asked == tuple(Prompt(PLUS_SYSTEM, user) for user in asked)


def test_plus_goes_on_from_earlier_text_but_its_times_begin_anew():
    text, times = prompts.plus(Options(before="[Speaker 1]: Good\n morning", own_times=True)).asked
    assert text.before == "[Speaker 1]: Good morning"
    assert times.before == ""


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (Options(language="ja"), "cannot hear Japanese"),
        (Options(translate_to="de"), "use Granite Speech 4.1"),
    ],
)
def test_what_plus_cannot_do_is_said(options, sentence):
    with pytest.raises(EngineError, match=sentence):
        prompts.plus(options)


def test_the_system_prompt_is_the_cards_to_the_letter():
    assert PLUS_SYSTEM == (
        "Knowledge Cutoff Date: April 2024.\nToday's Date: December 19, 2024.\n"
        "You are Granite, developed by IBM. You are a helpful AI assistant"
    )


def test_keywords_are_cleaned():
    dirty = ("  Anna\nReid ", "<|audio|>x", "a, b", "[T:45]", "", "\u202e", "Anna Reid")
    assert prompts.keywords(dirty) == ("Anna Reid", "audio x", "a b", "T:45")


def test_too_many_and_too_long_keywords_are_refused():
    with pytest.raises(EngineError, match="at most 60 characters"):
        prompts.keywords(["x" * 61])
    with pytest.raises(EngineError, match="101 keywords are too many"):
        prompts.keywords(str(n) for n in range(101))


def test_keywords_that_hold_nothing_leave_no_list():
    assert prompts.base(Options(keywords=(" ",))).user == (
        "<|audio|>transcribe the speech to text."
    )


@given(st.text(alphabet="<|>ax ]\x00", max_size=30))
def test_no_text_from_outside_looks_like_a_mark_of_the_tokenizer(text):
    for word in (*prompts.keywords([text]), prompts.plain(text)):
        assert "<|" not in word
        assert "|>" not in word


def template(text):
    tokenizer = copy.deepcopy(checkpoints.tokenizer())
    tokenizer.chat_template = text
    return tokenizer


def test_base_is_rendered_by_the_models_own_template():
    text = prompts.rendered(prompts.base(Options()), template(checkpoints.BASE_TEMPLATE))
    assert text == (
        "USER: <|audio|>transcribe the speech with proper punctuation and capitalization.\n"
        "ASSISTANT:"
    )


def test_plus_is_rendered_with_its_system_turn_and_the_text_it_goes_on_from():
    [prompt] = prompts.plus(Options(before="[Speaker 1]: Hello")).asked
    assert prompts.rendered(prompt, template(checkpoints.PLUS_TEMPLATE)) == (
        f"<|start_of_role|>system<|end_of_role|>{PLUS_SYSTEM}<|end_of_text|>\n"
        f"<|start_of_role|>user<|end_of_role|>{SPEAKERS}<|end_of_text|>\n"
        "<|start_of_role|>assistant<|end_of_role|>[Speaker 1]: Hello"
    )


def test_a_template_that_drops_the_sound_or_the_earlier_text_is_refused():
    [prompt] = prompts.plus(Options(before="Hello")).asked
    with pytest.raises(EngineError, match="does not pass the sound on"):
        prompts.rendered(prompt, template("hello"))
    with pytest.raises(EngineError, match="missing or damaged"):
        prompts.rendered(prompt, template("{% for"))
    with pytest.raises(EngineError, match="takes no earlier text"):
        prompts.rendered(prompt, template("{{ messages[1]['content'] }}"))
