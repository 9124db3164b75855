"""Small random inventories in which much coincides: one building, one risk group, one end.

Two sites, two centres and an office between them, five points; any of them may stand in another's
building, be out of service, or belong to a risk group. Spans of no length, from a place to itself,
all of one length, without free bores or foreign; cables that are full, lack a record, or run
through a centre; circuits of two homes, alone or in groups, to centres or to the other site.
"""

from __future__ import annotations

import random

from builders import PlantBuilder

POINTS = [f"m{n}" for n in range(1, 6)]


class _Draw:
    """One inventory; every choice comes from the seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.plan = PlantBuilder()
        self.spans: dict[str, tuple[str, str]] = {}
        self.cables: list[str] = []

    def chance(self, percent: int) -> bool:
        return self.random.randrange(100) < percent

    def status(self) -> dict[str, str]:
        return {"status": self.random.choice(["retired", "planned"])} if self.chance(4) else {}

    def places(self) -> None:
        plan, pick = self.plan, self.random.choice
        plan.office("K", building_id=pick(["B-K", "B-K", "B-K", None]))
        plan.office("J", building_id=pick(["B-J", "B-J", "B-K"]), **self.status())
        plan.office("O", "access", building_id=pick(["B-O", "B-O", "B-J", None]), **self.status())
        plan.site("S", building_id=pick([None, None, None, "B-S", "B-K", "B-S"]))
        plan.site("T", building_id=pick([None, None, "B-S", "B-T"]))
        for m in POINTS:
            kind = pick(["manhole", "cabinet", "splice", "entrance"])
            building = pick([None] * 9 + ["B-K", "B-S"])
            plan.structure(m, kind, building_id=building, **self.status())

    def ducts(self) -> None:
        pick, around = self.random.choice, [*POINTS, "O", *POINTS, "O", "K", "J"]
        is_equal = self.chance(20)
        for n in range(self.random.randint(9, 14)):
            a, b = pick(around), pick(around)
            if n < 5:  # sites and centres have ways out
                a, b = "SSTKJ"[n], pick(around)
            if a == b and not self.chance(20):
                continue
            length = 100.0 if is_equal else pick([0.0, 5.0, 20.0, 30.0, 60.0, 300.0, 300.0, None])
            bores = {} if self.chance(15) else {"bores_total": 2, "bores_used": pick([1, 1, 1, 2])}
            owner = {"owner": "other"} if self.chance(3) else {}
            trench = pick([None] * 6 + ["T1", "T2"])
            self.plan.span(
                f"p{n}", a, b, length_m=length, trench_id=trench, **bores, **owner, **self.status()
            )
            self.spans[f"p{n}"] = (a, b)

    def wires(self) -> None:
        pick = self.random.choice
        for n in range(len(self.spans) + 2):
            way = [pick(sorted(self.spans))]
            first, end = self.random.sample(self.spans[way[0]], 2)
            for _ in range(pick([0, 0, 1, 1, 2])):
                further = [
                    name for name, ends in self.spans.items()
                    if end in ends and name not in way and ends[0] != ends[1]
                ]  # fmt: skip
                if not further:
                    break
                way.append(pick(further))
                end = next(x for x in self.spans[way[-1]] if x != end)
            if first == end:
                continue
            if self.chance(4):
                way.pop(self.random.randrange(len(way)))
            used = pick([4, 4, 4, 24]) if not self.chance(6) else None
            self.plan.cable(f"c{n}", first, end, way, cores_used=used, **self.status())
            self.cables.append(f"c{n}")

    def risks(self) -> None:
        members = [f"spans:{name}" for name in self.spans] + [f"structures:{m}" for m in POINTS]
        members += ["offices:K", "offices:J", "offices:O", "sites:S", "sites:T"]
        for n in range(self.random.randrange(4)):
            self.plan.risk(f"r{n}", *self.random.sample(members, self.random.choice([2, 2, 3])))

    def services(self) -> None:
        pick = self.random.choice
        for site, other in ("ST", "TS"):
            kind = pick(["lone", "lone", "apart", "dual", "mixed"])
            ends = ["K", "J", other] if self.chance(15) else ["K", "J"]
            for n in range(2):
                centre = "KJ"[n] if kind == "apart" else pick(ends)
                second = {
                    "lone": pick([None, None, "J", "K"]),
                    "apart": None,
                    "dual": pick(["J", "K"]),
                    "mixed": [None, "J"][n],
                }[kind]
                used = self.random.sample(self.cables, min(2, len(self.cables)))
                self.plan.link(f"l{site}{n}", site, centre, used)
                self.plan.circuit(
                    f"x{site}{n}", site, centre, f"l{site}{n}",
                    b2_id=None if second == centre else second,
                    group_id=None if kind == "lone" else f"G{site}",
                )  # fmt: skip


def draw_adversary(seed: int) -> PlantBuilder:
    """Draw one inventory."""
    draw = _Draw(seed)
    draw.places()
    draw.ducts()
    draw.wires()
    draw.risks()
    draw.services()
    return draw.plan
