"""From a plan to one transcript: windows heard by every pass, merged, and their voices linked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Container, Iterator, Mapping, Sequence, Set
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from granite_studio.core import audit
from granite_studio.core.cancel import CancelToken
from granite_studio.core.document import Document, Finding, Media, Span
from granite_studio.core.doubts import worth
from granite_studio.core.errors import FormatError
from granite_studio.core.heard import Heard, Relabelled
from granite_studio.core.merge import Merged, Role, Version, merged
from granite_studio.core.schema_items import Fields, finding_from, finding_values
from granite_studio.engines.base import Emissions, Voice
from granite_studio.engines.serving import EngineProcess
from granite_studio.media.client import MediaReader
from granite_studio.pipeline.listen import Task, listen, standing
from granite_studio.pipeline.plan import Pass
from granite_studio.pipeline.results import Failed, Passed, Progress, Result
from granite_studio.pipeline.seaming import Kept, Said, Seams
from granite_studio.pipeline.voices import Linker, Question, packed, unpacked

VOICES, FINDINGS = "voices", "findings"
"""Under which names a project keeps what else is known of a window, by the key of the result."""


@dataclass(frozen=True, slots=True)
class Settled:
    """What is known once all was heard: labels that turned out to be somebody else's.

    `questions` name pairs of speakers who may be one person. `dropped` are doubts told of on the
    way that are not among the few of the whole recording that are worth a look. `kept` takes the
    place of what was to be kept until now.
    """

    changes: tuple[Relabelled, ...] = ()
    kept: tuple[Kept, ...] = ()
    questions: tuple[Question, ...] = ()
    dropped: Set[Finding] = frozenset()


@dataclass(frozen=True, slots=True)
class Journal:
    """What earlier runs left: results by key, what was kept beside them by key, and the keys whose
    words stand in the transcript."""

    results: Mapping[str, Heard]
    voices: Mapping[str, Any]
    findings: Mapping[str, Any]
    standing: Container[str]


def journal_of(
    document: Document,
    results: Mapping[str, Heard],
    stages: Callable[[str], Mapping[str, Any]],
) -> Journal:
    """The journal of a project, whose `stages` give what is kept under a name."""
    there = standing(document, results.values())
    return Journal(results, stages(VOICES), stages(FINDINGS), there)


Keep = Callable[[str, Span, Emissions], None]
"""Takes the revision of the weights, a window, and what their encoder heard of it."""


def tasks(
    passes: Sequence[Pass],
    path: Path,
    media: Media,
    *,
    span: Span | None = None,
    again: bool = False,
    device: str = "auto",
    window_s: float = 0.0,
    channels: int = 1,
    first: int = 0,
) -> tuple[tuple[Role, Task], ...]:
    """What each pass hears: the same windows, as long as every engine can take them.

    With two `channels` each is heard by itself, as one person's. `first` is from where on it is
    heard, in ms; what is before that comes last.
    """
    lanes = [None] if channels == 1 else list(range(channels))
    longest = [one.ready.entry.capabilities.window_s for one in passes]
    window_s = min(*longest, window_s or max(longest), max(longest))
    return tuple(
        (
            one.role,
            Task(
                media=path,
                fingerprint=media.fingerprint,
                duration=media.duration,
                engine=one.ready.entry.name,
                model=one.ready.model,
                options=one.options,
                span=span,
                again=again,
                revision=one.ready.revision,
                device=device,
                window_s=window_s,
                channel=channel,
                first=first,
            ),
        )
        for one in passes
        for channel in lanes
    )


def hear(
    passes: Sequence[tuple[Role, Task]],
    reader: MediaReader,
    engine: EngineProcess,
    cancel: CancelToken,
    *,
    journal: Journal,
    keep: Keep,
    people: int | None = None,
) -> Iterator[Said | Settled | Failed | Progress]:
    """Hear a recording in one pass after another, over the same windows.

    Each window comes as soon as it was heard and, merged, again after each further pass. At the
    end comes what is `Settled`: the voices of all windows are compared once more, and so are
    their doubts; `people` says how many speak, where that is known. Raises as `listen.listen`
    does.
    """
    versions: dict[tuple[int | None, Span], dict[Role, Result]] = {}
    doubted = _Doubted()
    linked: list[_Voices] = []
    seams = Seams(passes[0][1].options.language)
    for place, (role, task) in enumerate(passes):
        is_alone = task.channel is not None
        voices = _Voices(task, journal, people) if role is Role.SPEAKERS and not is_alone else None
        linked += [voices] if voices else []

        def store(span: Span, emissions: Emissions, task: Task = task) -> None:
            if task.channel is None:  # of two channels both would be kept under one name
                keep(task.use.revision, span, emissions)

        earlier = voices.earlier if voices else None
        events = listen(
            task, reader, engine, cancel, done=journal.standing, keep=store, earlier=earlier
        )
        for event in events:
            if isinstance(event, Progress):
                yield _whole(event, place, len(passes))
            elif isinstance(event, Failed):
                yield event
            else:
                known = _known(event, journal, voices)
                if known is None:
                    continue
                at = (task.channel, event.span)
                there = versions.setdefault(at, {}) if len(passes) > 1 else {}
                there[role] = known
                text, said = _merged(there, task)
                doubted.know(at, text)
                if isinstance(event, Passed):
                    seams.know(said, event.overlap_ms)
                else:
                    kept = _kept(event), *([voices.kept(event.span)] if voices else [])
                    said = replace(said, result=event.heard, kept=kept)
                    yield from seams.take(said, event.overlap_ms)
    settled = linked[0].settled() if linked else Settled()
    yield replace(settled, dropped=doubted.dropped())


def _known(event: Result | Passed, journal: Journal, voices: _Voices | None) -> Result | None:
    """A window's result, of this run or an earlier one, with the labels of the recording."""
    if isinstance(event, Passed):
        earlier = journal.results.get(event.key)
        if earlier is None:
            return None
        heard = voices.renamed(earlier) if voices else earlier
        return Result(heard, findings=_findings(journal.findings.get(event.key)))
    return replace(event, heard=voices.named(event) if voices else event.heard)


def _kept(result: Result) -> Kept:
    return Kept(FINDINGS, result.heard.key, [finding_values(f) for f in result.findings])


def _findings(kept: object) -> tuple[Finding, ...]:
    """What `_kept` made plain values of; none where they are damaged."""
    try:
        values = Fields({FINDINGS: kept or []}, FINDINGS).objects(FINDINGS)
        return tuple(finding_from(fields) for fields in values)
    except FormatError:
        return ()


def _merged(versions: Mapping[Role, Result], task: Task) -> tuple[Merged, Said]:
    """One window out of what all passes so far said of it."""
    asked = [Version(role, result.heard) for role, result in versions.items()]
    text = merged(asked, language=task.options.language, keywords=task.options.keywords)
    main = next(
        versions[role].heard
        for role in (Role.TEXT, Role.SPEAKERS, Role.WITNESS, Role.TIMES)
        if role in versions
    )
    words = [word for turn in text.turns for word in turn.words]
    heard = replace(main, turns=text.turns, unheard=audit.unheard(main.unheard, words))
    findings = [finding for result in versions.values() for finding in result.findings]
    return text, Said(heard, main, findings=(*dict.fromkeys(findings), *text.doubts))


def _whole(progress: Progress, place: int, passes: int) -> Progress:
    """The progress of one pass as that of all of them."""
    if passes == 1:
        return progress
    message = f"{progress.message} ({place + 1} of {passes})"
    done = place * progress.total_ms + progress.done_ms
    return replace(progress, done_ms=done, total_ms=passes * progress.total_ms, message=message)


class _Doubted:
    """The doubts of all windows, to keep the weightiest of them."""

    def __init__(self) -> None:
        self._texts: dict[tuple[int | None, Span], Merged] = {}
        self._told: set[Finding] = set()

    def know(self, window: tuple[int | None, Span], text: Merged) -> None:
        self._texts[window] = text
        self._told.update(text.doubts)

    def dropped(self) -> frozenset[Finding]:
        """Those told of so far that are not worth asking a person."""
        texts = self._texts.values()
        weighed = [
            doubt for text in texts for doubt in zip(text.doubts, text.weights, strict=True)
        ]
        words = sum(len(turn.words) for text in texts for turn in text.turns)
        return frozenset(self._told.difference(worth(weighed, words)))


@dataclass(frozen=True, slots=True)
class _Window:
    """The voices of a window, under the key of its result, and the names that its labels have in
    the transcript."""

    key: str
    voices: tuple[Voice, ...]
    names: Mapping[str | None, str]
    carried: Mapping[str, str] | None = None

    @property
    def sizes(self) -> set[int]:
        """The lengths of its vectors; one, where it is sound."""
        return {len(voice.vector) for voice in self.voices}


class _Voices:
    """Labels of windows become labels of the recording, the same ones after a resume."""

    def __init__(self, task: Task, journal: Journal, people: int | None) -> None:
        self._revision = task.use.revision
        self._results = journal.results
        self._people = people
        self._windows: dict[Span, _Window] = {}
        for key, value in journal.voices.items():
            with suppress(FormatError):  # as if its labels had never been linked
                self._know(key, Fields(value, VOICES))
        sizes = Counter(size for window in self._windows.values() for size in window.sizes)
        self._link(max(sizes, key=sizes.__getitem__, default=0))

    def _link(self, size: int) -> None:
        """Go on from the windows of earlier runs. Those whose vectors are not of this length were
        made by another measure, and are left out."""
        self._linker, self._size = Linker(speakers=self._people), size
        self._windows = {
            span: self._windows[span]
            for span in sorted(self._windows, key=lambda span: (span.start, span.end))
            if self._windows[span].sizes <= {size}
        }
        for span, window in self._windows.items():
            self._linker.know(span, window.voices, window.names, window.carried)

    def earlier(self, key: str) -> Heard | None:
        """A window of an earlier run whose labels go on in the others."""
        known = (one for one in self._windows.values() if one.key == key)
        is_carried = any(window.carried is not None for window in known)
        return self._results.get(key) if is_carried else None

    def named(self, result: Result) -> Heard:
        """The window with the labels of the recording."""
        span = result.heard.span
        for voice in result.voices[:1]:
            if len(voice.vector) != self._size:
                self._link(len(voice.vector))
        names = self._linker.name(span, result.voices, result.carried)
        self._windows[span] = _Window(result.heard.key, result.voices, names, result.carried)
        return self.renamed(result.heard)

    def renamed(self, heard: Heard) -> Heard:
        """A window whose voices are known already."""
        names = self._windows[heard.span].names if heard.span in self._windows else {}
        turns = (replace(t, speaker=names.get(t.speaker, t.speaker)) for t in heard.turns)
        return replace(heard, turns=tuple(turns))

    def kept(self, span: Span) -> Kept:
        """What the next run needs to know of the voices of this window."""
        window = self._windows[span]
        value = {
            "revision": self._revision,
            "start_ms": span.start,
            "end_ms": span.end,
            "voices": packed(window.voices),
            "names": [[label, name] for label, name in window.names.items()],
        }
        if window.carried is not None:
            value["carried"] = [list(pair) for pair in window.carried.items()]
        return Kept(VOICES, window.key, value)

    def settled(self) -> Settled:
        settled = self._linker.settled()
        found = settled.names
        changes: list[Relabelled] = []
        kept: list[Kept] = []
        for span, window in sorted(self._windows.items(), key=lambda item: item[0].start):
            names = {label: found.get((span, label), name) for label, name in window.names.items()}
            if names == window.names:
                continue
            changes += [
                Relabelled(span, window.names[label], name)
                for label, name in names.items()
                if window.names[label] != name
            ]
            self._windows[span] = replace(window, names=names)
            kept.append(self.kept(span))
        return Settled(tuple(changes), tuple(kept), settled.unsure)

    def _know(self, key: str, fields: Fields) -> None:
        if fields.text("revision", "") != self._revision:
            return
        names = {
            label if isinstance(label, str) else None: name
            for label, name in _pairs(fields, "names", key)
        }
        voices = unpacked(fields.values.get("voices"))
        carried = None
        if "carried" in fields.values:
            carried = {str(label): name for label, name in _pairs(fields, "carried", key)}
        self._windows[fields.span()] = _Window(key, voices, names, carried)


def _pairs(fields: Fields, name: str, key: str) -> Iterator[tuple[object, str]]:
    for pair in fields.items(name):
        if not (isinstance(pair, list) and len(pair) == 2 and isinstance(pair[1], str)):
            raise FormatError(f"The names of the window {key} are damaged.")
        yield pair[0], pair[1]
