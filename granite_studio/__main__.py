"""The one entry point: it alone chooses between the command line and the window."""

from __future__ import annotations

import multiprocessing
import sys


def main() -> int:
    """Run the command named first, or open the window on the file named first."""
    multiprocessing.freeze_support()  # the engine process of a frozen program starts here
    argv = sys.argv[1:]
    from granite_studio import cli

    if argv and argv[0] in (*cli.NAMES, "-h", "--help", "--version"):
        from granite_studio.cli import commands

        return commands.main(argv)
    from granite_studio import app

    return app.run(argv)


if __name__ == "__main__":
    sys.exit(main())
