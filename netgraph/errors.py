"""Errors, by whose mistake they are.

A finding (a row that is wrong but can be worked around) is no error: see
:mod:`netgraph.inventory.findings`. An error stops the run before anything is written.
"""

from __future__ import annotations


class NetgraphError(Exception):
    """Root of every error that netgraph raises on purpose."""


class InputError(NetgraphError):
    """The input cannot be read: everything that is wrong with it, collected.

    Parameters
    ----------
    problems
        One sentence each: what is wrong, where (table, row, column), and what to do.
    """

    def __init__(self, problems: list[str] | tuple[str, ...]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


class UsageError(NetgraphError):
    """The call is wrong: an unknown id, option or format."""


class OutputError(NetgraphError):
    """The output cannot be written; nothing was left behind."""
