import pytest

from granite_studio.core.document import EngineUse
from granite_studio.core.errors import EngineError
from granite_studio.engines import catalog
from granite_studio.engines.base import Options


def refusal(name, **asked):
    """Why this engine refuses these options, or None when it takes them."""
    try:
        catalog.check(catalog.find(name), Options(**asked))
    except EngineError as error:
        return str(error)
    return None


def test_auto_is_the_engine_that_needs_no_model():
    assert catalog.find("auto").name == "draft"


def test_the_draft_engine_says_that_it_is_a_draft():
    assert catalog.find("draft").use == EngineUse(
        "Draft (PocketSphinx, English)", "pocketsphinx-5.1 en-us, voices 1", draft=True
    )


def test_every_granite_engine_names_its_model():
    assert {entry.name: entry.model for entry in catalog.ENTRIES} == {
        "draft": "",
        "granite-plus": "ibm-granite/granite-speech-4.1-2b-plus",
        "granite-base": "ibm-granite/granite-speech-4.1-2b",
        "granite-nar": "ibm-granite/granite-speech-4.1-2b-nar",
        "granite-ctc": "ibm-granite/granite-speech-5.0-470m-turboctc",
        "remote": "",
    }


def test_an_unknown_engine_is_answered_with_the_known_ones():
    with pytest.raises(EngineError, match="auto, draft, granite-plus"):
        catalog.find("whisper")


@pytest.mark.parametrize("name", ["draft", "granite-plus", "granite-base", "granite-nar"])
def test_english_without_wishes_is_heard_by_every_engine(name):
    assert refusal(name) is None


@pytest.mark.parametrize(
    ("name", "asked", "sentence"),
    [
        ("draft", {"language": "de"}, "cannot hear German; it knows English."),
        ("granite-plus", {"language": "ja"}, "cannot hear Japanese; it knows English, French,"),
        ("granite-nar", {"language": "xx"}, "cannot hear the language 'xx'"),
        ("draft", {"keywords": ("Courchesne",)}, "takes no keywords"),
        ("granite-nar", {"keywords": ("Courchesne",)}, "takes no keywords"),
        ("draft", {"translate_to": "fr"}, "translates nothing"),
        ("granite-plus", {"translate_to": "fr"}, "translates nothing; use Granite Speech 4.1."),
        ("granite-base", {"own_times": True}, "gives no word times of its own"),
        ("granite-nar", {"carried": True}, "carries no speakers from window to window"),
        ("granite-plus", {"carried": True, "speakers": False}, "where they are told apart"),
        ("remote", {}, "No server is given"),
        ("granite-base", {"server": "https://host/"}, "runs on this machine"),
    ],
)
def test_what_an_engine_cannot_do_is_refused_with_a_sentence(name, asked, sentence):
    assert sentence in refusal(name, **asked)


def test_the_plus_model_takes_keywords_and_gives_times_of_its_own():
    assert refusal("granite-plus", keywords=("Courchesne",), own_times=True) is None


def test_a_remote_engine_with_a_server_is_taken():
    assert refusal("remote", server="https://host/", language="ja", translate_to="en") is None


@pytest.mark.parametrize("target", ["fr", "de", "es", "pt", "ja", "it", "zh"])
def test_english_is_translated_to_all_seven(target):
    assert refusal("granite-base", translate_to=target) is None


@pytest.mark.parametrize("spoken", ["fr", "de", "es", "pt", "ja"])
def test_the_other_five_are_translated_to_english(spoken):
    assert refusal("granite-base", language=spoken, translate_to="en") is None


@pytest.mark.parametrize(
    ("spoken", "target", "sentence"),
    [
        ("de", "fr", "from or to English only, not from German to French."),
        ("en", "en", "in English already"),
        ("de", "de", "in German already"),
        ("en", "ru", "cannot translate to the language 'ru'; it knows English, French"),
        ("it", "en", "cannot hear Italian"),
    ],
)
def test_pairs_without_english_and_unknown_languages_are_refused(spoken, target, sentence):
    assert sentence in refusal("granite-base", language=spoken, translate_to=target)
