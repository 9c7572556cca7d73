"""Plans: which engines hear a recording, in which order, and what each of them is heard for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from granite_studio.core.errors import EngineError
from granite_studio.core.merge import Role
from granite_studio.engines import catalog
from granite_studio.engines.base import Options
from granite_studio.engines.models import Ready


@dataclass(frozen=True, slots=True)
class Step:
    """One pass: what an engine of the catalogue is heard for."""

    role: Role
    engine: str
    own_times: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """Passes in the order in which they are heard. What is quick comes first, so that there is
    text to work with while the rest is being heard."""

    name: str
    title: str
    about: str
    steps: tuple[Step, ...]

    @property
    def engines(self) -> tuple[catalog.Entry, ...]:
        """Those that hear, in order."""
        return tuple(catalog.find(step.engine) for step in self.steps)

    @property
    def may_carry(self) -> bool:
        """Whether speakers can be carried from window to window on request."""
        return any(engine.capabilities.carries for engine in self.engines)


PLANS = (
    Plan(
        "instant",
        "Instant",
        "All of the text at once, without punctuation and speakers.",
        (Step(Role.TEXT, "granite-nar"),),
    ),
    Plan(
        "interview",
        "Interview",
        "Text with punctuation, and who said it.",
        (Step(Role.SPEAKERS, "granite-plus"),),
    ),
    Plan(
        "thorough",
        "Thorough",
        "Three models hear it, and where they differ is listed; takes three times as long.",
        (
            Step(Role.WITNESS, "granite-nar"),
            Step(Role.SPEAKERS, "granite-plus", own_times=True),
            Step(Role.TEXT, "granite-base"),
        ),
    ),
    Plan(
        "plus-times",
        "Plus with its own word times",
        "As Interview, and the model's own word times as a check on the aligned ones.",
        (Step(Role.SPEAKERS, "granite-plus", own_times=True),),
    ),
    Plan(
        "draft",
        "Draft",
        "A rough English text by an engine that needs no download.",
        (Step(Role.SPEAKERS, "draft"),),
    ),
)


@dataclass(frozen=True, slots=True)
class Pass:
    """A step with the engine and the model that are ready for it, and what is asked of it."""

    role: Role
    ready: Ready
    options: Options


def names() -> tuple[str, ...]:
    """Every name that `find` takes."""
    return tuple(plan.name for plan in PLANS)


def find(name: str) -> Plan:
    """The plan of this name. Raises `EngineError` for an unknown one."""
    for plan in PLANS:
        if plan.name == name:
            return plan
    raise EngineError(f"There is no plan named {name!r}; choose one of {', '.join(names())}.")


def passes(
    plan: Plan, wanted: Options, ready: Callable[[str, Options], Ready]
) -> tuple[Pass, ...]:
    """The passes of a plan. Only what an engine can do is asked of it.

    `ready` finds an engine and its model, as `engines.models.ready` does. Raises `EngineError`
    where one is missing, or none of them can do what is wanted.
    """
    found = []
    for step in plan.steps:
        options = able(catalog.find(step.engine), replace(wanted, own_times=step.own_times))
        catalog.check(catalog.find(step.engine), options)
        found.append(Pass(step.role, ready(step.engine, options), options))
    return tuple(found)


def only(ready: Ready, options: Options) -> tuple[Pass, ...]:
    """One engine by itself."""
    gives_speakers = ready.entry.capabilities.speakers and options.speakers
    return (Pass(Role.SPEAKERS if gives_speakers else Role.TEXT, ready, options),)


def able(entry: catalog.Entry, wanted: Options) -> Options:
    """What is wanted, as far as this engine can do it; the rest has its default."""
    can = entry.capabilities
    return replace(
        wanted,
        keywords=wanted.keywords if can.keywords else (),
        speakers=wanted.speakers or not can.speakers,
        own_times=wanted.own_times and can.own_times,
        carried=wanted.carried and can.carries and wanted.speakers,
        server=wanted.server if entry.name == "remote" else "",
    )
