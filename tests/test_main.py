import sys

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
