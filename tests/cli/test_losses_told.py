"""What becomes of times and facts is said on standard error by the commands that write files."""


def subtitles(folder, text="Hello there."):
    path = folder / "film.srt"
    path.write_text(f"1\n00:00:00,600 --> 00:00:03,000\n{text}\n", encoding="utf-8")
    return path


def test_scc_says_what_comes_late(command, tmp_path):
    source = subtitles(tmp_path, "The harbour is old, and the sea\nis older than the harbour.")

    code, _, err = command("convert", source, tmp_path / "film.scc")

    assert code == 0
    assert "Not in Scenarist SCC captions: 1 cue's start (0." in err


def test_a_rate_that_ebu_stl_lacks_is_said(command, tmp_path):
    _, _, err = command("convert", subtitles(tmp_path), tmp_path / "a.stl", "--frame-rate", "24")

    assert "1 cue at 24 frames a second (EBU STL has 25 and 30" in err


def test_a_file_that_is_mended_keeps_its_frame_rate(command, tmp_path):
    made, mended = tmp_path / "s30.stl", tmp_path / "x.stl"
    command("convert", subtitles(tmp_path), made, "--frame-rate", "30")

    command("fix", made, "-o", mended)

    assert mended.read_bytes()[3:11] == b"STL30.01"


def test_a_guessed_rate_is_said_unless_it_is_told(command, tmp_path):
    source = tmp_path / "film.edl"
    source.write_text("001  AX  V  C  00:00:00:00 00:00:01:00 00:00:00:15 00:00:01:00\n")

    _, guessed, complaint = command("convert", source, "-", "--to", "srt")
    _, told, nothing = command("convert", source, "-", "--to", "srt", "--frame-rate", "30")

    assert "00:00:00,600 -->" in guessed
    assert "“film.edl” does not say" in complaint
    assert "25 are assumed" in complaint
    assert "00:00:00,500 -->" in told
    assert "assumed" not in nothing


def test_an_edl_that_was_written_at_a_rate_is_read_at_it(command, tmp_path):
    made = tmp_path / "film.edl"
    command("convert", subtitles(tmp_path), made, "--frame-rate", "30")

    _, out, err = command("convert", made, "-", "--to", "srt")

    assert "00:00:00,600 -->" in out
    assert "assumed" not in err


def test_so_it_is_where_cues_are_cut_first(command, tmp_path):
    source, project = subtitles(tmp_path, "The harbour is old. " * 4), tmp_path / "film.gstudio"
    command("convert", source, project)

    for words in (["cut", "--anew"], ["export"]):
        code, _, err = command(*words, project, "-o", tmp_path / f"{words[0]}.scc")
        assert code == 0
        assert "lines (wrapped anew)" in err


TTML = (
    '<tt xmlns="http://www.w3.org/ns/ttml" xmlns:tts="http://www.w3.org/ns/ttml#styling"><body>'
    '<div><p begin="1s" end="2s" tts:fontSize="80%">Hello</p></div></body></tt>'
)


def test_what_was_left_unread_is_said_also_where_speakers_are_given(command, tmp_path):
    source, turns = tmp_path / "film.ttml", tmp_path / "film.rttm"
    source.write_text(TTML)
    turns.write_text("SPEAKER film 1 0.0 3.0 <NA> <NA> Anna <NA> <NA>\n")

    code, out, err = command("convert", source, "-", "--to", "vtt", "--speakers", turns)

    assert code == 0
    assert "<v Anna>Hello" in out
    assert "Not taken over from “film.ttml”: 1 font size." in err


def test_so_it_is_where_cues_are_cut_anew(command, tmp_path):
    source = tmp_path / "film.ttml"
    source.write_text(TTML)

    _, _, err = command("cut", "--anew", source, "-o", tmp_path / "film.srt")

    assert "Not taken over from “film.ttml”: 1 font size." in err


def test_the_heading_of_a_webvtt_file_is_missed(command, tmp_path):
    source = tmp_path / "film.vtt"
    source.write_text("WEBVTT - The Harbour\n\n00:01.000 --> 00:02.000\nHello\n")

    _, _, to_srt = command("convert", source, tmp_path / "film.srt")
    _, _, to_project = command("convert", source, tmp_path / "film.gstudio")
    _, _, to_vtt = command("convert", source, tmp_path / "other.vtt")

    assert "Not in SubRip subtitles: 1 heading of the WebVTT file." in to_srt
    assert "Not in Granite Studio project: 1 heading of the WebVTT file." in to_project
    assert to_vtt == ""


def test_fields_that_other_programs_put_into_our_json_are_missed(command, tmp_path):
    made, source = tmp_path / "made.json", tmp_path / "film.json"
    command("convert", subtitles(tmp_path), made)
    text = made.read_text("utf-8").replace('"language"', '"mood": "calm", "language"', 1)
    source.write_text(text.replace('"text"', '"pitch": 3, "text"', 1), encoding="utf-8")

    _, _, to_text = command("convert", source, tmp_path / "film.txt")
    _, _, to_json = command("convert", source, tmp_path / "other.json")

    assert "2 fields of other programs" in to_text
    assert to_json == ""
    assert '"pitch": 3' in (tmp_path / "other.json").read_text("utf-8")
