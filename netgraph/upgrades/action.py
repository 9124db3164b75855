"""An action: one work, what it changes in the tables, what it costs, whom it serves."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shapely import LineString

    #: A value of a typed column: text, number, True or False, ISO date, geometry.
    Cell = str | float | bool | LineString | None


class Kind(StrEnum):
    """Kinds of action, the cheapest first within each queue."""

    ONBOARD = "onboard"
    ADD_MANAGEMENT = "add_management"
    PROTECT_LINK = "protect_link"
    REPLACE_DEVICE = "replace_device"
    UPS = "ups"
    POWER_FEED = "power_feed"
    GENERATOR = "generator"
    PUT_IN_ORDER = "put_in_order"
    RECORD_ITEM = "record_item"
    RE_PATCH = "re_patch"
    NEW_CABLE = "new_cable"
    NEW_PLANT = "new_plant"
    SECOND_ENTRANCE = "second_entrance"
    RE_HOME = "re_home"


class Survey(StrEnum):
    """Why a work must be looked at before it is ordered."""

    DEFAULT_PRICE = "default_price"
    GENERATED_CORRIDOR = "generated_corridor"
    GENERATED_ENTRANCE = "generated_entrance"
    DEVICE_CAPABILITY = "device_capability"
    BORES_NOT_RECORDED = "bores_not_recorded"
    LENGTH_ASSUMED = "length_assumed"


class Reason(StrEnum):
    """Why this kind is proposed, and not a cheaper one."""

    CHEAPEST = "cheapest"
    MORE_THAN_MANAGEMENT = "more_than_management"
    REPLACEMENT_WANTED = "replacement_wanted"
    NOT_BY_RE_PATCHING = "not_by_re_patching"
    NOT_IN_EXISTING_SPANS = "not_in_existing_spans"
    NOT_BY_CORRIDORS = "not_by_corridors"
    NOT_BY_NEW_PLANT = "not_by_new_plant"
    SHARED_SECTION = "shared_section"


#: Kinds that change routes; the others are works on equipment, power and records.
LINE_KINDS = frozenset(
    {Kind.RE_PATCH, Kind.NEW_CABLE, Kind.NEW_PLANT, Kind.SECOND_ENTRANCE, Kind.RE_HOME}
)


@dataclass(frozen=True)
class Change:
    """New values of one row.

    Parameters
    ----------
    table, row_id
        The row: its id, or its key columns joined by ``/``.
    values
        Column to new value.
    """

    table: str
    row_id: str
    values: Mapping[str, Cell]

    @property
    def row(self) -> str:
        """The row as evidence names it."""
        return f"{self.table}:{self.row_id}"


@dataclass(frozen=True)
class Increase:
    """So many more of something countable in one row: cores or bores in use."""

    table: str
    row_id: str
    column: str
    by: int


@dataclass(frozen=True)
class Addition:
    """One new row; a row that is already there word for word is not added twice."""

    table: str
    values: Mapping[str, Cell]


@dataclass(frozen=True)
class Removal:
    """Rows of a table that name something, such as the links of a circuit that is re-routed."""

    table: str
    column: str
    value: str


@dataclass(frozen=True)
class Action:
    """One work.

    Attributes
    ----------
    id
        Depends on what is done to which rows only: it stays the same from run to run.
    quantities
        How much of what: price name to pieces or metres.
    cost_yuan
        None where a price is missing: such an action is listed and never chosen.
    sites
        Sites that it serves.
    requires
        Actions without which it cannot be done, such as a cable that several sites share.
    evidence
        Rows that ask for it.
    survey_reasons
        Why its cost or feasibility is not certain from the records; empty when it is.
    reason
        Why this kind, and not a cheaper one.
    routed_sites
        Sites whose routes it changes; a site takes one such action at most.
    ring, rings
        Places around the ring in order, and the same divided where it is larger than allowed.
    """

    id: str
    kind: Kind
    title: str
    quantities: Mapping[str, float]
    cost_yuan: float | None
    sites: tuple[str, ...]
    changes: tuple[Change, ...] = ()
    increases: tuple[Increase, ...] = ()
    additions: tuple[Addition, ...] = ()
    removals: tuple[Removal, ...] = ()
    requires: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    survey_reasons: tuple[Survey, ...] = ()
    reason: Reason = Reason.CHEAPEST
    routed_sites: tuple[str, ...] = ()
    from_id: str = ""
    to_id: str = ""
    cores: int | None = None
    constraints: tuple[str, ...] = ()
    ring: tuple[str, ...] = ()
    rings: tuple[tuple[str, ...], ...] = ()
    geometry: tuple[LineString, ...] = field(default=(), repr=False)

    @property
    def needs_survey(self) -> bool:
        """Whether something about it must be looked at before it is ordered."""
        return bool(self.survey_reasons)

    @property
    def is_line_work(self) -> bool:
        """Whether it is a work on the line (routes, cables, plant)."""
        return self.kind in LINE_KINDS

    def changed_rows(self) -> frozenset[str]:
        """Rows that get new values, as evidence names them."""
        return frozenset(change.row for change in self.changes)
