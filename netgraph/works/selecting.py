"""Choose works for a step, and say for each that cannot take it what it could."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from netgraph.errors import UsageError
from netgraph.messages import Message, join_messages
from netgraph.works.model import Selection
from netgraph.works.states import ALLOWED_FROM, TOLD, State, steps_from

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from netgraph.works.model import Work
    from netgraph.works.states import Step

_MOST = 12


def as_selection(works: str | Iterable[str] | Selection) -> Selection:
    """Accept one id, several ids, or a selection."""
    if isinstance(works, Selection):
        return works
    return Selection(ids=(works,) if isinstance(works, str) else tuple(works))


def choose(works: Mapping[str, Work], selection: Selection) -> list[Work]:
    """Works that are meant.

    Raises
    ------
    UsageError
        If an id is unknown (near ids are given), or nothing is meant.
    """
    refuse([_unknown(name, works) for name in selection.ids if name not in works])
    found = [work for work in works.values() if selection.takes(work)]
    if not found:
        message = (
            Message("no work of the register is meant: look with netgraph works list")
            if works
            else Message("the register holds no works: netgraph works open PLAN_DIR takes them in")
        )
        raise UsageError(message)
    return found


def choose_for(works: Mapping[str, Work], selection: Selection, step: Step) -> list[Work]:
    """Works that are meant and may take a step.

    Raises
    ------
    UsageError
        As :func:`choose`; if one that was named may not take it (what it may is said), or none
        may.
    """
    found = choose(works, selection)
    allowed = [work for work in found if work.state in ALLOWED_FROM[step]]
    if selection.ids:
        refuse([_not_from_here(work, step) for work in found if work not in allowed])
    elif not allowed:
        states = join_messages([TOLD[s] for s in State if s in ALLOWED_FROM[step]], ", ")
        message = Message(
            "none of these {0} works can {1}: that is possible from {2}", len(found), step, states
        )
        raise UsageError(message)
    return allowed


def refuse(problems: list[str]) -> None:
    """Raise UsageError with all problems, if there are any."""
    if problems:
        more = [Message("... and {0} more", len(problems) - _MOST)] if len(problems) > _MOST else []
        raise UsageError([*problems[:_MOST], *more])


def _unknown(name: str, works: Mapping[str, Work]) -> str:
    near = difflib.get_close_matches(name, list(works), n=3, cutoff=0.5)
    hint = Message(" Near ids: {0}.", ", ".join(near)) if near else ""
    return Message("There is no work {0!r} in the register.{1}", name, hint)


def _not_from_here(work: Work, step: Step) -> str:
    possible = ", ".join(steps_from(work.state))
    return Message(
        "{0} is {1}: {2} is not possible from there; possible: {3}.",
        work.id,
        TOLD[work.state],
        step,
        possible,
    )
