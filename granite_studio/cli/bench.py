"""`bench engines`: how fast the models are on this machine."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from granite_studio.core.cancel import CancelToken
from granite_studio.core.errors import EngineError, StudioError
from granite_studio.engines import models
from granite_studio.engines.granite.measured import Request, Row, Setting
from granite_studio.store import logs, places
from granite_studio.workers.child import Worker

_QUIET_S = 1800.0
_SERVE = "granite_studio.engines.granite.bench:serve"
_TOKENS_A_SECOND = 3.5


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=("engines",), help="what to measure")
    chosen = parser.add_mutually_exclusive_group(required=True)
    chosen.add_argument("--model", metavar="FOLDER_OR_ID", help="a model that is here")
    chosen.add_argument(
        "--random",
        choices=("base", "plus", "nar"),
        help="random weights of the true size: speed only",
    )
    parser.add_argument("--device", default="auto", help="auto, cuda, mps or cpu (default auto)")
    parser.add_argument(
        "--batch", default="1", help="windows at once, parted by commas (default 1)"
    )
    parser.add_argument(
        "--seconds", type=float, default=30.0, help="length of a window (default 30)"
    )
    parser.add_argument("--tokens", type=int, help="tokens of an answer (default 3.5 a second)")
    parser.add_argument("--repeats", type=int, default=3, help="timed runs of each (default 3)")
    parser.add_argument(
        "--no-stock", action="store_true", help="leave out transformers' own generate"
    )
    parser.add_argument(
        "--graphs", action="store_true", help="record decoding steps as CUDA graphs (untested)"
    )
    parser.add_argument("--json", action="store_true", help="write JSON")
    parser.set_defaults(work=work)


def work(options: argparse.Namespace) -> int:
    try:
        batches = tuple(int(size) for size in options.batch.split(","))
    except ValueError:
        batches = ()
    if not batches or min(batches) < 1 or options.repeats < 1 or not 1 <= options.seconds <= 200:
        raise StudioError(
            "--batch takes numbers from 1 on (1,8,32), --repeats at least 1, --seconds 1 to 200."
        )
    request = Request(
        folder=_folder(options.model),
        random=options.random or "",
        device=options.device,
        batches=batches,
        seconds=options.seconds,
        tokens=options.tokens or round(options.seconds * _TOKENS_A_SECOND),
        repeats=options.repeats,
        stock=not options.no_stock,
        graphs=options.graphs,
    )
    worker = Worker(_SERVE, name="The benchmark", log_path=logs.path_of("engine"))
    setting: Setting | None = None
    rows: list[Row] = []
    try:
        for event in worker.run(request, CancelToken(), quiet_s=_QUIET_S):
            if isinstance(event, Setting):
                setting = event
                print(_headline(event), file=sys.stderr if options.json else sys.stdout)
            else:
                rows.append(event)
                if not options.json:
                    print(_line(event, rows, setting), flush=True)
    finally:
        worker.close()
    if options.json and setting is not None:
        told = {**asdict(setting), "random": bool(options.random), "seconds": options.seconds}
        table = [{**asdict(row), "times_stock": _ratio(row, rows)} for row in rows]
        print(json.dumps({**told, "tokens": request.tokens, "rows": table}, indent=1))
    return 0


def _folder(model: str | None) -> Path | None:
    if model is None:
        return None
    ready = models.ready("auto", model, places.models_dir())
    if ready.model is None:
        raise EngineError(f"{model} is not on this machine; see `granite-studio models`.")
    return Path(ready.model)


def _headline(setting: Setting) -> str:
    return (
        f"{setting.model}; {setting.device}; {setting.teraflops:.2f} TFLOP/s in one product, "
        f"so that {setting.floor_rtfx:,.0f} times real time is the most there can be"
    )


def _line(row: Row, rows: Sequence[Row], setting: Setting | None) -> str:
    parts = [f"{row.stage:22} batch {row.batch:4}  {row.rtfx:10,.1f} x real time"]
    if row.stage == "whole" and setting is not None:
        parts.append(f"{row.rtfx / setting.floor_rtfx:.1%} of the most")
    ratio = _ratio(row, rows)
    if ratio is not None:
        parts.append(f"ours is {ratio:.2f} times as fast")
    if row.memory:
        parts.append(f"{row.memory / 1e9:.1f} GB at most")
    return ", ".join(parts)


def _ratio(row: Row, rows: Sequence[Row]) -> float | None:
    """How many times as fast ours is as this stock stage."""
    ours = [each for each in rows if each.stage == row.beside and each.batch == row.batch]
    return ours[0].rtfx / row.rtfx if row.beside and ours else None
