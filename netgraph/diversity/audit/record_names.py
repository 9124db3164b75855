"""The names of missing records, which verdicts carry in English, in either language."""

from __future__ import annotations

import re

_PATTERNS = (
    re.compile(r"(?P<what>.+ (?:cable|link|circuit|office)) (?P<id>\S+)"),
    re.compile(r"(?P<what>contiguous circuit_links of the \w+ route) \((?P<id>.+)\)"),
    re.compile(r"(?P<what>geometry of span|position of|membership of) (?P<id>.+)"),
    re.compile(r"(?P<what>member) (?P<id>.+) of risk group (?P<of>.+)"),
    re.compile(r"(?P<what>risk group|system|room) (?P<id>.+) of (?P<of>.+)"),
    re.compile(r"(?P<what>a route in service): (?P<id>.+) is not"),
)
_CHINESE = {
    "cable_spans of cable": "光缆 {} 的管线段 (cable_spans)",
    "contiguous cable_spans of cable": "光缆 {} 首尾相接的管线段 (cable_spans)",
    "link_cables of link": "传输段 {} 的光缆 (link_cables)",
    "contiguous link_cables of link": "传输段 {} 首尾相接的光缆 (link_cables)",
    "route of leased link": "租用传输段 {} 的路由",
    "an end of link": "传输段 {} 的一端",
    "acyclic link_links of link": "传输段 {} 不成环的承载关系 (link_links)",
    "role of link": "传输段 {} 的路由类别 (role)",
    "working route of circuit": "电路 {} 的主用路由",
    "protect route of circuit": "电路 {} 的备用路由",
    "contiguous circuit_links of the working route": "主用路由首尾相接的传输段 ({})",
    "contiguous circuit_links of the protect route": "备用路由首尾相接的传输段 ({})",
    "building of office": "局站 {} 的楼 (building_id)",
    "role of office": "局站 {} 的层级 (role)",
    "geometry of span": "管线段 {} 的走向 (geometry)",
    "position of": "{} 的经纬度 (lon、lat)",
    "membership of": "{} 是否属于该组 (risk_members)",
    "member": "风险组 {1} 的成员 {0} (risk_members)",
    "risk group": "{1} 所属的风险组 {0} (risk_groups)",
    "system": "{1} 所属的系统 {0} (systems)",
    "room": "{1} 所在的机房 {0} (rooms)",
    "a route in service": "在用路由（{} 不在用）",
}


def name_record(words: str, lang: str) -> str:
    """Return the name of a missing record in "en" or "zh"; an unknown one as it is."""
    if lang != "zh":
        return words
    for pattern in _PATTERNS:
        found = pattern.fullmatch(words)
        if found and found["what"] in _CHINESE:
            return _CHINESE[found["what"]].format(*found.groups()[1:])
    return words
