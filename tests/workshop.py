r"""A small network with one shortcoming for every kind of work.

::

            q1 (a cable with spare cores)
     S1 =================== A2
      \                    /  \
       \    S2 ...........'    \       S2: empty ducts over D to A2
        \    |     S3 ~~~~~~~~~~\~~    S3: nothing but a corridor to A2
         \   |    /              K
          '- A1 ----------------/

     S4 --- E4 --- A1       S4: its only entrance E4, 60 m off, leads to both offices;
             `---- A2       a manhole of the second way stands 90 m from the site
     S5 --- J --- K5        S5: everything into its centre K5 comes through the manhole J;
             `--- A2        the same customer has a centre at K

Every site has one route over A1 (S5: to K5); A2 has a link of its own to K.
"""

from __future__ import annotations

from builders import PlantBuilder

from netgraph.upgrades.prices import UNITS, Prices

PRICES = Prices(
    "2026, of the tests",
    {
        **dict.fromkeys(UNITS, 1000.0), "duct": 70_000.0, "cable_in_duct": 16_000.0,
        "replace_device": 25_000.0, "ups": 8_000.0, "generator": 10_000.0, "battery": 15_000.0,
        "power_feed": 15_000.0,
    },
)  # fmt: skip
_GOOD = {
    "manageable": True, "hot_standby": True, "protection_switching": True, "alarms": True,
    "grounding_ok": True, "labels_ok": True, "room_ok": True, "installed": "2024-01-01",
    "owner": "operator",
}  # fmt: skip
_POWERED = {"power_feeds": 2, "battery_hours": 8, "generator": True, "room_ok": True}


def workshop() -> PlantBuilder:
    """Draw up the network."""
    plan = PlantBuilder()
    plan.office("K", **_POWERED)
    plan.office("A1", "access", **{**_POWERED, "power_feeds": 1, "generator": False})
    plan.add("rooms", id="R1", location_id="A1",
             **{**_POWERED, "power_feeds": 1, "battery_hours": 0, "generator": False})  # fmt: skip
    plan.office("A2", "access", **{**_POWERED, "power_feeds": 1, "generator": False})
    plan.site("S1", power_feeds=1, ups=False, generator=False, room_ok=True)
    plan.site("S2", power_feeds=2, ups=True, generator=False, room_ok=True)
    plan.site("S3", power_feeds=2, ups=True, generator=False, room_ok=False)
    for office in ("K", "A1", "A2"):
        plan.device(f"N-{office}", office, **_GOOD)
    plan.device("N-A1b", "A1", room_id="R1", **_GOOD)
    plan.device("P1", "S1", **{**_GOOD, "manageable": False, "alarms": False})
    plan.device("P2", "S2", **{**_GOOD, "protection_switching": False, "hot_standby": False})
    plan.device("P3", "S3", **_GOOD)
    _lay(plan)
    for site in "123":
        section = {"protection": "none" if site == "3" else "sncp"}
        near = "N-A1b" if site == "3" else "N-A1"
        plan.link(f"L{site}", f"P{site}", near, [f"c{site}"], **section)
        plan.circuit(f"C{site}", f"S{site}", "K", f"L{site} U1", protection="none",
                     in_nms=site != "3", access_tech="MSTP")  # fmt: skip
        plan.record(f"S{site}", "SP1", "false" if site == "2" else "true")
    _second_entrance(plan)
    _second_centre(plan)
    for office in ("K", "K5", "A1", "A2"):
        plan.record(office, "SP1", "true")
    return plan


def _second_entrance(plan: PlantBuilder) -> None:
    """S4: one entrance for all, and plant of the second way close by."""
    plan.site("S4", power_feeds=2, ups=True, generator=False, room_ok=True, lon=112.5, lat=38.0)
    plan.structure("E4", "entrance", lon=112.5007, lat=38.0)
    plan.structure("M4a", lon=112.501, lat=38.001).structure("M4b", lon=112.5004, lat=38.0008)
    plan.device("P4", "S4", **_GOOD)
    plan.span("e4", "S4", "E4", length_m=60.0)
    plan.span("m4a", "E4", "M4a").span("m4a-1", "M4a", "A1")
    plan.span("m4b", "E4", "M4b").span("m4b-1", "M4b", "A2")
    plan.cable("c4", "S4", "A1", "e4 m4a m4a-1")
    plan.link("L4", "P4", "N-A1", ["c4"], protection="sncp")
    plan.circuit("C4", "S4", "K", "L4 U1", protection="none", in_nms=True, access_tech="MSTP")
    plan.record("S4", "SP1", "true")


def _second_centre(plan: PlantBuilder) -> None:
    """S5: its centre has one way in; another centre of the customer can be reached apart."""
    plan.office("K5", **_POWERED)
    plan.site("S5", power_feeds=2, ups=True, generator=False, room_ok=True, lon=112.6, lat=38.2)
    plan.structure("J", lon=112.7, lat=38.2).structure("M5", lon=112.65, lat=38.3)
    plan.device("N-K5", "K5", **_GOOD).device("P5", "S5", **_GOOD)
    plan.span("k5", "J", "K5").span("j5", "S5", "J")
    plan.span("m5a", "S5", "M5").span("m5b", "M5", "A2").span("m5c", "A2", "J")
    plan.cable("c5", "S5", "K5", "j5 k5")
    plan.link("L5", "P5", "N-K5", ["c5"], protection="sncp")
    plan.circuit("C5", "S5", "K5", "L5", protection="none", in_nms=True, access_tech="MSTP")
    plan.record("S5", "SP1", "true")


def _lay(plan: PlantBuilder) -> None:
    """Lay ducts and cables; S2 has empty ducts, S3 a corridor to the second office."""
    for name, a, b in (
        ("c1", "S1", "A1"), ("c2", "S2", "A1"), ("c3", "S3", "A1"),
        ("q1", "S1", "A2"), ("u1", "A1", "K"), ("u2", "A2", "K"),
    ):  # fmt: skip
        plan.structure(f"M-{name}")
        plan.span(f"{name}-1", a, f"M-{name}").span(f"{name}-2", f"M-{name}", b)
        plan.cable(name, a, b, f"{name}-1 {name}-2")
    plan.link("U1", "N-A1", "N-K", ["u1"], protection="sncp")
    plan.link("U2", "N-A2", "N-K", ["u2"], protection="sncp")
    plan.structure("D")
    plan.span("d-1", "S2", "D", bores_total=4, bores_used=1).span("d-2", "D", "A2")
    plan.add("corridors", id="R1", from_id="S3", to_id="A2", medium="duct", length_m=800.0)
