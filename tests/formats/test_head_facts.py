"""What an EBU STL file says about its programme, and the frame rates that files are counted in."""

from granite_studio.core.captions import Caption, Captions
from granite_studio.core.timing import RATES
from granite_studio.formats import FORMATS, Content, losses, stl
from granite_studio.formats.base import Source

FACTS = (
    ("OPT", 16, b"The Harbour"),
    ("OET", 48, b"Pilot"),
    ("TPT", 80, "Der große Hafen".encode("cp850")),
    ("TN", 144, b"A. Translator"),
    ("SLR", 208, b"REF 12"),
    ("CD", 224, b"170702"),
    ("RN", 236, b"03"),
    ("TCP", 256, b"10000000"),
    ("CO", 274, b"FRA"),
    ("PUB", 277, b"Harbour Films"),
)


def told(*, display: bytes = b"1", rate: bytes = b"25", user: bytes = b"") -> bytes:
    """A file with one subtitle at ten hours, and all these facts."""
    text = b"850STL" + rate + b".01" + display + b"000F"
    head = bytearray(text.ljust(448) + user.ljust(576))
    for _, at, value in FACTS:
        head[at : at + len(value)] = value
    times = bytes((10, 0, 1, 0, 10, 0, 2, 0))
    block = bytes((0, 0, 0, 0xFF, 0)) + times + bytes((20, 2, 0)) + b"Hello".ljust(112, b"\x8f")
    return bytes(head) + block


def read(data: bytes) -> Captions:
    return stl.read(Source(data, "film.stl"))


def test_what_the_head_says_is_written_again() -> None:
    data = stl.write(Content(captions=read(told())))

    assert data[:16] == b"850STL25.011000F"
    for name, at, value in FACTS:
        assert data[at : at + len(value)] == value, name
    assert read(data) == read(told())


def test_a_title_and_language_that_are_asked_for_stand_before_those_of_the_file() -> None:
    content = Content(captions=read(told()), title="Another", language="de")

    data = stl.write(content)

    assert data[14:16] == b"08"
    assert data[16:48].strip() == b"Another"


def test_a_start_of_programme_behind_the_first_subtitle_is_not_written() -> None:
    captions = read(told())
    moved = Captions((captions.items[0], Caption(1000, 2000, "Hello")))

    assert stl.write(Content(captions=moved))[256:264] == b"00000000"


def test_facts_of_the_head_are_named_where_another_format_loses_them() -> None:
    captions = read(told())

    assert losses(FORMATS["stl"], Content(captions=captions)) == ()
    assert losses(FORMATS["srt"], Content(captions=captions)) == ("11 facts of the EBU STL head",)


def test_the_user_data_of_a_head_is_named_and_left_out() -> None:
    data = told(user=b"private")
    user_data = bytes((0, 0, 0, 0xFE)) + bytes(124)
    captions = read(data[:1024] + user_data + data[1024:])

    lost = losses(FORMATS["stl"], Content(captions=captions))
    assert lost == ("1 area of user data in the EBU STL head", "1 block of user data")


def test_a_file_keeps_its_frame_rate_unless_another_is_asked_for() -> None:
    captions = read(told(rate=b"30"))

    assert stl.write(Content(captions=captions))[3:11] == b"STL30.01"
    assert stl.write(Content(captions=captions, frame_rate=RATES["25"]))[3:11] == b"STL25.01"
    itt = FORMATS["itt"].write(Content(captions=captions)).decode()
    assert 'ttp:frameRate="30"' in itt


def test_a_rate_that_ebu_stl_does_not_have_is_said() -> None:
    captions = Captions((Caption(1000, 2000, "a"), Caption(3000, 4000, "b")))

    for name in ("24", "29.97 DF"):
        content = Content(captions=captions, frame_rate=RATES[name])
        assert losses(FORMATS["stl"], content) == (
            f"2 cues at {name} frames a second (EBU STL has 25 and 30; written are 25)",
        )
    assert losses(FORMATS["stl"], Content(captions=captions, frame_rate=RATES["30"])) == ()
