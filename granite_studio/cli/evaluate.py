"""`evaluate`: how far a transcript is from a reference, as a table or as JSON."""

from __future__ import annotations

import argparse
import dataclasses
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from granite_studio import formats
from granite_studio.cli.common import load_text
from granite_studio.core.document import Document, Segment, Word
from granite_studio.core.importing import from_captions
from granite_studio.core.unspaced import words_of
from granite_studio.formats import rttm
from granite_studio.pipeline.evaluate import Evaluation, Side, evaluate
from granite_studio.pipeline.evaluate.speakers import COLLAR, Diarisation
from granite_studio.pipeline.evaluate.times import TimeError
from granite_studio.store.opening import SUFFIX

if TYPE_CHECKING:
    from pyannote.core import Annotation


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "hypothesis",
        type=Path,
        metavar="HYP",
        help="a transcript, project, subtitle or text file, or an RTTM file",
    )
    parser.add_argument("reference", type=Path, metavar="REF", help="a file of the same kinds")
    parser.add_argument(
        "--rttm",
        type=Path,
        metavar="FILE",
        help="who speaks when by the reference, where REF does not say",
    )
    parser.add_argument(
        "--words",
        type=Path,
        metavar="FILE",
        help="when each word is said by the reference (CTM, TextGrid), where REF does not say",
    )
    parser.add_argument(
        "--language",
        default="",
        metavar="TAG",
        help="whose spelling rules count (default as the files say, or en)",
    )
    parser.add_argument("--json", action="store_true", help="write JSON")
    parser.set_defaults(work=_evaluate)


def _evaluate(options: argparse.Namespace) -> int:
    reference = _side(options.reference)
    if options.rttm:
        reference = dataclasses.replace(reference, turns=_turns(options.rttm))
    result = evaluate(
        _side(options.hypothesis),
        reference,
        timed=_side(options.words) if options.words else None,
        language=options.language,
    )
    if options.json:
        print(json.dumps(dataclasses.asdict(result), indent=2))
    else:
        print("\n".join(_table(result)))
    return 0


def _side(path: Path) -> Side:
    """What a file carries. Raises `FormatError` or `ProjectError` for one that cannot be read."""
    ending = path.suffix.lower()
    if ending == ".rttm":
        return Side(name=path.name, turns=_turns(path))
    if ending == ".txt":
        return Side(name=path.name, document=_of_text(formats.source(path).text()), is_timed=False)
    read = load_text(path)
    if not isinstance(read, Document):
        return Side(name=path.name, document=from_captions(read))
    says = read.language if ending in (".json", SUFFIX) else ""
    return Side(name=path.name, document=read, language=says)


def _turns(path: Path) -> Annotation:
    return rttm.read_turns(formats.source(path))


def _of_text(text: str) -> Document:
    words = tuple(Word(number, word, 0, 0) for number, word in enumerate(words_of(text), start=2))
    return Document((Segment(1, words),) if words else (), next_id=len(words) + 2)


def _table(result: Evaluation) -> Iterator[str]:
    per = "" if result.unit == "word" else ", by character"
    for name, counted in (("WER", result.words), ("CER", result.characters)):
        if counted:
            what = "words" if name == "WER" else "characters"
            yield _row(
                name,
                _percent(counted.rate),
                f"{counted.substitutions} substituted, {counted.deletions} missing, "
                f"{counted.insertions} added, of {counted.total} {what}",
            )
    if said := result.speaker_words:
        pairs = ", ".join(
            f"{found or 'nobody'} is {one or 'nobody'}" for one, found in said.speakers.items()
        )
        yield _row(f"cpWER{per}", _percent(said.rate), pairs)
    if wrong := result.wrong_speaker:
        told = f"{wrong.wrong} of {wrong.words} {result.unit}s with the wrong speaker"
        yield _row(f"WDER{per}", _percent(wrong.rate), told)
    if result.diarisation:
        yield _diarisation("DER", result.diarisation)
    if result.diarisation_forgiving:
        yield _diarisation(f"DER, collar {COLLAR / 1000} s", result.diarisation_forgiving)
    if times := result.word_times:
        for name, errors in (("starts of words", times.starts), ("ends of words", times.ends)):
            if errors:
                yield _times(name, errors)
    if missing := result.missing_speech:
        told = f"in {missing.places} places, of {_seconds(missing.speech_ms)} of speech"
        yield _row("missing speech", _seconds(missing.missing_ms), told)
    for lack in result.not_measured:
        yield f"not measured: {lack}"


def _diarisation(name: str, result: Diarisation) -> str:
    return _row(
        name,
        _percent(result.rate),
        f"{_seconds(result.missed_ms)} missed, {_seconds(result.false_alarm_ms)} false alarm, "
        f"{_seconds(result.confused_ms)} confused, of {_seconds(result.speech_ms)}",
    )


def _times(name: str, result: TimeError) -> str:
    return _row(
        name,
        f"{result.median_ms:.0f} ms",
        f"mean {result.mean_ms:.0f} ms, nine of ten within {result.p90_ms} ms; within 50 ms "
        f"{_percent(result.within_50)}, 100 ms {_percent(result.within_100)}, "
        f"200 ms {_percent(result.within_200)}, of {result.words} words",
    )


def _row(name: str, figure: str, rest: str) -> str:
    return f"{name:19} {figure:>8}  {rest}".rstrip()


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def _seconds(ms: int) -> str:
    return f"{ms / 1000:.1f} s"
