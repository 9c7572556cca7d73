"""Playing the recording."""
