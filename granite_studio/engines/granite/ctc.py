"""The TurboCTC engine: English words straight from the encoder, without a language model.

The model is transformers' `GraniteSpeech5ForCTC`, built from settings that were checked here. It
reads log-mel frames with their rate of change, halves their number twice, and gives a word piece
or nothing for every 80 ms: its text needs no prompt, and its times are those frames.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch  # noqa: TID253 - pure tensor code, imported inside functions by everybody outside
from numpy.typing import NDArray

from granite_studio.core.cancel import CancelToken
from granite_studio.core.errors import EngineError
from granite_studio.engines.base import (
    RATE,
    Capabilities,
    Heartbeat,
    Options,
    TimedWord,
    Transcript,
    Turn,
    Window,
)
from granite_studio.engines.catalog import check, find
from granite_studio.engines.granite import checkpoint
from granite_studio.engines.granite.batches import in_batches, sounds
from granite_studio.engines.granite.device import Device
from granite_studio.engines.granite.features import FRAME_S, WIDTH, log_mel

NAME = "granite-ctc"

_HOP = RATE // 100
_BANDS = WIDTH // 2
# Each field with its default and the largest number a real model would have.
_ENCODER = {
    "vocab_size": (16384, 1 << 20),
    "hidden_size": (1024, 8192),
    "intermediate_size": (4096, 65536),
    "num_hidden_layers": (16, 128),
    "num_attention_heads": (8, 128),
    "head_dim": (128, 1024),
    "max_position_embeddings": (512, 8192),
    "context_size": (128, 2048),
    "conv_kernel_size": (7, 255),
    "conv_expansion_factor": (2, 16),
}


def load(model: Path | None, device: str) -> Ctc:
    """The CTC model in the folder `model`, on the device that `device` asks for.

    Raises `EngineError` for a folder that holds no such model, or one that is damaged.
    """
    found, place = checkpoint.chosen(find(NAME).title, checkpoint.Kind.CTC, model, device)
    with checkpoint.quiet():
        return Ctc(_model(found, place), _tokenizer(found), place)


class Ctc:
    """Granite Speech 5 TurboCTC behind the `Engine` protocol."""

    def __init__(self, model: Any, tokenizer: Any, device: Device) -> None:
        self._model = model
        self._tokenizer = tokenizer
        self._device = device
        self._size = device.batch
        self._blank = model.config.pad_token_id
        self._frame_s = FRAME_S * 2 ** len(model.config.encoder_config.subsample_layers)

    @property
    def capabilities(self) -> Capabilities:
        return find(NAME).capabilities

    @property
    def device(self) -> str:
        return self._device.words

    @property
    def batch(self) -> int:
        return self._size

    def hear(
        self, windows: Sequence[Window], options: Options, cancel: CancelToken
    ) -> Iterator[Transcript | Heartbeat]:
        """One `Transcript` a window; a cancel is seen between batches."""
        check(find(NAME), options)

        def work(batch: Sequence[Window]) -> Iterator[Transcript | Heartbeat]:
            yield from (Transcript(window.index) for window in batch if not sounds(window))
            if sounding := [window for window in batch if sounds(window)]:
                yield from self._heard(sounding)

        self._size = yield from in_batches(windows, size=self._size, work=work, cancel=cancel)

    @torch.inference_mode()
    def _heard(self, windows: Sequence[Window]) -> Iterator[Transcript]:
        rows = [features(window.samples, self._device.name) for window in windows]
        lengths = torch.tensor([len(row) for row in rows], device=rows[0].device)
        values = torch.nn.utils.rnn.pad_sequence(rows, batch_first=True)
        mask = torch.arange(values.shape[1], device=values.device) < lengths[:, None]
        logits = self._model(input_features=values, attention_mask=mask).logits.float()
        chances, best = logits.softmax(-1).max(-1)
        for window, row, chance, count in zip(windows, best, chances, lengths, strict=True):
            frames = int(count) // round(self._frame_s / FRAME_S)
            words = self._words(row[:frames].tolist(), chance[:frames].tolist())
            length_s = len(window.samples) / RATE
            clipped = tuple(
                TimedWord(text, min(start, length_s), min(end, length_s), confidence)
                for text, start, end, confidence in words
            )
            yield Transcript(window.index, (Turn(clipped),) if clipped else ())

    def _words(
        self, best: Sequence[int], chances: Sequence[float]
    ) -> list[tuple[str, float, float, float]]:
        """Words with start and end in seconds and a confidence, from the best class a frame."""
        pieces: list[int] = []
        spans: list[list[float]] = []
        for frame, token in enumerate(best):
            if token == self._blank:
                continue
            if frame and token == best[frame - 1]:
                spans[-1][1] = frame + 1
                continue
            pieces.append(token)
            spans.append([frame, frame + 1, chances[frame]])
        owners = [len(self._text(pieces[: at + 1]).split()) - 1 for at in range(len(pieces))]
        words = []
        for at, text in enumerate(self._text(pieces).split()):
            own = [span for span, owner in zip(spans, owners, strict=True) if owner == at]
            if not own:  # the pieces of this word show only together with those of the one before
                own = [spans[owners.index(at + 1)] if at + 1 in owners else spans[-1]]
            start, end = own[0][0] * self._frame_s, own[-1][1] * self._frame_s
            words.append((text, start, end, float(np.prod([span[2] for span in own]))))
        return words

    def _text(self, pieces: Sequence[int]) -> str:
        return str(self._tokenizer.decode(pieces, skip_special_tokens=True))


def features(clip: NDArray[np.float32], device: str) -> torch.Tensor:
    """What the encoder reads of a mono clip at `RATE`: (frames, 320), 50 frames a second.

    Two mel frames side by side, each followed by its rate of change over its two neighbours, as
    the model's own extractor makes them; the floor is 8 decades under the clip's loudest point.
    """
    mel_frames = len(clip) // _HOP
    if mel_frames % 2 and len(clip) % _HOP == 0:
        clip = np.pad(clip, (0, 1))  # the extractor fills up the last pair of frames
    level = log_mel([clip], device, whole=mel_frames % 2 == 0).values[0].reshape(-1, _BANDS)
    around = torch.cat((level[:1], level, level[-1:]))
    change = (around[2:] - around[:-2]) / 2
    return torch.cat((level, change), dim=1).reshape(-1, 2 * WIDTH)


def _model(found: checkpoint.Checkpoint, device: Device) -> Any:
    from transformers import GraniteSpeech5CTCConfig, GraniteSpeech5ForCTC

    model_class: Any = GraniteSpeech5ForCTC
    sizes = _settings(found.config)
    blank = _whole(found.config, "pad_token_id", 0, sizes["vocab_size"] - 1, least=0)
    config = GraniteSpeech5CTCConfig(
        encoder_config=sizes, vocab_size=sizes["vocab_size"], pad_token_id=blank
    )
    try:
        model, report = model_class.from_pretrained(
            found.folder,
            config=config,
            dtype=getattr(torch, device.dtype),
            attn_implementation="sdpa",
            local_files_only=True,
            use_safetensors=True,
            output_loading_info=True,
        )
    except (RuntimeError, ValueError) as error:
        raise EngineError(
            f"The weights in {found.folder} do not fit its config.json; fetch the model again."
        ) from error
    wrong = [kind for kind, names in report.items() if names]
    if wrong:
        raise EngineError(
            f"The model in {found.folder} did not load completely ({wrong[0]}); fetch it again."
        )
    return model.to(device.name).eval().requires_grad_(False)


def _settings(raw: Mapping[str, Any]) -> dict[str, Any]:
    """The encoder's settings: known fields only, each in its limits."""
    part = raw.get("encoder_config")
    if not isinstance(part, dict):
        raise EngineError("encoder_config is missing from the model's config.json.")
    sizes: dict[str, Any] = {
        name: _whole(part, name, default, most) for name, (default, most) in _ENCODER.items()
    }
    layers = part.get("subsample_layers", [0, 1])
    if layers != [0, 1]:
        raise EngineError(f"The model halves its frames at {layers!r}; only [0, 1] is known.")
    if part.get("num_mel_bins", _BANDS) != _BANDS:
        raise EngineError(f"The model reads other sound than {_BANDS} mel bands.")
    return {**sizes, "subsample_layers": layers}


def _whole(part: Mapping[str, Any], name: str, default: int, most: int, *, least: int = 1) -> int:
    value = part.get(name)
    value = default if value is None else value
    if type(value) is not int or not least <= value <= most:
        raise EngineError(
            f"{name} in the model's config.json has to be a whole number from {least} to {most}."
        )
    return value


def _tokenizer(found: checkpoint.Checkpoint) -> Any:
    from transformers import PreTrainedTokenizerFast

    try:
        return PreTrainedTokenizerFast.from_pretrained(
            found.folder, local_files_only=True, trust_remote_code=False
        )
    except Exception as error:  # tokenizers raises the bare class for a damaged file
        raise EngineError(
            f"The tokenizer of the model in {found.folder} is damaged; fetch the model again."
        ) from error
