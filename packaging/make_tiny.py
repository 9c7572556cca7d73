"""Makes the tiny Granite checkpoints in `tests/data/checkpoints`, from nothing.

    sudo apt-get install flite
    .venv/bin/python packaging/make_tiny.py

takes about an hour and a half on two cores. Stages can be named; each goes on from what is in
`build/tiny`, where a stage that was interrupted takes up its work too:

    .venv/bin/python packaging/make_tiny.py listeners report --steps 6600
"""

from __future__ import annotations

import argparse
import logging
import sys
from itertools import islice
from pathlib import Path
from random import Random

ROOT = Path(__file__).resolve().parents[1]
WORK = ROOT / "build" / "tiny"
CHECKPOINTS = ROOT / "tests" / "data" / "checkpoints"
STEPS = {"encoder": 2000, "nar": 1000, "listeners": 17000}
"""The stages in order, and how long each is trained."""


def main() -> None:
    """Run the stages asked for; each takes up what the last one left in `build/tiny`."""
    import torch
    from tiny import editor, encoder, listener, report, speech, tasks
    from tiny.language import sentences

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("stages", nargs="*", default=[*STEPS, "report"])
    parser.add_argument("--steps", type=int, help="instead of what is set for the stage")
    parser.add_argument("--seed", type=int, default=1852)
    parser.add_argument("--to", type=Path, default=CHECKPOINTS)
    asked = parser.parse_args()
    logging.basicConfig(format="%(asctime)s %(message)s", level=logging.INFO, stream=sys.stdout)
    torch.set_num_threads(2)

    for name, seed, spoken in (
        ("train", 1, islice(sentences(Random(1)), 6000)),
        ("test", 2, islice(sentences(Random(2), for_tests=True), 300)),
        ("translated", 3, (made.english for made in tasks.translated())),
        ("translated-test", 4, (made.english for made in tasks.translated(for_tests=True))),
    ):
        speech.make_pool(WORK / name, spoken, seed)
    pool, test = speech.read_pool(WORK / "train"), speech.read_pool(WORK / "test")
    translated = speech.read_pool(WORK / "translated")

    for stage in asked.stages:
        steps = asked.steps or STEPS.get(stage, 0)
        match stage:
            case "encoder":
                encoder.train_encoder(pool, test[:60], WORK / "encoder.pt", steps, asked.seed)
            case "nar":
                ears = encoder.read_encoder(WORK / "encoder.pt")
                editor.train(pool, test, ears, WORK, asked.to, steps, asked.seed)
            case "listeners":
                ears = encoder.read_encoder(WORK / "nar.pt")
                listener.train(pool, translated, test, ears, WORK, asked.to, steps, asked.seed)
            case "report":
                for what, figure in report.measure(asked.to):
                    print(f"{what}: {figure:.3f}", flush=True)
            case _:
                parser.error(f"there is no stage {stage!r}")


if __name__ == "__main__":
    main()
