"""A transcript goes out, is corrected elsewhere, and comes back onto the words that are here."""
