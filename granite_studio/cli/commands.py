"""The command line: which command was meant, and how its outcome is told."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from difflib import get_close_matches
from typing import NoReturn

from granite_studio import __version__
from granite_studio.cli import (
    NAMES,
    aligning,
    bench,
    burning,
    checking,
    cutting,
    evaluate,
    files,
    keys,
    machine,
    models,
    returning,
    shots,
    transcribe,
    translate,
)
from granite_studio.core.cancel import Cancelled
from granite_studio.core.errors import StudioError
from granite_studio.store import logs

DONE, FINDINGS, FAILED = 0, 1, 2
INTERRUPTED = 130

_COMMANDS: dict[str, tuple[str, Callable[[argparse.ArgumentParser], None]]] = {
    "transcribe": ("hear recordings and write transcripts or subtitles", transcribe.arguments),
    "translate": ("put what is said in a project into another language", translate.arguments),
    "export": ("write a project in other formats", files.export_arguments),
    "convert": ("turn a subtitle or transcript file into another format", files.convert_arguments),
    "cut": ("cut the words of a project into subtitles in a style", cutting.arguments),
    "align": ("put a text or subtitles that are there to their recording", aligning.arguments),
    "return": ("put a Word export that was edited back into its project", returning.arguments),
    "check": ("say which cues break a subtitle style, and why", checking.check_arguments),
    "fix": ("mend the cues of a file as far as no word changes", checking.fix_arguments),
    "shots": ("find the cuts of a film, and keep them in its project", shots.arguments),
    "burn": ("put subtitles into a video", burning.arguments),
    "evaluate": (
        "measure how far a transcript is from a reference: words, speakers and times",
        evaluate.arguments,
    ),
    "info": ("say what a recording or project holds", files.info_arguments),
    "models": ("list engines and models; download, check and remove them", models.arguments),
    "bench": ("measure how fast the models are on this machine", bench.arguments),
    "keys": ("keep the key of a remote server in this computer's keyring", keys.arguments),
    "doctor": ("check this installation and say what to do", machine.doctor_arguments),
}

_GO_ON = ("transcribe", "translate", "models")
"""The commands that keep what they have done when they are stopped."""


def main(argv: Sequence[str]) -> int:
    """Run one command; returns 0 done, 1 done with findings, 2 could not, 130 interrupted."""
    try:
        _check_name(argv)
        options = _parser().parse_args(argv)
        logs.start("command")
        code: int = options.work(options)
        sys.stdout.flush()
        return code
    except StudioError as error:
        return _fail(str(error))
    except (KeyboardInterrupt, Cancelled):
        print(_stopped(argv), file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        # The reader of our output went away; nothing more can be written there, not even at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except OSError as error:
        return _fail(f"{error.filename or 'A file'}: {error.strerror or error}.")


def _check_name(argv: Sequence[str]) -> None:
    """Raise `StudioError` with the nearest command where this is none."""
    if not argv or argv[0].startswith("-") or argv[0] in NAMES:
        return
    near = get_close_matches(argv[0].lower(), NAMES, n=1)
    way = f"did you mean granite-studio {near[0]}?" if near else "see granite-studio --help."
    raise StudioError(f"There is no command “{argv[0]}”, nor a file of that name; {way}")


def _stopped(argv: Sequence[str]) -> str:
    """What a stopped command left behind."""
    if argv and argv[0] in _GO_ON:
        return "Stopped. Run the same command again to go on from here."
    return "Stopped; nothing half-written is left. Run the same command again to start over."


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one sentence, as every other failure does."""

    def error(self, message: str) -> NoReturn:
        raise StudioError(f"{message}; see {self.prog} --help.")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="granite-studio",
        description="Transcripts and subtitles from recordings, on this machine alone.",
        epilog="Without a command, the window opens: granite-studio [PROJECT|MEDIA]",
    )
    parser.add_argument("--version", action="version", version=f"Granite Studio {__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    for name in NAMES:
        summary, add_arguments = _COMMANDS[name]
        add_arguments(
            commands.add_parser(name, help=summary, description=summary.capitalize() + ".")
        )
    return parser


def _fail(sentence: str) -> int:
    print(f"granite-studio: {sentence}", file=sys.stderr)
    return FAILED
