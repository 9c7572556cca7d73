import pytest

from granite_studio.core.document import EngineUse
from granite_studio.core.errors import EngineError
from granite_studio.engines import catalog
from granite_studio.engines.base import Options


def test_auto_is_the_draft_engine_while_no_other_can_run():
    assert catalog.find("auto").name == "draft"


def test_the_draft_engine_says_that_it_is_a_draft():
    assert catalog.find("draft").use == EngineUse(
        "Draft (PocketSphinx, English)", "pocketsphinx-5.1 en-us", draft=True
    )


@pytest.mark.parametrize("name", ["granite-base", "granite-plus", "granite-nar", "remote"])
def test_an_engine_that_is_not_there_yet_is_refused_with_what_to_do_instead(name):
    with pytest.raises(EngineError, match="not part of this version yet; use --engine draft"):
        catalog.find(name)


def test_an_unknown_engine_is_answered_with_the_known_ones():
    with pytest.raises(EngineError, match="auto, draft, granite-plus"):
        catalog.find("whisper")


def test_the_draft_engine_hears_no_german():
    with pytest.raises(EngineError, match="cannot hear German; it knows English"):
        catalog.check(catalog.find("draft"), Options(language="de"))


def test_the_draft_engine_takes_no_keywords_and_translates_nothing():
    draft = catalog.find("draft")
    with pytest.raises(EngineError, match="keywords"):
        catalog.check(draft, Options(keywords=("Courchesne",)))
    with pytest.raises(EngineError, match="translate"):
        catalog.check(draft, Options(translate_to="fr"))
