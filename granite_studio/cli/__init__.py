"""Every main job without a window. Kept empty of work: the window looks here for the names too."""

NAMES = (
    "transcribe",
    "translate",
    "export",
    "convert",
    "cut",
    "align",
    "return",
    "check",
    "fix",
    "shots",
    "burn",
    "evaluate",
    "info",
    "models",
    "bench",
    "keys",
    "doctor",
)
"""The commands; anything else on the command line is a file for the window."""
