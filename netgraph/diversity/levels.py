"""The levels of recorded diversity, what each is worth, and the kinds of hazard behind them."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class Level(StrEnum):
    """How diverse the routes of a circuit, group or section are; worst first."""

    SINGLE_ROUTE = "single_route"
    SAME_LINK = "same_link"
    SAME_CABLE = "same_cable"
    SAME_TRENCH = "same_trench"
    SAME_STRUCTURE = "same_structure"
    SAME_RISK_GROUP = "same_risk_group"
    SAME_DEVICE = "same_device"
    SAME_OFFICE = "same_office"
    UNDECIDABLE = "undecidable"
    RADIO_BACKUP = "radio_backup"
    DIVERSE = "diverse"
    SEPARATED = "separated"


class Section(StrEnum):
    """Sections of a circuit, from A to B."""

    ACCESS_A = "access_a"
    UPLINK = "uplink"
    INTRA = "intra_province"
    INTER = "inter_province"
    ACCESS_B = "access_b"


class Severity(StrEnum):
    """How bad a hazard is, worst first; info where nothing is required or plant is apart."""

    RED = "red"
    ORANGE = "orange"
    YELLOW = "yellow"
    BLUE = "blue"
    INFO = "info"


RANK = {level: rank for rank, level in enumerate(Level)}
SEVERITY_RANK = {severity: rank for rank, severity in enumerate(Severity)}

#: What a hazard of a group that reads this level is worth where diversity is required.
SEVERITY_OF_LEVEL = {
    Level.SINGLE_ROUTE: Severity.RED,
    Level.SAME_LINK: Severity.RED,
    Level.SAME_CABLE: Severity.RED,
    Level.SAME_TRENCH: Severity.ORANGE,
    Level.SAME_STRUCTURE: Severity.YELLOW,
    Level.SAME_RISK_GROUP: Severity.YELLOW,
    Level.SAME_DEVICE: Severity.INFO,
    Level.SAME_OFFICE: Severity.INFO,
    Level.UNDECIDABLE: Severity.BLUE,
    Level.RADIO_BACKUP: Severity.INFO,
    Level.DIVERSE: Severity.INFO,
    Level.SEPARATED: Severity.INFO,
}

#: Levels that meet a requirement of diversity.
PASSING = frozenset({Level.DIVERSE, Level.SEPARATED})

#: Levels that a proven common element yields.
PROVEN_FAULTS = frozenset(Level) - PASSING - {Level.UNDECIDABLE, Level.RADIO_BACKUP}


def worst(levels: Iterable[Level]) -> Level | None:
    """Worst of several levels; None of none.

    >>> worst([Level.DIVERSE, Level.SAME_TRENCH]).value
    'same_trench'
    """
    return min(levels, key=RANK.__getitem__, default=None)
