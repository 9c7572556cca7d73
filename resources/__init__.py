"""Files that the program brings along: the sample interview, style guides, icons."""
