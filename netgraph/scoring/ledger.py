"""The records table: what an inspection or a ledger says of an item, the nearest scope first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netgraph.inventory import Finding
from netgraph.messages import Message
from netgraph.scoring.results import FAILS, HOLDS, OPEN

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from netgraph.inventory import Table
    from netgraph.scoring.results import Values

    #: One subject a row; "" is none.
    Subjects = NDArray[np.object_]

#: What a record says beside HOLDS and FAILS, and that there is none; as a fact it is OPEN.
NOT_ASKED, NO_RECORD = 2, -2
_VALUE_OF = {"true": HOLDS, "false": FAILS, "not_applicable": NOT_ASKED}
_WORD_OF = {value: word for word, value in _VALUE_OF.items()}
_WEIGHT = {FAILS: 2, HOLDS: 1, NOT_ASKED: 0}


class Ledger:
    """The records, by item and subject; the worse of contradicting records stands."""

    def __init__(self, table: Table) -> None:
        self._of_item: dict[str, dict[str, int]] = {}
        self.contradictions: dict[str, Finding] = {}
        columns = (table[name].tolist() for name in ("subject_id", "item_id", "passed"))
        for subject, item, word in zip(*columns, strict=True):
            value = _VALUE_OF.get(word)
            if value is None:
                continue
            told = self._of_item.setdefault(item, {})
            if _WEIGHT[value] >= _WEIGHT.get(told.get(subject, NO_RECORD), -1):
                told[subject] = value

    def of_item(self, item: str) -> Mapping[str, int]:
        """Give what is recorded of an item: subject to HOLDS, FAILS or NOT_ASKED."""
        return self._of_item.get(item, {})

    def own(self, item: str, subjects: Subjects) -> Values:
        """Give the record of each very subject, NO_RECORD where there is none."""
        told = self.of_item(item)
        if not told:
            return np.full(len(subjects), NO_RECORD, dtype=np.int8)
        get = told.get
        return np.array([get(name, NO_RECORD) for name in subjects.tolist()], dtype=np.int8)

    def nearest(self, item: str, scopes: Sequence[Subjects]) -> tuple[Values, Subjects]:
        """Find the nearest record of each row.

        Parameters
        ----------
        scopes
            Subjects that may speak for a row, the nearest first.

        Returns
        -------
        values, subjects
            What it says (NO_RECORD where there is none), and whose it is; shape (rows,).
        """
        values = np.full(len(scopes[0]), NO_RECORD, dtype=np.int8)
        whose = np.full(len(scopes[0]), "", dtype=object)
        if not self.of_item(item):
            return values, whose
        for subjects in scopes:
            rows = np.flatnonzero((values == NO_RECORD) & (subjects != ""))
            if len(rows) == 0:
                continue
            values[rows] = self.own(item, subjects[rows])
            found = rows[values[rows] != NO_RECORD]
            whose[found] = subjects[found]
        return values, whose

    def contradict(self, subject: str, item: str, record: int, computed: str) -> None:
        """Note that a record and the columns disagree; said once a subject and item."""
        name = f"{subject}/{item}"
        self.contradictions.setdefault(
            name,
            Finding(
                rule="ND990",
                severity="warning",
                table="records",
                row_id=name,
                message=Message(
                    "The record says {0}, the columns give {1}.", _WORD_OF[record], computed
                ),
                hint=Message("Correct whichever is wrong; until then the worse result stands."),
            ),
        )


def as_facts(records: Values) -> Values:
    """Read records as facts: what was not asked, or not recorded, is open."""
    return np.where((records == HOLDS) | (records == FAILS), records, OPEN).astype(np.int8)
