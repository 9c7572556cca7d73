"""The living state of the program on QtCore alone."""
