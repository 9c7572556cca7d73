"""A file is written whole or stays as it was, whatever the disk, the name or the power does."""

from __future__ import annotations

import errno
import hashlib
import os
import random
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from granite_studio.core.errors import FormatError, MediaError
from granite_studio.core.files import atomic_write, fingerprint


def test_a_new_file_holds_the_data_and_obeys_the_umask(tmp_path: Path) -> None:
    path = tmp_path / "a.srt"
    before = os.umask(0o027)
    try:
        atomic_write(path, b"hello")
    finally:
        os.umask(before)
    assert path.read_bytes() == b"hello"
    assert path.stat().st_mode & 0o777 == 0o640
    assert os.listdir(tmp_path) == ["a.srt"]


@pytest.mark.parametrize("data", [b"", b"x", b"ab" * 3_000_000])
def test_an_old_file_gives_way_and_keeps_its_mode(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a.srt"
    path.write_bytes(b"old")
    path.chmod(0o604)
    atomic_write(path, data)
    assert path.read_bytes() == data
    assert path.stat().st_mode & 0o777 == 0o604


def test_a_link_is_replaced_and_what_it_names_stays(tmp_path: Path) -> None:
    (tmp_path / "far").mkdir()
    target = tmp_path / "far" / "real.srt"
    target.write_bytes(b"old")
    link, second = tmp_path / "link.srt", tmp_path / "second.srt"
    link.symlink_to(target)
    second.symlink_to("link.srt")
    atomic_write(second, b"new")
    assert not second.is_symlink()
    assert second.read_bytes() == b"new"
    assert link.is_symlink()
    assert target.read_bytes() == b"old"


def test_links_of_settings_are_followed(tmp_path: Path) -> None:
    target, link = tmp_path / "real.json", tmp_path / "link.json"
    target.write_bytes(b"old")
    link.symlink_to(target)
    atomic_write(link, b"new", follow=True)
    assert link.is_symlink()
    assert target.read_bytes() == b"new"


def test_a_link_to_nothing_is_replaced(tmp_path: Path) -> None:
    link = tmp_path / "link.srt"
    link.symlink_to("real.srt")
    atomic_write(link, b"new")
    assert not link.is_symlink()
    assert link.read_bytes() == b"new"
    assert not (tmp_path / "real.srt").exists()


def test_a_link_to_what_is_no_file_is_refused(tmp_path: Path) -> None:
    link = tmp_path / "out.srt"
    link.symlink_to(os.devnull)
    with pytest.raises(FormatError, match="not a file"):
        atomic_write(link, b"new")
    assert link.is_symlink()


@pytest.mark.parametrize("name", ["x" * 255, "ü" * 127, "日" * 85, " ", "-rf", "a\nb", "%s"])
def test_any_name_the_system_takes_will_do(tmp_path: Path, name: str) -> None:
    atomic_write(tmp_path / name, b"1")
    atomic_write(tmp_path / name, b"2")
    assert os.listdir(tmp_path) == [name]
    assert (tmp_path / name).read_bytes() == b"2"


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("x" * 256, "too long"),
        ("no/such/a.srt", "no such file or directory"),
        ("folder", "is a directory"),
        ("file/a.srt", "not a directory"),
        ("a\0b", "null"),
        ("loop", "symbolic links"),
        ("pipe", "not a file"),
    ],
)
def test_an_impossible_place_is_refused_in_a_sentence(tmp_path: Path, name: str, why: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_bytes(b"")
    (tmp_path / "loop").symlink_to("loop")
    os.mkfifo(tmp_path / "pipe")
    before = sorted(os.listdir(tmp_path))
    with pytest.raises(FormatError, match=f"could not be written .*{why}.*choose another place"):
        atomic_write(tmp_path / name, b"data")
    assert sorted(os.listdir(tmp_path)) == before


def test_a_full_disk_leaves_the_old_file_and_says_what_is_needed(tmp_path: Path) -> None:
    path = tmp_path / "a.srt"
    path.write_bytes(b"old")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, hard))
    try:
        with pytest.raises(FormatError, match=r"a\.srt” .* disk is full; free 3,000,000 bytes"):
            atomic_write(path, bytes(3_000_000))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, before)
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["a.srt"]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 2 MiB, where this machine lets us mount one."""
    disk = tmp_path / "disk"
    disk.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(disk)]
    if os.geteuid() or subprocess.run(command, check=False, capture_output=True).returncode:
        pytest.skip("this machine mounts no disks")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def test_a_small_disk_that_fills_in_the_middle_keeps_the_old_file(small_disk: Path) -> None:
    path = small_disk / "a.srt"
    atomic_write(path, b"old")
    with pytest.raises(FormatError, match="disk is full"):
        atomic_write(path, bytes(5_000_000))
    assert path.read_bytes() == b"old"
    assert os.listdir(small_disk) == ["a.srt"]
    atomic_write(path, bytes(1_500_000))
    assert path.stat().st_size == 1_500_000


def test_a_disk_for_reading_only_is_named(small_disk: Path) -> None:
    path = small_disk / "a.srt"
    atomic_write(path, b"old")
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    with pytest.raises(FormatError, match="write-protected; choose another place"):
        atomic_write(path, b"new")
    with pytest.raises(FormatError, match="write-protected; choose another place"):
        atomic_write(small_disk / "b.srt", b"new")
    assert path.read_bytes() == b"old"


AS_SOMEBODY_ELSE = """
import os, sys
from pathlib import Path
from granite_studio.core.errors import FormatError
from granite_studio.core.files import atomic_write
if os.geteuid() == 0:
    os.setgid(65534)
    os.setuid(65534)
for name in ("closed/a.srt", "open/protected.srt"):
    try:
        atomic_write(Path(sys.argv[1]) / name, b"new")
    except FormatError as error:
        print("write-protected" in str(error))
"""


def test_without_the_right_to_write_the_old_file_stays() -> None:
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        home.chmod(0o755)
        for folder in ("closed", "open"):
            (home / folder).mkdir()
        (home / "closed" / "a.srt").write_bytes(b"old")
        (home / "open" / "protected.srt").write_bytes(b"old")
        (home / "open" / "protected.srt").chmod(0o444)
        (home / "open").chmod(0o777)
        (home / "closed").chmod(0o555)
        child = subprocess.run(
            [sys.executable, "-c", AS_SOMEBODY_ELSE, name],
            capture_output=True,
            text=True,
            check=False,
        )
        (home / "closed").chmod(0o755)
        assert (child.stdout, child.stderr) == ("True\nTrue\n", "")
        assert (home / "closed" / "a.srt").read_bytes() == b"old"
        assert (home / "open" / "protected.srt").read_bytes() == b"old"
        assert len(list(home.glob("*/*"))) == 2


def test_short_writes_are_gone_on_with(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write = os.write
    monkeypatch.setattr(
        os, "write", lambda handle, data: write(handle, data[: len(data) // 2 + 1])
    )
    data = random.Random(1).randbytes(2_500_000)
    atomic_write(tmp_path / "a.srt", data)
    assert (tmp_path / "a.srt").read_bytes() == data


def fails(code: int) -> Callable[..., None]:
    def call(*_: object) -> None:
        raise OSError(code, os.strerror(code))

    return call


@pytest.mark.parametrize(
    ("call", "replacement"),
    [
        ("write", fails(errno.EIO)),
        ("write", lambda handle, data: 0),
        ("write", lambda handle, data: len(data)),
        ("fsync", fails(errno.EIO)),
        ("fsync", fails(errno.ENOSPC)),
        ("replace", fails(errno.EACCES)),
        ("replace", fails(errno.EBUSY)),
    ],
)
def test_whatever_step_fails_the_old_file_is_intact_and_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, replacement: Callable[..., object]
) -> None:
    path = tmp_path / "a.srt"
    path.write_bytes(b"old")
    with monkeypatch.context() as patch:
        patch.setattr(os, call, replacement)
        with pytest.raises(FormatError, match=r"a\.srt"):
            atomic_write(path, b"brand new")
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["a.srt"]


def test_a_file_is_synced_before_it_is_renamed_and_its_folder_after(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    fsync, replace = os.fsync, os.replace

    def noted_fsync(handle: int) -> None:
        done.append("folder" if Path(f"/proc/self/fd/{handle}").is_dir() else "file")
        fsync(handle)

    def noted_replace(source: Path, target: Path) -> None:
        done.append("rename")
        replace(source, target)

    monkeypatch.setattr(os, "fsync", noted_fsync)
    monkeypatch.setattr(os, "replace", noted_replace)
    atomic_write(tmp_path / "a.srt", b"new")
    assert done == ["file", "rename", "folder"]


TRACED = """
import sys
from pathlib import Path
from granite_studio.core.files import atomic_write
atomic_write(Path(sys.argv[1]), b"x" * 3_000_000)
"""


def test_the_system_sees_write_sync_rename_sync(tmp_path: Path) -> None:
    if not shutil.which("strace"):
        pytest.skip("strace is not on this machine")
    path, trace = tmp_path / "a.srt", tmp_path / "trace"
    calls = "write,fsync,fdatasync,rename,renameat,renameat2"
    child = subprocess.run(
        ["strace", "-y", "-e", f"trace={calls}", "-o", trace, sys.executable, "-c", TRACED, path],
        capture_output=True,
        check=False,
    )
    if child.returncode:
        pytest.skip("this machine traces no processes")
    seen = []
    for line in trace.read_text().splitlines():
        if found := re.match(rf"(\w+)\(.*{re.escape(str(tmp_path))}", line):
            what = "folder" if f"<{tmp_path}>" in line else "file"
            seen.append((found[1], what))
    assert seen == [
        ("write", "file"),
        ("write", "file"),
        ("write", "file"),
        ("fsync", "file"),
        ("rename", "file"),
        ("fsync", "folder"),
    ]


LOOP = """
import itertools, sys
from pathlib import Path
from granite_studio.core.files import atomic_write
path = Path(sys.argv[1])
print("ready", flush=True)
for number in itertools.count(int(sys.argv[2])):
    atomic_write(path, bytes([number % 251]) * (number % 251 * 997 + 1))
"""


@pytest.mark.kill
def test_killed_at_any_moment_a_file_is_old_or_new_and_never_mixed(tmp_path: Path) -> None:
    dice = random.Random(3)
    path = tmp_path / "a.srt"
    atomic_write(path, b"\0")
    lengths = set()
    for turn in range(100):
        child = subprocess.Popen(
            [sys.executable, "-c", LOOP, str(path), str(turn * 2)], stdout=subprocess.PIPE
        )
        assert child.stdout
        child.stdout.readline()
        time.sleep(dice.uniform(0.0, 0.06))  # the moment is the point, nothing is waited for
        child.send_signal(signal.SIGKILL)
        child.stdout.close()
        assert child.wait() == -signal.SIGKILL
        data = path.read_bytes()
        assert data == bytes([data[0]]) * (data[0] * 997 + 1)
        lengths.add(len(data))
    assert len(lengths) > 10
    for name in os.listdir(tmp_path):
        os.utime(tmp_path / name, (1, 1))
    atomic_write(path, b"end")
    assert os.listdir(tmp_path) == ["a.srt"]


def test_a_fingerprint_is_the_size_and_a_hash_of_both_ends(tmp_path: Path) -> None:
    data = random.Random(5).randbytes(5 << 20)
    path = tmp_path / "talk.wav"
    path.write_bytes(data)
    ends = hashlib.sha256(data[: 1 << 20] + data[-(1 << 20) :]).hexdigest()
    assert fingerprint(path) == f"{5 << 20}-{ends}"


@pytest.mark.parametrize("size", [0, 1, 1 << 20, (1 << 20) + 1])
def test_a_short_file_has_a_fingerprint_too(tmp_path: Path, size: int) -> None:
    path = tmp_path / "talk.wav"
    path.write_bytes(bytes(size))
    assert fingerprint(path).startswith(f"{size}-")
    path.write_bytes(bytes(size + 1))
    assert not fingerprint(path).startswith(f"{size}-")


def test_a_recording_that_cannot_be_read_has_no_fingerprint(tmp_path: Path) -> None:
    for path in (tmp_path / "no.wav", tmp_path):
        with pytest.raises(MediaError, match="cannot be read"):
            fingerprint(path)
