"""The command `models`: what is here and what it can do; download, check and remove."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict

from granite_studio.core import timing
from granite_studio.core.cancel import CancelToken
from granite_studio.core.errors import EngineError
from granite_studio.engines import catalog, download, models
from granite_studio.engines.download import Progress
from granite_studio.engines.models import Installed
from granite_studio.store import places

_EVERY_S = 0.2
_INDENT = " " * 13


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="write JSON")
    parser.set_defaults(work=_list)
    actions = parser.add_subparsers(metavar="list|download|check|remove|where")
    listing = _action(actions, "list", "list the engines and the models that are here", _list)
    # Without a default of its own it leaves alone what stood before the word "list".
    listing.add_argument(
        "--json", action="store_true", default=argparse.SUPPRESS, help="write JSON"
    )
    fetching = _action(actions, "download", "download a model, or go on with it", _download)
    fetching.add_argument(
        "--hub", default=download.HUB, metavar="URL", help="another hub's address"
    )
    checking = _action(actions, "check", "compare a model with the hashes it came with", _check)
    removing = _action(actions, "remove", "delete a downloaded model", _remove)
    _action(actions, "where", "say where the models lie", _where)
    for action, names in ((fetching, "ID|ENGINE"), (removing, "ID|ENGINE")):
        action.add_argument("model", metavar=names, help=f"for example {models.MODELS[0].engine}")
    checking.add_argument("model", metavar="ID|ENGINE|FOLDER")


def _action(
    actions: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    summary: str,
    work: object,
) -> argparse.ArgumentParser:
    parser = actions.add_parser(name, help=summary, description=f"{summary.capitalize()}.")
    parser.set_defaults(work=work)
    return parser


def _list(options: argparse.Namespace) -> int:
    folder = places.models_dir()
    found = models.installed(folder)
    begun = models.unfinished(folder)
    whys = {entry.name: _why_not(entry) for entry in catalog.ENTRIES}
    if options.json:
        rows = {
            "folder": str(folder),
            "engines": [_row(entry, whys[entry.name]) for entry in catalog.ENTRIES],
            "models": [asdict(model) | {"folder": str(model.folder)} for model in found],
            "unfinished": begun,
        }
        print(json.dumps(rows, indent=2))
        return 0
    for entry in catalog.ENTRIES:
        why = whys[entry.name]
        print(f"{entry.name:13}{'not ready' if why else 'ready':10} {entry.title}")
        print(f"{_INDENT}{', '.join(entry.capabilities.languages)}; {', '.join(_gives(entry))}")
        if why:
            print(f"{_INDENT}{why}")
        for model in found:
            if model.engine == entry.name:
                print(f"{_INDENT}{_described(model)}")
    for model in found:
        if not model.engine:
            print(f"{model.id}: {model.trouble}")
    for name, size in begun.items():
        print(f"{name}: {size / 1e9:.1f} GB have arrived; `models download {name}` goes on.")
    return 0


def _why_not(entry: catalog.Entry) -> str | None:
    if entry.name == "remote":
        return "Name its address with --server URL."
    return models.why_not(entry, places.models_dir())


def _row(entry: catalog.Entry, why: str | None) -> dict[str, object]:
    return {
        "name": entry.name,
        "title": entry.title,
        "ready": why is None,
        "why_not": why,
        "model": entry.model,
        "draft": entry.capabilities.draft,
        "languages": list(entry.capabilities.languages),
        "gives": _gives(entry),
    }


def _gives(entry: catalog.Entry) -> list[str]:
    can = entry.capabilities
    offers = {
        "words": True,
        "word times": can.word_times or can.own_times,
        "speakers": can.speakers,
        "punctuation": can.punctuation,
        "keywords": can.keywords,
        "translation": bool(can.translates_to),
    }
    return [name for name, offered in offers.items() if offered]


def _described(model: Installed) -> str:
    parts = [
        model.id or "a model of your own",
        f"{model.bytes / 1e9:.1f} GB",
        f"commit {model.commit[:12]}",
        f"in {model.folder}" + ("" if model.is_ours else " (of another program)"),
    ]
    return ", ".join(parts)


def _download(options: argparse.Namespace) -> int:
    model = models.find(options.model)
    folder = places.models_dir()
    _show(model.title, download.download(model, folder, CancelToken(), endpoint=options.hub))
    found = models.locate(model.id, folder)
    if found.trouble:
        raise EngineError(found.trouble)
    print(f"{_described(found)}; it runs with --engine {found.engine}.")
    return 0


def _check(options: argparse.Namespace) -> int:
    entry_model = {model.engine: model.id for model in models.MODELS}
    found = models.locate(entry_model.get(options.model, options.model), places.models_dir())
    try:
        if found.trouble:
            raise EngineError(found.trouble)
        if found.has_hashes:
            _show("Checking", download.check(found.folder, CancelToken()))
    except EngineError as error:
        print(f"granite-studio: {error}", file=sys.stderr)
        return 1
    hashes = "every hash is right" if found.has_hashes else "there are no hashes to compare"
    print(f"{_described(found)}: it is whole, and {hashes}.")
    return 0


def _remove(options: argparse.Namespace) -> int:
    model = models.find(options.model)
    download.remove(model, places.models_dir())
    print(f"{model.id} was deleted.")
    return 0


def _where(options: argparse.Namespace) -> int:
    print(places.models_dir())
    return 0


def _show(name: str, events: Iterator[Progress]) -> None:
    """Run this to its end, with one line of progress on a terminal."""
    shown = 0.0
    try:
        for progress in events:
            now = time.monotonic()
            if not sys.stderr.isatty() or now - shown < _EVERY_S:
                continue
            shown = now
            sys.stderr.write(f"\r\x1b[K{_line(name, progress)}")
            sys.stderr.flush()
    finally:
        if shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()


def _line(name: str, progress: Progress) -> str:
    done, total = progress.done_bytes, progress.total_bytes
    parts = [f"{name}  {100 * done // max(1, total)} % of {total / 1e9:.2f} GB"]
    if progress.seconds_left is not None:
        parts.append(f"{timing.short_clock(round(progress.seconds_left * 1000))} left")
    return ", ".join((*parts, progress.file) if progress.file else parts)
