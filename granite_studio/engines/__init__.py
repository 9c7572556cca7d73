"""Speech engines: the only place that may import torch or pocketsphinx, and only in functions."""
