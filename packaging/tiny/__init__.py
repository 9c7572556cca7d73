"""The tiny Granite checkpoints that the tests listen with: their language, speech and training."""
