"""Rows of the register's tables in the output contract, and sentences for what is lacking."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netgraph.report import labels
from netgraph.works.model import Cause, Proof
from netgraph.works.rates import find_rates
from netgraph.works.rows import text_of
from netgraph.works.states import Step

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from netgraph.report.labels import Language
    from netgraph.works.model import Check, Demand, Event, Work

    Row = tuple[object, ...]

_MOST = 4


def work_rows(
    works: Iterable[Work], events: Iterable[Event], as_of: date | None, lang: Language
) -> list[Row]:
    """Rows of `works`."""
    latest = {e.work_id: e.checks for e in events if e.step is Step.VERIFY}
    return [
        (
            work.id, work.state.value, work.kind, work.subject, ";".join(work.sites),
            ";".join(work.cities), work.responsible, work.verifier, text_of(work.due),
            work.is_overdue(as_of) if as_of else None, text_of(work.done_on),
            text_of(work.proven_on), text_of(work.rests_on), work.priority, work.cost_yuan,
            work.price_level, work.quantities, work.reopenings, work.recurrences,
            lacking(latest.get(work.id, ()), lang), work.remark,
        )
        for work in works
    ]  # fmt: skip


def history_rows(events: Iterable[Event], lang: Language) -> list[Row]:
    """Rows of `works_history`."""
    return [
        (
            event.number, event.work_id, event.at, event.by, event.step.value,
            event.from_state.value if event.from_state else None, event.to_state.value,
            text_of(event.snapshot_date), event.responsible, event.verifier, text_of(event.due),
            text_of(event.done_on), event.why, lacking(event.checks, lang),
        )
        for event in events
    ]  # fmt: skip


def rate_rows(works: Sequence[Work], as_of: date) -> list[Row]:
    """Rows of `works_rates`."""
    return [rates.row() for rates in find_rates(works, as_of)]


def lacking(checks: Iterable[Check], lang: Language) -> str:
    """Say what did not pass, failures first, in one line; "" where all passed."""
    open_ = [check for check in checks if check.proof is not Proof.PASSED]
    open_.sort(key=lambda check: check.proof is Proof.MISSING)
    more = f" (+{len(open_) - _MOST})" if len(open_) > _MOST else ""
    gap = "；" if lang == "zh" else "; "
    return gap.join(sentence(check, lang) for check in open_[:_MOST]) + more


def sentence(check: Check, lang: Language) -> str:
    """Say what one check found: what is asked for, what is there, what was wanted."""
    if check.cause is None:
        return f"{describe(check.demand, lang)}: {_shown(check, lang)}"
    if check.cause is Cause.NOTHING_TO_CHECK:
        return labels.label("work_check", check.cause, lang)
    told = labels.label("work_check", check.cause, lang).format(
        what=describe(check.demand, lang), found=_shown(check, lang),
        wanted=wanted(check.demand, lang),
    )  # fmt: skip
    reason = check.reason_zh if lang == "zh" else check.reason_en
    return (
        f"{told}（{reason}）"
        if reason and lang == "zh"
        else f"{told} ({reason})"
        if reason
        else told
    )


def describe(demand: Demand, lang: Language) -> str:
    """Name what a demand asks about."""
    if demand.aspect == "cell":
        return labels.text(
            "register_row", lang, table=demand.table, row=demand.row_id, column=demand.column
        )
    if demand.aspect == "level":
        return labels.text("register_level", lang, site=demand.site_id)
    if demand.site_id:
        return labels.text("register_item_site", lang, site=demand.site_id, item=demand.item_id)
    return labels.text("register_item", lang, item=demand.item_id)


def wanted(demand: Demand, lang: Language) -> str:
    """Name what a demand asks for."""
    group = "result" if demand.aspect == "item" else "level"
    expected = labels.label(group, demand.expected, lang)
    if demand.test == "is" and lang == "en":
        return expected
    test = labels.label("acceptance_test", demand.test, lang)
    return f"{test}{'' if lang == 'zh' and not expected.isascii() else ' '}{expected}"


def _shown(check: Check, lang: Language) -> str:
    if check.demand.aspect == "level" and check.proof is not Proof.MISSING:
        return labels.label("level", check.found, lang)
    return check.found
