"""The one entry point: it alone chooses between the command line and the window."""

from __future__ import annotations

import os
import sys


def main() -> int:
    """Run the command named first, or open the window on the file named first."""
    try:
        return _main()
    except KeyboardInterrupt:  # while modules were still being imported
        return 130


def _main() -> int:
    import multiprocessing

    multiprocessing.freeze_support()  # the engine process of a frozen program starts here
    argv = sys.argv[1:]
    from granite_studio import cli

    if argv and (argv[0] in (*cli.NAMES, "-h", "--help", "--version") or _is_word(argv[0])):
        from granite_studio.cli import commands

        return commands.main(argv)
    try:
        from granite_studio import app
    except ImportError as error:  # most often a system library that Qt needs
        print(
            f"granite-studio: The window cannot open ({error}); "
            "granite-studio doctor says what is missing, and the commands work without it.",
            file=sys.stderr,
        )
        return 2
    return app.run(argv)


def _is_word(text: str) -> bool:
    """Whether this is no file and could not be the name of one, but of a command."""
    return not (text.startswith("-") or set(text) & {".", "/", os.sep} or os.path.exists(text))


if __name__ == "__main__":
    sys.exit(main())
