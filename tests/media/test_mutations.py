"""Damage of every kind to real files: sound or a sentence, never a dead or hanging program."""

import random
import time

import pytest
from recordings import outcome

FOLDERS = ("made", "flac", "tinytag", "taglib", "mp4parse", "pydub")


def damaged(content, chance):
    """The bytes with some changed, cut out or cut off; headers more often than the rest."""
    data = bytearray(content)
    reach = min(len(data), 600) if chance.random() < 0.6 else len(data)
    for _ in range(chance.choice((1, 3, 10, 60))):
        place = chance.randrange(reach)
        data[place] = chance.choice((0, 255, chance.randrange(256), data[place] ^ 1))
    kind = chance.random()
    if kind < 0.2:
        return bytes(data[: chance.randrange(len(data)) + 1])
    if kind < 0.3:
        place = chance.randrange(len(data))
        return bytes(data[:place] + data[place + chance.randrange(5000) :])
    return bytes(data)


@pytest.mark.parametrize("seed", range(4))
def test_damaged_files_end_in_sound_or_a_sentence(reader, shared_data, tmp_path, seed):
    chance = random.Random(seed)
    files = sorted(
        path
        for folder in FOLDERS
        for path in (shared_data / "badmedia" / folder).iterdir()
        if 0 < path.stat().st_size < 400_000
    )
    for number in range(60):
        source = chance.choice(files)
        path = tmp_path / f"{number}{source.suffix}"
        path.write_bytes(damaged(source.read_bytes(), chance))
        begun = time.monotonic()
        assert outcome(reader, path) < 7_200_000, source
        assert time.monotonic() - begun < 20, source
        path.unlink()
