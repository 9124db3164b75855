"""Errors, by whose mistake they are.

A finding (a row that is wrong but can be worked around) is no error: see
:mod:`netgraph.inventory.findings`. An error stops the run before anything is written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class NetgraphError(Exception):
    """Root of every error that netgraph raises on purpose.

    Parameters
    ----------
    problems
        What is wrong, where (table, row, column), and what to do: one sentence, or one for each
        problem. Messages keep what they can be said in Chinese by.
    """

    def __init__(self, problems: str | Iterable[str]) -> None:
        self.problems = (problems,) if isinstance(problems, str) else tuple(problems)
        super().__init__("\n".join(self.problems))


class InputError(NetgraphError):
    """The input cannot be read: everything that is wrong with it, collected."""


class UsageError(NetgraphError):
    """The call is wrong: an unknown id, option or format."""


class OutputError(NetgraphError):
    """The output cannot be written; nothing was left behind."""
