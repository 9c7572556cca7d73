"""Recordings: what is in them, their sound at 16 kHz, their peaks, and where somebody speaks."""
