"""One sentence for each verdict: what is shared, where, how long, first point from the customer."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from netgraph.diversity.audit.assumed import is_assumed
from netgraph.diversity.audit.record_names import name_record
from netgraph.diversity.levels import Level
from netgraph.units import M_PER_KM

if TYPE_CHECKING:
    from netgraph.diversity.audit.positions import SharedPositions
    from netgraph.diversity.audit.run import Audit
    from netgraph.diversity.verdict import Verdict

_WHAT = {
    "en": {
        "link": "one transport link", "cable": "one cable", "trench": "one trench",
        "structure": "the point", "risk_group": "the risk group", "equipment": "the device",
        "office": "the office",
    },
    "zh": {
        "link": "同一传输段", "cable": "同一光缆", "trench": "同沟", "structure": "共同点",
        "risk_group": "共享风险组", "equipment": "同一设备", "office": "同一局站",
    },
}  # fmt: skip
#: Kind of run that the reason for a level tells; of several the first.
KIND_OF_LEVEL = {
    Level.SAME_LINK: "link", Level.SAME_CABLE: "cable", Level.SAME_TRENCH: "trench",
    Level.SAME_STRUCTURE: "structure", Level.SAME_RISK_GROUP: "risk_group",
    Level.SAME_DEVICE: "equipment", Level.SAME_OFFICE: "office",
}  # fmt: skip
#: Kinds of run of which the first shared element is told.
POINT_KINDS = frozenset({"structure", "risk_group", "equipment", "office"})
_APART = (
    "The routes share no cable, span, trench, structure, device or office.",
    "各路由无共同的线缆、管道、井杆、设备与局站。",
)
_SETTLED = {
    Level.RADIO_BACKUP: ("The only second route is wireless.", "第二路由仅为无线。"),
    Level.DIVERSE: _APART,
    Level.SEPARATED: _APART,
}


def reason_for(audit: Audit, verdict: Verdict, located: SharedPositions, lang: str = "en") -> str:
    """Give the verdict's reason as one sentence, in "en" or "zh"; an assumed group says so."""
    said = _reason_for(audit, verdict, located, lang)
    if not is_assumed(audit.network, verdict.circuits):
        return said
    n = len(verdict.circuits)
    if lang == "zh":
        return f"{said}（假定 {n} 条电路互备，未登记。）"
    return f"{said} (Nothing records that these {n} circuits back each other up: it is assumed.)"


def _reason_for(audit: Audit, verdict: Verdict, located: SharedPositions, lang: str) -> str:
    zh = lang == "zh"
    if verdict.is_single:
        return _single(verdict, located, zh=zh)
    if verdict.level is Level.UNDECIDABLE:
        return _undecidable(verdict, zh=zh)
    if verdict.level in _SETTLED:
        english, chinese = _SETTLED[verdict.level]
        return chinese if zh else english
    return _sharing(audit, verdict, located, zh=zh, lang=lang)


def _undecidable(verdict: Verdict, *, zh: bool) -> str:
    names = [name_record(words, "zh" if zh else "en") for words in verdict.missing[:3]]
    records = ("、" if zh else ", ").join(names) or "hot_standby"
    more = len(verdict.missing) - 3
    if zh:
        return f"无法判定：缺少 {records}{f' 等 {more + 3} 项' if more > 0 else ''}。"
    return f"Cannot be decided: missing {records}{f' and {more} more' if more > 0 else ''}."


def _single(verdict: Verdict, located: SharedPositions, *, zh: bool) -> str:
    return say_single(located.single_route_m, is_unconfirmed=verdict.is_unconfirmed, zh=zh)


def say_single(single_route_m: float, *, is_unconfirmed: bool, zh: bool) -> str:
    """Say that there is no second route."""
    length = _metres(single_route_m)
    if zh:
        note = "（未登记保护方式）" if is_unconfirmed else ""
        return f"无第二路由{note}，单路由 {length}。"
    note = " is recorded" if is_unconfirmed else ""
    return f"No second route{note}; {length} on a single route."


def _sharing(
    audit: Audit, verdict: Verdict, located: SharedPositions, *, zh: bool, lang: str
) -> str:
    kind = KIND_OF_LEVEL[verdict.level]
    run = next((r for r in located.runs if r.kind == kind), located.first)
    if run is None:
        what = _WHAT[lang][kind]
        names = ", ".join(str(name) for name in _names(audit, verdict)[:3])
        return f"各路由共用{what} {names}。" if zh else f"The routes share {what} {names}."
    labels = map(audit.network.places.label, (run.from_place, run.to_place))
    told = ToldRun(kind, tuple(labels), run.elements[:1], run.length_m, run.distance_from_a_m)
    return say_run(told, is_suspected=verdict.is_suspected, lang=lang)


class ToldRun(NamedTuple):
    """What is said of a run: its ends' names, the first thing shared, metres, metres from A."""

    kind: str
    ends: tuple[str, ...]
    first_element: tuple[str, ...]
    length_m: float
    from_a_m: float


def say_run(run: ToldRun, *, is_suspected: bool, lang: str) -> str:
    """Say that routes share a run."""
    zh, what = lang == "zh", _WHAT[lang][run.kind]
    place = " – ".join(dict.fromkeys(run.ends))
    length, far = _metres(run.length_m), _distance(run.from_a_m, zh=zh)
    suspected = ("（疑似）" if zh else " (suspected)") if is_suspected else ""
    if run.kind in POINT_KINDS:
        name = "".join(run.first_element) or place
        if zh:
            return f"各路由共用{what} {name}，{far}。"
        return f"The routes share {what} {name}, {far}."
    if zh:
        return f"各路由{what}{suspected} {length}（{place}），{far}。"
    return f"The routes share {what}{suspected} for {length}, {place}, {far}."


def _distance(from_a_m: float, *, zh: bool) -> str:
    """Say how far from the site something is; behind a gap in the records nobody knows."""
    if not math.isfinite(from_a_m):
        return "与客户的距离不详" if zh else "at an unknown distance from the site"
    return f"距客户 {_metres(from_a_m)}" if zh else f"{_metres(from_a_m)} from the site"


def _metres(metres: float) -> str:
    """Whole metres; from ten kilometres on, kilometres.

    >>> _metres(1788.2), _metres(252_310.6)
    ('1,788 m', '252.3 km')
    """
    return f"{metres:,.0f} m" if metres < 10 * M_PER_KM else f"{metres / M_PER_KM:,.1f} km"


def _names(audit: Audit, verdict: Verdict) -> list[str]:
    elements = audit.network.elements
    n = len(elements)
    return [str(elements.ids[e]) if e < n else str(audit.risks.ids[e - n]) for e in verdict.shared]
