"""The list of cues."""
