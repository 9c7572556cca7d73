import sys

import pytest

import granite_studio
from granite_studio import __main__


def test_a_window_that_cannot_open_is_one_sentence(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["granite-studio"])
    monkeypatch.setitem(sys.modules, "granite_studio.app", None)
    monkeypatch.delattr(granite_studio, "app", raising=False)
    assert __main__.main() == 2
    err = capsys.readouterr().err
    assert err.startswith("granite-studio: The window cannot open")
    assert "doctor" in err
    assert err.count("\n") == 1


def test_a_command_word_goes_to_the_command_line(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["granite-studio", "--version"])
    try:
        code = __main__.main()
    except SystemExit as stop:
        code = stop.code
    assert code == 0
    assert capsys.readouterr().out == f"Granite Studio {granite_studio.__version__}\n"


@pytest.mark.parametrize(
    ("word", "sentence"),
    [
        ("trnscribe", "did you mean granite-studio transcribe?\n"),
        ("Checks", "did you mean granite-studio check?\n"),
        ("xyzzy", "see granite-studio --help.\n"),
    ],
)
def test_a_mistyped_command_is_no_file_for_the_window(
    monkeypatch, capsys, tmp_path, word, sentence
):
    monkeypatch.chdir(tmp_path)
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "argv", ["granite-studio", word, "x.wav"])
    assert __main__.main() == 2
    told = f"granite-studio: There is no command “{word}”, nor a file of that name; {sentence}"
    assert capsys.readouterr() == ("", told)


@pytest.mark.parametrize("name", ["recording", "none.wav"])
def test_what_may_be_a_file_is_for_the_window(monkeypatch, capsys, tmp_path, name):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "recording").write_bytes(b"")
    for variable in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setattr(sys, "argv", ["granite-studio", name])
    assert __main__.main() == 2
    assert "There is no display here" in capsys.readouterr().err


def test_a_stop_while_modules_are_imported_is_no_traceback(monkeypatch, capsys):
    class Stopping:
        def find_spec(self, name, *_):
            if name == "granite_studio.cli.commands":
                raise KeyboardInterrupt

    for name in [name for name in sys.modules if name.startswith("granite_studio.cli")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.delattr(granite_studio, "cli", raising=False)
    monkeypatch.setattr(sys, "meta_path", [Stopping(), *sys.meta_path])
    monkeypatch.setattr(sys, "argv", ["granite-studio", "doctor"])
    assert __main__.main() == 130
    assert capsys.readouterr() == ("", "")
