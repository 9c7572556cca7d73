import pytest

from granite_studio.engines import download, models
from granite_studio.services.fetching import Fetch, Fetching
from granite_studio.services.jobs import Jobs
from tests.hubs import Hub

PLUS, BASE = models.find("granite-plus"), models.find("granite-base")


@pytest.fixture
def hub(tmp_path):
    source = tmp_path / "source"
    source.mkdir()
    (source / "model.safetensors").write_bytes(b"whole")
    return Hub(source)


@pytest.fixture
def fetching(qapp, hub, tmp_path):
    jobs = Jobs("models")
    folder = tmp_path / "models"
    folder.mkdir()
    yield Fetching(jobs, folder, download=hub.download, remove=download.remove)
    jobs.shutdown()


def here(fetching, model):
    """The names of the files of this model."""
    return sorted(path.name for path in models.folder_of(model, fetching.folder).glob("*"))


def half_way(qtbot, fetching, model):
    qtbot.waitUntil(lambda: bool(fetching.of(model.id)) and fetching.of(model.id).done > 0)


def test_a_download_tells_how_far_it_is_and_leaves_the_model(qtbot, fetching, hub):
    fetching.start(PLUS)
    assert fetching.of(PLUS.id) == Fetch(total=PLUS.bytes)
    half_way(qtbot, fetching, PLUS)
    half = PLUS.bytes // 2
    assert fetching.of(PLUS.id) == Fetch(half, PLUS.bytes, 60.0, is_waiting=False)
    assert fetching.of(PLUS.id).speed == half / 60
    with qtbot.waitSignal(fetching.changed) as changed:
        hub.gate.set()
    assert changed.args == [PLUS.id]
    assert fetching.of(PLUS.id) is None
    assert here(fetching, PLUS) == ["granite-studio.json", "model.safetensors"]


def test_the_second_waits_for_the_first(qtbot, fetching, hub):
    fetching.start(PLUS)
    fetching.start(BASE)
    fetching.start(PLUS)
    half_way(qtbot, fetching, PLUS)
    assert fetching.of(BASE.id).is_waiting
    with qtbot.waitSignals([fetching.changed, fetching.changed]):
        hub.gate.set()
    assert hub.asked == ["granite-plus", "granite-base"]
    assert not fetching.is_busy


def test_a_cancelled_download_keeps_what_arrived_and_can_go_on(qtbot, fetching, hub):
    fetching.start(PLUS)
    half_way(qtbot, fetching, PLUS)
    fetching.cancel(PLUS.id)
    assert fetching.of(PLUS.id) is None
    assert here(fetching, PLUS) == ["model.safetensors.part"]
    fetching.start(PLUS)
    half_way(qtbot, fetching, PLUS)
    with qtbot.waitSignal(fetching.changed):
        hub.gate.set()
    assert "model.safetensors" in here(fetching, PLUS)


def test_one_that_waits_can_be_taken_out_of_the_queue(qtbot, fetching, hub):
    fetching.start(PLUS)
    fetching.start(BASE)
    half_way(qtbot, fetching, PLUS)
    fetching.cancel(BASE.id)
    with qtbot.waitSignal(fetching.changed):
        hub.gate.set()
    assert hub.asked == ["granite-plus"]


def test_a_failure_is_told_until_the_next_try(qtbot, fetching, hub):
    hub.failure = "The disk is full; make room."
    hub.gate.set()
    with qtbot.waitSignal(fetching.changed):
        fetching.start(PLUS)
    assert fetching.of(PLUS.id).problem == "The disk is full; make room."
    hub.failure = ""
    with qtbot.waitSignal(fetching.changed):
        fetching.start(PLUS)
    assert fetching.of(PLUS.id) is None


def test_quitting_stops_a_download_and_keeps_what_arrived(qtbot, qapp, hub, tmp_path):
    jobs = Jobs("models")
    fetching = Fetching(jobs, tmp_path, download=hub.download, remove=download.remove)
    fetching.start(PLUS)
    half_way(qtbot, fetching, PLUS)
    jobs.shutdown()
    assert not jobs.is_running
    assert here(fetching, PLUS) == ["model.safetensors.part"]


def test_removing_waits_until_the_download_has_let_go(qtbot, fetching):
    fetching.start(PLUS)
    half_way(qtbot, fetching, PLUS)
    fetching.remove(PLUS)
    with qtbot.waitSignal(fetching.changed):
        assert fetching.is_busy
    assert fetching.of(PLUS.id) is None
    assert here(fetching, PLUS) == []


def test_what_cannot_be_removed_is_told(qtbot, fetching):
    with qtbot.waitSignal(fetching.changed):
        fetching.remove(PLUS)
    assert "nothing to remove" in fetching.of(PLUS.id).problem
