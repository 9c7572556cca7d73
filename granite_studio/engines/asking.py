"""What a remote server is asked about a window: which model, by which prompts, over which path."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from granite_studio.core.errors import EngineError
from granite_studio.engines.base import Options
from granite_studio.engines.granite import prompts
from granite_studio.engines.granite.prompts import Prompt
from granite_studio.engines.server import Refused, Server, together

PLUS, BASE = "plus", "base"

_MODELS = "/v1/models"
_CHAT = "/v1/chat/completions"
_TRANSCRIPTIONS = "/v1/audio/transcriptions"
_NO_CHAT = frozenset({404, 405, 415, 501})
_NO_EARS = ("audio", "multimodal", "modalit", "content part", "chat template", "content type")
"""How servers say that they have no chat, and that they cannot hear in it."""
_TOO_LONG = ("context length", "model length", "model_len", "too long", "max_tokens", "exceed")

# The model's memory, in its tokens: what a second of sound takes there, what the words around it
# take, and the longest answers that people can be fast enough for.
_SOUND_TOKENS_S = 10
_PROMPT_TOKENS = 160
_LEAST_TOKENS = 64
_TEXT_TOKENS_S = 14
_TIMES_TOKENS_S = 50
_LETTERS = 20
"""No token is longer on average; an answer with more is no speech."""


@dataclass(frozen=True, slots=True)
class Said:
    """Text as the model wrote it, and whether it ran into its limit."""

    text: str
    cut_off: bool = False


@dataclass(frozen=True, slots=True)
class Heard:
    """The answers for one window; one of the first two is there.

    The text is `plain`, and in `speakers` it has speaker tags. `times` has time tags.
    """

    plain: Said | None = None
    speakers: Said | None = None
    times: Said | None = None


@dataclass(frozen=True, slots=True)
class _Served:
    """A model of the server; `kind` is empty for one that is not Granite Speech."""

    name: str
    kind: str
    room: int | None = None


class Asker:
    """Asks one server for all that is wanted of a window."""

    def __init__(self, server: Server, served: _Served, options: Options) -> None:
        self._server = server
        self._served = served
        self._options = options
        self._chats = bool(served.kind)
        # What the model cannot do is said here, before any sound is sent.
        self._prompts = _prompts(served, options)
        if not self._chats:
            self._check_plain()

    @classmethod
    async def greet(cls, server: Server, model: str | None, options: Options) -> Asker:
        """Look what the server has and choose its model.

        Raises `EngineError` if the model is not there, or cannot do what is wanted.
        """
        return cls(server, await _served(server, model), options)

    @property
    def words(self) -> str:
        """Which model answers, and whether it is asked for more than plain transcription."""
        return self._served.name + ("" if self._chats else ", plain transcription")

    async def ask(self, flac: bytes, length_s: float) -> Heard:
        """What the model makes of this sound. Raises `EngineError`."""
        if self._chats:
            try:
                return await self._by_chat(flac, length_s)
            except Refused as refusal:
                self._without_chat(refusal, length_s)
        try:
            return await self._by_transcription(flac, length_s)
        except Refused as refusal:
            raise self._cannot(refusal, length_s) from None

    async def _by_chat(self, flac: bytes, length_s: float) -> Heard:
        url = f"data:audio/flac;base64,{base64.b64encode(flac).decode('ascii')}"
        asked = [self._chat(prompt, url, length_s) for prompt in self._prompts.values()]
        return Heard(**dict(zip(self._prompts, await together(asked), strict=True)))

    async def _chat(self, prompt: Prompt, url: str, length_s: float) -> Said:
        most = self._most_tokens(prompt, length_s)
        messages: list[dict[str, Any]] = [
            {
                "role": "user",
                # The server puts the sound's mark before the text, on a line of its own, unless
                # the text has it already; the model knows it where the prompt has it.
                "content": [
                    {"type": "audio_url", "audio_url": {"url": url}},
                    {"type": "text", "text": prompt.user},
                ],
            }
        ]
        if prompt.system is not None:
            messages.insert(0, {"role": "system", "content": prompt.system})
        body: dict[str, Any] = {
            "model": self._served.name,
            "messages": messages,
            "temperature": 0,
            "max_tokens": most,
        }
        if prompt.before:
            body["chat_template_kwargs"] = {"prefix_text": prompt.before}
        answer = await self._server.ask(_CHAT, json=body)
        return self._limited(_of_chat(answer), most)

    async def _by_transcription(self, flac: bytes, length_s: float) -> Heard:
        form = {
            "model": self._served.name,
            "language": self._options.language,
            "response_format": "json",
            "temperature": "0",
        }
        files = {"file": ("window.flac", flac, "audio/flac")}
        answer = await self._server.ask(_TRANSCRIPTIONS, data=form, files=files)
        text = answer.get("text")
        if not isinstance(text, str):
            raise _not_understood()
        return Heard(self._limited(Said(text), _LEAST_TOKENS + round(_TEXT_TOKENS_S * length_s)))

    def _limited(self, said: Said, tokens: int) -> Said:
        text = self._server.clean(said.text)
        longest = _LETTERS * tokens
        return Said(text[:longest], said.cut_off or len(text) > longest)

    def _most_tokens(self, prompt: Prompt, length_s: float) -> int:
        a_second = _TIMES_TOKENS_S if prompt is self._prompts.get("times") else _TEXT_TOKENS_S
        wanted = _LEAST_TOKENS + round(a_second * length_s)
        if self._served.room is None:
            return wanted
        given = _PROMPT_TOKENS + (len(prompt.user) + len(prompt.before)) // 2
        room = self._served.room - given - round(_SOUND_TOKENS_S * length_s)
        if room < _LEAST_TOKENS:
            raise _too_long(length_s, f"its model keeps {self._served.room} tokens in mind")
        return min(wanted, room)

    def _without_chat(self, refusal: Refused, length_s: float) -> None:
        """Go on to plain transcription, if the refusal leaves that open; else raise."""
        said = refusal.words.casefold()
        is_deaf = any(sign in said for sign in _NO_EARS) and not any(
            sign in said for sign in _TOO_LONG
        )
        if refusal.status not in _NO_CHAT and not (refusal.status in (400, 422) and is_deaf):
            raise self._cannot(refusal, length_s) from None
        self._check_plain()
        self._chats = False

    def _check_plain(self) -> None:
        """Raise `EngineError` for what plain transcription, alone, cannot give."""
        wanted = {
            "translate": self._options.translate_to is not None,
            "take keywords": bool(self._options.keywords),
            "go on from earlier text": bool(self._options.before),
        }
        for deed, is_wanted in wanted.items():
            if is_wanted:
                raise EngineError(
                    f"This server does plain transcription alone and cannot {deed}; leave that "
                    "out, or serve Granite Speech 4.1 with chat and sound."
                )

    def _cannot(self, refusal: Refused, length_s: float) -> EngineError:
        words = f" ({refusal.words})" if refusal.words else ""
        said = refusal.words.casefold()
        if refusal.status == 413 or any(sign in said for sign in _TOO_LONG):
            return _too_long(length_s, refusal.words or "the request is too large")
        if refusal.status == 404:
            return EngineError(
                f"The server does not serve {self._served.name!r}, or not for speech{words}; "
                "choose another model with --model."
            )
        return EngineError(
            f"The server did not take the sound (status {refusal.status}{words}); check that it "
            "serves a Granite Speech model."
        )


async def _served(server: Server, wanted: str | None) -> _Served:
    """The wanted model, or the best of those that are served."""
    try:
        listed = await server.ask(_MODELS)
    except Refused:
        if wanted is None:
            raise EngineError(
                "The server does not say which models it has; name one with --model."
            ) from None
        return _Served(wanted, _kind(wanted))
    rows = listed.get("data")
    if not isinstance(rows, list):
        raise _not_understood()
    models = [_model(row) for row in rows if isinstance(row, dict) and _is_name(row.get("id"))]
    names = ", ".join(server.clean(model.name) for model in models[:10]) or "no model at all"
    if wanted is not None:
        found = [model for model in models if model.name == wanted]
        if not found:
            raise EngineError(
                f"The server does not serve {wanted!r}; it has {names}. Choose one with --model."
            )
        return found[0]
    for kind in (PLUS, BASE):
        for model in models:
            if model.kind == kind:
                return model
    raise EngineError(
        f"The server has no Granite Speech model that it could be asked for ({names}); name one "
        "with --model to have it transcribe plainly."
    )


def _model(row: Mapping[str, Any]) -> _Served:
    """One row of the server's list. Under another name, `root` says what the model really is."""
    name, root, room = row["id"], row.get("root"), row.get("max_model_len")
    kind = _kind(name) or (_kind(root) if isinstance(root, str) else "")
    is_size = isinstance(room, int) and not isinstance(room, bool) and room > 0
    return _Served(name, kind, room if is_size else None)


def _is_name(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= 200 and value.isprintable()


def _kind(name: str) -> str:
    """Which prompts a model of this name knows. NAR and TurboCTC know none."""
    lower = name.casefold()
    if "granite" not in lower or "nar" in lower.split("-") or "ctc" in lower:
        return ""
    return PLUS if "plus" in lower else BASE


def _prompts(served: _Served, options: Options) -> dict[str, Prompt]:
    """The prompts by the answer of `Heard` that they are for.

    Plus is always asked for its times: from afar there is no other source for them.
    """
    asked = replace(options, server="", own_times=False)  # the server's engine checks for itself
    if not served.kind:
        return {}
    if served.kind == BASE:
        return {"plain": prompts.base(asked)}
    plus = prompts.plus(replace(asked, own_times=True))
    named = {"plain": plus.plain, "speakers": plus.speakers, "times": plus.times}
    return {name: prompt for name, prompt in named.items() if prompt is not None}


def _of_chat(answer: Mapping[str, Any]) -> Said:
    choices = answer.get("choices")
    choice = choices[0] if isinstance(choices, list) and choices else None
    message = choice.get("message") if isinstance(choice, dict) else None
    content = message.get("content") if isinstance(message, dict) else None
    if not isinstance(content, str) or not isinstance(choice, dict):
        raise _not_understood()
    return Said(content, choice.get("finish_reason") == "length")


def _not_understood() -> EngineError:
    return EngineError(
        "The server's answer is not what a speech server sends; check its address and its log."
    )


def _too_long(length_s: float, why: str) -> EngineError:
    return EngineError(
        f"A window of {length_s:.0f} s is too long for the server ({why}); start it with a larger "
        "--max-model-len, or raise what it takes in one request."
    )
