"""The arithmetic of a second of sound, against what was counted on the true models."""

import pytest

from granite_studio.engines.granite import cost

ENCODER = {
    "input_dim": 160,
    "num_layers": 16,
    "hidden_dim": 1024,
    "feedforward_mult": 4,
    "num_heads": 8,
    "dim_head": 128,
    "output_dim": 348,
    "context_size": 200,
    "conv_kernel_size": 15,
    "conv_expansion_factor": 2,
}
TEXT = {
    "hidden_size": 2048,
    "intermediate_size": 4096,
    "num_hidden_layers": 40,
    "num_attention_heads": 16,
    "num_key_value_heads": 4,
    "vocab_size": 100353,
}
BASE = {
    "encoder_config": ENCODER,
    "projector_config": {
        "hidden_size": 1024,
        "intermediate_size": 4096,
        "num_hidden_layers": 2,
        "encoder_hidden_size": 1024,
    },
    "text_config": TEXT,
}
NAR = {
    "encoder_config": {**ENCODER, "bpe_output_dim": 100352, "bpe_pooling_window": 4},
    "projector_config": {
        "hidden_size": 2048,
        "num_layers": 2,
        "num_encoder_layers": 4,
        "block_size": 15,
        "downsample_rate": 5,
        "mlp_ratio": 2,
    },
    "text_config": TEXT,
}


def test_the_base_model_costs_what_was_counted():
    counted = cost.of_base(BASE)

    assert counted.encoder == pytest.approx(44.7e9, rel=0.005)
    assert counted.projector == pytest.approx(1.05e9, rel=0.02)
    assert counted.total == pytest.approx(89.1e9, rel=0.02)


def test_nar_costs_what_was_counted():
    counted = cost.of_nar(NAR)

    assert counted.encoder == pytest.approx(44.7e9 + 2.6e9, rel=0.005)
    assert counted.projector == pytest.approx(3.6e9, rel=0.01)
    assert counted.total == pytest.approx(105.2e9, rel=0.02)


def test_a_gpu_of_990_teraflops_has_a_floor_of_9400_for_nar():
    assert cost.of_nar(NAR).floor(990e12) == pytest.approx(9400, rel=0.02)
