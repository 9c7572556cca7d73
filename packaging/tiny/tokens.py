"""The tokenizer of all three models, and the templates of their conversations."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

from tiny import tasks
from tiny.language import plain, sentences
from tiny.translation import LANGUAGES, translations

SIZE = 900
PAD, END, AUDIO = "<|pad|>", "<|end_of_text|>", "<|audio|>"
ROLE, END_ROLE = "<|start_of_role|>", "<|end_of_role|>"
PIECES = r" ?\[T:|\d|\]:?| ?\[Speaker| ?[\p{L}\p{M}']+|\s+|[^\s\p{L}\d\[\]]+|\["
BASE_TEMPLATE = (
    "{% for message in messages %}{% if message['role'] == 'user' %}"
    "{{ 'USER: ' + message['content'] + '\\n ASSISTANT:' }}"
    "{% elif message['role'] == 'assistant' %}{{ message['content'] + '<|end_of_text|>' }}"
    "{% endif %}{% endfor %}"
)
PLUS_TEMPLATE = (
    "{% for message in messages %}{{ '<|start_of_role|>' + message['role'] + '<|end_of_role|>'"
    " + message['content'] + '<|end_of_text|>\\n' }}{% endfor %}{% if add_generation_prompt %}"
    "{{ '<|start_of_role|>assistant<|end_of_role|>' }}"
    "{% if prefix_text %}{{ prefix_text }}{% endif %}{% endif %}"
)


def _corpus() -> list[str]:
    chance = Random(3)
    texts = []
    for sentence in islice(sentences(chance), 6000):
        texts += [f" {sentence.text} {sentence.text}", f"{sentence.plain} {sentence.plain}"]
    for made in islice(translations(chance), 700):
        texts += [f" {text} {plain(text)}" for text in map(made.to, LANGUAGES)]
    texts += [word for word in tasks.spellings() for _ in range(40)]
    return texts + [prompt for prompt in tasks.every_prompt() for _ in range(400)]


def make_tokenizer(folder: Path, template: str) -> Any:
    """Learn the pieces of words from the language; kept in a folder, as transformers reads it."""
    from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast

    make: Any = PreTrainedTokenizerFast

    kept = folder / "pieces.json"
    if not kept.exists():
        bytes_ = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
        bpe = Tokenizer(models.BPE())
        bpe.pre_tokenizer = pre_tokenizers.Sequence(
            [pre_tokenizers.Split(Regex(PIECES), "isolated"), bytes_]
        )
        bpe.decoder = decoders.ByteLevel()
        bpe.train_from_iterator(
            _corpus(),
            trainers.BpeTrainer(
                vocab_size=SIZE,
                initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
                special_tokens=[PAD, END, AUDIO, ROLE, END_ROLE],
                show_progress=False,
            ),
        )
        folder.mkdir(parents=True, exist_ok=True)
        bpe.save(str(kept))
    tokenizer = make(
        tokenizer_object=Tokenizer.from_file(str(kept)),
        pad_token=PAD,
        eos_token=END,
        bos_token=END,
        additional_special_tokens=[AUDIO, ROLE, END_ROLE],
        padding_side="left",
        clean_up_tokenization_spaces=False,
        model_max_length=4096,
    )
    tokenizer.chat_template = template
    return tokenizer
