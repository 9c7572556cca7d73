"""The transcript in another language, a row for each paragraph."""
