"""Documents and heard windows for property tests."""

from hypothesis import strategies as st

from granite_studio.core.document import Document, EngineUse, Segment, Span, Speaker, Word
from granite_studio.core.heard import Heard, HeardTurn, HeardWord
from tests.core.pictures import DRAFT, GRANITE

TEXTS = ["the", "sea", "wall,", "work", "began.", "Yes!", "and", "we", "4", "世界", "はい。", "I"]
WINDOW = 2_000
WINDOWS = 4

engines = st.sampled_from([GRANITE, DRAFT])
labels = st.sampled_from([None, "Speaker 1", "Speaker 2", "Anna"])


@st.composite
def documents(draw: st.DrawFn, *, only_touched: bool = False, apart: bool = False) -> Document:
    """Documents; `apart` ones have no voices at once."""
    speakers = (Speaker(1, "Speaker 1"), Speaker(2, "Anna"), Speaker(3, "Speaker 2"))
    next_id = 4
    segments = []
    time = 0
    for _ in range(draw(st.integers(0, 4))):
        time = draw(st.integers(time if apart else 0, max(time, WINDOW * WINDOWS)))
        words = []
        for _ in range(draw(st.integers(1, 6))):
            time += draw(st.sampled_from([0, 0, 20, 300, 1_200]))
            end = time + draw(st.sampled_from([0, 100, 150, 400]))
            touched = only_touched or draw(st.booleans())
            source = draw(st.sampled_from(["granite", "sphinx", "typed", "import"]))
            text = draw(st.sampled_from(TEXTS))
            words.append(Word(next_id, text, time, end, source=source, touched=touched))
            next_id += 1
            time = end
        speaker = draw(st.sampled_from([None, 1, 2, 3]))
        segments.append(Segment(next_id, tuple(words), speaker))
        next_id += 1
    segments.sort(key=lambda segment: segment.start)
    return Document(tuple(segments), speakers, engines=(GRANITE, DRAFT), next_id=next_id)


@st.composite
def turns(draw: st.DrawFn, span: Span) -> HeardTurn:
    time = draw(st.integers(max(span.start - 200, 0), span.end + 200))
    words = []
    for _ in range(draw(st.integers(0, 8))):
        end = max(time + draw(st.sampled_from([-50, 0, 100, 150, 400])), 0)
        words.append(HeardWord(draw(st.sampled_from([*TEXTS, "", "two parts"])), time, end))
        time = max(end + draw(st.sampled_from([-120, 0, 0, 30, 1_100])), 0)
    return HeardTurn(tuple(words), draw(labels))


@st.composite
def windows(draw: st.DrawFn, *, engine: EngineUse | None = None) -> Heard:
    start = draw(st.integers(0, WINDOWS - 1)) * WINDOW
    return draw(window_at(start, engine=engine, again=draw(st.booleans())))


@st.composite
def window_at(
    draw: st.DrawFn, start: int, *, engine: EngineUse | None = None, again: bool = False
) -> Heard:
    span = Span(start, start + WINDOW)
    said = draw(st.lists(turns(span), max_size=3))
    return Heard(span, tuple(said), engine or draw(engines), key=str(start), again=again)
