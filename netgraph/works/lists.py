"""Lists of the register to print or to hand over."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from netgraph.errors import OutputError, UsageError
from netgraph.messages import Message, default_language
from netgraph.report import labels
from netgraph.report.contract import table_specs
from netgraph.report.register.book import write_register_book
from netgraph.report.tables import table_csv
from netgraph.works.model import Selection
from netgraph.works.register import WorksRegister
from netgraph.works.states import State
from netgraph.works.tables import history_rows, rate_rows, work_rows

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from netgraph.report.labels import Language
    from netgraph.works.tables import Row

_OVERDUE = table_specs()["works"].names.index("is_overdue")


@dataclass(frozen=True)
class ListOptions:
    """Which works a list is of, held against which day, in which language.

    Attributes
    ----------
    as_of
        Day for what is overdue; the latest records that the register has seen when None.
    """

    state: str = ""
    city: str = ""
    kind: str = ""
    person: str = ""
    is_overdue: bool = False
    as_of: date | None = None
    lang: Language = field(default_factory=default_language)


@dataclass(frozen=True)
class WorksList:
    """Rows of the output contract: works, their rates, their history."""

    as_of: date | None
    lang: Language
    works: list[Row] = field(repr=False)
    rates: list[Row] = field(repr=False)
    history: list[Row] = field(repr=False)

    def title(self) -> str:
        """Day of the list, and how many works are on it."""
        overdue = sum(row[_OVERDUE] is True for row in self.works)
        count = labels.text("register_count", self.lang, count=len(self.works), overdue=overdue)
        day = self.as_of.isoformat() if self.as_of else "-"
        return f"{labels.text('register_title', self.lang, date=day)}: {count}"

    def write(self, path: str | Path, *, table: str = "works") -> Path:
        """Write the list: all three tables as .xlsx, or one as .csv; whole or not at all.

        Raises
        ------
        UsageError
            If the suffix is another.
        OutputError
            If the file cannot be written.
        """
        path = Path(path)
        tables = {"works": self.works, "works_rates": self.rates, "works_history": self.history}
        suffix = path.suffix.lower()
        if suffix not in {".xlsx", ".csv"}:
            message = Message("{0}: a list is written as .xlsx or .csv", path)
            raise UsageError(message)
        with _replacing(path) as target:
            if suffix == ".csv":
                target.write_text(table_csv(table, tables[table]), "utf-8-sig", newline="")
            else:
                write_register_book(tables, target, as_of=self.as_of, lang=self.lang)
        return path


def list_of(register: str | Path, options: ListOptions | None = None) -> WorksList:
    """Read works, rates and history of a register.

    Parameters
    ----------
    register
        The file.

    Raises
    ------
    InputError
        If there is no register.
    UsageError
        If the state or kind is unknown.
    """
    options = options or ListOptions()
    if options.state and options.state not in set(State):
        message = Message(
            "there is no state {0!r}; the states are {1}", options.state, ", ".join(State)
        )
        raise UsageError(message)
    kinds = labels.identifiers("upgrade_kind")
    if options.kind and options.kind not in kinds:
        message = Message(
            "there is no kind {0!r}; the kinds are {1}", options.kind, ", ".join(kinds)
        )
        raise UsageError(message)
    book = WorksRegister(register)
    as_of = options.as_of or book.latest_snapshot()
    wanted = Selection(
        city=options.city, kind=options.kind, person=options.person, state=options.state
    )
    works = [
        work
        for work in book.works()
        if wanted.takes(work)
        and (not options.is_overdue or (as_of is not None and work.is_overdue(as_of)))
    ]
    ids = {work.id for work in works}
    events = [event for event in book.history() if event.work_id in ids]
    return WorksList(
        as_of=as_of, lang=options.lang,
        works=work_rows(works, events, as_of, options.lang),
        rates=rate_rows(works, as_of) if as_of else [],
        history=history_rows(events, options.lang),
    )  # fmt: skip


@contextmanager
def _replacing(path: Path) -> Iterator[Path]:
    """Give a file to write; it takes the place of the other when it is whole."""
    try:
        with TemporaryDirectory(prefix=".netgraph-", dir=path.absolute().parent) as folder:
            target = Path(folder) / path.name
            yield target
            target.replace(path)
    except OSError as error:
        message = Message("cannot write {0}: {1} (is it open?)", path, error.strerror or error)
        raise OutputError(message) from error
