"""Add up scores, and count sites, from what was proven of each."""

from __future__ import annotations

import tomllib
from collections import Counter, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from netgraph.errors import InputError
from netgraph.messages import Message

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    Card = dict[str, Any]
    Cells = dict[str, object]

_SHIPPED = Path(__file__).parents[1] / "scoring" / "scorecard.toml"
PASSING = ("diverse", "separated")
_GRADES = ("excellent", "good", "fair", "poor")
#: What the table says of a site without circuits.
NO_SCORE: Cells = dict.fromkeys((
    "score", "full_marks", "ratio", "grade", "score_best", "grade_best", "provisional",
    "known_points", "unknown_items",
))  # fmt: skip
#: Tables that count sites, and what names a row of each.
AREAS = {"cities": ("city",), "counties": ("city", "county"), "customers": ("customer_id",)}
#: What they say of hazards, and of routes that are single only as nothing else is recorded.
NOT_COUNTED = ("unconfirmed", "red", "orange", "yellow")
#: Figures of the summary that are counted again.
SUMMARY_HELD = (
    "sites",
    "circuits",
    "customers",
    "grades",
    "grades_best",
    "provisional",
    "levels",
    "undecidable",
    "requirement",
    "unconfirmed",
    "by_tier",
    "by_city",
)


def read_scorecard(path: str | Path | None = None) -> Card:
    """Read a scorecard, the shipped one by default.

    Raises
    ------
    InputError
        If it is no TOML with what scores need.
    """
    try:
        card = tomllib.loads(Path(path or _SHIPPED).read_text("utf-8"))
        return card if marks_of(card) and card["parameters"] and card["grades"] else {}
    except (OSError, ValueError, LookupError, TypeError) as error:
        problem = Message("{0}: cannot be read as a scorecard ({1}).", path, error)
        raise InputError([problem]) from error


def marks_of(card: Card) -> Cells:
    """Give the full marks of each tier, the highest first, and the points of each item."""
    return {
        "full_marks": {tier["id"]: tier["full_marks"] for tier in card["tiers"]},
        "points": {item["id"]: item["points"] for item in card["items"]},
    }


def due_items(card: Card, tier: str) -> dict[str, int]:
    """Items that a tier includes, in the card's order, with their points."""
    points = ((item["id"], item["points"].get(tier, 0)) for item in card["items"])
    return {item: worth for item, worth in points if worth > 0}


def score_of(card: Card, tier: str, results: Mapping[str, str]) -> Cells:
    """Give what the table must say of the score of a site with these results of its items."""
    marks, due = Counter[str](), due_items(card, tier)
    for item, result in results.items():
        marks[result] += due[item]
    known, full = marks["pass"] + marks["fail"], marks_of(card)["full_marks"]
    applicable, whole = known + marks["unknown"], full.get(tier, 0)  # type: ignore[attr-defined]
    cells = NO_SCORE | {"unknown_items": sum(r == "unknown" for r in results.values())}
    if not applicable:
        return cells
    raw, best = marks["pass"], marks["pass"] + marks["unknown"]
    grade, grade_best = (
        next(g["id"] for g in card["grades"] if points * 100 >= g["min_pct"] * applicable)
        for points in (raw, best)
    )
    return cells | {
        "score": raw * whole / applicable, "full_marks": whole, "ratio": raw / applicable,
        "grade": grade, "score_best": best * whole / applicable, "grade_best": grade_best,
        "provisional": grade != grade_best, "known_points": known,
    }  # fmt: skip


def count_areas(sites: Iterable[Cells], name: str) -> dict[str, Cells]:
    """Give what a table of areas or customers must say: its sites counted, row by row."""
    groups: defaultdict[str, list[Cells]] = defaultdict(list)
    for cells in sites:
        groups["/".join(str(cells[key]) for key in AREAS[name])].append(cells)
    return {row: _counts(members) for row, members in groups.items()}


def _counts(sites: list[Cells]) -> Cells:
    grades, levels = (Counter(site.get(c) for site in sites) for c in ("grade", "recorded_level"))
    asked = [site for site in sites if site["circuits"] and site["required_level"]]
    proven = sum(site["recorded_level"] in PASSING for site in asked)
    return {
        "sites": len(sites), "circuits": _sum(sites, "circuits"),
        **{grade: grades[grade] for grade in _GRADES},
        "provisional": sum(bool(site.get("provisional")) for site in sites),
        "claimed_dual": sum(site["claimed_route"] in {"dual", "ring"} for site in sites),
        "proven_dual": sum(levels[level] for level in PASSING),
        "dual_route_ratio": proven / len(asked) if asked else None,
        "single_route": levels["single_route"], "undecidable": levels["undecidable"],
    }  # fmt: skip


def _sum(sites: Iterable[Cells], column: str) -> int:
    return sum(int(str(site[column])) for site in sites)


def find_wrong_counts(
    summary: Mapping[str, Any], sites: list[Cells], circuits: Iterable[Cells], card: Card
) -> Iterator[tuple[str, object, object]]:
    """Name the figures of a summary that what was proven does not give: where, stated, proven."""
    grades, best, levels = (
        Counter(site.get(column) for site in sites if site.get(column))
        for column in ("grade", "grade_best", "recorded_level")
    )
    asked = [site["meets_requirement"] for site in sites
             if site["circuits"] and site["required_level"]]  # fmt: skip
    every, names = list(circuits), [grade["id"] for grade in card["grades"]]
    proven: dict[str, object] = {
        "sites": len(sites), "circuits": len(every),
        "customers": len({site["customer_id"] for site in sites} - {""}),
        "grades": {name: grades[name] for name in names},
        "grades_best": {name: best[name] for name in names},
        "provisional": sum(bool(site.get("provisional")) for site in sites),
        "levels": dict(levels), "undecidable": levels["undecidable"],
        "requirement": {
            "met": asked.count(True), "not_met": asked.count(False), "undecided": asked.count(None)
        },
        "unconfirmed": sum(bool(circuit.get("unconfirmed")) for circuit in every),
    }  # fmt: skip
    yield from ((name, summary.get(name), value) for name, value in proven.items()
                if summary.get(name) != value)  # fmt: skip
    for unit, column in (("by_tier", "tier"), ("by_city", "city")):
        stated = {each.get("name"): each for each in summary.get(unit, ())}
        groups: defaultdict[object, list[Cells]] = defaultdict(list)
        for site in sites:
            groups[site[column]].append(site)
        if unit == "by_tier":
            groups = defaultdict(list, {t: g for t, g in groups.items() if t})
        for name in sorted({*stated, *groups}, key=str):
            members = groups[name]
            counts = {
                "sites": len(members), "circuits": _sum(members, "circuits"),
                "grades": dict(Counter(site.get("grade") or "" for site in members)),
                "provisional": sum(bool(site.get("provisional")) for site in members),
                "dual_required": sum(
                    bool(s["circuits"] and s["required_level"]) for s in members
                ),
                "dual_proven": sum(
                    bool(s["circuits"] and s["required_level"])
                    and s["recorded_level"] in PASSING for s in members
                ),
            }  # fmt: skip
            for figure, value in counts.items():
                if (said := stated.get(name, {}).get(figure)) != value:
                    yield f"{unit}/{name}/{figure}", said, value
