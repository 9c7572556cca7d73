"""Sound over time: waveform, speaker lanes, cues."""
