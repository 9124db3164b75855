"""The SQLite file of a register: made, opened, refused, and written whole or not at all.

Writers take their turn: each transaction takes the write lock before it reads what it is about to
change, so of two processes none overwrites what the other did.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from netgraph.errors import InputError, OutputError
from netgraph.messages import Message

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Marks the file as a works register of netgraph ("ngwr"), and tells how it is laid out.
APPLICATION_ID = 0x6E677772
SCHEMA_VERSION = 1


class Store:
    """One register file.

    Parameters
    ----------
    path
        The file.
    wait_seconds
        How long to wait for another process that is writing.
    """

    def __init__(self, path: str | Path, *, wait_seconds: float = 10.0) -> None:
        self.path = Path(path)
        self._wait_seconds = wait_seconds

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Give a connection that sees one state of the register, whatever others write.

        Raises
        ------
        InputError
            If there is no register, or the file is something else or newer than this netgraph.
        """
        self._require()
        with self._reported(), closing(self._connect("ro")) as connection:
            connection.execute("BEGIN")
            self._check(connection, is_laid_out=True)
            yield connection

    @contextmanager
    def writing(self, *, create: bool = False) -> Iterator[sqlite3.Connection]:
        """Give a connection that alone may write; what it did stands at the end, or none of it.

        Parameters
        ----------
        create
            Make the register if the file is not there.

        Raises
        ------
        InputError
            As for reading.
        OutputError
            If the file cannot be written, or another process does not end writing it.
        """
        if not create:
            self._require()
        elif not self.path.absolute().parent.is_dir():
            message = Message(
                "{0}: there is no folder {1}; make it first", self.path, self.path.absolute().parent
            )
            raise OutputError(message)
        with self._reported(), closing(self._connect("rwc" if create else "rw")) as connection:
            # Before the lock, since a file of another kind is left alone; and of one state, since
            # another process may be laying the register out.
            connection.execute("BEGIN")
            self._check(connection)
            connection.execute("ROLLBACK")
            connection.execute("BEGIN IMMEDIATE")
            if create and _is_blank(connection):
                _lay_out(connection)
            self._check(connection, is_laid_out=True)
            yield connection
            connection.execute("COMMIT")

    def _require(self) -> None:
        if not self.path.is_file():
            problem = Message(
                "There is no works register {0}: netgraph works open PLAN_DIR makes "
                "one, and --register says where it is.",
                self.path,
            )
            raise InputError([problem])

    def _connect(self, mode: str) -> sqlite3.Connection:
        connection = sqlite3.connect(
            f"{self.path.absolute().as_uri()}?mode={mode}", uri=True,
            timeout=self._wait_seconds, isolation_level=None,
        )  # fmt: skip
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA foreign_keys = ON")
        return connection

    def _check(self, connection: sqlite3.Connection, *, is_laid_out: bool = False) -> None:
        """Refuse what is no register, or one of a later kind; a blank file may become one."""
        kind, version = _numbers(connection)
        if kind != APPLICATION_ID and (is_laid_out or not _is_blank(connection)):
            problem = Message(
                "{0} is no works register of netgraph: choose another file.", self.path
            )
            raise InputError([problem])
        if version > SCHEMA_VERSION:
            problem = Message(
                "{0} was written by a newer netgraph (layout {1}, this one reads up "
                "to {2}): update netgraph.",
                self.path,
                version,
                SCHEMA_VERSION,
            )
            raise InputError([problem])

    @contextmanager
    def _reported(self) -> Iterator[None]:
        """Turn an error of SQLite into a sentence."""
        try:
            yield
        except sqlite3.OperationalError as error:
            raise OutputError(self._told(str(error))) from error
        except sqlite3.DatabaseError as error:
            if "not a database" not in str(error) and "malformed" not in str(error):
                raise
            problem = Message("{0} is no works register of netgraph ({1}).", self.path, error)
            raise InputError([problem]) from error

    def _told(self, error: str) -> str:
        if "locked" in error or "busy" in error:
            return Message(
                "{0} is being written by another process, which did not end within "
                "{1:g} s; nothing was changed. Try again.",
                self.path,
                self._wait_seconds,
            )
        if "readonly" in error or "read-only" in error:
            return Message("{0} is read-only: nothing was changed", self.path)
        return Message("{0} cannot be used ({1}); nothing was changed", self.path, error)


def _numbers(connection: sqlite3.Connection) -> tuple[int, int]:
    (kind,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    return int(kind), int(version)


def _is_blank(connection: sqlite3.Connection) -> bool:
    """Whether nothing has been written yet: a file just made, or by a process that was stopped."""
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    return tables == 0 and _numbers(connection) == (0, 0)


def _lay_out(connection: sqlite3.Connection) -> None:
    text = resources.files("netgraph.works").joinpath("schema.sql").read_text("utf-8")
    statement = ""
    for line in text.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            connection.execute(statement)
            statement = ""
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
