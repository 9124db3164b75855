"""What the items of the scorecard look at, for one site: its routes, equipment, offices, cables."""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from netgraph.verify.items import Items
    from netgraph.verify.rows import Row
    from netgraph.verify.ways import Route

    Fact = bool | None
    Judge = Callable[[Row], Fact]
    #: Of one group: whether it has no second route, and by section its aspects, and whether some
    #: route of it is wireless there; and whether the sections rest on a role that is not recorded.
    Group = tuple[bool, dict[str, tuple[Fact, Fact, bool]], bool]
    #: A fact about a group, whether that is asked, and whether nobody knows where sections end.
    Asked = tuple[Fact, bool, bool]

BACKBONE = ("intra", "inter")


@dataclass
class Passed:
    """What the circuits of one site pass: routes with the section of each link, and verdicts."""

    routes: list[tuple[Route, Sequence[str]]] = field(default_factory=list)
    groups: dict[tuple[str, ...], Group] = field(default_factory=dict)


class Scope:
    """What the items look at, for one site."""

    def __init__(self, items: Items, row: Row, passed: Passed) -> None:
        self.items, self.item, self.row, self.passed = items, "", row, passed
        self.ways, self.rows, self.groups = items.ways, items.rows, passed.groups.values()
        self.are_known = bool(passed.routes) and all(r.is_known for r, _ in passed.routes)
        self.links = {step[0] for route, _ in passed.routes for step in route.steps}
        below = [*map(items.below, self.links)]
        self.carrying = set[str]().union(*(each["links"] for each in below))
        self.offices = set[str]().union(*(each["offices"] for each in below))
        is_cpe = {
            key for key in items.at[f"sites:{row['id']}"]
            if self.rows.of[key]["kind"] == "cpe" and key not in self.rows.dead
        }  # fmt: skip
        of, everywhere = self.rows.of, self.at_ends(self.carrying)
        self.customers = {
            key for key in is_cpe | everywhere
            if of[key]["kind"] == "cpe" and of[key]["owner"] == "customer"
        }  # fmt: skip
        self.own_cpe, self.cpe = is_cpe & self.customers, is_cpe - self.customers
        self.transport = {key for key in everywhere if of[key]["kind"] != "cpe"}
        self.everything = (self.cpe | everywhere) - self.customers

    @functools.cached_property
    def access(self) -> set[str]:
        """List the links of the access section at A, with what carries them."""
        links = {
            step[0] for route, sections in self.passed.routes
            for step, section in zip(route.steps, sections, strict=True) if section == "access_a"
        }  # fmt: skip
        return links.union(*(self.items.below(link)["links"] for link in links))

    def at_ends(self, links: Iterable[str]) -> set[str]:
        """List the equipment at the ends of links."""
        ends = (self.rows.of[link][end] for link in links for end in ("from_id", "to_id"))
        return {"equipment:" + end for end in ends} & self.rows.of.keys()

    def judge(self, key: str, judge: Judge) -> Fact:
        """Judge one row."""
        return self.items.judged(self.item, key, judge)

    def each(self, keys: Iterable[str], judge: Judge) -> Iterator[Fact]:
        """Judge some rows."""
        return (self.judge(key, judge) for key in keys)

    def open_routes(self) -> Iterator[Fact]:
        """Tell that a route is not known."""
        return (None for route, _ in self.passed.routes if not route.is_known)

    def open_ends(self) -> Iterator[Fact]:
        """Tell what keeps an item about equipment open: routes, and ends that name none."""
        yield from self.open_routes()
        for link in self.carrying:
            row = self.rows.of[link]
            ends = zip((row["from_id"], row["to_id"]), self.rows.ends(link), strict=True)
            for id_, place in ends:
                if "equipment:" + id_ not in self.rows.of and place not in {
                    "", f"sites:{self.row['id']}"
                }:  # fmt: skip
                    yield None

    def open_cpe(self) -> Iterator[Fact]:
        """Tell that no CPE is recorded, of the operator or of the customer."""
        return (None for _ in range(not self.cpe and not self.own_cpe))

    def end_to_end(self, judge: Judge) -> Iterator[Fact]:
        """Judge all equipment that the operator answers for."""
        yield from (*self.each(self.everything, judge), *self.open_ends(), *self.open_cpe())

    def of_cpe(self, judge: Judge) -> Iterator[Fact] | str:
        """Judge the operator's CPE; not asked only if the customer's own stands there alone."""
        if not self.cpe and self.own_cpe and self.are_known:
            return "not_applicable"
        return self.each(self.cpe, judge)

    def of_circuits(self, judge: Judge) -> Iterator[Fact]:
        """Judge the circuits of the site."""
        for row in self.rows.units["", self.row["id"]]:
            yield self.items.judged(self.item, f"circuits:{row['id']}", judge, areas(self.row))

    def asked(self, groups: Iterable[Asked]) -> list[Fact] | str:
        """Hold groups to facts as far as they are asked; routes not whole leave the rest open."""
        is_whole = self.are_known and all(map(self.ways.is_whole, self.links))
        facts = [fact if is_asked else None for fact, is_asked, is_roleless in groups
                 if is_asked or is_roleless or not is_whole]  # fmt: skip
        return facts if facts or not self.groups else "not_applicable"

    def of_backbone(self, aspect: int) -> list[Fact] | str:
        """Tell whether the groups are diverse from the local backbone up."""
        return self.asked(
            (diverse(group, BACKBONE, aspect),
             group[0] or not group[1].keys().isdisjoint(BACKBONE), group[2])
            for group in self.groups
        )  # fmt: skip

    def rooms(self, offices: Iterable[str], judge: Judge) -> Iterator[Fact]:
        """Judge the rooms of the equipment in offices; an office stands in for what names none."""
        of = self.rows.of
        for office in offices:
            here = [of[key] for key in self.transport
                    if self.rows.place.get(of[key]["location_id"]) == office]  # fmt: skip
            named = {"rooms:" + row["room_id"] for row in here}
            known = {name for name in named if name in of}
            yield from self.each(known | ({office} if named - known or not here else set()), judge)
            yield from (None for name in named - known if name != "rooms:")
        yield from self.open_routes()


def diverse(group: Group, sections: Sequence[str], aspect: int) -> Fact:
    """Whether a group is diverse in sections: not by a wireless route, and open without any."""
    is_single, told, _ = group
    here = [told[section] for section in sections if section in told]
    facts = {each[aspect] for each in here}
    if is_single or False in facts:
        return False
    return None if None in facts or not facts else not any(each[2] for each in here)


def areas(row: Row) -> list[str]:
    """List what records may speak for a site or office, the nearest first."""
    return [row.get(name, "") for name in ("id", "customer_id", "county", "city")]
