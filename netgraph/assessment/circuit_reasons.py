"""The reasons of all circuits, as the table of circuits tells them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.audit.reasons import (
    KIND_OF_LEVEL,
    POINT_KINDS,
    ToldRun,
    reason_for,
    say_run,
    say_single,
)
from netgraph.diversity.levels import Level
from netgraph.diversity.sharing.runs import KIND_CODE, RUN_KINDS, SharedPositions
from netgraph.report.cells import Coded

if TYPE_CHECKING:
    from netgraph.assessment.results import Results
    from netgraph.diversity.sharing.runs import LocatedUnits
    from netgraph.topology.csr import Ints

_LEVELS = tuple(Level)
#: Code of the kind of run that the reason for each level tells; -1 for none.
_CODE_OF_LEVEL = np.array([
    KIND_CODE[KIND_OF_LEVEL[level]] if level in KIND_OF_LEVEL else -1 for level in _LEVELS
])  # fmt: skip


def reasons_of_circuits(results: Results, first: Ints) -> Coded:
    """Give the reason of each circuit by itself; circuits that are alike have one.

    Parameters
    ----------
    first
        The run of each row of positions that is nearest to A, -1 where there is none.
    """
    verdicts, located = results.audit.verdicts, results.located
    n = len(results.network.circuits)
    row, level = located.row[:n].astype(np.int64), verdicts.level[:n].astype(np.int64)
    told = 4 * (row * len(Level) + level)
    told += 2 * verdicts.is_unconfirmed[:n] + verdicts.is_suspected[:n]
    _, some, number = np.unique(told, return_index=True, return_inverse=True)
    runs = _told_runs(located, row[some], level[some], first)
    teller = _Teller(results)
    return Coded(number, list(map(teller.reason, some.tolist(), runs.tolist())))


def _told_runs(located: LocatedUnits, row: Ints, level: Ints, first: Ints) -> Ints:
    """Find the one run of rows of positions that the reasons for levels tell; -1 for none."""
    owner = np.repeat(np.arange(len(located.ptr) - 1), np.diff(located.ptr))
    kinds = owner * len(RUN_KINDS) + located.runs.kind[: len(owner)]
    known, at = np.unique(kinds, return_index=True)
    code = _CODE_OF_LEVEL[level]
    wanted = row * len(RUN_KINDS) + code
    position = np.searchsorted(known, wanted)
    is_known = (code >= 0) & (np.append(known, -1)[position] == wanted)
    found: Ints = np.where(is_known, np.append(at, -1)[position], first[row])
    return found


class _Teller:
    """Says reasons from the columns; only of rare ones it looks at the verdict."""

    def __init__(self, results: Results) -> None:
        self._results = results
        self._lang = results.options.lang
        self._label = results.network.places.label
        verdicts, located = results.audit.verdicts, results.located
        self._level = verdicts.level.tolist()
        self._is_single = verdicts.is_single.tolist()
        self._is_unconfirmed = verdicts.is_unconfirmed.tolist()
        self._is_suspected = verdicts.is_suspected.tolist()
        self._single_m = located.single_route_m[located.row].tolist()

    def reason(self, circuit: int, run: int) -> str:
        """Give the reason of a circuit, of which a run is told (-1 for none)."""
        if self._is_single[circuit]:
            return say_single(
                self._single_m[circuit], is_unconfirmed=self._is_unconfirmed[circuit],
                zh=self._lang == "zh",
            )  # fmt: skip
        kind = KIND_OF_LEVEL.get(_LEVELS[self._level[circuit]])
        if kind is not None and run >= 0:
            return say_run(
                self._told(kind, run), is_suspected=self._is_suspected[circuit], lang=self._lang
            )
        return self._by_verdict(circuit, run)

    def _told(self, kind: str, run: int) -> ToldRun:
        runs = self._results.located.runs
        ends = (self._label(runs.from_place[run]), self._label(runs.to_place[run]))
        shared = runs.elements(run)[:1] if kind in POINT_KINDS else ()
        return ToldRun(kind, ends, shared, float(runs.length_m[run]), float(runs.start_m[run]))

    def _by_verdict(self, circuit: int, run: int) -> str:
        audit, located = self._results.audit, self._results.located
        row = int(located.row[circuit])
        positions = SharedPositions(
            () if run < 0 else (located.runs[run],), float(located.shared_length_m[row]),
            float(located.single_route_m[row]),
        )  # fmt: skip
        return reason_for(audit, audit.verdicts[circuit], positions, self._lang)
