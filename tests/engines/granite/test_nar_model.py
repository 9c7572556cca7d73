"""NAR's steps one by one, against the same arithmetic written plainly for one clip."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from granite_studio.engines.granite.checkpoint import inspect, load
from granite_studio.engines.granite.conformer import Encoded
from granite_studio.engines.granite.device import Device
from granite_studio.engines.granite.features import log_mel
from granite_studio.engines.granite.nar_model import NarModel, collapsed, with_slots
from granite_studio.engines.granite.settings import clean_nar
from tests.engines.granite.checkpoints import nar_config

CPU = Device("cpu", "float32", 1, 1)
BLANK = 1


@pytest.fixture(scope="module")
def model(nar_folder: Path) -> Any:
    return load(inspect(nar_folder), CPU).model


def babble(seconds: float, seed: int) -> NDArray[np.float32]:
    """A new tone every 80 ms, so that neighbouring rows of the draft differ."""
    random = np.random.default_rng(seed)
    at = np.arange(1280) / 16_000
    tones = [
        random.uniform(0.01, 0.5) * np.sin(2 * np.pi * random.uniform(100, 6000) * at)
        for _ in range(int(seconds * 12.5) + 1)
    ]
    return np.concatenate(tones)[: int(seconds * 16_000)].astype(np.float32)


CLIPS = [babble(3, 0), babble(2, 1), babble(0.4, 2), babble(5, 3)]


def encoded(model: Any, *clips: NDArray[np.float32]) -> Encoded:
    found: Encoded = model.encode(log_mel(clips, "cpu", whole=True))
    return found


@pytest.mark.parametrize(
    ("classes", "tokens"),
    [
        ([], []),
        ([1, 1, 1], []),
        ([1, 5, 5, 1, 5, 9, 9, 1], [5, 5, 9]),
        ([7, 7, 8], [7, 8]),
    ],
)
def test_repeats_are_one_and_blanks_are_none(classes: list[int], tokens: list[int]) -> None:
    assert collapsed(classes, BLANK) == tokens


def test_slots_lie_around_every_token_and_are_eight_at_least() -> None:
    assert with_slots([], 1, 8) == [1, 1, 1, 1, 1, 1, 1, 1]
    assert with_slots([5, 6], 1, 8) == [1, 5, 1, 6, 1, 1, 1, 1]
    assert with_slots([5, 6, 7, 8], 1, 8) == [1, 5, 1, 6, 1, 7, 1, 8, 1]


def test_four_frames_become_one_by_how_sure_each_is_of_a_character(model: Any) -> None:
    state = torch.arange(6.0)[None, :, None].expand(1, 6, 32)
    blank = torch.tensor([[1, 1, 0.5, 0, 0.5, 0.5]])
    rows = model.pooled(Encoded((state,), torch.zeros(1, 6, 348), blank, (6,)))
    assert rows.shape == (2, 32)
    # (0.5 * 2 + 1 * 3) / 1.5, and the middle of 4 and 5 without the padding behind them
    torch.testing.assert_close(rows[:, 0], torch.tensor([8 / 3, 4.5]))


def test_frames_that_are_all_blank_give_no_fault(model: Any) -> None:
    state, blank = torch.ones(1, 4, 32), torch.ones(1, 4)
    assert model.pooled(Encoded((state,), torch.zeros(1, 4, 348), blank, (4,))).eq(0).all()


def test_there_are_ten_audio_rows_a_second_and_none_for_a_rest(model: Any) -> None:
    rows = model.audio_rows(encoded(model, babble(3, 0), babble(1.99, 1), babble(0.05, 2)))
    assert [tuple(part.shape) for part in rows] == [(30, 32), (19, 32), (0, 32)]


def plain_rows(model: Any, states: tuple[Tensor, ...]) -> Tensor:
    """The projector for one clip, as the paper tells it."""
    projector = model.projector
    joined = torch.cat(
        [norm(s[0]) for norm, s in zip(projector.layer_norms, states, strict=True)], -1
    )
    heard = nn.functional.gelu(projector.layer_projector(joined))
    rows = []
    for begin in range(0, len(heard), 15):
        window = torch.zeros(15, heard.shape[1])
        part = heard[begin : begin + 15]
        window[: len(part)] = part
        query = projector.query[0] + torch.stack([window[n : n + 5].mean(0) for n in (0, 5, 10)])
        keys = window + projector.window_positions[0]
        for layer in projector.qformer.layers:
            attend, normed = layer.cross_attention, layer.attn_norm(query)
            heads = [
                part.view(-1, 4, 8).transpose(0, 1)
                for part in (attend.q_proj(normed), attend.k_proj(keys), attend.v_proj(keys))
            ]
            weights = (heads[0] @ heads[1].transpose(1, 2) / 8**0.5).softmax(-1)
            query = query + attend.o_proj((weights @ heads[2]).transpose(0, 1).reshape(3, 32))
            query = query + layer.mlp.fc2(nn.functional.silu(layer.mlp.fc1(layer.mlp_norm(query))))
        rows.append(projector.out_linear(projector.out_norm(query)))
    return torch.cat(rows)[: len(heard) // 5]


@torch.no_grad()
def test_the_projector_is_what_the_paper_tells(model: Any) -> None:
    heard = encoded(model, babble(2.1, 4))
    expected = plain_rows(model, heard.states[:-1]) / 12
    torch.testing.assert_close(model.audio_rows(heard)[0], expected, atol=1e-6, rtol=1e-4)


def test_audio_rows_are_made_smaller_because_the_language_model_multiplies(
    nar_folder: Path,
) -> None:
    known = inspect(nar_folder).config
    scaled, plain = (
        NarModel(known | {"scale_projected_embeddings": flag}).eval() for flag in (True, False)
    )
    plain.load_state_dict(scaled.state_dict())
    one, two = (model.audio_rows(encoded(model, babble(1, 0)))[0] for model in (scaled, plain))
    torch.testing.assert_close(one * 12, two)


@pytest.mark.parametrize("implementation", ["sdpa", "eager"])
@torch.no_grad()
def test_packed_clips_are_read_as_the_library_reads_each_alone_both_ways(
    nar_folder: Path, model: Any, implementation: str
) -> None:
    audio = model.audio_rows(encoded(model, *CLIPS))
    drafts = [[20, 21, 22], [], [30], [40] * 30]
    packed, sizes = model.editor_states(audio, drafts)
    other: Any = load(inspect(nar_folder), CPU).model
    stock = other.language_model.model
    stock.set_attn_implementation(implementation)
    assert sizes == [8, 8, 8, 61]
    for part, rows, draft in zip(packed.split(sizes), audio, drafts, strict=True):
        slots = torch.tensor(with_slots(draft, BLANK, 8))
        embeds = torch.cat([rows, stock.embed_tokens(slots)])[None]
        alone = stock(inputs_embeds=embeds, use_cache=False).last_hidden_state[0, len(rows) :]
        torch.testing.assert_close(part, alone, atol=1e-4, rtol=1e-3)


@torch.no_grad()
def test_the_first_place_sees_the_last(model: Any) -> None:
    rows = [torch.zeros(3, 32)]
    one, two = (model.editor_states(rows, [[5, 6, 7, last]])[0] for last in (8, 9))
    assert (one[0] - two[0]).abs().max() > 1e-3


@torch.no_grad()
def test_a_clip_does_not_see_its_neighbours(model: Any) -> None:
    rows = [torch.zeros(3, 32), torch.zeros(2, 32)]
    one, two = (model.editor_states(rows, [[5, 6], [7, 8, 9, last]])[0] for last in (10, 11))
    assert one[:8].equal(two[:8])
    assert not one[8:].equal(two[8:])


def test_a_clip_gives_the_same_alone_and_beside_others(model: Any) -> None:
    together = encoded(model, *CLIPS)
    drafts, texts = model.draft(together), model.transcribe(together)
    alone = [encoded(model, clip) for clip in CLIPS]
    assert drafts == [model.draft(one)[0] for one in alone]
    assert texts == [model.transcribe(one)[0] for one in alone]
    assert all(len(draft) > 2 for draft in drafts)
    assert all(draft != text for draft, text in zip(drafts, texts, strict=True))


def test_the_editor_reads_the_draft_and_a_second_pass_reads_the_first(model: Any) -> None:
    heard = encoded(model, *CLIPS)
    audio, draft = model.audio_rows(heard), model.draft(heard)
    first = model.edited(audio, draft)
    assert model.transcribe(heard, edits=0) == draft
    assert model.transcribe(heard) == first
    assert model.transcribe(heard, edits=2) == model.edited(audio, first)


def test_clips_too_short_for_an_audio_row_have_no_text(model: Any) -> None:
    for clips in ([babble(0.08, 0)], [babble(0.01, 0)], [babble(0.08, 0), babble(1, 1)]):
        assert model.transcribe(encoded(model, *clips))[0] == []


def test_the_older_draft_head_has_its_blank_in_front(model: Any) -> None:
    older = NarModel(clean_nar(nar_config(320, bpe_classes=321))).eval()
    state = model.state_dict()
    shifted = dict(state)
    for name in ("encoder.out_bpe.weight", "encoder.out_bpe.bias"):
        moved = torch.cat([state[name][BLANK : BLANK + 1], state[name]])
        shifted[name] = moved
    # The blank's own token is never heard: its row stands in front now, and comes first.
    older.load_state_dict(shifted)
    assert older.draft(encoded(older, *CLIPS)) == model.draft(encoded(model, *CLIPS))


def test_the_encoder_is_the_stock_one_with_a_head_more(model: Any) -> None:
    from transformers import GraniteSpeechPlusCTCEncoder, GraniteSpeechPlusEncoderConfig

    own = ("bpe_output_dim", "bpe_pooling_window", "self_conditioning_layer")
    known = {n: v for n, v in model.config["encoder_config"].items() if n not in own}
    config = GraniteSpeechPlusEncoderConfig(**known, cat_hidden_layers=[1, 3])
    stock = GraniteSpeechPlusCTCEncoder(config).eval()
    state = model.encoder.state_dict()
    stock.load_state_dict({name: state[name] for name in stock.state_dict()})
    features = log_mel([babble(3, 0)], "cpu", whole=True)
    with torch.no_grad():
        expected = stock(features.values).last_hidden_state
    one, _two, three, last, again = model.encode(features).states
    torch.testing.assert_close(
        torch.cat([one, three, last], dim=-1), expected, atol=1e-4, rtol=1e-3
    )
    assert last.equal(again)


def learns(model: Any, of: Callable[[], Tensor]) -> set[str]:
    """The parts of the model whose parameters a loss on this reaches."""
    model.zero_grad()
    of().square().mean().backward()
    reached = [name for name, parameter in model.named_parameters() if parameter.grad is not None]
    return {".".join(name.split(".")[:2]) for name in reached}


def test_draft_head_projector_and_editor_can_be_trained_over_the_encoder(nar_folder: Path) -> None:
    model: Any = NarModel(inspect(nar_folder).config)
    heard = encoded(model.eval(), *CLIPS)
    head = learns(model, lambda: model.encoder.out_bpe(model.pooled(heard)))
    assert head == {"encoder.out_bpe"}
    rest = learns(model, lambda: model.editor_states(model.audio_rows(heard), [[5]] * 4)[0])
    assert rest == {
        "language_model.model",
        *(f"projector.{name}" for name in ("layer_norms", "layer_projector", "query")),
        *(
            f"projector.{name}"
            for name in ("window_positions", "qformer", "out_norm", "out_linear")
        ),
    }
