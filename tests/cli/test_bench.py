"""`bench engines` on tiny checkpoints: that it measures what it says, never how fast."""

import json

import pytest

from tests.engines.granite.checkpoints import write_base, write_nar


@pytest.mark.parametrize(
    ("write", "stages"),
    [
        (
            write_base,
            {
                "features",
                "encoder",
                "encoder, stock",
                "alignment",
                "whole",
                "whole, stock generate",
            },
        ),
        (write_nar, {"features", "encoder", "alignment", "whole"}),
    ],
)
def test_every_stage_is_measured_at_every_batch(write, stages, tmp_path, command):
    sizes = ("--batch", "1,2", "--seconds", 2, "--repeats", 1, "--tokens", 4)
    folder = write(tmp_path / "model")

    code, out, _ = command(
        "bench", "engines", "--model", folder, "--device", "cpu", "--json", *sizes
    )

    told = json.loads(out)
    measured = {(row["stage"], row["batch"]) for row in told["rows"]}
    assert code == 0
    assert measured == {(stage, size) for stage in stages for size in (1, 2)} - {("alignment", 2)}
    assert all(row["rtfx"] > 0 for row in told["rows"])
    compared = {row["stage"] for row in told["rows"] if row["times_stock"] is not None}
    assert compared == {stage for stage in stages if "stock" in stage}
    assert told["floor_rtfx"] > 0
    assert "CPU" in told["device"]


@pytest.mark.parametrize(
    "wrong",
    [
        ("--random", "nar", "--batch", "0"),
        ("--random", "nar", "--batch", "many"),
        ("--random", "nar", "--seconds", "0"),
        ("--random", "nar", "--repeats", "0"),
        ("--model", "no such folder"),
    ],
)
def test_what_cannot_be_measured_is_a_sentence_and_exit_code_two(wrong, command):
    code, out, told = command("bench", "engines", *wrong)

    assert code == 2
    assert told.startswith("granite-studio: ")
    assert "Traceback" not in told
    assert out == ""
