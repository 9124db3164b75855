r"""A dozen invented places on two rings: the smallest inventory that shows most verdicts.

::

                     S2                    S5
                    =||=                  /  :
                     W1 ============== J1 ====== E1 ---- S4
       S6 ~~~~~~~~~ /                  |        /          (a free duct runs S4 - D1 - J1)
         ~~~~      K                   |       /
             ~~~~~  W2 ============== J2 =====  -------- S1 (dual-homed on E1 and J2)
                      \\              /
                       ----- X -----        X is a manhole that both cables of S3 enter
                            S3

The western ring is K-W1-J1-J2-W2-K, the eastern ring is J1-E1-J2-J1; both meet in the offices J1
and J2. K is the centre. Every site has one CPE; what each site is there to show:

====  ====================================================================================
S1    diverse: two entrances, two offices, both ways round (two circuits in one group)
S2    a false ring: its two cables lie 900 m in one trench, in two ducts
S3    both cables pass the manhole X
S4    single route; a second one could be built in ducts that are there
S5    undecidable: the second cable has no spans on record
S6    both cables cross the same flood zone, an explicit risk group
====  ====================================================================================

All of it, plant, customers and records, is invented. The places stand near Taiyuan only so that a
map of them looks like something.
"""

from __future__ import annotations

from itertools import pairwise

from netgraph.datasets.rows import Columns, LocalFrame, Rows, line_wkt

SNAPSHOT_DATE = "2026-06-30"
NOTES = "INVENTED example: plant, customers and records are made up."
_FRAME = LocalFrame(lon=112.549, lat=37.870)

# id, name, role, x_km, y_km
_OFFICES = (
    ("K", "中心局", "core", 0.0, 0.0),
    ("W1", "西一局", "access", 4.0, 2.5),
    ("W2", "西二局", "access", 4.0, -2.5),
    ("J1", "北汇聚局", "aggregation", 10.0, 2.5),
    ("J2", "南汇聚局", "aggregation", 10.0, -2.5),
    ("E1", "东局", "access", 15.0, 2.5),
)
# id, customer, name, tier, claimed_route, x_km, y_km
_SITES = (
    ("S1", "BANK", "第一支行", "diamond", "dual", 17.0, -1.5),
    ("S2", "BANK", "第二支行", "diamond", "ring", 6.0, 5.5),
    ("S3", "BANK", "第三支行", "diamond", "dual", 7.0, -5.0),
    ("S4", "POWER", "一号变电站", "gold", "single", 18.0, 4.0),
    ("S5", "POWER", "二号变电站", "gold", "dual", 12.5, 5.0),
    ("S6", "POWER", "三号变电站", "gold", "dual", -1.5, 5.0),
)
# id, kind, x_km, y_km, site whose building it stands in
_STRUCTURES = (
    ("M1", "manhole", 2.0, 1.6, ""),
    ("M2", "manhole", 2.0, -1.6, ""),
    ("M3", "manhole", 7.0, 2.9, ""),
    ("M4", "manhole", 7.0, -2.1, ""),
    ("M5", "manhole", 10.3, 0.0, ""),
    ("M6", "manhole", 12.5, 2.2, ""),
    ("M7", "manhole", 12.6, -0.3, ""),
    ("S1a", "entrance", 17.0, -1.49, "S1"),
    ("S1b", "entrance", 16.99, -1.51, "S1"),
    ("P1", "pole", 16.2, 0.6, ""),
    ("M8", "manhole", 13.0, -3.0, ""),
    ("S2a", "entrance", 5.99, 5.5, "S2"),
    ("S2b", "entrance", 6.01, 5.5, "S2"),
    ("H1", "handhole", 5.8, 5.2, ""),
    ("H2", "handhole", 5.803, 5.2, ""),
    ("H3", "handhole", 5.8, 4.3, ""),
    ("H4", "handhole", 5.803, 4.3, ""),
    ("M9", "manhole", 8.5, 3.8, ""),
    ("S3a", "entrance", 6.99, -4.99, "S3"),
    ("S3b", "entrance", 7.01, -4.99, "S3"),
    ("X", "manhole", 7.05, -4.5, ""),
    ("M10", "manhole", 5.5, -3.9, ""),
    ("M11", "manhole", 8.8, -3.6, ""),
    ("S4a", "entrance", 17.99, 4.0, "S4"),
    ("P2", "pole", 16.5, 3.4, ""),
    ("D1", "manhole", 15.0, 4.6, ""),
    ("S5a", "entrance", 12.49, 4.99, "S5"),
    ("S5b", "entrance", 12.51, 4.99, "S5"),
    ("M12", "manhole", 11.0, 3.9, ""),
    ("S6a", "entrance", -1.49, 5.0, "S6"),
    ("S6b", "entrance", -1.5, 4.99, "S6"),
    ("M13", "manhole", 1.0, 4.0, ""),
    ("M14", "manhole", -1.0, 1.0, ""),
)
# cable, cores in all, the places that it runs through; the ends are its terminations
_CABLES = (
    ("C-K-W1", 48, "K M1 W1"),
    ("C-K-W2", 48, "K M2 W2"),
    ("C-W1-J1", 48, "W1 M3 J1"),
    ("C-W2-J2", 48, "W2 M4 J2"),
    ("C-J1-J2", 48, "J1 M5 J2"),
    ("C-J1-E1", 24, "J1 M6 E1"),
    ("C-E1-J2", 24, "E1 M7 J2"),
    ("C-S1-E1", 12, "S1 S1a P1 E1"),
    ("C-S1-J2", 12, "S1 S1b M8 J2"),
    ("C-S2-W1", 12, "S2 S2a H1 H3 W1"),
    ("C-S2-J1", 12, "S2 S2b H2 H4 M9 J1"),
    ("C-S3-W2", 12, "S3 S3a X M10 W2"),
    ("C-S3-J2", 12, "S3 S3b X M11 J2"),
    ("C-S4-E1", 12, "S4 S4a P2 E1"),
    ("C-S5-J1", 12, "S5 S5a M12 J1"),
    ("C-S6-W1", 12, "S6 S6a M13 W1"),
    ("C-S6-W2", 12, "S6 S6b M14 W2"),
)
_CABLE_WITHOUT_SPANS = ("C-S5-E1", 12, "S5", "E1")
_FREE_DUCTS = (("S4a", "D1"), ("D1", "J1"))
_ONE_TRENCH = {("H1", "H3"): "T-S2", ("H2", "H4"): "T-S2"}
_FLOODED = (("S6a", "M13"), ("S6b", "M14"))
# Stretches that do not run straight: the vertices between their ends.
_BENDS = {
    ("K", "M1"): ((0.8, 1.2),),
    ("M2", "W2"): ((3.1, -2.4),),
    ("M3", "J1"): ((8.4, 3.0), (9.2, 2.7)),
    ("M13", "W1"): ((2.6, 3.6),),
}
_POLE_LINES = frozenset({("S1a", "P1"), ("P1", "E1"), ("S4a", "P2"), ("P2", "E1")})
# circuit, site, group, working and protect offices, the site first
_CIRCUITS = (
    ("L1", "S1", "G-S1", "S1 E1 J1 W1 K", "S1 J2 W2 K"),
    ("L2", "S1", "G-S1", "S1 J2 W2 K", "S1 E1 J1 W1 K"),
    ("L3", "S2", "", "S2 W1 K", "S2 J1 J2 W2 K"),
    ("L4", "S3", "", "S3 W2 K", "S3 J2 J1 W1 K"),
    ("L5", "S4", "", "S4 E1 J1 W1 K", ""),
    ("L6", "S5", "", "S5 J1 W1 K", "S5 E1 J2 W2 K"),
    ("L7", "S6", "", "S6 W1 K", "S6 W2 K"),
)
_RINGS = {
    "RING-W": ("西环", ("K", "W1", "J1", "J2", "W2", "K")),
    "RING-E": ("东环", ("J1", "E1", "J2", "J1")),
}


def twin_ring_columns() -> Columns:
    """Return the example as plain columns: table -> column -> list."""
    rows = Rows()
    rows.add(
        "inventory",
        snapshot_date=SNAPSHOT_DATE,
        crs="EPSG:4326",
        name="twin_ring",
        notes=NOTES,
    )
    positions = _add_places(rows)
    _add_plant(rows, positions)
    _add_equipment(rows)
    _add_links(rows)
    _add_circuits(rows)
    _add_records(rows)
    return rows.columns()


def _add_places(rows: Rows) -> dict[str, tuple[float, float]]:
    positions: dict[str, tuple[float, float]] = {}
    for place, name, role, x, y in _OFFICES:
        lon, lat = positions[place] = _FRAME.to_lon_lat(x, y)
        rows.add(
            "offices",
            id=place,
            name=name,
            role=role,
            city="太原市",
            building_id=f"B-{place}",
            lon=lon,
            lat=lat,
            power_feeds=2,
            battery_hours=8,
            generator=True,
            env_monitored=True,
            room_ok=True,
        )
    for place, customer, name, tier, claimed, x, y in _SITES:
        lon, lat = positions[place] = _FRAME.to_lon_lat(x, y)
        rows.add(
            "sites",
            id=place,
            customer_id=customer,
            name=name,
            importance="branch",
            tier=tier,
            city="太原市",
            claimed_route=claimed,
            lon=lon,
            lat=lat,
            power_feeds=1 if place == "S4" else 2,
            ups=place != "S4",
            generator=False,
            room_ok=True,
            building_id=f"B-{place}",
        )
    for place, kind, x, y, site in _STRUCTURES:
        lon, lat = positions[place] = _FRAME.to_lon_lat(x, y)
        building = f"B-{site}" if site else None
        rows.add("structures", id=place, kind=kind, lon=lon, lat=lat, building_id=building)
    return positions


def _add_plant(rows: Rows, positions: dict[str, tuple[float, float]]) -> None:
    stretches: dict[tuple[str, str], str] = {}
    for cable, cores, route in _CABLES:
        places = route.split()
        _add_cable(rows, cable, cores, (places[0], places[-1]))
        for seq, stretch in enumerate(pairwise(places), start=1):
            span = stretches.setdefault(stretch, f"D-{stretch[0]}-{stretch[1]}")
            rows.add("cable_spans", cable_id=cable, seq=seq, span_id=span)
    cable, cores, start, end = _CABLE_WITHOUT_SPANS
    _add_cable(rows, cable, cores, (start, end))
    for stretch in _FREE_DUCTS:
        stretches[stretch] = f"D-{stretch[0]}-{stretch[1]}"
    for stretch, span in stretches.items():
        bends = [_FRAME.to_lon_lat(x, y) for x, y in _BENDS.get(stretch, ())]
        line = [positions[stretch[0]], *bends, positions[stretch[1]]]
        rows.add(
            "spans",
            id=span,
            from_id=stretch[0],
            to_id=stretch[1],
            medium="pole_line" if stretch in _POLE_LINES else "duct",
            trench_id=_ONE_TRENCH.get(stretch),
            bores_total=4,
            bores_used=0 if stretch in _FREE_DUCTS else 2,
            owner="operator",
            geometry=line_wkt(line) if bends else None,
        )
    rows.add("risk_groups", id="RG-FLOOD", kind="flood_zone", name="汾河漫滩")
    for start, end in _FLOODED:
        rows.add("risk_members", risk_id="RG-FLOOD", table="spans", element_id=f"D-{start}-{end}")


def _add_cable(rows: Rows, cable: str, cores: int, ends: tuple[str, str]) -> None:
    rows.add(
        "cables",
        id=cable,
        from_id=ends[0],
        to_id=ends[1],
        cores_total=cores,
        cores_used=4,
        cores_bad=0,
        owner="operator",
    )


def _add_equipment(rows: Rows) -> None:
    for system, (name, _) in _RINGS.items():
        rows.add(
            "systems", id=system, name=name, kind="ring", technology="SDH", protection="ms_spring"
        )
    places = [(office[0], "transport") for office in _OFFICES]
    places += [(site[0], "cpe") for site in _SITES]
    for place, kind in places:
        rows.add(
            "equipment",
            id=f"NE-{place}",
            kind=kind,
            location_id=place,
            owner="operator",
            manageable=place != "S6",
            hot_standby=True,
            protection_switching=True,
            alarms=True,
            grounding_ok=True,
            labels_ok=True,
            room_ok=True,
            installed="2021-05-01",
        )


def _add_links(rows: Rows) -> None:
    cables = {frozenset((row["from_id"], row["to_id"])): row["id"] for row in rows["cables"]}
    for system, (_, ring) in _RINGS.items():
        for start, end in pairwise(ring):
            link = f"{system}-{start}-{end}"
            _add_link(rows, link, (start, end), system=system, protection="ms_spring")
            rows.add("link_cables", link_id=link, seq=1, cable_id=cables[frozenset((start, end))])
    for site in _SITES:
        for pair, cable in cables.items():
            if site[0] in pair:
                (office,) = pair - {site[0]}
                link = f"A-{site[0]}-{office}"
                _add_link(rows, link, (site[0], str(office)), system=None, protection="msp_1p1")
                rows.add("link_cables", link_id=link, seq=1, cable_id=cable)


def _add_link(
    rows: Rows, link: str, ends: tuple[str, str], *, system: str | None, protection: str
) -> None:
    rows.add(
        "links",
        id=link,
        from_id=f"NE-{ends[0]}",
        to_id=f"NE-{ends[1]}",
        system_id=system,
        medium="fibre",
        owner="operator",
        protection=protection,
    )


def _add_circuits(rows: Rows) -> None:
    rows.add("customers", id="BANK", name="示例银行", industry="finance")
    rows.add("customers", id="POWER", name="示例电力公司", industry="energy")
    site_of = {site[0]: site for site in _SITES}
    for circuit, site, group, working, protect in _CIRCUITS:
        rows.add(
            "circuits",
            id=circuit,
            customer_id=site_of[site][1],
            a_id=site,
            b_id="K",
            group_id=group or None,
            tier=site_of[site][3],
            service="leased_line",
            access_tech="MSTP",
            bandwidth_mbps=10,
            repair_limit_h=4,
            protection="path" if protect else "none",
            in_nms=True,
        )
        for role, route in (("working", working), ("protect", protect)):
            for seq, link in enumerate(_links_along(rows, route.split()), start=1):
                rows.add("circuit_links", circuit_id=circuit, role=role, seq=seq, link_id=link)


def _links_along(rows: Rows, places: list[str]) -> list[str]:
    ids: dict[frozenset[str], str] = {}
    for row in rows["links"]:
        # A western link between J1 and J2 comes first and carries these routes.
        ids.setdefault(frozenset((str(row["from_id"]), str(row["to_id"]))), str(row["id"]))
    return [ids[frozenset((f"NE-{start}", f"NE-{end}"))] for start, end in pairwise(places)]


def _add_records(rows: Rows) -> None:
    checked_on = "2026-03-31"
    for subject in [office[0] for office in _OFFICES] + [site[0] for site in _SITES]:
        rows.add("records", subject_id=subject, item_id="SP1", passed="true", checked_on=checked_on)
    for item in ("IN1", "IN2"):
        rows.add("records", subject_id="太原市", item_id=item, passed="true", checked_on=checked_on)
