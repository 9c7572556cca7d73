"""What a transcript is and what can happen to it: plain functions over frozen values."""
