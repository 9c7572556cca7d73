"""What is refused, with which words, before anything is loaded; and that what is whole loads."""

import json
import shutil
import struct
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.torch import load_file, save_file

from granite_studio.core.errors import EngineError
from granite_studio.engines.granite.checkpoint import Kind, inspect, load, speech_class
from granite_studio.engines.granite.device import Device

CPU = Device("cpu", "float32", 1, 1)
HALF = Device("cpu", "bfloat16", 1, 1)
OUT = "encoder.out.weight"
EMBED = "language_model.model.embed_tokens.weight"
COUNTER = "encoder.layers.0.conv.batch_norm.num_batches_tracked"

MUTABLE = ("config.json", "model.safetensors", "tokenizer_config.json")

Damage = Callable[[Path], object]


@pytest.fixture
def base(base_folder: Path, tmp_path: Path) -> Path:
    """A copy of the base checkpoint, to be damaged."""
    return Path(shutil.copytree(base_folder, tmp_path / "granite"))


@pytest.fixture
def plus(plus_folder: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(plus_folder, tmp_path / "granite"))


@pytest.fixture
def nar(nar_folder: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(nar_folder, tmp_path / "granite"))


def refusal(folder: Path) -> str:
    with pytest.raises(EngineError) as raised:
        inspect(folder)
    sentence = str(raised.value)
    assert sentence.startswith(f"The model in {folder} cannot be used: ")
    assert sentence.endswith(".")
    assert "\n" not in sentence
    return sentence


def remove(name: str) -> Damage:
    return lambda folder: (folder / name).unlink()


def write(name: str, text: str) -> Damage:
    return lambda folder: (folder / name).write_text(text, encoding="utf-8")


def config(**changes: Any) -> Damage:
    """Fields of config.json changed; "part__field" is inside a part, None takes it out."""

    def change(folder: Path) -> None:
        file = folder / "config.json"
        known = json.loads(file.read_text(encoding="utf-8"))
        for name, value in changes.items():
            part, _, field = name.rpartition("__")
            inside = known[part] if part else known
            inside[field] = value
            if value is None:
                del inside[field]
        file.write_text(json.dumps(known), encoding="utf-8")

    return change


def tensors(change: Callable[[dict[str, torch.Tensor]], object]) -> Damage:
    def rewrite(folder: Path) -> None:
        file = folder / "model.safetensors"
        state = load_file(file)
        change(state)
        save_file(state, file)

    return rewrite


def header(change: Callable[[dict[str, Any]], object]) -> Damage:
    """The header of the weights changed, and the numbers left where they are."""

    def rewrite(folder: Path) -> None:
        file = folder / "model.safetensors"
        data = file.read_bytes()
        (length,) = struct.unpack("<Q", data[:8])
        known = json.loads(data[8 : 8 + length])
        change(known)
        text = json.dumps(known).encode()
        file.write_bytes(struct.pack("<Q", len(text)) + text + data[8 + length :])

    return rewrite


def raw(data: bytes) -> Damage:
    return lambda folder: (folder / "model.safetensors").write_bytes(data)


def append(data: bytes) -> Damage:
    def lengthen(folder: Path) -> None:
        with (folder / "model.safetensors").open("ab") as file:
            file.write(data)

    return lengthen


def cut(share: float) -> Damage:
    def shorten(folder: Path) -> None:
        file = folder / "model.safetensors"
        data = file.read_bytes()
        file.write_bytes(data[: int(len(data) * share)])

    return shorten


def only(name: str) -> Damage:
    return lambda folder: (folder / "model.safetensors").rename(folder / name)


def index(weight_map: object) -> Damage:
    def split(folder: Path) -> None:
        (folder / "model.safetensors").rename(folder / "model-00001-of-00002.safetensors")
        file = folder / "model.safetensors.index.json"
        known = {"metadata": {"total_size": 1}, "weight_map": weight_map}
        file.write_text(json.dumps(known), encoding="utf-8")

    return split


def sparse(folder: Path) -> None:
    """A header of 200 MB, in a file that takes no room on the disk."""
    with (folder / "model.safetensors").open("wb") as file:
        file.write(struct.pack("<Q", 200_000_000))
        file.truncate(300_000_000)


def move_offsets(name: str, by: int) -> Damage:
    def move(known: dict[str, Any]) -> None:
        known[name]["data_offsets"] = [place + by for place in known[name]["data_offsets"]]

    return header(move)


DAMAGES: dict[str, tuple[Damage, str]] = {
    "no config": (remove("config.json"), "no config.json; choose the folder of a Granite Speech"),
    "config not JSON": (write("config.json", "{"), "its config.json is damaged (not JSON)"),
    "config nested": (write("config.json", "[" * 99_999), "its config.json is damaged"),
    "config a list": (write("config.json", "[]"), "its config.json is damaged (not an object)"),
    "config too large": (write("config.json", " " * 4_000_001), "config.json is too large"),
    "unknown model": (config(model_type="whisper"), "'whisper', not a Granite Speech 4.1"),
    "no model type": (config(model_type=None), "a model without a type, not a Granite Speech"),
    "type of a wrong type": (config(model_type=["a"]), "not a Granite Speech 4.1"),
    "old NAR": (config(model_type="nle"), "early layout of the NAR model; fetch its revision"),
    "with an adapter": (config(has_lora_adapter=True), "older Granite Speech with a LoRA adapter"),
    "an adapter": (write("adapter_config.json", "{}"), "only an adapter for another model"),
    "no text part": (config(text_config=None), "text_config is missing"),
    "text part a list": (config(text_config=[]), "text_config is missing"),
    "other language model": (
        config(text_config__model_type="llama"),
        "text_config.model_type in its config.json is 'llama', and only 'granite' is known",
    ),
    "number as text": (
        config(text_config__hidden_size="32"),
        "text_config.hidden_size in its config.json has to be a whole number",
    ),
    "number as truth": (
        config(window_size=True),
        "window_size in its config.json has to be a whole",
    ),
    "a million layers": (
        config(text_config__num_hidden_layers=10**6),
        "text_config.num_hidden_layers in its config.json is 1000000, outside 1..256",
    ),
    "huge width": (
        config(encoder_config__hidden_dim=10**9),
        "hidden_dim in its config.json is 10",
    ),
    "number of 4,000 digits": (config(window_size=10**4000), "window_size in its config.json"),
    "no number": (config(text_config__rms_norm_eps=float("nan")), "rms_norm_eps in its config"),
    "heads that do not divide": (
        config(text_config__num_attention_heads=3),
        "num_attention_heads in its config.json does not divide hidden_size",
    ),
    "heads of odd width": (
        config(text_config__hidden_size=36),
        "the heads in its config.json have an odd width",
    ),
    "other rotary embedding": (
        config(text_config__rope_parameters={"rope_type": "yarn", "factor": 4.0}),
        "text_config.rope_parameters in its config.json are of an unknown kind",
    ),
    "projector does not fit": (
        config(projector_config__encoder_hidden_size=64),
        "projector_config.encoder_hidden_size in its config.json is 64, and should be 32",
    ),
    "audio token beyond": (
        config(audio_token_index=9999),
        "audio token in its config.json is out",
    ),
    "wide context": (
        config(encoder_config__context_size=900),
        "context_size in its config.json is",
    ),
    "other features": (config(encoder_config__input_dim=80), "input_dim in its config.json is 80"),
    "no weights": (remove("model.safetensors"), "no weights (model.safetensors)"),
    "pickle only": (
        only("pytorch_model.bin"),
        "its weights are a pickle (pytorch_model.bin), which could run code",
    ),
    "pickle of another name": (only("model.ckpt"), "its weights are a pickle (model.ckpt)"),
    "index not JSON": (
        lambda folder: (index({})(folder), write("model.safetensors.index.json", "no")(folder)),
        "its model.safetensors.index.json is damaged (not JSON)",
    ),
    "index without its head": (
        lambda folder: (
            index({})(folder),
            write("model.safetensors.index.json", '{"weight_map": {"a": "b"}}')(folder),
        ),
        "model.safetensors.index.json names no files",
    ),
    "index of nothing": (index({}), "model.safetensors.index.json names no files"),
    "shard missing": (
        index({"a": "model-00002-of-00002.safetensors"}),
        "its weights file model-00002-of-00002.safetensors is missing",
    ),
    "shard above the folder": (
        index({"a": "../granite/model-00001-of-00002.safetensors"}),
        "which is no safetensors file beside it",
    ),
    "shard anywhere": (index({"a": "/etc/a.safetensors"}), "no safetensors file beside it"),
    "shard on another drive": (index({"a": "C:\\a.safetensors"}), "no safetensors file beside it"),
    "shard a pickle": (index({"a": "pytorch_model.bin"}), "no safetensors file beside it"),
    "shard no name": (index({"a": 1}), "no safetensors file beside it"),
    "empty file": (raw(b""), "its model.safetensors is cut short"),
    "file of five bytes": (raw(b"12345"), "its model.safetensors is cut short"),
    "header beyond the file": (raw(struct.pack("<Q", 10**12) + b"{}"), "is cut short"),
    "header of 200 MB": (sparse, "model.safetensors is damaged (a header too long)"),
    "header not JSON": (raw(struct.pack("<Q", 4) + b"\x80\x04}."), "damaged (not JSON)"),
    "header a list": (raw(struct.pack("<Q", 2) + b"[]"), "damaged (no list of tensors)"),
    "half of the header": (cut(0.001), "its model.safetensors is cut short"),
    "half of the numbers": (cut(0.5), "its model.safetensors is cut short; fetch the model again"),
    "one number short": (cut(0.999999), "its model.safetensors is cut short"),
    "something behind": (
        append(b"MZ"),
        "holds more than its tensors",
    ),
    "tensor that is no tensor": (
        header(lambda known: known.update({OUT: [1]})),
        f"the tensor {OUT} in its model.safetensors is described wrongly",
    ),
    "shape of text": (header(lambda known: known[OUT].update(shape="a")), "described wrongly"),
    "shape below zero": (
        header(lambda known: known[OUT].update(shape=[-1, 4])),
        "described wrongly",
    ),
    "one offset": (header(lambda known: known[OUT].update(data_offsets=[0])), "described wrongly"),
    "offsets turned": (
        header(lambda known: known[OUT]["data_offsets"].reverse()),
        f"the tensor {OUT} in its model.safetensors has the wrong length",
    ),
    "shape against length": (
        header(lambda known: known[OUT].update(shape=[348, 33])),
        f"the tensor {OUT} in its model.safetensors has the wrong length",
    ),
    "tensors overlap": (move_offsets(OUT, -4), "the tensors in its model.safetensors overlap"),
    "tensor beyond the end": (move_offsets(OUT, 10**9), "overlap or leave gaps"),
    "tensor missing": (
        tensors(lambda state: state.pop(OUT)),
        f"its tensor {OUT} is missing; fetch the model again",
    ),
    "output layer missing": (
        tensors(lambda state: state.pop("language_model.lm_head.weight")),
        "its tensor language_model.lm_head.weight is missing",
    ),
    "two missing": (
        tensors(lambda state: (state.pop(OUT), state.pop("encoder.out_mid.weight"))),
        f"its tensor {OUT} and 1 more are missing",
    ),
    "tensor under two names": (
        tensors(lambda state: state.update({f"model.{OUT}": state[OUT].clone()})),
        "it holds a tensor under two names",
    ),
    "tensor too many": (
        tensors(lambda state: state.update(extra=torch.zeros(2))),
        "its tensor extra is not expected; it is another model",
    ),
    "tensor of another shape": (
        tensors(lambda state: state.update({EMBED: torch.zeros(321, 32)})),
        f"its tensor {EMBED} has the shape [321, 32], and its config.json asks for [320, 32]",
    ),
    "tensor of whole numbers": (
        tensors(lambda state: state.update({OUT: state[OUT].to(torch.int32)})),
        f"its tensor {OUT} holds I32 numbers; only F32, F16 and BF16 are read",
    ),
    "tensor of eight bits": (
        tensors(lambda state: state.update({OUT: state[OUT].to(torch.float8_e4m3fn)})),
        f"its tensor {OUT} holds F8_E4M3 numbers",
    ),
    "counter of real numbers": (
        tensors(lambda state: state.update({COUNTER: torch.zeros(())})),
        f"its tensor {COUNTER} holds F32 numbers",
    ),
    "no tokenizer": (remove("tokenizer.json"), "its tokenizer.json is missing"),
    "no template": (remove("chat_template.jinja"), "its chat template (chat_template.jinja) is"),
    "empty template": (write("chat_template.jinja", ""), "its chat template"),
    "tokenizer's settings": (
        write("tokenizer_config.json", "[]"),
        "tokenizer_config.json is damaged",
    ),
}
PLUS_DAMAGES: dict[str, tuple[Damage, str]] = {
    "layers beyond": (config(encoder_config__cat_hidden_layers=[5]), "cat_hidden_layers in its"),
    "the last layer": (config(encoder_config__cat_hidden_layers=[2]), "is 2, outside 0..1"),
    "layers no list": (config(encoder_config__cat_hidden_layers=3), "has to be a list of layers"),
    "one layer more": (
        config(encoder_config__cat_hidden_layers=[0, 1]),
        "encoder_hidden_size in its config.json is 64, and should be 96",
    ),
}
NAR_DAMAGES: dict[str, tuple[Damage, str]] = {
    "draft head of another size": (
        config(encoder_config__bpe_output_dim=300),
        "its draft head does not fit its vocabulary",
    ),
    "draft head of the other convention": (
        config(encoder_config__bpe_output_dim=321),
        "its tensor encoder.out_bpe.bias has the shape [320], and its config.json asks for [321]",
    ),
    "blank beyond": (config(blank_token_id=320), "the blank token in its config.json is outside"),
    "layers that do not fit": (config(encoder_layer_indices=[1, 2]), "num_encoder_layers in its"),
    "layers beyond": (config(encoder_layer_indices=[1, 2, 3, 99]), "encoder_layer_indices in its"),
    "other library": (
        tensors(lambda state: state.update({f"model.{OUT}": state.pop(OUT)})),
        "the NAR model in another library's layout; fetch revision 99a4df9",
    ),
    "late self-conditioning": (
        config(encoder_config__self_conditioning_layer=9),
        "self_conditioning_layer in its config.json is beyond the last layer",
    ),
}


@pytest.mark.parametrize("name", DAMAGES)
def test_a_damaged_base_model_is_refused_with_a_sentence(base: Path, name: str) -> None:
    damage, words = DAMAGES[name]
    damage(base)
    assert words in refusal(base)


@pytest.mark.parametrize("name", PLUS_DAMAGES)
def test_a_damaged_plus_model_is_refused_with_a_sentence(plus: Path, name: str) -> None:
    damage, words = PLUS_DAMAGES[name]
    damage(plus)
    assert words in refusal(plus)


@pytest.mark.parametrize("name", NAR_DAMAGES)
def test_a_damaged_nar_model_is_refused_with_a_sentence(nar: Path, name: str) -> None:
    damage, words = NAR_DAMAGES[name]
    damage(nar)
    assert words in refusal(nar)


def test_no_folder_and_a_file_are_refused(tmp_path: Path) -> None:
    assert "no such folder" in refusal(tmp_path / "nowhere")
    file = tmp_path / "model.safetensors"
    file.touch()
    assert "this is a file; choose the folder it is in" in refusal(file)


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    assert "it has no config.json" in refusal(tmp_path)


def test_a_file_that_may_not_be_read_is_named_as_such(
    base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def denied(_file: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", denied)
    with pytest.raises(EngineError, match=r"cannot be read \(Permission denied\)\."):
        inspect(base)


def test_whole_checkpoints_are_known_for_what_they_are(
    base_folder: Path, plus_folder: Path, nar_folder: Path
) -> None:
    found = [inspect(folder) for folder in (base_folder, plus_folder, nar_folder)]
    assert [each.kind for each in found] == [Kind.BASE, Kind.PLUS, Kind.NAR]
    for each in found:
        assert each.bytes == (each.folder / "model.safetensors").stat().st_size
        assert each.bytes > 4 * each.parameters > 0.8 * each.bytes
    assert len({each.identity for each in found}) == 3


def test_a_ctc_model_is_known_and_left_to_its_own_engine(tmp_path: Path) -> None:
    write("config.json", '{"model_type": "granite_speech5_ctc", "vocab_size": 3}')(tmp_path)
    write("tokenizer.json", "{}")(tmp_path)
    save_file({"head": torch.zeros(3)}, tmp_path / "model.safetensors")
    found = inspect(tmp_path)
    assert (found.kind, found.parameters) == (Kind.CTC, 3)
    with pytest.raises(EngineError, match="a CTC model, which its own engine loads"):
        load(found, CPU)


def test_inspecting_needs_no_torch(base_folder: Path, nar_folder: Path) -> None:
    code = (
        "import sys; from pathlib import Path\n"
        "from granite_studio.engines.granite.checkpoint import inspect\n"
        "for folder in sys.argv[1:]: inspect(Path(folder))\n"
        "assert not {'torch', 'transformers', 'tokenizers', 'safetensors'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code, base_folder, nar_folder], check=True)


def test_the_identity_follows_numbers_settings_and_tokenizer_but_not_the_place(
    base_folder: Path, base: Path
) -> None:
    before = inspect(base).identity
    assert before == inspect(base_folder).identity
    seen = {before}
    for change in (
        tensors(lambda state: state[EMBED].mul_(2)),
        config(text_config__logits_scaling=4.0),
        write("chat_template.jinja", "{{ messages[0].content }}"),
        lambda folder: write("tokenizer.json", (folder / "tokenizer.json").read_text() + " ")(
            folder
        ),
    ):
        change(base)
        seen.add(inspect(base).identity)
    assert len(seen) == 5


def test_other_files_in_the_folder_are_no_business_of_ours(base: Path) -> None:
    before = inspect(base)
    write("out_llm.safetensors", "rubbish")(base)
    write("pytorch_model.bin", "rubbish")(base)
    write("modeling_granite.py", "raise SystemExit")(base)
    assert inspect(base) == before
    assert load(before, CPU).checkpoint == before


def test_fields_that_lead_elsewhere_do_not_reach_the_libraries(base: Path) -> None:
    config(
        auto_map={"AutoModel": "evil--modeling.Evil"},
        transformers_weights="../other.safetensors",
        quantization_config={"quant_method": "bitsandbytes", "load_in_4bit": True},
        _attn_implementation="kernels-community/attention",
    )(base)
    found = inspect(base)
    assert not found.config.keys() & {"auto_map", "transformers_weights", "quantization_config"}
    assert load(found, CPU).model.config._attn_implementation == "sdpa"


def test_links_into_a_cache_of_blobs_are_followed(base: Path, tmp_path: Path) -> None:
    linked = tmp_path / "snapshots"
    linked.mkdir()
    for file in base.iterdir():
        (linked / file.name).symlink_to(file)
    assert inspect(linked).identity == inspect(base).identity
    assert load(inspect(linked), CPU).checkpoint.folder == linked


def test_shards_are_read_together(base: Path) -> None:
    state = load_file(base / "model.safetensors")
    (base / "model.safetensors").unlink()
    names = sorted(state)
    places = {name: f"model-{1 + at % 2}-of-2.safetensors" for at, name in enumerate(names)}
    for shard in set(places.values()):
        save_file({name: state[name] for name in names if places[name] == shard}, base / shard)
    known = {"metadata": {"total_size": 1}, "weight_map": places}
    write("model.safetensors.index.json", json.dumps(known))(base)
    assert weights_of(load(inspect(base), CPU).model, OUT).equal(state[OUT])


def test_a_tensor_in_two_shards_is_refused(base: Path) -> None:
    shutil.copy(base / "model.safetensors", base / "a.safetensors")
    index({"a": "a.safetensors", "b": "model-00001-of-00002.safetensors"})(base)
    assert "lies in two of its files" in refusal(base)


def test_numbers_may_be_written_with_a_point_and_defaults_left_out(base: Path) -> None:
    before = inspect(base)
    config(window_size=15.0, downsample_rate=None, projector_config__layer_norm_eps=None)(base)
    assert inspect(base) == before


@settings(max_examples=150, deadline=None, derandomize=True)
@given(place=st.integers(0, 9_999), byte=st.integers(0, 255), of=st.sampled_from(MUTABLE))
def test_no_byte_changed_makes_it_fail_in_another_way(
    base_folder: Path, place: int, byte: int, of: str
) -> None:
    with TemporaryDirectory() as scratch:
        folder = Path(scratch)
        for file in base_folder.iterdir():
            (folder / file.name).symlink_to(file)
        data = bytearray((base_folder / of).read_bytes())
        data[place % len(data)] = byte
        (folder / of).unlink()
        (folder / of).write_bytes(data)
        with suppress(EngineError):
            found = inspect(folder)
            with torch.device("meta"):
                settings_of, model_class = speech_class(found)
                model_class(settings_of)


def test_an_output_layer_that_is_stored_is_not_tied_whatever_the_config_says(base: Path) -> None:
    config(tie_word_embeddings=True, text_config__tie_word_embeddings=True)(base)
    model: Any = load(inspect(base), CPU).model
    assert not model.lm_head.weight.equal(model.model.language_model.embed_tokens.weight)


def test_one_that_is_not_stored_is_the_embedding(plus_folder: Path) -> None:
    model: Any = load(inspect(plus_folder), CPU).model
    assert model.lm_head.weight is model.model.language_model.embed_tokens.weight


def test_every_number_arrives_where_it_belongs(
    base_folder: Path, plus_folder: Path, nar_folder: Path
) -> None:
    for folder in (base_folder, plus_folder, nar_folder):
        model = load(inspect(folder), CPU).model
        for name, stored in load_file(folder / "model.safetensors").items():
            assert weights_of(model, name).equal(stored), name


def test_names_as_the_library_nests_them_load_too(base: Path) -> None:
    expected = load(inspect(base), CPU).model.state_dict()
    save_file(expected, base / "model.safetensors")
    loaded = load(inspect(base), CPU).model.state_dict()
    assert all(loaded[name].equal(tensor) for name, tensor in expected.items())


def test_a_model_is_ready_to_hear_in_the_device_s_format(
    base_folder: Path, nar_folder: Path
) -> None:
    for folder in (base_folder, nar_folder):
        loaded = load(inspect(folder), HALF)
        kinds = {tensor.dtype for tensor in loaded.model.state_dict().values()}
        assert kinds == {torch.bfloat16, torch.int64}
        assert not loaded.model.training
        assert not any(parameter.requires_grad for parameter in loaded.model.parameters())
        assert not any(buffer.is_meta for buffer in loaded.model.buffers())


def test_the_tokenizer_comes_with_its_template_and_pads_on_the_left(plus_folder: Path) -> None:
    tokens = load(inspect(plus_folder), CPU).tokenizer
    text = tokens.apply_chat_template(
        [{"role": "user", "content": "<|audio|> hello"}],
        tokenize=False,
        add_generation_prompt=True,
        prefix_text="so",
    )
    assert text == (
        "<|start_of_role|>user<|end_of_role|><|audio|> hello<|end_of_text|>\n"
        "<|start_of_role|>assistant<|end_of_role|>so"
    )
    assert tokens.padding_side == "left"
    assert tokens.decode(tokens("hello world").input_ids) == "hello world"


def test_a_damaged_tokenizer_is_refused(base: Path) -> None:
    write("tokenizer.json", '{"model": {"type": "BPE"}}')(base)
    with pytest.raises(EngineError, match=r"The tokenizer of the model in .* is damaged"):
        load(inspect(base), CPU)


def test_the_tokenizer_of_another_model_is_refused(base: Path) -> None:
    config(audio_token_index=7)(base)
    with pytest.raises(EngineError, match="belongs to another model"):
        load(inspect(base), CPU)


def test_a_model_that_changed_since_it_was_inspected_is_not_loaded(base: Path) -> None:
    found = inspect(base)
    tensors(lambda state: state[OUT].add_(1))(base)
    with pytest.raises(EngineError, match="changed while it was being loaded"):
        load(found, CPU)


def test_a_model_too_large_for_the_device_is_refused_with_a_sentence(
    base_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_model: torch.nn.Module, _place: str) -> None:
        raise torch.OutOfMemoryError("CUDA out of memory")

    monkeypatch.setattr(torch.nn.Module, "to", full)
    with pytest.raises(EngineError, match="does not fit into the memory of CPU, 1 thread"):
        load(inspect(base_folder), CPU)


def test_loading_says_nothing(
    base_folder: Path, nar_folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    for folder in (base_folder, nar_folder):
        load(inspect(folder), CPU)
    assert capfd.readouterr() == ("", "")


def weights_of(model: torch.nn.Module, stored_name: str) -> torch.Tensor:
    """A tensor of the model by its name on the hub."""
    state = model.state_dict()
    nested = (
        stored_name,
        f"model.{stored_name}",
        stored_name.replace("language_model.model.", "model.language_model."),
        stored_name.removeprefix("language_model."),
    )
    return next(state[name] for name in nested if name in state)
