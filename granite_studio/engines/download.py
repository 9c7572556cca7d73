"""Models from the hub into the models folder: fetched, checked, removed, never unasked."""

from __future__ import annotations

import json
import os
import re
import shutil
import time
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from granite_studio.core.cancel import CancelToken
from granite_studio.core.errors import EngineError
from granite_studio.engines import manifest, models
from granite_studio.engines.fetching import Digest, Got, Wanted, disk_sentence, fetch
from granite_studio.engines.granite.checkpoint import Kind
from granite_studio.engines.hub import Hub
from granite_studio.engines.manifest import MANIFEST, FileFact, Manifest
from granite_studio.engines.models import Model
from granite_studio.workers.apart import apart

HUB = "https://huggingface.co"

_EVERY_S = 0.2
_SPARE = 64 << 20
_MOST_FILES = 1000
# No folders, and no names that Windows gives to devices.
_NAME = re.compile(r"(?!(con|nul|aux|prn|com\d|lpt\d)\.)\w[\w.-]{0,120}", re.ASCII | re.IGNORECASE)
_WEIGHTS = ".safetensors"
# Plain data only: never code, and never a pickle. Other safetensors files than the model's own
# (heads that nothing here reads) are left alone.
_FILES = re.compile(
    r"model[\w.-]*\.safetensors|\w[\w.-]*\.(json|jinja|txt)|(LICENSE|NOTICE|README)[\w.-]*"
)
_COMMIT = re.compile(r"[0-9a-f]{40}")
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a download is. `file` is the one at work; `seconds_left` is None until it shows."""

    done_bytes: int
    total_bytes: int
    file: str = ""
    seconds_left: float | None = None


def download(
    model: Model,
    folder: Path,
    cancel: CancelToken,
    *,
    endpoint: str = HUB,
    token: str | None = None,
) -> Iterator[Progress]:
    """Bring a model into the models folder, all of one commit, every file checked by its hash.

    The token, if none is given that of the environment (HF_TOKEN), opens models behind a licence.
    Goes on at the very byte where an earlier download stopped, mends what is damaged, and does
    nothing to what is there and right. Raises `EngineError`, or `Cancelled` within a second of
    the token being set; what has arrived stays for the next time.
    """
    return apart(
        lambda inner: _download(model, folder, inner, endpoint, token), cancel, name="download"
    )


def check(folder: Path, cancel: CancelToken) -> Iterator[Progress]:
    """Compare every file of a downloaded model with the hashes kept when it arrived.

    Raises `EngineError` that names the files that are damaged or missing, or says that the folder
    was not downloaded by this program and so has no hashes.
    """
    kept = manifest.read(folder)
    if kept is None:
        raise EngineError(
            f"“{folder}” was not downloaded by Granite Studio, so there are no hashes to compare."
        )
    total = sum(fact.size for fact in kept.files.values())
    before, wrong = 0, []
    for name, fact in kept.files.items():
        path, digest = folder / name, Digest(Wanted(name, "", fact.size, fact.sha256))
        if _NAME.fullmatch(name) is None or not path.is_file():
            wrong.append(name)
            continue
        try:
            for done in digest.read(path, cancel):
                yield Progress(before + min(done, fact.size), total, name)
        except OSError as error:
            raise EngineError(f"“{path}” cannot be read ({error.strerror}).") from error
        if not digest.is_right:
            wrong.append(name)
        before += fact.size
    if wrong:
        raise EngineError(
            f"The model in “{folder}” is damaged ({', '.join(sorted(wrong))}); download it again: "
            "only what is wrong is fetched."
        )


def remove(model: Model, folder: Path) -> None:
    """Delete this model, or what has arrived of it, from the models folder; nothing elsewhere.

    Raises `EngineError` when it is not there or cannot be deleted.
    """
    target = models.folder_of(model, folder)
    try:
        if target.is_symlink():
            target.unlink()
            return
        # Without its manifest what is left counts as unfinished, should this stop half-way.
        (target / MANIFEST).unlink(missing_ok=True)
        shutil.rmtree(target)
    except FileNotFoundError:
        raise EngineError(
            f"{model.id} is not in the models folder “{folder}”, so there is nothing to remove."
        ) from None
    except OSError as error:
        raise EngineError(disk_sentence(target, error)) from error


def _download(
    model: Model, folder: Path, cancel: CancelToken, endpoint: str, token: str | None
) -> Iterator[Progress]:
    target = models.folder_of(model, folder)
    if token is None and endpoint == HUB:
        token = os.environ.get("HF_TOKEN")
    yield Progress(0, model.bytes)
    with Hub(endpoint, token, cancel) as hub:
        commit = _commit(hub, model)
        listing = _listing(hub, model, commit)
        cancel.check()
        try:
            target.mkdir(parents=True, exist_ok=True)
            facts = yield from _whole(target, listing, cancel)
            missing = [wanted for wanted in listing if wanted.name not in facts]
            cancel.check()
            if missing:
                (target / MANIFEST).unlink(missing_ok=True)
            _sweep(target, listing)
            _make_room(target, missing)
            yield from _fetch_all(hub, target, listing, facts)
        except OSError as error:
            raise EngineError(disk_sentence(target, error)) from error
    cancel.check()
    manifest.write(target, Manifest(model.id, commit, facts))


def _commit(hub: Hub, model: Model) -> str:
    """The commit that this model's revision stands for now."""
    path = f"/api/models/{model.id}/revision/{quote(model.revision, safe='')}"
    answer = next(hub.pages(path))
    commit = answer.get("sha") if isinstance(answer, dict) else None
    if not isinstance(commit, str) or not _COMMIT.fullmatch(commit):
        raise EngineError(_strange(hub))
    is_pinned = re.fullmatch(r"[0-9a-f]{7,40}", model.revision)
    if is_pinned and not commit.startswith(model.revision):
        raise EngineError(_strange(hub))
    return commit


def _listing(hub: Hub, model: Model, commit: str) -> list[Wanted]:
    """The files to fetch, small ones first."""
    entries: list[Any] = []
    for page in hub.pages(f"/api/models/{model.id}/tree/{commit}"):
        entries += page if isinstance(page, list) else [None]
        if len(entries) > _MOST_FILES:
            raise EngineError(_strange(hub))
    files = [_wanted(hub, model, commit, entry) for entry in entries if _is_wanted(hub, entry)]
    if len({wanted.name.casefold() for wanted in files}) != len(files):
        raise EngineError(_strange(hub))  # one would overwrite another on many systems
    names = {wanted.name for wanted in files}
    if "config.json" not in names or not any(name.endswith(_WEIGHTS) for name in names):
        raise EngineError(f"{model.id} has no config.json and safetensors weights to fetch.")
    return sorted(files, key=lambda wanted: (wanted.name.endswith(_WEIGHTS), wanted.size))


def _is_wanted(hub: Hub, entry: Any) -> bool:
    """Whether this entry is a file we fetch; raises for a name that tries to lead elsewhere."""
    if not isinstance(entry, dict) or not isinstance(entry.get("path"), str):
        raise EngineError(_strange(hub))
    name = entry["path"]
    *folders, last = re.split(r"[\\/]", name)
    if entry.get("type") != "file" or _FILES.fullmatch(last) is None or name == MANIFEST:
        return False
    if _NAME.fullmatch(name) is not None:
        return True
    if "\\" in name or not set(folders).isdisjoint(("", ".", "..")) or not folders:
        raise EngineError(
            f"The hub's list of files names {name[:60]!r}, which is no file of a model; nothing "
            "was downloaded."
        )
    return False


def _wanted(hub: Hub, model: Model, commit: str, entry: dict[str, Any]) -> Wanted:
    name, stored = entry["path"], entry.get("lfs")
    told: dict[str, Any] = stored if isinstance(stored, dict) else entry
    size, digest = told.get("size"), told.get("oid")
    if not (isinstance(size, int) and size >= 0 and isinstance(digest, str)):
        raise EngineError(_strange(hub))
    if not (_COMMIT if told is entry else _SHA256).fullmatch(digest):
        raise EngineError(_strange(hub))
    url = f"{hub.endpoint}/{model.id}/resolve/{commit}/{quote(name)}"
    if told is entry:
        return Wanted(name, url, size, git_sha1=digest)
    return Wanted(name, url, size, sha256=digest)


def _strange(hub: Hub) -> str:
    return (
        f"{hub.endpoint} does not answer as the hub does; check the address, or update Granite "
        "Studio."
    )


def _whole(
    target: Path, listing: Sequence[Wanted], cancel: CancelToken
) -> Generator[Progress, None, dict[str, FileFact]]:
    """The files of the listing that are here already and right."""
    total = sum(wanted.size for wanted in listing)
    facts: dict[str, FileFact] = {}
    before, told = 0, _Often()
    for wanted in listing:
        path = target / wanted.name
        if not path.is_file() or path.stat().st_size != wanted.size:
            continue
        digest = Digest(wanted)
        for done in digest.read(path, cancel):
            if told.is_time(wanted.name):
                yield Progress(before + done, total, wanted.name)
        if digest.is_right:
            facts[wanted.name] = FileFact(wanted.size, digest.sha256)
            before += wanted.size
    return facts


def _fetch_all(
    hub: Hub, target: Path, listing: Sequence[Wanted], facts: dict[str, FileFact]
) -> Iterator[Progress]:
    """Fetch what is missing in `facts` and add it there."""
    total = sum(wanted.size for wanted in listing)
    before = sum(fact.size for fact in facts.values())
    began, fresh, told = time.monotonic(), 0, _Often()
    is_checked = False
    yield Progress(before, total)
    for wanted in listing:
        if wanted.name in facts:
            continue
        if wanted.name.endswith(_WEIGHTS) and not is_checked:
            _check_kind(target)
            is_checked = True
        got = Got(0)
        for got in fetch(hub, wanted, target):
            fresh += got.fresh
            if told.is_time(wanted.name):
                left = total - before - got.here
                since = time.monotonic() - began
                seconds = left * since / fresh if fresh and since > 1 else None
                yield Progress(before + got.here, total, wanted.name, seconds)
        facts[wanted.name] = FileFact(wanted.size, got.sha256)
        before += wanted.size
    yield Progress(total, total, "", 0.0)


class _Often:
    """Says when it is time to tell of progress again: now and then, and of every new file."""

    def __init__(self) -> None:
        self._last, self._file = 0.0, ""

    def is_time(self, file: str) -> bool:
        now = time.monotonic()
        if file == self._file and now - self._last < _EVERY_S:
            return False
        self._last, self._file = now, file
        return True


def _check_kind(target: Path) -> None:
    """Before gigabytes are fetched: raise unless config.json is that of a model we know."""
    try:
        kind = json.loads((target / "config.json").read_text("utf-8"))["model_type"]
        Kind(kind)
    except (ValueError, TypeError, KeyError, RecursionError):
        raise EngineError(
            "This is not a Granite Speech model; its weights were not fetched. "
            f"Models that run here are {', '.join(model.id for model in models.MODELS)}."
        ) from None


def _make_room(target: Path, missing: Sequence[Wanted]) -> None:
    """Raise unless the disk has room for what is still to come."""
    needed = 0
    for wanted in missing:
        part = target / wanted.part
        needed += wanted.size - (part.stat().st_size if part.exists() else 0)
    free = shutil.disk_usage(target).free
    if missing and free < needed + _SPARE:
        raise EngineError(
            f"The disk of “{target.parent}” has {free / 1e9:.1f} GB free, and "
            f"{needed / 1e9:.1f} GB are still to come; free some space first."
        )


def _sweep(target: Path, listing: Sequence[Wanted]) -> None:
    """Delete what belongs to other commits of this model, finished or not."""
    kept = {MANIFEST, *(wanted.name for wanted in listing), *(wanted.part for wanted in listing)}
    for path in target.iterdir():
        is_file_of_model = path.suffix == ".part" or _FILES.fullmatch(path.name) is not None
        if is_file_of_model and path.name not in kept and path.is_file():
            path.unlink()
