"""Granite Speech NAR: a draft from the encoder's own CTC head, edited whole by a language model.

Written from the paper (NLE, arXiv 2603.08397) and the checkpoint's layout, on parts that
transformers has: conformer blocks and `GraniteModel`, here without its causal mask. The names of
the parameters are those of the checkpoint on the hub (revision 99a4df9 and later).

A clip goes through in four steps. The encoder reads it at 50 frames a second. Its token head reads
every four frames as one, which gives a draft. The projector turns five frames into one audio row
for the language model. That reads the audio rows and the draft, with a blank between any two
tokens, and says for each place what should stand there: the token, another one, or nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch  # noqa: TID253 - pure tensor code, imported inside functions by everybody outside
import torch.nn.functional as F  # noqa: TID253, N812
from torch import Tensor, nn  # noqa: TID253

from granite_studio.core.errors import EngineError
from granite_studio.engines.granite import attention
from granite_studio.engines.granite.conformer import Encoded, encode
from granite_studio.engines.granite.device import Device
from granite_studio.engines.granite.features import Features

_HEAD_ROWS = 4096
"""Rows that go through a head of 100,000 classes at once: 0.8 GB in half precision."""


class NarModel(nn.Module):
    """The whole model. `config` as `settings.clean_nar` gives it; weights are random until loaded.

    Its methods go through a batch of clips. `transcribe` is all of them in order; the single steps
    carry gradients from the encoder's states on, so that a model can be trained with them.
    """

    def __init__(self, config: dict[str, Any]) -> None:
        super().__init__()
        self.config = config
        self.encoder = _Encoder(config["encoder_config"])
        self.projector = _Projector(config["projector_config"])
        self.language_model = nn.Module()
        self.language_model.model = _bidirectional(config["text_config"])
        scaled = config["scale_projected_embeddings"]
        # GraniteModel multiplies all that comes in; the audio rows are made for what lies inside.
        self._audio_scale = 1 / config["text_config"]["embedding_multiplier"] if scaled else 1.0

    @classmethod
    def load(cls, config: dict[str, Any], files: Sequence[Path], device: Device) -> NarModel:
        """The model with the weights in `files`, on the device and in its dtype.

        Tensors go to the device one by one: nothing is held twice.
        """
        from safetensors import safe_open

        with torch.device("meta"):
            model = cls(config)
        dtype = getattr(torch, device.dtype)
        state: dict[str, Tensor] = {}
        for file in files:
            with safe_open(file, framework="pt", device=device.name) as stored:
                for name in stored.keys():  # noqa: SIM118 - it is a file, not a dictionary
                    tensor = stored.get_tensor(name)
                    state[name] = tensor.to(dtype) if tensor.is_floating_point() else tensor
        try:
            model.load_state_dict(state, strict=True, assign=True)
        except RuntimeError as error:
            raise EngineError("The NAR model's tensors do not fit its config.json.") from error
        model.make_buffers(device.name)
        return model

    def make_buffers(self, device: str) -> None:
        """Compute what is stored in no file: needed once after building on the meta device."""
        rotary = self._lm.rotary_emb
        self._lm.rotary_emb = type(rotary)(rotary.config).to(device)

    @property
    def _lm(self) -> Any:
        return self.language_model.model

    @torch.no_grad()
    def transcribe(self, encoded: Encoded, *, edits: int = 1) -> list[list[int]]:
        """The tokens of each clip, after `edits` passes of the editor over the draft.

        A clip too short for one audio row (0.1 s) has none.
        """
        audio = self.audio_rows(encoded)
        drafts = self.draft(encoded)
        for _ in range(edits):
            drafts = self.edited(audio, drafts)
        return drafts

    def encode(self, features: Features) -> Encoded:
        """Encode a batch, and keep the layers that the projector and the draft head read."""
        layers = (*self.config["encoder_layer_indices"], -1)
        middle = self.config["encoder_config"]["self_conditioning_layer"]
        return encode(self.encoder, features, layers=layers, middle=middle)

    def pooled(self, encoded: Encoded) -> Tensor:
        """The rows that the draft head reads, (all clips' ceil(frames / 4), width), clip by clip.

        Each is a mean of four frames, weighted with how sure the middle layer is of a character.
        """
        window = self.config["encoder_config"]["bpe_pooling_window"]
        states = encoded.states[-1]
        pad = -states.shape[1] % window
        voiced = torch.unflatten(F.pad(1 - encoded.blank, (0, pad)), 1, (-1, window))
        weight = voiced / (voiced.sum(-1, keepdim=True) + 1e-8)
        windows = torch.unflatten(F.pad(states.float(), (0, 0, 0, pad)), 1, (-1, window))
        rows = (weight[..., None] * windows).sum(2).to(states.dtype)
        return _kept(rows, [-(-frames // window) for frames in encoded.lengths])

    @torch.no_grad()
    def draft(self, encoded: Encoded) -> list[list[int]]:
        """The tokens that the encoder's own head hears in each clip."""
        window = self.config["encoder_config"]["bpe_pooling_window"]
        classes = _best(self.pooled(encoded), self.encoder.out_bpe)
        sizes = [-(-frames // window) for frames in encoded.lengths]
        # One class more than there are tokens means that the blank is class 0 and shifts the rest.
        shifted = self.encoder.out_bpe.out_features > self._lm.embed_tokens.num_embeddings
        blank = 0 if shifted else self.config["blank_token_id"]
        return [
            [token - shifted for token in collapsed(part.tolist(), blank)]
            for part in torch.split(classes, sizes)
        ]

    def audio_rows(self, encoded: Encoded) -> list[Tensor]:
        """What the editor hears of each clip: (frames // 5, width of the language model)."""
        rows = self.projector(encoded.states[:-1], encoded.lengths)
        return [part * self._audio_scale for part in rows]

    @torch.no_grad()
    def edited(self, audio: Sequence[Tensor], drafts: Sequence[Sequence[int]]) -> list[list[int]]:
        """The drafts, each corrected in one look at its clip's audio rows and its tokens."""
        heard = [at for at, rows in enumerate(audio) if len(rows)]
        texts: list[list[int]] = [[] for _ in audio]
        if not heard:
            return texts
        places, sizes = self.editor_states(
            [audio[at] for at in heard], [drafts[at] for at in heard]
        )
        classes = _best(places, self._head)
        for at, part in zip(heard, torch.split(classes, sizes), strict=True):
            texts[at] = collapsed(part.tolist(), self.config["blank_token_id"])
        return texts

    def editor_states(
        self, audio: Sequence[Tensor], drafts: Sequence[Sequence[int]]
    ) -> tuple[Tensor, list[int]]:
        """The editor's last states at the places of the text, and how many each clip has.

        States are (all clips' places, width), clip by clip. All clips go through at once, one
        after another and without padding; each sees itself alone.
        """
        blank, least = self.config["blank_token_id"], self.config["min_edit_sequence_length"]
        slots = [with_slots(draft, blank, least) for draft in drafts]
        sizes = [len(places) for places in slots]
        device = audio[0].device
        tokens = torch.tensor([token for places in slots for token in places], device=device)
        text = self._lm.embed_tokens(tokens).split(sizes)
        pairs = zip(audio, text, strict=True)
        rows = torch.cat(
            [part for heard, words in pairs for part in (heard.to(words.dtype), words)]
        )
        lengths = [len(heard) + size for heard, size in zip(audio, sizes, strict=True)]
        position = torch.cat([torch.arange(length) for length in lengths]).to(device)
        states = self._lm(
            inputs_embeds=rows[None],
            position_ids=position[None],
            packing=attention.packing(lengths, device),
            use_cache=False,
        ).last_hidden_state[0]
        parts = torch.split(states, lengths)
        return torch.cat([part[-size:] for part, size in zip(parts, sizes, strict=True)]), sizes

    def _head(self, rows: Tensor) -> Tensor:
        """The output layer, which is the embedding. Its scale plays no part in which is best."""
        return F.linear(rows, self._lm.embed_tokens.weight)


def collapsed(classes: Sequence[int], blank: int) -> list[int]:
    """CTC's reading of the best class at each place: repeats are one, blanks are none."""
    return [
        now
        for before, now in zip((blank, *classes), classes, strict=False)
        if now not in (before, blank)
    ]


def with_slots(tokens: Sequence[int], blank: int, least: int) -> list[int]:
    """The tokens with a blank before, between and after them, and as many more as make `least`."""
    slots = [blank] * max(2 * len(tokens) + 1, least)
    slots[1 : 2 * len(tokens) : 2] = tokens
    return slots


def _best(rows: Tensor, head: Any) -> Tensor:
    """The best class for each row, on the CPU, without all rows' classes in memory at once."""
    parts = [head(part).argmax(-1) for part in torch.split(rows, _HEAD_ROWS)]
    return torch.cat(parts).cpu()


def _kept(values: Tensor, lengths: Sequence[int]) -> Tensor:
    """(clips, longest, width) to (sum of lengths, width)."""
    inside = torch.arange(values.shape[1]) < torch.tensor(lengths)[:, None]
    return values[inside.to(values.device)]


def _bidirectional(text: dict[str, Any]) -> Any:
    """transformers' Granite language model, with attention both ways and inside packed clips."""
    from transformers import GraniteConfig, GraniteModel

    known = {**text, "rope_parameters": {"rope_type": "default", "rope_theta": text["rope_theta"]}}
    del known["rope_theta"]
    attention.register()
    known |= {"pad_token_id": None, "attn_implementation": attention.NAME}
    config = GraniteConfig(**known)
    # For the masks that transformers makes, and for its attention where that gets no mask.
    config.is_causal = False
    model: Any = GraniteModel(config)
    for layer in model.layers:
        layer.self_attn.is_causal = False
    return model


class _Encoder(nn.Module):
    """The parameters of the speech encoder. `conformer.encode` is its forward pass."""

    def __init__(self, config: dict[str, Any]) -> None:
        super().__init__()
        from transformers import GraniteSpeechEncoderConfig
        from transformers.models.granite_speech.modeling_granite_speech import (
            GraniteSpeechConformerBlock,
        )

        width, characters = config["hidden_dim"], config["output_dim"]
        own = ("bpe_output_dim", "bpe_pooling_window", "self_conditioning_layer")
        stock = GraniteSpeechEncoderConfig(
            **{name: value for name, value in config.items() if name not in own}
        )
        self.input_linear = nn.Linear(config["input_dim"], width)
        self.layers = nn.ModuleList(
            GraniteSpeechConformerBlock(stock) for _ in range(config["num_layers"])
        )
        self.out = nn.Linear(width, characters)
        self.out_mid = nn.Linear(characters, width)
        self.out_bpe = nn.Linear(width, config["bpe_output_dim"])


class _Projector(nn.Module):
    """From the states of several encoder layers to rows for the language model, ten a second."""

    def __init__(self, config: dict[str, Any]) -> None:
        super().__init__()
        width, dim, eps = config["hidden_size"], config["encoder_dim"], config["layernorm_eps"]
        count, self._block = config["num_encoder_layers"], config["block_size"]
        self._rate = config["downsample_rate"]
        self.layer_norms = nn.ModuleList(nn.LayerNorm(dim, eps) for _ in range(count))
        self.layer_projector = nn.Linear(dim * count, width)
        spread = width**-0.5
        self.query = nn.Parameter(torch.randn(1, self._block // self._rate, width) * spread)
        self.window_positions = nn.Parameter(torch.randn(1, self._block, width) * spread)
        self.qformer: Any = nn.Module()
        self.qformer.layers = nn.ModuleList(
            _QueryLayer(config) for _ in range(config["num_layers"])
        )
        self.out_norm = nn.LayerNorm(width, eps)
        self.out_linear = nn.Linear(width, config["llm_dim"])

    def forward(self, states: Sequence[Tensor], lengths: Sequence[int]) -> list[Tensor]:
        """States, each (clips, frames, width) and zero beyond `lengths`, to each clip's rows."""
        joined = torch.cat(
            [norm(state) for norm, state in zip(self.layer_norms, states, strict=True)], dim=-1
        )
        heard = F.gelu(self.layer_projector(joined))
        inside = torch.arange(heard.shape[1]) < torch.tensor(lengths)[:, None]
        heard = heard * inside.to(heard.device)[..., None]  # as zero as the padding of a lone clip
        windows = F.pad(heard, (0, 0, 0, -heard.shape[1] % self._block))
        counts = [-(-length // self._block) for length in lengths]
        windows = _kept(windows.reshape(len(counts), -1, self._block * windows.shape[-1]), counts)
        windows = windows.reshape(len(windows), self._block, heard.shape[-1])

        query = self.query + torch.unflatten(windows, 1, (-1, self._rate)).mean(2)
        keys = windows + self.window_positions
        for layer in self.qformer.layers:
            query = layer(query, keys)
        rows = self.out_linear(self.out_norm(query))
        per_window = rows.shape[1]
        clips = rows.flatten(0, 1).split([count * per_window for count in counts])
        return [clip[: length // self._rate] for clip, length in zip(clips, lengths, strict=True)]


class _QueryLayer(nn.Module):
    def __init__(self, config: dict[str, Any]) -> None:
        super().__init__()
        width, eps = config["hidden_size"], config["layernorm_eps"]
        inner, bias = width * config["mlp_ratio"], config["mlp_bias"]
        self.attn_norm = nn.LayerNorm(width, eps)
        self.cross_attention = _CrossAttention(
            width, config["num_heads"], bias=config["attn_bias"]
        )
        self.mlp_norm = nn.LayerNorm(width, eps)
        self.mlp: Any = nn.Module()
        self.mlp.fc1 = nn.Linear(width, inner, bias)
        self.mlp.fc2 = nn.Linear(inner, width, bias)

    def forward(self, query: Tensor, keys: Tensor) -> Tensor:
        query = query + self.cross_attention(self.attn_norm(query), keys)
        change: Tensor = self.mlp.fc2(F.silu(self.mlp.fc1(self.mlp_norm(query))))
        return query + change


class _CrossAttention(nn.Module):
    def __init__(self, width: int, heads: int, *, bias: bool) -> None:
        super().__init__()
        self._heads = heads
        self.q_proj = nn.Linear(width, width, bias)
        self.k_proj = nn.Linear(width, width, bias)
        self.v_proj = nn.Linear(width, width, bias)
        self.o_proj = nn.Linear(width, width, bias)

    def forward(self, query: Tensor, keys: Tensor) -> Tensor:
        """Queries (windows, n, width) over keys (windows, m, width)."""
        parts = (self.q_proj(query), self.k_proj(keys), self.v_proj(keys))
        one, two, three = (
            torch.unflatten(part, -1, (self._heads, -1)).transpose(1, 2) for part in parts
        )
        mixed = F.scaled_dot_product_attention(one, two, three).transpose(1, 2).flatten(2)
        out: Tensor = self.o_proj(mixed)
        return out
