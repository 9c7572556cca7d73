"""Greedy decoding on random tiny models, against transformers' own."""

import copy

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from granite_studio.core.cancel import Cancelled, CancelToken
from granite_studio.engines.granite import decoding
from granite_studio.engines.granite.decoding import Beat, answers, ending_tokens
from granite_studio.engines.granite.growth import (
    Answer,
    Ending,
    Question,
    loop_end,
    most_tokens,
)
from tests.engines.granite import checkpoints

AUDIO = checkpoints.SPECIAL.index("<|audio|>")
END = checkpoints.SPECIAL.index("<|end_of_text|>")
WIDTH = checkpoints.WIDTH


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    """A tiny base model whose language model is loud enough to say different things."""
    from transformers import AutoModelForSpeechSeq2Seq

    folder = checkpoints.write_base(tmp_path_factory.mktemp("tiny"))
    net = AutoModelForSpeechSeq2Seq.from_pretrained(folder).eval()
    torch.manual_seed(5)
    with torch.no_grad():
        for name, parameter in net.named_parameters():
            parameter.requires_grad_(False)
            if "language_model" in name and parameter.ndim > 1:
                parameter.mul_(9)
    return net


def sounds(*counts):
    made = torch.Generator().manual_seed(sum(counts))
    return [torch.randn(count, WIDTH, generator=made) for count in counts]


def prompt(count, *after):
    """A prompt about `count` rows of sound, which starts like every other."""
    return [10, 11, 12, *[AUDIO] * count, *after]


def ask(model, questions, sound, ends=(END,), cancel=None):
    events = answers(model, questions, sound, ends=ends, cancel=cancel or CancelToken())
    return [event for event in events if not isinstance(event, Beat)]


def stock(model, tokens, sound, most):
    """What transformers writes, with the sound in the place of audio tokens."""
    ids = torch.tensor([tokens])
    embeds = model.model.get_merged_audio_embeddings(ids, sound[None])
    with torch.no_grad():
        out = model.generate(
            inputs_embeds=embeds,
            attention_mask=torch.ones_like(ids),
            max_new_tokens=most,
            do_sample=False,
            return_dict_in_generate=True,
            output_logits=True,
        )
    return [token for token in out.sequences[0].tolist() if token != END], out.logits


def test_a_prompt_alone_gets_the_tokens_of_generate_and_their_probabilities(model):
    [sound] = sounds(6)
    tokens, logits = stock(model, prompt(6, 40, 41), sound, 20)
    [[answer]] = ask(model, [[Question(prompt(6, 40, 41), 20)]], [sound])
    assert len(set(tokens)) > 5
    assert list(answer.tokens) == tokens
    expected = (torch.cat(logits) / 8).log_softmax(-1)
    picked = expected[range(20), tokens]
    assert answer.log_probs == pytest.approx(picked.tolist(), abs=1e-4)
    entropy = -(expected.exp() * expected).sum(-1)
    assert answer.entropies == pytest.approx(entropy.tolist(), abs=1e-4)
    assert answer.ending is Ending.CUT_OFF


def test_a_batch_of_unequal_prompts_gets_the_tokens_each_gets_alone(model):
    sound = sounds(9, 3, 15)
    asked = [
        Question(prompt(9, 40), 16),
        Question(prompt(3, 41, 42, 43), 8),
        Question(prompt(15), 12),
    ]
    [found] = ask(model, [asked], sound)
    for question, rows, answer in zip(asked, sound, found, strict=True):
        assert list(answer.tokens) == stock(model, question.tokens, rows, question.most)[0]


def test_several_questions_share_their_start_and_get_what_each_gets_alone(model):
    sound = sounds(6, 12)
    first = [Question(prompt(6, 40, 41), 12), Question(prompt(12, 40, 41), 20)]
    second = [Question(prompt(6, 40, 50, 51, 52), 14), Question(prompt(12, 40, 50, 51, 52), 6)]
    together = ask(model, [first, second, first], sound)
    for asked, found in zip([first, second, first], together, strict=True):
        for question, rows, answer in zip(asked, sound, found, strict=True):
            assert list(answer.tokens) == stock(model, question.tokens, rows, question.most)[0]


def test_rows_that_have_ended_leave_the_batch_and_the_others_go_on(model):
    counts = (6, 9, 12, 3)
    sound = sounds(*counts)
    plain = [Question(prompt(count), 24) for count in counts]
    [free] = ask(model, [plain], sound)
    end = free[0].tokens[3]
    [found] = ask(model, [plain], sound, ends=(end,))
    for answer, whole in zip(found, free, strict=True):
        stops = end in whole.tokens
        kept = whole.tokens[: whole.tokens.index(end)] if stops else whole.tokens
        assert answer.tokens == kept
        assert answer.ending is (Ending.END if stops else Ending.CUT_OFF)


def test_looking_at_the_tokens_less_often_changes_nothing(model, monkeypatch):
    counts = (6, 9, 12)
    asked = [Question(prompt(count, 41), 20 + count) for count in counts]
    [often] = ask(model, [asked], sounds(*counts), ends=(END, 200))
    monkeypatch.setitem(decoding._STRIDES, "cpu", 8)
    [seldom] = ask(model, [asked], sounds(*counts), ends=(END, 200))
    assert [(a.tokens, a.ending) for a in seldom] == [(a.tokens, a.ending) for a in often]


@pytest.mark.skipif(not torch.cuda.is_available(), reason="no NVIDIA GPU")
def test_recorded_steps_give_the_same_tokens(model):
    net = copy.deepcopy(model).cuda()
    sound = [rows.cuda() for rows in sounds(6, 9)]
    asked = [Question(prompt(count, 41), 40) for count in (6, 9)]
    answered = [
        [
            event
            for event in answers(net, [asked], sound, ends=(), cancel=CancelToken(), graphs=graphs)
            if not isinstance(event, Beat)
        ]
        for graphs in (False, True)
    ]
    assert [a.tokens for a in answered[0][0]] == [a.tokens for a in answered[1][0]]


@pytest.fixture(scope="module")
def plainly(model):
    """A question, its sound, and its answer without a draft."""
    [sound] = sounds(9)
    [[answer]] = ask(model, [[Question(prompt(9, 41), 30)]], [sound])
    return sound, answer


def with_draft(model, plainly, draft):
    [[answer]] = ask(model, [[Question(prompt(9, 41), 30, draft)]], [plainly[0]])
    return answer


def test_a_perfect_draft_is_verified_in_one_pass(model, plainly):
    answer = with_draft(model, plainly, plainly[1].tokens)
    assert answer.tokens == plainly[1].tokens
    assert answer.accepted == 29
    assert answer.passes == 1


def test_a_draft_with_a_wrong_word_is_followed_again_behind_it(model, plainly):
    whole = plainly[1].tokens
    answer = with_draft(model, plainly, (*whole[:10], 7, 7, *whole[11:]))
    assert answer.tokens == whole
    assert answer.passes <= 6
    assert answer.accepted >= 24


def test_an_empty_a_foreign_and_a_too_long_draft_change_nothing(model, plainly):
    whole = plainly[1].tokens
    assert with_draft(model, plainly, ()).tokens == whole
    assert with_draft(model, plainly, (7,) * 20).tokens == whole
    assert with_draft(model, plainly, (*whole, *whole, 3, 4, 5)).tokens == whole


@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_any_drafts_of_a_batch_give_the_tokens_of_no_drafts(model, data):
    counts = data.draw(st.lists(st.integers(1, 4), min_size=1, max_size=3))
    sound = sounds(*(3 * count for count in counts))
    asked = [Question(prompt(len(rows), 41), 18) for rows in sound]
    [plain] = ask(model, [asked], sound)
    edits = st.lists(
        st.tuples(st.integers(0, 17), st.lists(st.integers(0, 260), max_size=3)), max_size=4
    )
    drafted = []
    for question, answer in zip(asked, plain, strict=True):
        draft = list(answer.tokens)
        for at, new in data.draw(edits):
            draft[at : at + 1] = new
        drafted.append(Question(question.tokens, question.most, draft))
    [found] = ask(model, [drafted], sound)
    assert [a.tokens for a in found] == [a.tokens for a in plain]
    assert [a.ending for a in found] == [a.ending for a in plain]


@pytest.mark.parametrize(
    ("tokens", "kept"),
    [
        ([1, 2, 3], None),
        ([9, *[5] * 12], None),  # "no no no no", a few times
        ([5, 6] * 8, None),  # "ha ha ha"
        ([9, *[5] * 24], 2),
        ([9, 8, *[5, 6] * 12], 4),
        ([1, *range(30, 50), *range(30, 50), *range(30, 50)], None),
        ([1, *list(range(30, 50)) * 4], 21),
        ([1, *list(range(200)) * 4], None),  # longer than anything that repeats by itself
    ],
)
def test_a_loop_is_told_from_honest_repetition(tokens, kept):
    assert loop_end(tokens) == kept


def test_a_text_that_repeats_itself_is_cut_after_the_first_time(model):
    """Without positions and context, a model that maps each token to the next runs in a circle."""
    net = copy.deepcopy(model)
    lm = net.model.language_model
    with torch.no_grad():
        for layer in lm.layers:
            layer.self_attn.o_proj.weight.zero_()
            layer.mlp.down_proj.weight.zero_()
        lm.embed_tokens.weight.zero_()
        net.lm_head.weight.zero_()
        for token, then in ((40, 41), (41, 42), (42, 43), (43, 41)):
            lm.embed_tokens.weight[token, token - 40] = 1
            net.lm_head.weight[then, token - 40] += 1
    [[answer]] = ask(net, [[Question(prompt(3, 40), 300)]], sounds(3))
    assert answer.tokens == (41, 42, 43)
    assert answer.ending is Ending.LOOP
    assert len(answer.log_probs) == len(answer.entropies) == 3


def test_a_set_token_stops_it_at_the_next_step(model):
    cancel = CancelToken()
    events = answers(model, [[Question(prompt(3), 100)]], sounds(3), ends=(), cancel=cancel)
    assert next(events) == Beat(0, 0, 1)
    assert next(events) == Beat(0, 0, 2)
    cancel.cancel()
    with pytest.raises(Cancelled):
        list(events)


def test_the_longest_answer_grows_with_the_sound():
    assert most_tokens(30.0, 8) == 280
    assert most_tokens(0.5, 30) == 55


def test_the_tokens_that_end_a_text_are_known(model):
    assert ending_tokens(model, checkpoints.tokenizer()) == {END}


def test_half_precision_writes_too(model):
    net = copy.deepcopy(model).bfloat16()
    [[answer]] = ask(net, [[Question(prompt(6, 40, 41), 10)]], sounds(6))
    assert isinstance(answer, Answer)
    assert len(answer.tokens) == 10
