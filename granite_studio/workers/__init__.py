"""Child processes: spawn, pipe, limits, restart. Knows no engine and no medium."""
