"""Rates of the closed loop: how much is proven, how much of it in time, how much came back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from netgraph.works.states import DONE, State

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import date

    from netgraph.works.model import Work


@dataclass(frozen=True)
class Rates:
    """Figures of some works; a ratio of nothing is None, never 0 or 1.

    Attributes
    ----------
    scope, name
        "all", "city" or "person", and which.
    states
        Works in each state, in the order of :class:`State`.
    completion_ratio
        Proven (verified or closed) of all that are not withdrawn; so the other figures below.
    overdue, overdue_ratio
        Due before the day and not proven; of all.
    on_time_ratio
        Of the proven ones with a due date those done by then.
    ever_reopened, reopened_ratio
        Works that were reopened at least once; of those ever submitted.
    recurred, recurrence_ratio
        Works that were reopened after they had been closed; of those ever closed.
    mean_days
        From the records of the plan to the day on which it was done, over the proven ones.
    """

    scope: str
    name: str
    works: int
    states: tuple[int, ...]
    completion_ratio: float | None
    overdue: int
    overdue_ratio: float | None
    on_time_ratio: float | None
    ever_reopened: int
    reopened_ratio: float | None
    recurred: int
    recurrence_ratio: float | None
    mean_days: float | None

    def row(self) -> tuple[object, ...]:
        """Row of works_rates."""
        return (
            self.scope, self.name, self.works, *self.states, self.completion_ratio, self.overdue,
            self.overdue_ratio, self.on_time_ratio, self.ever_reopened, self.reopened_ratio,
            self.recurred, self.recurrence_ratio, self.mean_days,
        )  # fmt: skip


def find_rates(works: Sequence[Work], as_of: date) -> tuple[Rates, ...]:
    """Reckon the rates of all works, then by city, then by responsible person.

    Parameters
    ----------
    as_of
        Day against which due dates are held.

    Returns
    -------
    tuple of Rates
        A work that serves several cities counts in each; "" stands for none.
    """
    return (
        _rates("all", "", works, as_of),
        *_grouped("city", works, lambda work: work.cities or ("",), as_of),
        *_grouped("person", works, lambda work: (work.responsible,), as_of),
    )


def _grouped(
    scope: str, works: Iterable[Work], names: Callable[[Work], tuple[str, ...]], as_of: date
) -> list[Rates]:
    groups: dict[str, list[Work]] = {}
    for work in works:
        for name in names(work):
            groups.setdefault(name, []).append(work)
    return [_rates(scope, name, groups[name], as_of) for name in sorted(groups)]


def _rates(scope: str, name: str, works: Sequence[Work], as_of: date) -> Rates:
    wanted = [work for work in works if work.state is not State.WITHDRAWN]
    proven = [work for work in wanted if work.state in DONE]
    dated = [(w.finished_on, w.due) for w in proven if w.finished_on and w.due]
    days = [(day - work.rests_on).days for work in proven if (day := work.finished_on)]
    overdue = sum(work.is_overdue(as_of) for work in wanted)
    reopened = sum(work.reopenings > 0 for work in wanted)
    recurred = sum(work.recurrences > 0 for work in wanted)
    return Rates(
        scope=scope, name=name, works=len(works),
        states=tuple(sum(work.state is state for work in works) for state in State),
        completion_ratio=_ratio(len(proven), len(wanted)),
        overdue=overdue, overdue_ratio=_ratio(overdue, len(wanted)),
        on_time_ratio=_ratio(sum(day <= due for day, due in dated), len(dated)),
        ever_reopened=reopened,
        reopened_ratio=_ratio(reopened, sum(work.was_submitted for work in wanted)),
        recurred=recurred,
        recurrence_ratio=_ratio(recurred, sum(work.was_closed for work in wanted)),
        mean_days=sum(days) / len(days) if days else None,
    )  # fmt: skip


def _ratio(part: int, whole: int) -> float | None:
    return part / whole if whole else None
