"""From a recording to words: knows the order of the stages and nothing else."""
