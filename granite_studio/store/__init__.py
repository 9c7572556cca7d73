"""One SQLite file per project, and where things are kept on this machine."""
