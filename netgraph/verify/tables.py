"""Hold the tables of a run to its accepted certificates, and to the raw rows, cell by cell.

What only a search can tell (that no pair is shorter, or shares less) is held to what its
certificate states.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

from netgraph.messages import Message
from netgraph.verify.checker import LEVELS
from netgraph.verify.circuits import find_demands
from netgraph.verify.items import NOT_JUDGED, Items
from netgraph.verify.ranks import find_repeated, ranks_of
from netgraph.verify.scope import Passed
from netgraph.verify.scores import (
    AREAS,
    NO_SCORE,
    NOT_COUNTED,
    PASSING,
    count_areas,
    due_items,
    find_wrong_counts,
    marks_of,
    score_of,
)

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from netgraph.verify.circuits import Demand
    from netgraph.verify.rows import Row
    from netgraph.verify.scores import Card, Cells
    from netgraph.verify.ways import Certificate, Ways

    About = tuple[str, ...]
    Table = Iterable[Mapping[str, str]]

LAYERS = ("cables", "spans")
#: What names a row of each table.
KEYS = {
    "circuits": ("circuit_id",), "sites": ("site_id",), "items": ("site_id", "item_id"), **AREAS
}  # fmt: skip
#: Columns of these tables that only the hash of the table holds, and what is said of them.
NOT_HELD_COLUMNS = {
    "circuits": ("missing_records", "reason"),
    "sites": (), "items": ("evidence",), "cities": NOT_COUNTED, "counties": NOT_COUNTED,
    "customers": ("name", *NOT_COUNTED),
}  # fmt: skip
_METRES, _FRACTION = 0.06, 0.00006  # how far a cell may be from what is proven
#: Levels at which a second route gives nothing: the ledger may well call that single.
_AS_GOOD_AS_SINGLE = ("single_route", "same_link", "same_cable")


class Proven:
    """What accepted certificates prove, by what they judge: question, subject, site, asked ends.

    Attributes
    ----------
    levels, claims
        The verdict; what its certificate states besides, and how much the routes share.
    columns
        Circuit to what else the table must say of it.
    parting
        Risks that part the site of a search from its ends.
    passed
        Site to the routes and verdicts of its circuits.
    """

    def __init__(self) -> None:
        self.levels: dict[About, str] = {}
        self.claims: dict[About, Certificate] = {}
        self.columns: dict[str, Cells] = {}
        self.parting: dict[About, set[str]] = defaultdict(set)
        self.passed: dict[str, Passed] = defaultdict(Passed)

    def level(self, judged: Iterable[About]) -> str:
        """Worst level of what is judged together; empty as long as one lacks its certificate."""
        levels = (self.levels.get(each, "") for each in judged)
        return min(levels, key=["", *LEVELS].index, default="")


def asked(
    ends: Iterable[str], apart: Iterable[str], routes_to: Iterable[Iterable[str]] = ()
) -> About:
    """Name what a search was asked for: its ends, those that not all routes may reach; how many."""
    slots = [*map("|".join, routes_to)]
    return (*ends, *(("apart", *apart) if apart else ()), *(("routes", *slots) if slots else ()))


def find_contradictions(
    ways: Ways, proven: Proven, tables: Mapping[str, Table], summary: Mapping[str, Any] | None,
    card: Card, snapshot: dt.date | None,
) -> Iterator[Message]:  # fmt: skip
    """Name the cells of tables, and figures of a summary, that say else than what is proven.

    Parameters
    ----------
    tables
        Of circuits and sites, and as far as they are there of items, cities, counties, customers.
    summary
        As summary.json has it.
    card, snapshot
        The scorecard, and the day at which ages count.
    """
    live = {
        name: {row["id"]: row for row in ways.rows.tables[name] if row["status"] == "in_service"}
        for name in ("circuits", "sites")
    }
    tiers = [*marks_of(card)["full_marks"]]  # type: ignore[misc]
    circuits = {id_: _circuit(ways, proven, row) for id_, row in live["circuits"].items()}
    sites = {id_: _site(ways, proven, row, tiers) for id_, row in live["sites"].items()}
    proven_of = {"circuits": circuits, "sites": sites}
    if "items" in tables:
        items = Items(ways, card, snapshot)
        stated = {
            _key(row, "items"): row.get("result", "")
            for row in tables["items"] if row.get("item_id") in NOT_JUDGED
        }  # fmt: skip
        proven_of["items"] = {}
        for id_, cells in sites.items():
            cells.update(NO_SCORE)
            if cells["circuits"]:
                results = _results(items, card, live["sites"][id_], cells, proven, stated)
                proven_of["items"] |= _items(card, id_, cells, results)
                cells.update(score_of(card, str(cells["tier"]), results))
    for id_, ranks in ranks_of(live["sites"], sites).items():
        sites[id_]["rank"] = ranks
    for name in AREAS.keys() & tables.keys():
        proven_of[name] = count_areas(sites.values(), name)
    for name, table in tables.items():
        yield from _compare(name, table, proven_of[name])
    for key in find_repeated(tables["sites"]):
        yield Message("sites.csv, row {0}, column rank: another site has this rank.", key)
    if summary is not None:
        for where, said, value in find_wrong_counts(
            summary, list(sites.values()), circuits.values(), card
        ):
            yield Message("summary.json, {0}: it says {1!r}, proven is {2!r}.", where, said, value)


def _key(row: Mapping[str, str], name: str) -> str:
    return "/".join(row.get(column) or "" for column in KEYS[name])


def _compare(name: str, table: Table, proven: Mapping[str, Cells]) -> Iterator[Message]:
    """Hold the rows of a table to what is proven of each."""
    times = Counter(_key(row, name) for row in table)
    for key in sorted(times.keys() ^ proven.keys()):
        yield Message("{0}.csv, row {1}: the table or the inventory lacks it.", name, key)
    for key in sorted(key for key, number in times.items() if number > 1):
        yield Message("{0}.csv, row {1}: it is there more than once.", name, key)
    for stated in table:
        key = _key(stated, name)
        for column, value in proven.get(key, {}).items():
            if isinstance(value, str) and stated.get(column) == value:
                continue  # most of a million cells
            known = value if isinstance(value, list) else [value]
            if not any(_is_said(stated.get(column), each, column) for each in known):
                yield Message(
                    "{0}.csv, row {1}, column {2}: the tables say {3!r}, proven is {4!r}.",
                    name, key, column, stated.get(column), _text(known[0]),
                )  # fmt: skip


def _is_said(stated: str | None, value: object, column: str) -> bool:
    """Whether a cell says a value; numbers with a fraction are rounded in the tables."""
    if value == math.inf:  # some of it was not measured
        return True
    if isinstance(value, range):
        said = stated or ""
        return said.isdecimal() and int(said) in value
    if not isinstance(value, float) or not stated:
        return stated == _text(value)
    rounded = _METRES if column.endswith("_m") else _FRACTION
    try:
        return abs(float(stated) - value) <= rounded
    except ValueError:
        return False


def _results(
    items: Items, card: Card, site: Row, cells: Cells, proven: Proven, stated: Mapping[str, str]
) -> dict[str, str]:
    """Judge the items of a site again; those that are not judged stand as the table has them."""
    here, found = proven.passed[site["id"]], dict[str, str]()
    judged = {_judged(circuit, items.ways) for circuit in items.rows.units["", site["id"]]}
    passed = Passed(here.routes, {each: here.groups[each] for each in judged & {*here.groups}})
    for item in due_items(card, str(cells["tier"])):
        result = items.result(item, site, passed)
        found[item] = stated.get(f"{site['id']}/{item}", "") if result is None else result
    return found


def _items(card: Card, site: str, cells: Cells, results: Mapping[str, str]) -> dict[str, Cells]:
    """Give what the table must say of the items of a site."""
    return {
        f"{site}/{item}": {
            "result": results[item], "max_points": worth,
            "points": worth if results[item] == "pass" else 0,
        }
        for item, worth in due_items(card, str(cells["tier"])).items()
    }  # fmt: skip


def _text(value: object) -> str:
    if isinstance(value, range):
        return f"{value.start} - {value.stop - 1}"
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def _judged(circuit: Row, ways: Ways) -> About:
    """Name what tells the level of a circuit with all that back it up."""
    group, site = f"groups:{circuit['group_id']}", circuit["a_id"]
    is_group = circuit["group_id"] and len(ways.rows.units[group, site]) > 1
    return "recorded", group if is_group else f"circuits:{circuit['id']}", site


def _circuit(ways: Ways, proven: Proven, circuit: Row) -> Cells:
    """Give what the table must say of a circuit."""
    site, group = circuit["a_id"], circuit["group_id"]
    return {
        "site_id": site if site in ways.rows.place else "", "b_id": circuit["b_id"],
        "customer_id": circuit["customer_id"], "tier": circuit["tier"], "group_id": group,
        "group_assumed": circuit["id"] in ways.rows.assumed if group else None,
        "recorded_level": proven.level([("recorded", f"circuits:{circuit['id']}", site)]),
        "group_level": proven.level([_judged(circuit, ways)]),
        **proven.columns.get(circuit["id"], {}),
    }  # fmt: skip


def _site(ways: Ways, proven: Proven, site: Row, tiers: Sequence[str]) -> Cells:
    """Give what the table must say of a site."""
    id_, circuits = site["id"], ways.rows.units["", site["id"]]
    judged = sorted({_judged(circuit, ways) for circuit in circuits})
    level, recorded = proven.level(judged), [proven.claims.get(each) for each in judged]
    of_circuits = [tier for tier in tiers if any(c["tier"] == tier for c in circuits)]
    tier = next(iter([*of_circuits, *({site["tier"]} & set(tiers))]), "")
    required = ways.rules["required"].get(tier, "")
    met = [
        _meets(proven.level([each]), claim, required)
        for each, claim in zip(judged, recorded, strict=True)
    ]
    is_claimed = site["claimed_route"] and level not in {"", "undecidable"}
    wanted = _AS_GOOD_AS_SINGLE if site["claimed_route"] == "single" else PASSING
    cells: Cells = {
        "customer_id": site["customer_id"], "name": site["name"], "city": site["city"],
        "county": site["county"], "circuits": len(circuits), "tier": tier,
        "recorded_level": level, "required_level": required,
        "level_complete": all(c["complete"] for c in recorded if c) if circuits else None,
        "meets_requirement": False if False in met else None if None in met or not met else True,
        "claimed_route": site["claimed_route"],
        "claim_agrees": level in wanted if is_claimed else None,
        "group_assumed": any(circuit["id"] in ways.rows.assumed for circuit in circuits),
    }  # fmt: skip
    for name in LAYERS:
        about = [_answered(proven, name, id_, each) for each in find_demands(ways, id_)]
        cells["achievable_on_" + name] = proven.level(about)
        most = min((_badness(proven, each) for each in about), default=())
        worst = [each for each in about if _badness(proven, each) == most]
        claims = [proven.claims.get(each, {}) for each in worst] or [{}]  # several: any of them
        cells[f"pair_on_{name}_m"] = [claim.get("metres") for claim in claims]
        cells["shortest_on_" + name] = [claim.get("shortest") for claim in claims]
        if name == "spans":
            cells["disjoint_otherwise"] = [claim.get("disjoint_otherwise") for claim in claims]
            cells["single_points"] = [
                len(proven.parting[each]) if each in proven.claims else None for each in worst
            ] or None
    return cells


def _answered(proven: Proven, layer: str, site: str, demand: Demand) -> About:
    """Name the answer to a demand; two routes answer for more that could not share less."""
    more, two = ((layer, f"sites:{site}", site, *asked(*some)) for some in (demand, demand[:2]))
    has_settled = proven.claims.get(two, {}).get("disjoint_otherwise") is not False
    return two if more not in proven.levels and two in proven.levels and has_settled else more


def _meets(level: str, claim: Certificate | None, required: str) -> bool | None:
    """Whether a level is at least as good as the one required; None as long as that is open."""
    if not required or claim is None or level == "undecidable":
        return None
    order = [*LEVELS]
    is_enough = order.index(level) >= order.index(required)
    return None if is_enough and not claim["complete"] and level not in PASSING else is_enough


def _badness(proven: Proven, about: About) -> tuple[float, ...]:
    """Order answers to several demands of a site: the worst first, then what shares most."""
    level, claim = proven.levels.get(about, ""), proven.claims.get(about, {})
    return ["", *LEVELS].index(level), -len(proven.parting[about]), -claim.get("shares", 0)
