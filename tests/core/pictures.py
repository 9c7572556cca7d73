"""Small transcripts to look at: `transcript("ANNA: one two", "three")` and back again."""

from granite_studio.core.document import Document, EngineUse, Segment, Span, Speaker, Word
from granite_studio.core.heard import Heard, HeardTurn, HeardWord

GRANITE = EngineUse("granite")
DRAFT = EngineUse("sphinx", draft=True)


def transcript(*paragraphs: str, start: int = 0, step: int = 100, gap: int = 0) -> Document:
    """Paragraphs of words of `step` ms, `gap` ms between paragraphs; `NAME: ` gives a speaker.

    Words have the ids 1, 2, 3 ... in reading order; segments and speakers follow them.
    """
    ids = iter(range(1, 10_000))
    lines: list[tuple[str, tuple[Word, ...]]] = []
    time = start
    for paragraph in paragraphs:
        name, _, text = paragraph.rpartition(": ")
        words = []
        for token in text.split():
            words.append(Word(next(ids), token, time, time + step, source="granite"))
            time += step
        time += gap
        lines.append((name, tuple(words)))
    names = dict.fromkeys(name for name, _ in lines if name)
    speakers = {name: Speaker(next(ids), name) for name in names}
    segments = tuple(
        Segment(next(ids), words, speakers[name].id if name else None) for name, words in lines
    )
    return Document(segments, tuple(speakers.values()), next_id=next(ids))


def picture(document: Document) -> list[str]:
    """The paragraphs as `transcript` takes them."""
    names = {speaker.id: f"{speaker.name}: " for speaker in document.speakers}
    return [
        (names[segment.speaker] if segment.speaker is not None else "") + segment.text
        for segment in document
    ]


def times(document: Document) -> list[str]:
    """Every word with its start and end: `work 100-200`, with a star where a person touched it."""
    return [
        f"{word.text}{'*' if word.touched else ''} {word.start}-{word.end}"
        for word in document.words()
    ]


def ids(document: Document) -> list[int]:
    return [word.id for word in document.words()]


def heard(
    start: int,
    end: int,
    *turns: str,
    engine: EngineUse = GRANITE,
    again: bool = False,
    key: str = "",
) -> Heard:
    """What an engine heard: `heard(0, 1000, "Speaker 1: one 0-200 two 200-500")`."""
    made = []
    for turn in turns:
        label, _, text = turn.rpartition(": ")
        parts = text.split()
        words = []
        for token, time in zip(parts[::2], parts[1::2], strict=True):
            begin, _, finish = time.partition("-")
            words.append(HeardWord(token, int(begin), int(finish)))
        made.append(HeardTurn(tuple(words), label or None))
    return Heard(Span(start, end), tuple(made), engine, key=key, again=again)


def check(document: Document) -> None:
    """What has to be true of every document."""
    words = list(document.words())
    drawn = [
        *(word.id for word in words),
        *(segment.id for segment in document.segments),
        *(speaker.id for speaker in document.speakers),
        *(highlight.id for highlight in document.highlights),
        *(note.id for note in document.notes),
    ]
    assert len(set(drawn)) == len(drawn)
    assert max(drawn, default=0) < document.next_id
    starts = [segment.start for segment in document.segments]
    assert starts == sorted(starts)
    known = {None, *(speaker.id for speaker in document.speakers)}
    assert {segment.speaker for segment in document.segments} <= known
    place = {word.id: index for index, word in enumerate(words)}
    reached = -1
    for override in sorted(document.cue_overrides, key=lambda o: place[o.first]):
        assert reached < place[override.first] <= place[override.last]
        reached = place[override.last]
        for word_id in override.breaks or ():
            assert place[override.first] <= place[word_id] < place[override.last]
    for highlight in document.highlights:
        assert place[highlight.first] <= place[highlight.last]
    assert all(note.word in place for note in document.notes)
    lanes = [text.segment for lane in document.translations for text in lane.texts]
    assert set(lanes) <= {segment.id for segment in document.segments}
