"""The transcript as one text."""
