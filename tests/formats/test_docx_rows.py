"""Tables of cues, and of two languages, go to Word and come back."""

import copy
import io
import zipfile
from dataclasses import replace

import docx
import pytest
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st

from granite_studio.core import edits
from granite_studio.core.cues import derive
from granite_studio.core.document import CueOverride, Document, Media
from granite_studio.core.edits import Place
from granite_studio.core.errors import FormatError
from granite_studio.core.roundtrip.differences import Deed, Side
from granite_studio.core.roundtrip.returning import Returned, returned
from granite_studio.core.styles import style
from granite_studio.core.timing import clock
from granite_studio.core.translation import is_stale, texts_in
from granite_studio.formats import Content, Layout, dump
from granite_studio.formats.base import Source
from granite_studio.formats.docx_reading import brought, read
from tests.core.pictures import check, picture, transcript

NUMBER, START, END, NAME, TEXT = range(5)
STYLE = style("general")
TALK = (
    "Anna: the sea wall was built in March by people who had never seen the sea before in all of "
    "their lives and who did not know what a storm in the winter can do to a wall of loose stones",
    "Tom: how much did it cost so far and who is going to pay for all of it now",
    "Anna: nobody knows",
    "Tom: yes we do",
    "Anna: about four million pounds we think and it has to be paid by the end of May",
)


def project(*paragraphs: str) -> Document:
    document = transcript(*(paragraphs or TALK), step=300, gap=600)
    return replace(document, media=Media("wall.wav", 200_000, "fingerprint"))


def exported(document: Document, layout: Layout = Layout.CUES) -> "docx.document.Document":
    data = dump("docx", Content(document=document, layout=layout, style=STYLE))
    return docx.Document(io.BytesIO(data))


def saved(file: "docx.document.Document") -> bytes:
    output = io.BytesIO()
    file.save(output)
    return output.getvalue()


def back(document: Document, file: "docx.document.Document", **options: object) -> Returned:
    result = returned(document, brought(Source(saved(file))), **options)  # type: ignore[arg-type]
    check(result.document)
    return result


def rows(file: "docx.document.Document") -> list["docx.table._Row"]:
    """The rows of cues, without the head."""
    return list(file.tables[0].rows)[1:]


def write(row: "docx.table._Row", place: int, text: str) -> None:
    row.cells[place].paragraphs[0].runs[0].text = text


def texts(file: "docx.document.Document") -> list[str]:
    return [row.cells[TEXT].text for row in rows(file)]


def told(result: Returned) -> list[tuple[str, str, str]]:
    return [(d.deed.value, d.old, d.new) for d in result.differences]


def cue_texts(document: Document) -> list[str]:
    return [cue.text for cue in derive(document, STYLE)]


# ---- cues


def test_a_table_of_cues_that_nobody_changed_changes_nothing() -> None:
    document = project()
    result = back(document, exported(document))
    assert result.document is document
    assert result.differences == ()
    assert result.knows_export


def test_a_changed_word_takes_the_place_of_the_old_one_and_makes_no_cue() -> None:
    document = project()
    file = exported(document)
    write(rows(file)[0], TEXT, texts(file)[0].replace("March", "May"))
    result = back(document, file)
    assert result.document == edits.replace_text(document, Place(0, 6), Place(0, 7), "May")
    assert [d.deed for d in result.differences] == [Deed.CHANGED]
    assert result.differences[0].number == 1


def test_other_lines_are_lines_by_hand() -> None:
    document = project()
    file = exported(document)
    cue = derive(document, STYLE)[0]
    words = texts(file)[0].split()
    write(rows(file)[0], TEXT, f"{' '.join(words[:3])}\n{' '.join(words[3:])}")
    result = back(document, file)
    assert result.document == edits.fix_cue(
        document, CueOverride(cue.first, cue.last, breaks=(3,))
    )
    assert told(result) == [
        ("lines", texts(exported(document))[0], f"{' '.join(words[:3])}\n{' '.join(words[3:])}")
    ]
    assert back(result.document, file).document is result.document


def test_other_times_are_times_by_hand() -> None:
    document = project()
    file = exported(document)
    cue = derive(document, STYLE)[1]
    write(rows(file)[1], END, "00:00:09,250")
    result = back(document, file)
    assert result.document == edits.retime_cue(document, cue.first, cue.last, cue.start, 9250)
    [difference] = result.differences
    assert (difference.deed, difference.number) == (Deed.TIMES, 2)
    assert difference.new.endswith("00:00:09.250")


@pytest.mark.parametrize(
    ("start", "end", "deed"),
    [
        ("soon", None, Deed.UNREADABLE),
        (None, "00:00:99.000", Deed.UNREADABLE),
        (None, "00:00:00.000", Deed.BACKWARDS),
        ("00:03:00.000", "00:03:02.000", Deed.BACKWARDS),
        ("00:00:00.000", "00:00:01.000", Deed.BACKWARDS),
    ],
)
def test_a_time_that_cannot_be_is_a_conflict_with_a_name(
    start: str | None, end: str | None, deed: Deed
) -> None:
    document = project()
    file = exported(document)
    row = rows(file)[2]
    for place, text in ((START, start), (END, end)):
        if text is not None:
            write(row, place, text)
    result = back(document, file)
    assert result.document is document
    assert [(d.deed, d.conflict) for d in result.differences] == [(deed, True)]
    assert (result.conflicts, result.refused) == (0, 1)


def test_a_time_too_short_to_be_seen_is_a_conflict_with_a_name() -> None:
    document = project()
    file = exported(document)
    cue = derive(document, STYLE)[2]
    write(rows(file)[2], END, f"00:00:{(cue.start + 150) / 1000:06.3f}")
    result = back(document, file)
    assert [d.deed for d in result.differences] == [Deed.SHORT]
    assert result.document is document


def test_an_emptied_time_says_nothing() -> None:
    document = project()
    file = exported(document)
    write(rows(file)[2], START, "")
    assert back(document, file).document is document


def test_a_deleted_row_takes_its_words_away() -> None:
    document = project()
    file = exported(document)
    cue = derive(document, STYLE)[1]
    rows(file)[1]._tr.getparent().remove(rows(file)[1]._tr)
    result = back(document, file)
    ids = [word.id for word in document.words()]
    gone = set(ids[ids.index(cue.first) : ids.index(cue.last) + 1])
    assert [w for w in document.words() if w.id not in gone] == list(result.document.words())
    assert [(d.deed, d.number) for d in result.differences] == [(Deed.DELETED, 2)]


def test_a_row_whose_text_was_deleted_takes_its_words_away_too() -> None:
    document = project()
    file = exported(document)
    write(rows(file)[0], TEXT, "")
    assert [d.deed for d in back(document, file).differences] == [Deed.DELETED]


def test_a_row_in_two_rows_is_two_cues() -> None:
    document = project()
    file = exported(document)
    row = rows(file)[0]
    words = row.cells[TEXT].text.split()
    other = copy.deepcopy(row._tr)
    row._tr.addnext(other)
    write(rows(file)[0], TEXT, " ".join(words[:4]))
    write(rows(file)[1], TEXT, " ".join(words[4:]))
    result = back(document, file)
    assert list(result.document.words()) == list(document.words())
    assert picture(result.document) == picture(document)
    first, second, *rest = cue_texts(result.document)
    assert (first, second) == (" ".join(words[:4]), " ".join(words[4:]))
    assert rest == cue_texts(document)[1:]
    assert [d.deed for d in result.differences] == [Deed.CUE]


def test_two_rows_in_one_are_one_cue() -> None:
    document = project()
    file = exported(document)
    one, two = rows(file)[:2]
    text = f"{' '.join(one.cells[TEXT].text.split())}\n{' '.join(two.cells[TEXT].text.split())}"
    write(one, TEXT, text)
    two._tr.getparent().remove(two._tr)
    result = back(document, file)
    assert list(result.document.words()) == list(document.words())
    assert cue_texts(result.document)[0] == text
    assert [d.deed for d in result.differences] == [Deed.JOINED]


def test_words_that_went_over_to_the_next_row_move_the_border_of_both_cues() -> None:
    document = project()
    file = exported(document)
    one, two = rows(file)[:2]
    words = one.cells[TEXT].text.split()
    write(one, TEXT, " ".join(words[:-1]))
    write(two, TEXT, f"{words[-1]} {' '.join(two.cells[TEXT].text.split())}")
    result = back(document, file)
    assert list(result.document.words()) == list(document.words())
    assert cue_texts(result.document)[0] == " ".join(words[:-1])
    assert cue_texts(result.document)[1].startswith(words[-1])


def test_rows_that_changed_places_stay_where_they_were_said() -> None:
    document = project()
    file = exported(document)
    rows(file)[0]._tr.addprevious(rows(file)[1]._tr)
    result = back(document, file)
    assert result.document is document
    assert [d.deed for d in result.differences] == [Deed.MOVED]


def test_a_new_row_is_a_cue_of_its_own_at_its_times() -> None:
    document = project("Anna: one two three", "Anna: four five six")
    file = exported(document)
    other = copy.deepcopy(rows(file)[0]._tr)
    rows(file)[0]._tr.addnext(other)
    for place, text in enumerate(("", "00:00:00.920", "00:00:01.450", "Tom", "yes indeed")):
        write(rows(file)[1], place, text)
    result = back(document, file)
    assert picture(result.document) == [
        "Anna: one two three",
        "Tom: yes indeed",
        "Anna: four five six",
    ]
    cue = derive(result.document, STYLE)[1]
    assert (cue.start, cue.end, cue.text) == (920, 1450, "yes indeed")
    assert told(result) == [("added", "", "yes indeed")]


def test_a_new_row_inside_of_a_paragraph_belongs_to_it() -> None:
    document = project()
    file = exported(document)
    rows(file)[0]._tr.addnext(copy.deepcopy(rows(file)[0]._tr))
    for place, text in enumerate(("", "", "", "", "they really did")):
        write(rows(file)[1], place, text)
    result = back(document, file)
    assert len(result.document.segments) == len(document.segments)
    assert "they really did" in result.document.segments[0].text


# ---- who speaks


def test_another_speaker_of_a_row_speaks_its_words_alone() -> None:
    document = project()
    file = exported(document)
    words = " ".join(texts(file)[0].split())
    write(rows(file)[0], NAME, "Tom")
    result = back(document, file)
    assert picture(result.document)[0] == f"Tom: {words}"
    assert picture(result.document)[1].startswith("Anna: ")
    assert list(result.document.words()) == list(document.words())
    assert result.document.segments[0].id == document.segments[0].id
    assert told(result) == [("speaker", "Anna", "Tom")]


def test_a_name_changed_in_every_row_renames_the_speaker() -> None:
    document = project()
    file = exported(document)
    for row in rows(file):
        if row.cells[NAME].text == "Anna":
            write(row, NAME, "Helen")
    result = back(document, file)
    assert picture(result.document) == [line.replace("Anna", "Helen") for line in TALK]
    assert told(result) == [("renamed", "Anna", "Helen")]


def dialogue() -> Document:
    """Two people share a cue by hand, over the border between their paragraphs."""
    document = project("Anna: are you coming", "Tom: no not today", "Anna: a pity")
    return edits.fix_cue(document, CueOverride(1, 6))


def test_a_row_of_two_people_comes_back_to_the_paragraphs_of_both() -> None:
    document = dialogue()
    file = exported(document)
    assert texts(file)[0] == "- are you coming\n- no not today"
    assert back(document, file).document is document
    write(rows(file)[0], TEXT, "\u2013 are you coming\n\u2013 no not tonight")
    result = back(document, file)
    assert picture(result.document)[:2] == ["Anna: are you coming", "Tom: no not tonight"]
    assert [(d.deed, d.number) for d in result.differences] == [(Deed.CHANGED, 1)]


def test_rows_of_two_people_can_be_joined_with_dashes() -> None:
    document = project("Anna: are you coming", "Tom: no not today")
    file = exported(document)
    assert len(texts(file)) == 2
    write(rows(file)[0], TEXT, "- are you coming\n- no not today")
    rows(file)[1]._tr.getparent().remove(rows(file)[1]._tr)
    result = back(document, file)
    assert picture(result.document) == picture(document)
    [cue] = derive(result.document, STYLE)
    assert cue.text == "- are you coming\n- no not today"
    assert [d.deed for d in result.differences] == [Deed.JOINED]


# ---- what both changed


def test_what_the_project_changed_since_stays_where_the_row_did_not_change() -> None:
    document = project()
    file = exported(document)
    now = edits.replace_text(document, Place(1, 0), Place(1, 1), "So how")
    now = edits.fix_cue(now, CueOverride(1, 5, breaks=(2,)))
    assert back(now, file).document is now


def test_changes_in_other_places_of_a_row_are_both_taken() -> None:
    document = project()
    file = exported(document)
    now = edits.replace_text(document, Place(0, 1), Place(0, 2), "lake")
    write(rows(file)[0], TEXT, texts(file)[0].replace("March", "May"))
    result = back(now, file, earlier=(now, document))
    assert "the lake wall was built in May" in result.document.segments[0].text
    assert result.conflicts == 0


def test_what_both_changed_is_a_conflict_and_a_person_says_whose_stays() -> None:
    document = project()
    file = exported(document)
    now = edits.replace_text(document, Place(0, 6), Place(0, 7), "April")
    write(rows(file)[0], TEXT, texts(file)[0].replace("March", "May"))
    result = back(now, file, earlier=(now, document))
    assert (result.conflicts, "in May" in result.document.segments[0].text) == (1, True)
    kept = back(now, file, earlier=(now, document), keep=Side.PROJECT)
    assert (kept.conflicts, kept.document) == (1, now)


def test_times_and_lines_that_both_changed_are_conflicts() -> None:
    document = project()
    file = exported(document)
    cue = derive(document, STYLE)[0]
    now = edits.retime_cue(document, cue.first, cue.last, 0, 5000)
    now = edits.fix_cue(now, replace(now.cue_overrides[0], breaks=(1,)))
    words = texts(file)[0].split()
    write(rows(file)[0], TEXT, f"{' '.join(words[:3])}\n{' '.join(words[3:])}")
    write(rows(file)[0], END, "00:00:04.800")
    result = back(now, file)
    assert [(d.deed, d.conflict) for d in result.differences] == [
        (Deed.LINES, True),
        (Deed.TIMES, True),
    ]
    [hand] = result.document.cue_overrides
    assert (hand.start, hand.end, hand.breaks) == (cue.start, 4800, (3,))
    assert back(now, file, keep=Side.PROJECT).document is now


def test_a_row_of_which_the_project_took_the_words_stays_gone() -> None:
    document = project()
    file = exported(document)
    now = edits.delete(document, Place(2, 0), Place(2, 2))
    assert back(now, file).document is now


def test_words_that_came_into_the_project_since_stay() -> None:
    document = project()
    file = exported(document)
    now = edits.insert(document, Place(2, 2), "\nwho ever did")
    assert len(now.segments) == 6
    assert back(now, file).document is now


def test_a_cue_made_by_hand_keeps_its_words_at_both_ends() -> None:
    document = edits.fix_cue(project(), CueOverride(1, 4, 0, 1500, (2,)))
    file = exported(document)
    write(rows(file)[0], TEXT, "well the sea\nwall was really")
    result = back(document, file)
    [hand] = result.document.cue_overrides
    assert cue_texts(result.document)[0] == "well the sea\nwall was really"
    assert (hand.start, hand.end) == (0, 1500)


def test_another_recordings_table_is_refused() -> None:
    document = project()
    other = replace(document, media=Media("wall.wav", 200_000, "another"))
    with pytest.raises(FormatError, match="was exported from another recording"):
        back(other, exported(document))


def test_a_table_that_lost_its_marks_says_so() -> None:
    data = saved(exported(project()))
    bare = docx.Document(io.BytesIO(data))
    for number, relation in list(bare.part.rels.items()):
        if "customXml" in relation.reltype:
            del bare.part.rels[number]
    with pytest.raises(FormatError, match="has a row for every subtitle, but no longer says"):
        brought(Source(saved(bare)))


# ---- what Word does


def wrapped(kind: str, *runs: object) -> object:
    """A tracked change around these runs; the text of a deletion is named so."""
    change = OxmlElement(f"w:{kind}")
    for key, value in (("id", "9"), ("author", "Ed"), ("date", "2026-11-21T10:00:00Z")):
        change.set(qn(f"w:{key}"), value)
    for run in runs:
        change.append(run)
        for text in run.findall(qn("w:t")) if kind == "del" else ():  # type: ignore[attr-defined]
            text.tag = qn("w:delText")
    return change


def track(row: "docx.table._Row", place: int, text: str) -> None:
    """Write over a cell with changes tracked."""
    paragraph = row.cells[place].paragraphs[0]
    old = [run._r for run in paragraph.runs]
    new = copy.deepcopy(old[0])
    paragraph._p.append(wrapped("del", *old))
    paragraph._p.append(wrapped("ins", new))
    lines = text.split("\n")
    for each in list(new):
        if each.tag in (qn("w:t"), qn("w:br")):
            new.remove(each)
    for number, line in enumerate(lines):
        if number:
            new.append(OxmlElement("w:br"))
        element = OxmlElement("w:t")
        element.text = line
        new.append(element)


def test_tracked_changes_in_cells_are_taken() -> None:
    document = project()
    file, plain = exported(document), exported(document)
    for place, text in ((NAME, "Tom"), (END, "00:00:02.900"), (TEXT, "the sea\nwall fell")):
        track(rows(file)[0], place, text)
        write(rows(plain)[0], place, text)
    row = rows(file)[1]._tr
    row.get_or_add_trPr().append(wrapped("del"))
    plain.tables[0]._tbl.remove(rows(plain)[1]._tr)
    result = back(document, file)
    assert result.document == back(document, plain).document
    assert {d.deed for d in result.differences} >= {Deed.CHANGED, Deed.DELETED, Deed.SPEAKER}


def test_columns_can_be_taken_out_and_moved() -> None:
    document = project()
    file = exported(document)
    write(rows(file)[0], TEXT, texts(file)[0].replace("March", "May"))
    for row in file.tables[0].rows:
        cells = row._tr.tc_lst
        row._tr.remove(cells[NUMBER])
        cells[TEXT].getparent().insert(1, cells[TEXT])
        row._tr.remove(cells[START])
    result = back(document, file)
    assert [d.deed for d in result.differences] == [Deed.CHANGED]
    assert result.document == edits.replace_text(document, Place(0, 6), Place(0, 7), "May")


def without_styles(file: "docx.document.Document") -> "docx.document.Document":
    for row in file.tables[0].rows:
        for cell in dict.fromkeys(row.cells):
            for paragraph in cell.paragraphs:
                paragraph.style = None
                for run in paragraph.runs:
                    run.style = None
    return file


@pytest.mark.parametrize("layout", [Layout.CUES, Layout.BILINGUAL])
def test_a_table_that_lost_its_styles_changes_nothing(layout: Layout) -> None:
    document = translated()
    assert back(document, without_styles(exported(document, layout))).document is document


def test_a_remark_in_a_cell_becomes_a_note() -> None:
    document = project()
    file = exported(document)
    cell = rows(file)[1].cells[TEXT]
    file.add_comment(cell.paragraphs[0].runs, "really?", author="Ed", initials="E")
    result = back(document, file)
    [note] = result.document.notes
    words = [word.id for word in document.words()]
    assert words.index(note.word) == len((texts(file)[0] + " " + texts(file)[1]).split()) - 1


@settings(max_examples=30, deadline=None)
@given(st.data())
def test_edits_of_rows_are_those_that_a_person_makes_by_hand(data: st.DataObject) -> None:
    document = expected = project()
    file = exported(document)
    cues = derive(document, STYLE)
    kinds = st.sampled_from(["keep", "keep", "word", "lines", "end", "delete"])
    put = track if data.draw(st.booleans()) else write
    for row, cue in zip(rows(file), cues, strict=True):
        ids = [word.id for word in document.words()]
        ids = ids[ids.index(cue.first) : ids.index(cue.last) + 1]
        lines = [line.split() for line in cue.lines]
        match data.draw(kinds):
            case "word":
                said = data.draw(st.sampled_from(["harbour", "\u201cquay\u201d", "1953"]))
                at = data.draw(st.integers(0, len(ids) - 1))
                line = next(n for n in range(len(lines)) if at < sum(map(len, lines[: n + 1])))
                lines[line][at - sum(map(len, lines[:line]))] = said
                put(row, TEXT, "\n".join(map(" ".join, lines)))
                place = edits.find_word(expected, ids[at])
                expected = edits.replace_text(
                    expected, place, Place(place.row, place.word + 1), said
                )
            case "lines" if len(ids) > 1:
                at = data.draw(st.integers(1, len(ids) - 1))
                words = [word for line in lines for word in line]
                put(row, TEXT, f"{' '.join(words[:at])}\n{' '.join(words[at:])}")
                if [len(line) for line in lines] != [at, len(words) - at]:
                    hand = edits.hand_made(expected, cue.first, cue.last)
                    expected = edits.fix_cue(expected, replace(hand, breaks=(ids[at - 1],)))
            case "end":
                end = cue.start + data.draw(st.integers(200, 9000))
                put(row, END, clock(end))
                if end != cue.end:
                    expected = edits.retime_cue(expected, cue.first, cue.last, cue.start, end)
            case "delete":
                row._tr.getparent().remove(row._tr)
                first, last = (edits.find_word(expected, word) for word in (ids[0], ids[-1]))
                expected = edits.delete(expected, first, Place(last.row, last.word + 1))
    if expected.segments:
        assert back(document, file).document == expected


# ---- two languages


def translated() -> Document:
    document = project()
    for segment, text in zip(document.segments, ("le mur", "combien", "qui", "oui"), strict=False):
        document = edits.set_translation(document, segment.id, "fr", text)
    return document


SOURCE, OTHER = 2, 3


def test_two_languages_that_nobody_changed_change_nothing() -> None:
    document = edits.retype(translated(), 1, "how much did all of it cost")
    result = back(document, exported(document, Layout.BILINGUAL))
    assert result.document is document
    assert result.differences == ()


def test_a_changed_translation_is_a_persons_text() -> None:
    document = translated()
    file = exported(document, Layout.BILINGUAL)
    write(rows(file)[1], OTHER, "et combien")
    result = back(document, file)
    number = document.segments[1].id
    assert result.document == edits.set_translation(document, number, "fr", "et combien")
    assert texts_in(result.document, "fr")[number].touched
    [difference] = result.differences
    assert (difference.deed, difference.language) == (Deed.TRANSLATION, "fr")
    assert (difference.old, difference.new) == ("combien", "et combien")
    assert (difference.number, difference.speaker, difference.conflict) == (2, "Tom", False)


def test_both_languages_of_a_row_can_change_and_then_fit_one_another() -> None:
    document = translated()
    file = exported(document, Layout.BILINGUAL)
    write(rows(file)[2], SOURCE, "nobody cares")
    write(rows(file)[2], OTHER, "personne")
    result = back(document, file)
    segment = result.document.segments[2]
    text = texts_in(result.document, "fr")[segment.id]
    assert (segment.text, text.text) == ("nobody cares", "personne")
    assert not is_stale(text, segment.words)
    assert {d.deed for d in result.differences} == {Deed.CHANGED, Deed.TRANSLATION}


def test_a_source_that_changed_alone_leaves_its_translation_out_of_date() -> None:
    document = translated()
    file = exported(document, Layout.BILINGUAL)
    write(rows(file)[2], SOURCE, "nobody cares")
    result = back(document, file)
    segment = result.document.segments[2]
    assert is_stale(texts_in(result.document, "fr")[segment.id], segment.words)


def test_an_emptied_translation_goes_and_a_new_one_comes() -> None:
    document = translated()
    file = exported(document, Layout.BILINGUAL)
    write(rows(file)[0], OTHER, "")
    rows(file)[4].cells[OTHER].paragraphs[0].add_run("quatre millions")
    result = back(document, file)
    there = texts_in(result.document, "fr")
    assert document.segments[0].id not in there
    assert there[document.segments[4].id].text == "quatre millions"


def test_a_translation_that_both_changed_is_a_conflict() -> None:
    document = translated()
    file = exported(document, Layout.BILINGUAL)
    number = document.segments[0].id
    now = edits.set_translation(document, number, "fr", "la digue")
    write(rows(file)[0], OTHER, "le rempart")
    result = back(now, file, earlier=(now, document))
    assert [(d.deed, d.conflict) for d in result.differences] == [(Deed.TRANSLATION, True)]
    assert texts_in(result.document, "fr")[number].text == "le rempart"
    kept = back(now, file, earlier=(now, document), keep=Side.PROJECT)
    assert (kept.conflicts, kept.document) == (1, now)


def test_changes_in_other_places_of_a_translation_are_both_taken() -> None:
    document = translated()
    number = document.segments[0].id
    document = edits.set_translation(document, number, "fr", "le mur de mer fut bati en mars")
    file = exported(document, Layout.BILINGUAL)
    now = edits.set_translation(document, number, "fr", "la mur de mer fut bati en mars")
    write(rows(file)[0], OTHER, "le mur de mer fut bati en mai")
    result = back(now, file, earlier=(now, document))
    assert texts_in(result.document, "fr")[number].text == "la mur de mer fut bati en mai"
    assert result.conflicts == 0


def test_what_the_project_translated_anew_stays_where_the_row_did_not_change() -> None:
    document = translated()
    file = exported(document, Layout.BILINGUAL)
    now = edits.set_translation(document, document.segments[0].id, "fr", "la digue")
    assert back(now, file).document is now


def test_joined_rows_have_both_translations() -> None:
    document = translated()
    file = exported(document, Layout.BILINGUAL)
    one, two = rows(file)[1:3]
    write(one, SOURCE, f"{one.cells[SOURCE].text} {two.cells[SOURCE].text}")
    write(one, OTHER, "combien qui")
    two._tr.getparent().remove(two._tr)
    result = back(document, file)
    assert texts_in(result.document, "fr")[document.segments[1].id].text == "combien qui"
    assert [d.deed for d in result.differences] == [Deed.JOINED]


@settings(max_examples=20, deadline=None)
@given(st.data())
def test_edits_of_translations_are_those_that_a_person_makes_by_hand(
    data: st.DataObject,
) -> None:
    document = expected = translated()
    file = exported(document, Layout.BILINGUAL)
    put = track if data.draw(st.booleans()) else write
    for row, segment in zip(rows(file)[:4], document.segments, strict=False):
        deed = data.draw(st.sampled_from(["keep", "source", "other", "both"]))
        if deed in ("source", "both"):
            words = segment.text.split()
            words[data.draw(st.integers(0, len(words) - 1))] = "harbour"
            put(row, SOURCE, " ".join(words))
            at = expected.row_of(segment.id)
            expected = edits.retype(expected, at, " ".join(words))
        if deed in ("other", "both"):
            text = data.draw(st.sampled_from(["le port", "\u00ab quai \u00bb", ""]))
            put(row, OTHER, text)
            expected = edits.set_translation(expected, segment.id, "fr", text)
    assert back(document, file).document == expected


# ---- without the project


def test_a_table_of_cues_opens_with_its_times_lines_and_speakers() -> None:
    document = dialogue()
    opened = read(Source(saved(exported(document))))
    assert picture(opened) == ["Anna: are you coming", "Tom: no not today", "Anna: a pity"]
    cues = [(cue.start, cue.end, cue.text) for cue in derive(document, STYLE)]
    assert [(cue.start, cue.end, cue.text) for cue in derive(opened, STYLE)] == cues


def test_two_languages_open_as_a_transcript_with_its_translation() -> None:
    document = translated()
    for file in (
        exported(document, Layout.BILINGUAL),
        without_styles(exported(document, Layout.BILINGUAL)),
    ):
        opened = read(Source(saved(file)))
        assert picture(opened) == picture(document)
        assert [text.text for text in texts_in(opened, "fr").values()] == [
            "le mur",
            "combien",
            "qui",
            "oui",
        ]
        starts = [segment.start // 1000 for segment in document]
        assert [segment.start // 1000 for segment in opened] == starts


def test_two_languages_without_times_and_styles_are_not_doubled() -> None:
    document = translated()
    content = Content(document=document, layout=Layout.BILINGUAL, timecodes="off")
    file = without_styles(docx.Document(io.BytesIO(dump("docx", content))))
    assert picture(read(Source(saved(file)))) == picture(document)


# ---- hostile marks


@pytest.mark.parametrize(
    "row",
    [
        '<cue words="1-99999999999999" text="a" speaker="" breaks="" start="0" end="1"/>',
        '<cue words="9-1" text="a" speaker="" breaks="" start="0" end="1"/>',
        '<cue words="1;2" text="a" speaker="" breaks="" start="0" end="1"/>',
        '<cue words="1" text="a" speaker="" breaks="" start="-5" end="x"/>',
        "<cue/>",
    ],
)
def test_marks_that_are_not_ours_are_refused(row: str) -> None:
    data = saved(exported(project()))
    output = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(output, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name.startswith("customXml/item") and b"<cue " in content:
                begin, end = content.index(b"<cue "), content.rindex(b"/>") + 2
                content = content[:begin] + row.encode() + content[end:]
            new.writestr(name, content)
    with pytest.raises(FormatError, match="no longer says which words these held"):
        brought(Source(output.getvalue()))


def test_marks_of_words_that_were_never_there_change_nothing() -> None:
    document = project()
    came = brought(Source(saved(exported(document))))
    assert came.handed
    first, *rest = came.handed.rows
    odd = replace(first, words=((*first.words[0], 10**9),), breaks=(10**9,))
    handed = replace(came.handed, rows=(odd, *rest))
    assert picture(returned(document, replace(came, handed=handed)).document) == picture(document)


# ---- rows of several people


def test_a_row_of_several_people_names_them_all() -> None:
    file = exported(dialogue())
    assert rows(file)[0].cells[NAME].text == "Anna / Tom"
    assert back(dialogue(), file).differences == ()


def test_one_of_them_gets_another_name() -> None:
    document = dialogue()
    file = exported(document)
    write(rows(file)[0], NAME, "Anna / Rose")
    assert picture(back(document, file).document) == [
        "Anna: are you coming",
        "Rose: no not today",
        "Anna: a pity",
    ]


def test_names_that_are_not_as_many_as_people_change_nothing() -> None:
    document = dialogue()
    file = exported(document)
    write(rows(file)[0], NAME, "Anna / Rose / Tom")
    assert back(document, file).document == document
