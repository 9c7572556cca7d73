"""The reader as the program uses it: what it loads, what it survives, what it says."""

import subprocess
import sys

import pytest
from recordings import listen, tone

from granite_studio.core.cancel import Cancelled, CancelToken
from granite_studio.core.errors import MediaError
from granite_studio.media import client
from granite_studio.media.client import MediaReader
from granite_studio.media.values import MediaInfo
from granite_studio.workers.child import Worker
from granite_studio.workers.limits import Limits


@pytest.fixture
def broken_reader(tmp_path, monkeypatch):
    """A reader whose children run another handler."""
    made = []

    def make(handler):
        def new(self):
            worker = Worker(f"broken_handlers:{handler}", name="The media reader", limits=Limits())
            self._all.add(worker)
            return worker

        monkeypatch.setattr(MediaReader, "_new", new)
        made.append(MediaReader(tmp_path / "cache"))
        return made[-1]

    yield make
    for reader in made:
        reader.close()


def test_the_program_itself_loads_no_decoder():
    code = (
        "import sys, granite_studio.media.client;"
        "print([m for m in sys.modules if m.split('.')[0] in ('av', 'onnxruntime', 'torch')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_a_probe_says_what_a_file_holds(reader, make_wav):
    info = reader.probe(make_wav(tone(2.5), name="b.wav"))
    assert isinstance(info, MediaInfo)
    assert (info.container, info.duration_ms, info.start_ms) == ("wav", 2500, 0)
    assert [(t.codec, t.channels, t.rate) for t in info.tracks] == [("pcm_s16le", 1, 16_000)]


def test_a_process_stays_warm_between_calls(fresh_reader, make_wav):
    path = make_wav(tone(1))
    pids = set()
    for _ in range(5):
        listen(fresh_reader, path)
        pids |= {worker.pid for worker in fresh_reader._all}
    assert len(pids) == 1


def test_the_process_that_was_made_ready_reads_the_first_file(fresh_reader, make_wav):
    fresh_reader.get_ready()
    (before,) = (worker.pid for worker in fresh_reader._all)
    listen(fresh_reader, make_wav(tone(1)))
    assert [worker.pid for worker in fresh_reader._all] == [before]


def test_a_reader_that_was_closed_opens_again(fresh_reader, make_wav):
    path = make_wav(tone(1))
    listen(fresh_reader, path)
    fresh_reader.close()
    assert listen(fresh_reader, path)[1].duration_ms == 1000


def test_a_file_that_kills_the_decoder_is_told_and_the_next_is_read(broken_reader, make_wav):
    path = make_wav(tone(1))
    reader = broken_reader("dies_of_bad_names")
    path.rename(path.with_name("bad.wav"))
    with pytest.raises(MediaError) as told:
        reader.probe(path.with_name("bad.wav"))
    assert str(told.value) == (
        "“bad.wav” is too much for the media reader and is probably damaged; "
        "convert it with another program first."
    )
    assert reader.probe(path.with_name("good.wav")) == "well"


def test_a_file_that_takes_for_ever_is_told(broken_reader, make_wav, monkeypatch):
    monkeypatch.setattr(client, "QUIET_S", 1.0)
    with pytest.raises(MediaError, match=r"“a\.wav” cannot be read in finite time"):
        broken_reader("waits").probe(make_wav(tone(1)))


def test_cancelling_takes_effect_at_once(reader, make_wav):
    cancel = CancelToken()
    events = reader.sound(make_wav(tone(60)), cancel)
    next(events)
    cancel.cancel()
    with pytest.raises(Cancelled):
        list(events)


def test_a_listener_that_stops_early_frees_the_process(fresh_reader, make_wav):
    path = make_wav(tone(60))
    for _ in range(3):
        events = fresh_reader.sound(path, CancelToken())
        next(events)
        events.close()
    assert len(fresh_reader._all) == 1


def test_many_at_once_leave_few_processes(fresh_reader, make_wav):
    path = make_wav(tone(60))
    running = [fresh_reader.sound(path, CancelToken()) for _ in range(4)]
    for events in running:
        next(events)
    assert len(fresh_reader._all) == 4
    for events in running:
        events.close()
    assert len(fresh_reader._all) == 2
