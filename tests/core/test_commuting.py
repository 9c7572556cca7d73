"""A person's change is taken back from under a machine's, or both are seen to meet."""

from dataclasses import replace

import pytest

from granite_studio.core import edits
from granite_studio.core.commuting import combined
from granite_studio.core.document import CueOverride, Document, Finding, Span, Speaker
from granite_studio.core.edits import Place
from granite_studio.core.renumbering import Renumbering
from granite_studio.core.translation import mark_of
from tests.core.pictures import DRAFT, check, heard, picture, times, transcript
from tests.store.pictures import with_everything

TWO = transcript("one two three", "ANNA: four five", gap=2_000)


def without(before: Document, deed: Document, after: Document) -> Document | None:
    """What the machine made of the deed, had that not been done."""
    result = combined(deed, before, after)
    if result is not None:
        check(result)
        assert result.next_id >= after.next_id
    return result


def window(document: Document) -> Document:
    return edits.apply_heard(document, heard(20_000, 22_000, "Ben: six 20000-20300"))


def test_a_correction_goes_and_the_words_that_were_heard_meanwhile_stay():
    typed = edits.retype(TWO, 0, "one too three")
    result = without(TWO, typed, window(typed))
    assert picture(result) == ["one two three", "ANNA: four five", "Ben: six"]
    assert result.segments[0] is TWO.segments[0]
    assert result == replace(window(TWO), next_id=result.next_id)


def test_of_two_corrections_in_one_paragraph_only_the_one_goes():
    typed = edits.retype(TWO, 0, "one too three")
    more = edits.retype(typed, 0, "one too many")
    assert picture(without(TWO, typed, more)) == ["one two many", "ANNA: four five"]


def test_the_same_word_changed_twice_cannot_be_parted():
    typed = edits.retype(TWO, 0, "one too three")
    assert without(TWO, typed, edits.retype(typed, 0, "one to three")) is None


def test_words_that_a_machine_put_behind_a_correction_stay():
    before = edits.apply_heard(Document(), heard(0, 1000, "one 0-300 two 300-900"))
    typed = edits.retype(before, 0, "one too")
    after = edits.apply_heard(typed, heard(1000, 2000, "three 1000-1300"))
    assert picture(after) == ["one too three"]
    assert picture(without(before, typed, after)) == ["one two three"]


def test_a_deleted_last_word_comes_back_before_what_a_machine_put_behind_it():
    before = edits.apply_heard(Document(), heard(0, 1000, "one 0-300 two 300-900"))
    shorter = edits.retype(before, 0, "one")
    after = edits.apply_heard(shorter, heard(1000, 2000, "three 1000-1300"))
    assert picture(without(before, shorter, after)) == ["one two three"]


def test_a_correction_goes_out_of_what_a_better_engine_wrote_around_it():
    draft = heard(0, 2000, "own 0-300 tow 300-900 tree 900-1200", engine=DRAFT)
    before = edits.apply_heard(Document(), draft)
    typed = edits.retype(before, 0, "own two tree")
    better = heard(0, 2000, "one 0-300 two 300-900 three 900-1200")
    after = edits.apply_heard(typed, better)
    assert picture(after) == ["one two three"]
    assert times(without(before, typed, after)) == ["one 0-300", "tow 300-900", "three 900-1200"]


def test_a_deleted_paragraph_comes_back_to_its_place():
    gone = edits.delete(TWO, Place(0, 0), Place(1, 0))
    result = without(TWO, gone, window(gone))
    assert picture(result) == ["one two three", "ANNA: four five", "Ben: six"]


def test_a_paragraph_that_was_deleted_and_heard_again_does_not_come_twice():
    gone = edits.delete(TWO, Place(0, 0), Place(1, 0))
    after = edits.apply_heard(gone, heard(0, 1000, "one 0-100 two 100-200", again=True))
    assert without(TWO, gone, after) is None


def test_paragraphs_that_were_split_are_one_again_with_what_came_behind_them():
    before = edits.apply_heard(Document(), heard(0, 1000, "one 0-300 two 300-900"))
    parted = edits.split(before, Place(0, 1))
    after = edits.apply_heard(parted, heard(1000, 2000, "three 1000-1300"))
    assert picture(after) == ["one", "two three"]
    result = without(before, parted, after)
    assert picture(result) == ["one two three"]
    assert result.segments[0].id == before.segments[0].id


def test_paragraphs_that_were_joined_are_two_again_with_what_came_behind_them():
    before = edits.split(transcript("one two three"), Place(0, 1))
    joined = edits.merge(before, 0)
    after = edits.retype(joined, 0, "so one two three four")
    assert picture(without(before, joined, after)) == ["so one", "two three four"]


def test_paragraphs_whose_words_changed_since_they_were_split_stay_two():
    parted = edits.split(TWO, Place(0, 1))
    assert picture(without(TWO, parted, window(parted)))[0] == "one two three"
    assert without(TWO, parted, edits.retype(parted, 1, "too three")) is None
    assert without(TWO, parted, edits.retype(parted, 0, "one more")) is None


def test_an_empty_paragraph_does_not_take_on_what_came_behind_a_new_one():
    before = edits.apply_heard(Document(), heard(0, 1000, "one 0-300 two 300-900"))
    longer = edits.split(before, Place(0, 1))
    longer = replace(longer, segments=longer.segments[1:])
    after = edits.apply_heard(longer, heard(1000, 2000, "three 1000-1300"))
    assert picture(after) == ["two three"]
    assert without(Document(next_id=before.next_id), longer, after) is None


def test_a_change_everywhere_goes_while_rows_come_between():
    everywhere = edits.retype(edits.retype(TWO, 0, "1 two three"), 1, "4 five")
    said = heard(1_000, 2_000, "Ben: and 1000-1200")
    after = edits.apply_heard(everywhere, said)
    assert picture(after) == ["1 two three", "Ben: and", "ANNA: 4 five"]
    result = without(TWO, everywhere, after)
    assert picture(result) == ["one two three", "Ben: and", "ANNA: four five"]
    assert result.segments[0] is TWO.segments[0]


def test_paragraphs_that_became_one_since_are_not_corrected_twice():
    everywhere = edits.retype(edits.retype(TWO, 0, "1 two three"), 1, "4 five")
    assert without(TWO, everywhere, edits.merge(everywhere, 0)) is None


def test_a_paragraph_does_not_go_back_over_one_that_came_between():
    later = edits.retime_segment(TWO, 1, 9_000, 9_500)
    after = edits.apply_heard(later, heard(3_000, 4_000, "Ben: and 3000-3200"))
    assert without(TWO, later, after) is None


def test_of_two_who_began_at_once_the_second_comes_back_as_the_second():
    both = transcript("one two", "three four")
    both = replace(
        both,
        segments=(
            both.segments[0],
            replace(
                both.segments[1],
                words=tuple(
                    replace(word, start=word.start - 200, end=word.end - 200)
                    for word in both.segments[1].words
                ),
            ),
        ),
    )
    gone = replace(both, segments=both.segments[:1])
    assert picture(without(both, gone, window(gone)))[:2] == ["one two", "three four"]


def test_a_paragraph_that_changed_its_speaker_twice_keeps_the_second():
    named, ben = edits.add_speaker(TWO, "Ben")
    said = edits.assign_speaker(named, (0,), ben.id)
    anna = TWO.speakers[0].id
    assert without(named, said, edits.assign_speaker(said, (0,), anna)) is None
    result = without(named, said, edits.retype(said, 0, "one too three"))
    assert picture(result)[0] == "one too three"


def test_a_speaker_to_whom_a_machine_gave_words_stays():
    named, speaker = edits.add_speaker(TWO, "Ben")
    assert without(TWO, named, window(named)) is None
    other = edits.apply_heard(named, heard(20_000, 22_000, "Eve: six 20000-20300"))
    result = without(TWO, named, other)
    assert speaker not in result.speakers
    assert [s.name for s in result.speakers] == ["ANNA", "Eve"]


def test_a_new_name_is_taken_back():
    anna = TWO.speakers[0].id
    renamed = edits.rename_speaker(TWO, anna, "Anja")
    result = without(TWO, renamed, window(renamed))
    assert [speaker.name for speaker in result.speakers] == ["ANNA", "Ben"]


def test_two_people_who_were_made_one_are_two_again():
    talk = transcript("ANNA: one", "BEN: two", "ANNA: three", gap=2_000)
    anna, ben = (speaker.id for speaker in talk.speakers)
    joined = edits.merge_speakers(talk, ben, anna)
    after = edits.apply_heard(joined, heard(20_000, 22_000, "Eve: six 20000-20300"))
    result = without(talk, joined, after)
    assert picture(result) == ["ANNA: one", "BEN: two", "ANNA: three", "Eve: six"]
    assert [speaker.name for speaker in result.speakers] == ["ANNA", "BEN", "Eve"]


def test_a_dismissed_finding_is_back_among_those_of_the_machine():
    first, second, third = (Finding("doubt", Span(n, n + 1), "Listen.") for n in range(3))
    asked = edits.set_findings(TWO, (first, second))
    answered = edits.set_findings(asked, (second,))
    result = without(asked, answered, edits.set_findings(answered, (second, third)))
    assert result.findings == (first, second, third)
    cleared = edits.set_findings(answered, ())
    assert without(asked, answered, cleared).findings == (first,)


def test_a_translation_by_hand_goes_and_those_of_a_machine_stay():
    first, second = TWO.segments
    by_hand = edits.set_translation(TWO, first.id, "de", "eins")
    source = mark_of(second.words)
    after = edits.add_translation(by_hand, second.id, "de", "vier", source=source)
    (lane,) = without(TWO, by_hand, after).translations
    assert [text.text for text in lane.texts] == ["vier"]


def test_a_translation_does_not_come_back_without_its_paragraph():
    translated = edits.set_translation(TWO, TWO.segments[0].id, "de", "eins")
    cleared = edits.set_translation(translated, TWO.segments[0].id, "de", "")
    gone = edits.delete(cleared, Place(0, 0), Place(1, 0))
    assert without(translated, cleared, gone) is None


def test_a_paragraph_that_a_machine_translated_is_not_taken_from_under_it():
    longer = edits.split(TWO, Place(0, 1))
    new = longer.segments[1]
    after = edits.add_translation(longer, new.id, "de", "zwei", source=mark_of(new.words))
    assert without(TWO, longer, after) is None


def test_a_word_with_a_mark_that_came_later_is_not_taken_from_under_it():
    typed = edits.replace_text(TWO, Place(0, 1), Place(0, 1), "new")
    assert without(TWO, typed, edits.add_note(typed, Place(0, 1), "look")) is None
    assert without(TWO, typed, edits.add_note(typed, Place(0, 0), "look")).notes


def test_a_released_cue_comes_back_and_never_over_another():
    one, two, three = (word.id for word in TWO.segments[0].words)
    by_hand = edits.fix_cue(TWO, CueOverride(one, two))
    free = edits.release_cue(by_hand, one)
    assert without(by_hand, free, window(free)).cue_overrides == by_hand.cue_overrides
    assert without(by_hand, free, edits.fix_cue(free, CueOverride(two, three))) is None


@pytest.mark.parametrize("second", ["de", "fr"])
def test_one_language_is_taken_back_unless_another_was_chosen_since(second):
    chosen = edits.set_language(TWO, "de")
    result = without(TWO, chosen, edits.set_language(chosen, second))
    assert (result.language if result else None) == ("en" if second == "de" else None)


def test_ids_drawn_twice_from_one_counter_become_others():
    typed = edits.replace_text(TWO, Place(0, 1), Place(0, 1), "new words")
    typed = edits.add_note(typed, Place(0, 1), "look")
    typed, _ = edits.add_speaker(typed, "Eve")
    said = window(TWO)
    assert combined(TWO, typed, said) is None
    moved = Renumbering(TWO, said.next_id - TWO.next_id).document(typed)
    result = combined(TWO, moved, said)
    check(result)
    assert picture(result) == ["one new words two three", "ANNA: four five", "Ben: six"]
    assert moved.segments[1] is TWO.segments[1]
    assert result.notes[0].word == result.segments[0].words[1].id


def test_ids_of_everything_that_is_pinned_are_raised_with_their_words():
    document = with_everything()
    raised = Renumbering(Document(), 100).document(document)
    check(raised)
    assert raised.speakers[0] == Speaker(120, "Anna")
    assert raised.cue_overrides[0].breaks == (102,)
    assert raised.translations[0].texts[0].segment == 101
    assert Renumbering(document, 100).document(document) == replace(document, next_id=124)
