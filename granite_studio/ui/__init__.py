"""What a person sees: widgets show the session and ask for edits."""
