"""How fast each stage of a model is on this machine, beside transformers' own in the same run.

Nothing here is asked of a person's recording: sound is made up, answers have a fixed length, and
random weights of the true shape serve as well as real ones, because speed does not depend on what
the numbers are.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any, cast

import numpy as np
import torch  # noqa: TID253 - runs in a process of its own
from numpy.typing import NDArray

from granite_studio.core.cancel import CancelToken
from granite_studio.engines.base import RATE, Window
from granite_studio.engines.granite import alignment, checkpoint, conformer, cost, true_shapes
from granite_studio.engines.granite.checkpoint import Kind, Loaded
from granite_studio.engines.granite.decoding import answers
from granite_studio.engines.granite.device import choose
from granite_studio.engines.granite.features import Features, log_mel
from granite_studio.engines.granite.growth import Question
from granite_studio.engines.granite.measured import Request, Row, Setting
from granite_studio.engines.granite.nar_model import NarModel
from granite_studio.engines.granite.speech import Heard, Speech

_WORDS = 75
"""Words that are aligned with half a minute."""
_PEAK_SIZE = {"cpu": 1024, "mps": 4096, "cuda": 8192}


def serve() -> Callable[[Request, CancelToken], Iterator[Setting | Row]]:
    """Called once in the child."""
    return _measure


def _measure(request: Request, cancel: CancelToken) -> Iterator[Setting | Row]:
    loaded = _loaded(request)
    device = loaded.device
    config, kind = loaded.checkpoint.config, loaded.checkpoint.kind
    told = cost.of_nar(config) if kind is Kind.NAR else cost.of_base(config)
    flops = _peak(device.name, getattr(torch, device.dtype))
    label = f"{kind.value}, {loaded.checkpoint.folder.name}"
    yield Setting(label, device.words, flops / 1e12, told.floor(flops))
    bench = _Bench(loaded, request, cancel)
    for batch in request.batches:
        yield from bench.sound_stages(batch)
        if kind is Kind.NAR:
            yield from bench.nar(batch)
        else:
            yield from bench.text(batch)


def _loaded(request: Request) -> Loaded:
    if request.folder is not None:
        found = checkpoint.inspect(request.folder)
        return checkpoint.load(found, choose(request.device, bytes_needed=2 * found.parameters))
    kind = {"base": Kind.BASE, "plus": Kind.PLUS, "nar": Kind.NAR}[request.random]
    return true_shapes.random_model(
        kind, device=choose(request.device, bytes_needed=4_700_000_000)
    )


def _peak(device: str, dtype: torch.dtype) -> float:
    """Operations a second in one large product, which is as fast as this device gets."""
    size = _PEAK_SIZE[device.split(":")[0]]
    left, right = (torch.randn(size, size, device=device, dtype=dtype) for _ in range(2))
    took = min(_seconds(lambda: left @ right, device) for _ in range(5))
    return 2 * size**3 / took


def _seconds(work: Callable[[], object], device: str) -> float:
    _wait(device)
    began = time.perf_counter()
    work()
    _wait(device)
    return time.perf_counter() - began


def _wait(device: str) -> None:
    if device.startswith("cuda"):
        torch.cuda.synchronize()
    elif device == "mps":
        torch.mps.synchronize()


class _Bench:
    """One loaded model, and made-up windows for it."""

    def __init__(self, loaded: Loaded, request: Request, cancel: CancelToken) -> None:
        self._loaded = loaded
        self._request = request
        self._cancel = cancel
        self._device = loaded.device.name
        noise = np.random.default_rng(0).normal(0, 0.05, round(request.seconds * RATE))
        self._clip: NDArray[np.float32] = noise.astype(np.float32)
        self._is_nar = loaded.checkpoint.kind is Kind.NAR

    def sound_stages(self, batch: int) -> Iterator[Row]:
        """Features, encoder, and once the alignment of a text."""
        clips = [self._clip] * batch
        yield self._row("features", batch, lambda: self._features(clips))
        features = self._features(clips)
        yield self._row("encoder", batch, lambda: self._encoded(features))
        if self._request.stock and not self._is_nar:
            stock = self._net.model.encoder
            values = features.values.to(stock.input_linear.weight.dtype)
            yield self._row("encoder, stock", batch, lambda: stock(values), beside="encoder")
        if batch == self._request.batches[0]:
            encoded = self._encoded(features)
            heard = conformer.emissions(encoded, 0)
            words = ["alignment"] * round(_WORDS * self._request.seconds / 30)
            yield self._row("alignment", 1, lambda: alignment.align(words, heard))

    def text(self, batch: int) -> Iterator[Row]:
        """Base and Plus: everything from sound to tokens, beside `generate`."""
        speech = Speech(self._loaded)
        windows = [Window(index, self._clip) for index in range(batch)]
        yield self._row("whole", batch, lambda: self._answered(speech.hear(windows)))
        if self._request.stock:
            yield self._row(
                "whole, stock generate", batch, lambda: self._generated(windows), beside="whole"
            )

    def nar(self, batch: int) -> Iterator[Row]:
        """NAR: everything from sound to tokens, with drafts as long as speech makes them."""
        model = cast(NarModel, self._loaded.model)
        clips = [self._clip] * batch
        known = self._loaded.checkpoint.config["text_config"]["vocab_size"]
        drafts = [[1 + token % (known - 1) for token in range(self._request.tokens)]] * batch

        def work() -> None:
            encoded = self._encoded(self._features(clips))
            model.draft(encoded)  # what random weights draft has no speech's length
            model.edited(model.audio_rows(encoded), drafts)

        yield self._row("whole", batch, work)

    @property
    def _net(self) -> Any:
        return self._loaded.model

    def _features(self, clips: Sequence[NDArray[np.float32]]) -> Features:
        return log_mel(clips, self._device, whole=self._is_nar)

    @torch.no_grad()
    def _encoded(self, features: Features) -> conformer.Encoded:
        if self._is_nar:
            return cast(NarModel, self._loaded.model).encode(features)
        encoder = self._net.config.encoder_config
        layers = (*(getattr(encoder, "cat_hidden_layers", None) or ()), -1)
        return conformer.encode(
            self._net.model.encoder, features, layers=layers, middle=encoder.num_layers // 2
        )

    def _prompt(self, rows: int) -> list[int]:
        audio = self._net.config.audio_token_id
        words = [token for token in range(1, 27) if token != audio]
        return [*words[:19], *[audio] * rows, *words[19:25]]

    def _answered(self, heard: Heard) -> None:
        asked = [
            Question(self._prompt(len(rows)), self._request.tokens, cut_loops=False)
            for rows in heard.sound
        ]
        for _ in answers(
            self._net,
            [asked],
            heard.sound,
            ends=frozenset(),
            cancel=self._cancel,
            graphs=self._request.graphs,
        ):
            self._cancel.check()

    @torch.no_grad()
    def _generated(self, windows: Sequence[Window]) -> None:
        features = self._features([window.samples for window in windows])
        rows = 3 * -(-features.lengths[0] // 15)
        ids = torch.tensor([self._prompt(rows)] * len(windows), device=self._device)
        shown = torch.ones(len(windows), rows, dtype=torch.bool, device=self._device)
        length = self._request.tokens
        self._net.generate(
            input_ids=ids,
            attention_mask=torch.ones_like(ids),
            input_features=features.values.to(self._net.dtype),
            input_features_mask=shown,
            do_sample=False,
            num_beams=1,
            max_new_tokens=length,
            min_new_tokens=length,
        )

    def _row(self, stage: str, batch: int, work: Callable[[], object], *, beside: str = "") -> Row:
        """Time one stage; the first run warms up and is not counted."""
        gc.collect()
        on_gpu = self._device.startswith("cuda")
        if on_gpu:
            torch.cuda.empty_cache()
            torch.cuda.reset_peak_memory_stats()
        times = []
        for _ in range(self._request.repeats + 1):
            self._cancel.check()
            times.append(_seconds(work, self._device))
        took = float(np.median(times[1:]))
        memory = torch.cuda.max_memory_allocated() if on_gpu else 0
        return Row(stage, batch, batch * self._request.seconds / took, took, memory, beside)
