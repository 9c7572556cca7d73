"""The remote engine against a real server on this machine, which misbehaves in every known way."""

import asyncio
import logging
import pickle
import shutil
import socket
import ssl
import subprocess
import threading
import traceback
from pathlib import Path

import keyring
import numpy as np
import pytest
from keyring.backends import fail

from granite_studio.core.cancel import Cancelled, CancelToken
from granite_studio.core.errors import EngineError
from granite_studio.engines import keys
from granite_studio.engines.base import RATE, Doubt, Heartbeat, Options, Transcript, Window
from granite_studio.engines.remote import Remote, load
from granite_studio.engines.server import Patience
from tests.engines.speech_server import (
    BASE,
    CHAT,
    MODELS,
    PLUS,
    TRANSCRIPTIONS,
    SpeechServer,
    send,
    sound_of,
)

CANARY = "sk-canary-7f3a9d52c1"
QUICK = Patience(
    connect_s=5.0, quiet_s=20.0, total_s=30.0, tries=3, first_wait_s=0.001, longest_wait_s=0.002
)


@pytest.fixture(autouse=True)
def no_keyring(monkeypatch):
    """The person's own keyring is left alone; keys come from the environment."""
    before = keyring.get_keyring()
    keyring.set_keyring(fail.Keyring())
    monkeypatch.delenv(keys.VARIABLE, raising=False)
    yield
    keyring.set_keyring(before)


@pytest.fixture
def server():
    server = SpeechServer()
    yield server
    server.close()


def tone(*spans, length_s=2.0):
    """Silence with a hum in these spans, in seconds."""
    samples = np.zeros(round(length_s * RATE), np.float32)
    for start, end in spans:
        at = np.arange(round(start * RATE), round(end * RATE))
        samples[at] = 0.3 * np.sin(at * 0.3)
    return samples


def hear(server, *sounds, model=None, patience=QUICK, cancel=None, **wanted):
    sounds = sounds or (tone((0.0, 2.0)),)
    windows = [Window(index, sound) for index, sound in enumerate(sounds)]
    options = Options(server=server if isinstance(server, str) else server.url, **wanted)
    events = Remote(model, patience).hear(windows, options, cancel or CancelToken())
    found = [event for event in events if isinstance(event, Transcript)]
    return sorted(found, key=lambda transcript: transcript.index)


def words_of(transcript):
    return [
        (turn.speaker, w.text, round(w.start_s, 2), round(w.end_s, 2), w.estimated)
        for turn in transcript.turns
        for w in turn.words
    ]


def test_plus_gives_words_with_speakers_and_its_own_times(server):
    server.say(
        "[Speaker 1]: Good morning. [Speaker 2]: Hi!",
        times="_ [T:20] good [T:50] morning [T:95] _ [T:120] hi [T:150] _ [T:200]",
    )
    [transcript] = hear(server)
    assert words_of(transcript) == [
        ("Speaker 1", "Good", 0.2, 0.5, False),
        ("Speaker 1", "morning.", 0.5, 0.95, False),
        ("Speaker 2", "Hi!", 1.2, 1.5, False),
    ]
    assert transcript.doubts == ()


def test_the_request_holds_the_card_prompt_the_sound_and_the_limits(server):
    hear(server, tone((0.0, 2.0)))
    request = next(r for r in server.asked(CHAT) if "Speaker attribution" in r.prompt)
    system, user = request.json["messages"]
    assert system["content"].startswith("Knowledge Cutoff Date: April 2024.\nToday's Date: ")
    assert request.prompt.startswith("<|audio|> Speaker attribution: Transcribe")
    assert [part["type"] for part in user["content"]] == ["audio_url", "text"]
    assert (request.json["temperature"], request.json["max_tokens"]) == (0, 64 + 28)
    samples, rate = sound_of(request)
    assert rate == RATE
    assert np.abs(samples - tone((0.0, 2.0))).max() < 1e-4


def test_word_times_are_asked_for_with_more_room_for_them(server):
    hear(server)
    [times] = [r for r in server.asked(CHAT) if "Timestamps" in r.prompt]
    assert times.json["max_tokens"] == 64 + 100


def test_words_that_the_two_answers_spell_differently_share_their_time(server):
    server.say("At 3 p.m. sharp.", times="at [T:20] three [T:50] p [T:60] m [T:70] sharp [T:195]")
    [transcript] = hear(server, speakers=False)
    assert words_of(transcript) == [
        (None, "At", 0.0, 0.2, False),
        (None, "3", 0.2, 0.3, True),
        (None, "p.m.", 0.3, 0.7, True),
        (None, "sharp.", 0.7, 1.95, False),
    ]


def test_malformed_times_are_doubtful(server):
    server.say("Good morning.", times="good [T:50] morning")
    [transcript] = hear(server)
    assert transcript.doubts == (Doubt.TIMES,)


def test_without_any_times_words_lie_over_the_loud_stretches(server):
    server.serve(BASE)
    server.say("abcd efgh")
    [transcript] = hear(server, tone((0.5, 1.0), (1.5, 2.0)))
    assert words_of(transcript) == [
        (None, "abcd", 0.5, 1.0, True),
        (None, "efgh", 1.5, 2.0, True),
    ]


def test_keywords_for_plus_come_into_the_text_and_voices_from_the_other_answer(server):
    def chat(request, handler):
        said = "um"
        if "Keywords: Ravenna" in request.prompt:
            said = "to ravenna now yes"
        elif "Speaker" in request.prompt:
            said = "[Speaker 1]: To Rave now. [Speaker 2]: Yes."
        return {"choices": [{"message": {"content": said}, "finish_reason": "stop"}]}

    server.answers[CHAT] = chat
    [transcript] = hear(server, keywords=("Ravenna",))
    assert [(speaker, word) for speaker, word, *_ in words_of(transcript)] == [
        ("Speaker 1", "to"),
        ("Speaker 1", "ravenna"),
        ("Speaker 1", "now"),
        ("Speaker 2", "yes"),
    ]


def test_base_is_asked_for_punctuation_and_translation(server):
    server.serve(BASE)
    server.say("Guten Morgen.")
    [transcript] = hear(server, translate_to="de")
    assert (transcript.translation, transcript.turns) == ("Guten Morgen.", ())
    [request] = server.asked(CHAT)
    assert request.prompt == (
        "<|audio|>translate the speech to German with proper punctuation and capitalization."
    )


def test_earlier_text_goes_to_the_chat_template_and_is_not_given_again(server):
    server.say("Good. [Speaker 2]: Yes.", times="well [T:50] good [T:90] _ [T:150] yes [T:200]")
    [transcript] = hear(server, before="[Speaker 1]: Well.")
    kwargs = [r.json.get("chat_template_kwargs") for r in server.asked(CHAT)]
    assert {"prefix_text": "[Speaker 1]: Well."} in kwargs
    assert words_of(transcript) == [
        ("Speaker 1", "Good.", 0.5, 0.9, False),
        ("Speaker 2", "Yes.", 1.5, 2.0, False),
    ]


def test_japanese_words_are_cut_into_phrases(server):
    server.serve(BASE)
    server.say("これはテストです。")
    [transcript] = hear(server, language="ja")
    assert [word for _, word, *_ in words_of(transcript)] == ["これは", "テストです。"]


def test_a_window_without_sound_is_not_sent(server):
    [transcript] = hear(server, np.zeros(0, np.float32))
    assert transcript == Transcript(0)
    assert server.asked(CHAT) == []


def test_a_very_short_window_is_filled_up_with_silence(server):
    hear(server, np.full(100, 0.5, np.float32))
    samples, _ = sound_of(server.asked(CHAT)[0])
    assert len(samples) == RATE // 10


def test_many_windows_are_heard_side_by_side_and_each_once(server):
    together = []

    def chat(request, handler):
        together.append(1)
        server.released.wait(0.05)
        samples, _ = sound_of(request)
        text = f"window {len(samples)}"
        return {"choices": [{"message": {"content": text}, "finish_reason": "stop"}]}

    server.serve(BASE)
    server.answers[CHAT] = chat
    found = hear(server, *(tone((0, 1), length_s=1 + n / 100) for n in range(20)))
    assert [t.index for t in found] == list(range(20))
    assert [words_of(t)[1][1] for t in found] == [str(RATE + 160 * n) for n in range(20)]


def test_no_windows_are_no_work(server):
    assert list(Remote(None, QUICK).hear([], Options(server=server.url), CancelToken())) == []


def test_the_best_model_of_the_server_is_chosen(server):
    server.serve("granite-speech-4.1-2b-nar", BASE, PLUS)
    hear(server)
    assert {r.json["model"] for r in server.asked(CHAT)} == {PLUS}


def test_a_model_under_another_name_is_known_by_its_root(server):
    row = {"id": "ears", "root": BASE}
    server.answers[MODELS] = lambda request, handler: {"data": [row]}
    hear(server)
    [request] = server.asked(CHAT)
    assert request.json["model"] == "ears"
    assert "proper punctuation" in request.prompt


def test_the_device_says_who_answered(server):
    engine = load(Path(BASE), "auto")
    assert engine.device == "a remote server"
    server.serve(BASE, PLUS)
    list(engine.hear([Window(0, tone((0, 1)))], Options(server=server.url), CancelToken()))
    assert engine.device == f"{server.url.removeprefix('http://')}, {BASE}"


def test_a_server_without_a_list_is_asked_for_the_named_model(server):
    del server.answers[MODELS]
    hear(server, model=BASE)
    assert [r.json["model"] for r in server.asked(CHAT)] == [BASE]


@pytest.mark.parametrize(
    ("models", "model", "sentence"),
    [
        ((BASE,), PLUS, f"does not serve '{PLUS}'; it has {BASE}."),
        (("llama", "granite-speech-4.1-2b-nar"), None, "no Granite Speech model"),
        ((), None, "no model at all"),
        ((), "x" * 300, "does not serve"),
    ],
)
def test_a_model_that_is_not_there_is_named_with_those_that_are(server, models, model, sentence):
    server.serve(*models)
    with pytest.raises(EngineError) as caught:
        hear(server, model=model)
    assert sentence in str(caught.value)
    assert server.asked(CHAT) == []


@pytest.mark.parametrize(
    ("model", "wanted", "sentence"),
    [
        (PLUS, {"language": "ja"}, "cannot hear Japanese"),
        (PLUS, {"translate_to": "de"}, "translates nothing"),
        ("whisper-1", {"translate_to": "de"}, "cannot translate"),
        ("whisper-1", {"keywords": ("Ravenna",)}, "cannot take keywords"),
    ],
)
def test_what_the_model_cannot_do_is_said_before_sound_is_sent(server, model, wanted, sentence):
    server.serve(model)
    with pytest.raises(EngineError, match=sentence):
        hear(server, model=model, **wanted)
    assert [r.path for r in server.requests] == [MODELS]


def plainly(server):
    server.answers[TRANSCRIPTIONS] = lambda request, handler: {"text": "good morning"}


def test_a_model_of_another_kind_transcribes_plainly(server):
    server.serve("whisper-1")
    plainly(server)
    [transcript] = hear(server, model="whisper-1", language="fr")
    assert [word for _, word, *_ in words_of(transcript)] == ["good", "morning"]
    [request] = server.asked(TRANSCRIPTIONS)
    assert b'name="language"\r\n\r\nfr\r\n' in request.body
    samples, rate = sound_of(request)
    assert (len(samples), rate) == (2 * RATE, RATE)


@pytest.mark.parametrize(
    ("status", "value"),
    [
        (404, {"detail": "Not Found"}),
        (400, {"error": {"message": "At most 0 audio(s) may be provided in one prompt."}}),
        (400, {"message": "Unknown part type: audio_url"}),
    ],
)
def test_where_chat_has_no_ears_plain_transcription_is_asked(server, status, value):
    server.answers[CHAT] = lambda request, handler: (status, value)
    plainly(server)
    engine = Remote(None, QUICK)
    [transcript] = engine.hear(
        [Window(0, tone((0, 1)))], Options(server=server.url), CancelToken()
    )
    assert [word for _, word, *_ in words_of(transcript)] == ["good", "morning"]
    assert engine.device.endswith(", plain transcription")


def test_where_there_is_no_way_at_all_the_sentence_says_so(server):
    del server.answers[CHAT]
    with pytest.raises(EngineError, match=f"does not serve '{PLUS}', or not for speech"):
        hear(server)


def test_a_bad_request_is_told_in_the_servers_words(server):
    server.fail(CHAT, 400, {"error": {"message": "temperature\x1b[31m is\nwrong" + "!" * 500}})
    with pytest.raises(EngineError, match=r"status 400; |status 400 \(") as caught:
        hear(server)
    assert "temperature[31m is wrong!!" in str(caught.value)
    assert len(str(caught.value)) < 400


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (413, ""),
        (400, "This model's maximum context length is 512 tokens."),
        (422, "The decoder prompt (length 700) is longer than the maximum model length of 512."),
    ],
)
def test_a_window_too_long_for_the_server_is_said_with_what_to_do(server, status, words):
    server.fail(CHAT, status, {"error": {"message": words}})
    with pytest.raises(EngineError, match=r"A window of 2 s is too long .* --max-model-len"):
        hear(server)


def test_answers_keep_within_the_memory_that_the_model_has(server):
    server.serve(PLUS, room=400)
    hear(server)
    assert all(r.json["max_tokens"] <= 400 - 160 - 20 for r in server.asked(CHAT))


def test_a_window_that_cannot_fit_is_not_sent(server):
    server.serve(PLUS, room=300)
    with pytest.raises(EngineError, match="keeps 300 tokens in mind"):
        hear(server, tone(length_s=10.0))
    assert server.asked(CHAT) == []


def test_text_that_reached_its_limit_is_doubtful(server):
    server.serve(BASE)
    server.say("one two three", finish="length")
    [transcript] = hear(server)
    assert transcript.doubts == (Doubt.CUT_OFF,)


def test_text_that_ran_in_a_circle_is_cut_where_that_began(server):
    server.serve(BASE)
    server.say("Well, and then we went " + "and then we went " * 9 + "and then", finish="length")
    [transcript] = hear(server)
    assert [word for _, word, *_ in words_of(transcript)] == ["Well,", "and", "then", "we", "went"]
    assert transcript.doubts == (Doubt.LOOP,)


def test_an_endless_word_is_cut(server):
    server.serve(BASE)
    server.say("x" * 1_000_000)
    [transcript] = hear(server)
    [(_, word, *_)] = words_of(transcript)
    assert len(word) == 20 * (64 + 28)
    assert transcript.doubts == (Doubt.CUT_OFF,)


NO_ANSWER = r"not (as|what) a speech server"
GARBAGE = [
    b"",
    b"{",
    b"[]",
    b"null",
    b"NaN",
    b"\xff\xfe\x00",
    b"[" * 100_000,
    b'{"choices": []}',
    b'{"choices": [{}]}',
    b'{"choices": {"0": 1}}',
    b'{"choices": [{"message": null}]}',
    b'{"choices": [{"message": {"content": null}}]}',
    b'{"choices": [{"message": {"content": ["x"]}}]}',
    b'{"choices": [{"message": {"content": 7}}]}',
    b'{"error": {"message": "odd"}}',
]


@pytest.mark.parametrize("body", GARBAGE, ids=lambda body: body[:30].decode("latin-1"))
def test_an_answer_that_is_no_answer_is_one_sentence(server, body):
    server.fail(CHAT, 200, body)
    with pytest.raises(EngineError, match=NO_ANSWER):
        hear(server)


@pytest.mark.parametrize("body", [b"7", b'{"data": 7}', b'{"data": {"id": 1}}', b"{}"])
def test_a_list_of_models_that_is_none_is_one_sentence(server, body):
    server.fail(MODELS, 200, body)
    with pytest.raises(EngineError, match=NO_ANSWER):
        hear(server)


def test_rows_of_wrong_types_are_no_models(server):
    rows = [7, None, {"id": 3}, {"id": ""}, {"id": "a\nb"}, {"id": BASE, "max_model_len": "x"}]
    server.answers[MODELS] = lambda request, handler: {"data": rows}
    assert len(hear(server)) == 1


def test_transcription_of_the_wrong_type_is_one_sentence(server):
    server.serve("whisper-1")
    server.answers[TRANSCRIPTIONS] = lambda request, handler: {"text": ["x"]}
    with pytest.raises(EngineError, match="not what a speech server"):
        hear(server, model="whisper-1")


def test_a_captive_portal_is_recognised(server):
    page = "<!DOCTYPE html><html><body>Welcome to Hotel Wi-Fi</body></html>"
    server.fail(MODELS, 200, page, headers={"Content-Type": "text/html"})
    with pytest.raises(EngineError, match=r"a web page.* sign in first"):
        hear(server)


@pytest.mark.parametrize(
    "target", ["file:///etc/passwd", "https://elsewhere.example/v1", "http://[", "//x", ""]
)
@pytest.mark.parametrize("path", [MODELS, CHAT])
def test_no_redirect_is_followed(server, path, target):
    server.fail(path, 307, b"", headers={"Location": target})
    with pytest.raises(EngineError, match="redirects are not followed"):
        hear(server)
    assert len(server.asked(path)) <= 2


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_passing_trouble_is_waited_out(server, status):
    server.fail(MODELS, status, {"error": "later"}, times=2)
    assert len(hear(server)) == 1
    assert len(server.asked(MODELS)) == 3


@pytest.mark.parametrize(
    ("status", "sentence"),
    [(429, r"is busy \(so sorry\)"), (500, "an error of its own"), (503, "is not ready")],
)
def test_a_lasting_trouble_ends_with_a_sentence(server, status, sentence):
    server.fail(CHAT, status, {"error": {"message": "so sorry"}})
    with pytest.raises(EngineError, match=sentence):
        hear(server)


def test_the_server_says_how_long_to_wait(server, monkeypatch):
    naps = []
    sleep = asyncio.sleep

    async def nap(seconds):
        naps.append(seconds)
        await sleep(0)

    monkeypatch.setattr(asyncio, "sleep", nap)
    server.fail(MODELS, 503, b"", headers={"Retry-After": "7"}, times=1)
    hear(server, patience=Patience())
    assert [7.5 <= seconds <= 8 for seconds in naps if seconds > 1] == [True]


@pytest.mark.parametrize("after", ["3600", "9" * 50, "Fri, 31 Dec 9999 23:59:59 GMT"])
def test_a_wait_without_sense_is_not_waited(server, after):
    server.fail(MODELS, 429, b"", headers={"Retry-After": after})
    with pytest.raises(EngineError, match="asks to come back in"):
        hear(server)
    assert len(server.asked(MODELS)) == 1


@pytest.mark.parametrize(
    "after", ["-5", "soon", "1e9", "Fri, 99 Foo", "Sat, 01 Jan 2000 00:00:00 GMT"]
)
def test_a_wait_that_cannot_be_read_is_none(server, after):
    server.fail(MODELS, 429, b"", headers={"Retry-After": after}, times=1)
    assert len(hear(server)) == 1


def test_a_huge_answer_is_given_up(server):
    def flood(request, handler):
        handler.send_response(200)
        handler.end_headers()
        for _ in range(1000):
            handler.wfile.write(b" " * 65_536)
        handler.close_connection = True

    server.answers[CHAT] = flood
    with pytest.raises(EngineError, match="far more than an answer can hold"):
        hear(server)


def test_a_packed_answer_is_not_unpacked(server):
    server.fail(CHAT, 200, b"\x1f\x8b" + b"x" * 100, headers={"Content-Encoding": "gzip"})
    with pytest.raises(EngineError, match="no proper JSON"):
        hear(server)


def test_a_dripping_answer_is_given_up(server):
    def drip(request, handler):
        handler.send_response(200)
        handler.end_headers()
        while not server.released.wait(0.02):
            handler.wfile.write(b" ")

    server.answers[CHAT] = drip
    with pytest.raises(EngineError, match="took too long"):
        hear(server, patience=Patience(total_s=0.5))


def test_a_silent_server_is_given_up(server):
    server.answers[CHAT] = lambda request, handler: server.released.wait() and None
    with pytest.raises(EngineError, match="took too long"):
        hear(server, patience=Patience(quiet_s=0.3))


def test_an_answer_cut_short_is_asked_for_again(server):
    good = server.answers[CHAT]
    server.serve(BASE)
    broken = []

    def cut(request, handler):
        if broken:
            return good(request, handler)
        broken.append(1)
        handler.send_response(200)
        handler.send_header("Content-Length", "1000")
        handler.end_headers()
        handler.wfile.write(b'{"choices": [')
        handler.close_connection = True
        return None

    server.answers[CHAT] = cut
    assert len(hear(server)) == 1


def test_a_server_that_hangs_up_every_time_is_told(server):
    def hang_up(request, handler):
        handler.close_connection = True

    server.answers[CHAT] = hang_up
    with pytest.raises(EngineError, match="broke off in the middle"):
        hear(server)


def test_a_server_that_speaks_another_language_is_told(server):
    def mumble(request, handler):
        handler.wfile.write(b"220 mail.example ESMTP\r\n")
        handler.close_connection = True

    server.answers[MODELS] = mumble
    with pytest.raises(EngineError, match="broke off in the middle"):
        hear(server)


def test_nobody_there_is_told():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(EngineError, match=f"No server answers at 127.0.0.1:{port}"):
        hear(f"http://127.0.0.1:{port}")


def test_a_name_that_nobody_has_is_told():
    with pytest.raises(EngineError, match=r"There is no server named nobody\.invalid"):
        hear("https://nobody.invalid")


def test_tls_to_a_server_without_it_is_told(server):
    with pytest.raises(EngineError, match="does not speak TLS"):
        hear(server.url.replace("http:", "https:"))


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("there is no openssl here to make a certificate with")
    folder = tmp_path_factory.mktemp("tls")
    subprocess.run(
        [
            *(
                openssl,
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:prime256v1",
            ),
            *("-nodes", "-days", "2", "-subj", "/CN=127.0.0.1"),
            *("-addext", "subjectAltName=IP:127.0.0.1"),
            *("-keyout", folder / "key.pem", "-out", folder / "cert.pem"),
        ],
        check=True,
        capture_output=True,
    )
    return folder


@pytest.fixture
def tls_server(certificate):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate / "cert.pem", certificate / "key.pem")
    server = SpeechServer(tls=context)
    yield server
    server.close()


def test_a_certificate_that_nobody_signed_is_refused_and_nothing_sent(tls_server):
    with pytest.raises(EngineError, match=r"certificate of 127.0.0.1:\d+ cannot be verified"):
        hear(tls_server)
    assert tls_server.requests == []


def test_a_certificate_that_the_computer_trusts_is_taken(tls_server, certificate, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate / "cert.pem"))
    assert len(hear(tls_server)) == 1


@pytest.mark.parametrize("path", [MODELS, CHAT])
def test_cancelling_does_not_wait_for_the_server(server, path):
    cancel = CancelToken()

    def think(request, handler):
        cancel.cancel()
        server.released.wait()

    server.answers[path] = think
    with pytest.raises(Cancelled):
        hear(server, cancel=cancel)


def test_cancelling_does_not_wait_for_a_busy_server(server):
    cancel = CancelToken()

    def busy(request, handler):
        cancel.cancel()
        return send(handler, 503, b"", {"Retry-After": "50"})

    server.answers[MODELS] = busy
    with pytest.raises(Cancelled):
        hear(server, cancel=cancel, patience=Patience())


def test_cancelling_does_not_wait_for_a_name(monkeypatch):
    cancel, released = CancelToken(), threading.Event()

    def look_up(*arguments, **more):
        cancel.cancel()
        released.wait()
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    try:
        with pytest.raises(Cancelled):
            hear("https://speech.example.org", cancel=cancel)
    finally:
        released.set()


def test_a_consumer_that_leaves_hangs_up(server):
    server.serve(BASE)
    good = server.answers[CHAT]
    gone = []

    def chat(request, handler):
        if len(server.asked(CHAT)) == 1:
            return good(request, handler)
        gone.append(handler.connection.recv(1))  # comes back when the other side hangs up
        return None

    server.answers[CHAT] = chat
    windows = [Window(index, tone((0, 1))) for index in range(3)]
    events = Remote(None, QUICK).hear(windows, Options(server=server.url), CancelToken())
    assert isinstance(next(events), Transcript)
    events.close()
    server.close()
    assert gone == [b""] * len(gone)


def test_a_slow_server_is_alive_and_beats_are_about_windows_that_wait(server, monkeypatch):
    monkeypatch.setattr("granite_studio.engines.remote._BEAT_S", 0.0)
    server.serve(BASE)
    good = server.answers[CHAT]

    def think(request, handler):
        if len(sound_of(request)[0]) == RATE:
            server.released.wait()
        return good(request, handler)

    server.answers[CHAT] = think
    windows = [Window(3, tone(length_s=2.0)), Window(7, tone(length_s=1.0))]
    events = Remote(None, QUICK).hear(windows, Options(server=server.url), CancelToken())
    after_three = []
    for event in events:
        if after_three or (isinstance(event, Transcript) and event.index == 3):
            after_three.append(event)
        if len(after_three) == 2:
            server.released.set()
    assert after_three[1] == Heartbeat(7, 0.0)
    assert (type(after_three[-1]), after_three[-1].index) == (Transcript, 7)


@pytest.mark.parametrize("status", [401, 403])
def test_a_refused_key_is_told_with_what_to_do(server, monkeypatch, status):
    server.fail(MODELS, status, {"error": "Unauthorized"})
    with pytest.raises(EngineError, match=f"wants a key.* keys set {server.url}"):
        hear(server)
    monkeypatch.setenv(keys.VARIABLE, CANARY)
    with pytest.raises(EngineError, match=f"does not accept the key.* keys set {server.url}"):
        hear(server)


def test_the_key_goes_with_every_request(server, monkeypatch):
    monkeypatch.setenv(keys.VARIABLE, CANARY)
    hear(server)
    assert {r.headers["authorization"] for r in server.requests} == {f"Bearer {CANARY}"}


def test_without_a_key_none_is_sent(server):
    hear(server)
    assert not any("authorization" in r.headers for r in server.requests)


@pytest.mark.parametrize("status", [200, 307, 400, 401, 404, 429, 500])
def test_the_key_stands_in_no_message_no_log_and_no_text(server, monkeypatch, caplog, status):
    monkeypatch.setenv(keys.VARIABLE, CANARY)
    caplog.set_level(logging.DEBUG)
    answer = {
        "error": {"message": f"no {CANARY}"},
        "choices": [{"message": {"content": f"hi {CANARY}"}, "finish_reason": "stop"}],
    }
    server.fail(CHAT, status, answer, headers={"Location": f"http://{CANARY}/{CANARY}"})
    engine = Remote(None, QUICK)
    shown = [repr(engine), repr(vars(engine))]
    try:
        events = engine.hear([Window(0, tone((0, 1)))], Options(server=server.url), CancelToken())
        shown += [repr(event) for event in events]
    except EngineError as error:
        shown += [str(error), repr(error), repr(pickle.dumps(error)), traceback.format_exc()]
    shown += [record.getMessage() for record in caplog.records]
    assert len(shown) > 3
    assert not any(CANARY in text for text in shown)


def test_an_address_with_a_key_in_it_is_refused_without_repeating_it():
    with pytest.raises(EngineError, match="must hold no name, key or query") as caught:
        hear(f"https://user:{CANARY}@speech.example")
    assert CANARY not in str(caught.value)
