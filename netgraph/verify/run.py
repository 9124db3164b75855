"""One run: its certificates, its tables of verdicts, and the inventory that it read."""

from __future__ import annotations

import csv
import hashlib
import json
import math
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from netgraph.collecting import uncollected
from netgraph.errors import InputError
from netgraph.inventory import read_inventory
from netgraph.inventory.hazard_groups import HAZARDS, read_all_hazard_areas, with_hazard_areas
from netgraph.inventory.hazard_reach import Reach
from netgraph.messages import Message
from netgraph.verify.aspects import View, columns_of
from netgraph.verify.checker import check_recorded
from netgraph.verify.circuits import flat, spell_out
from netgraph.verify.items import NOT_JUDGED
from netgraph.verify.layers import Layer
from netgraph.verify.scores import marks_of, read_scorecard
from netgraph.verify.settings import find_other_rules
from netgraph.verify.tables import (
    KEYS,
    LAYERS,
    NOT_HELD_COLUMNS,
    Proven,
    asked,
    find_contradictions,
)
from netgraph.verify.ways import Refused, Ways, refuse

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from netgraph.inventory import Inventory
    from netgraph.verify.circuits import Unit
    from netgraph.verify.scope import Group
    from netgraph.verify.scores import Card
    from netgraph.verify.ways import Certificate, Route

_NOT_CHECKABLE = frozenset({"proven_by_search", "unproven"})
_CURE = Message("Write it again with netgraph assess --certificates.")


@dataclass(frozen=True)
class Verification:
    """What became of the certificates of a run.

    Attributes
    ----------
    accepted, not_checkable
        How many of each kind the raw tables bear out, and how many searches can be repeated but
        not checked.
    refused_by_kind, refused
        How many of each kind were not accepted, and why, one sentence each. The kind of a verdict
        in the tables that no certificate or row bears out is "verdict", of a table that was altered
        "table", of a file of the inventory that differs "inventory", of other points "scorecard".
    not_held
        Tables and columns that only their SHA-256 in run.json holds.
    other_rules
        Rules that run.json states, and that everything is judged by, where they differ from the
        shipped ones: as stated, as shipped.
    """

    accepted: Mapping[str, int]
    not_checkable: Mapping[str, int]
    refused_by_kind: Mapping[str, int]
    refused: tuple[str, ...]
    not_held: tuple[str, ...] = ()
    other_rules: Mapping[str, tuple[object, object]] = field(default_factory=dict)

    @property
    def is_accepted(self) -> bool:
        """Whether nothing was refused."""
        return not self.refused


@uncollected()
def verify_certificates(
    out: str | Path, inventory: str | Path | None = None, scorecard: str | Path | None = None
) -> Verification:
    """Check every certificate of a run, and that every verdict in its tables has one.

    Parameters
    ----------
    out
        Output folder of an assessment with certificates.
    inventory
        Where its inventory stands now; by default where the run read it.
    scorecard
        The file that it scored by; by default the shipped one.

    Returns
    -------
    Verification
        Cost O(length of the certificates), and for each separating risk the side that it cuts off.

    Raises
    ------
    InputError
        If the output, or the inventory that it names, is missing or cannot be read.
    """
    out, card = Path(out), read_scorecard(scorecard)
    try:
        run = json.loads((out / "run.json").read_text("utf-8"))
        written = out / "certificates.jsonl"
        written.stat()
        tables = {name: _Table(out / f"tables/{name}.csv") for name in KEYS}
        for table in tables.values():
            table.path.read_text("utf-8")
        summary = json.loads((out / "summary.json").read_text("utf-8"))
        altered = [
            name for name, sha in run["tables"].items() if _sha256(out / "tables" / name) != sha
        ]
        rules, read = run["options"]["rules"], Path(run["inputs"][0]["path"])
        other_rules = find_other_rules(rules)
        kind_column, as_of = run["options"]["hazard_kind"], run["options"]["as_of"]
        is_scored = marks_of(card) == {name: run["scorecard"][name] for name in marks_of(card)}
        layers = {s["path"]: s["sha256"] for s in run["inputs"] if s.get("used_as") == HAZARDS}
        tabular = [s for s in run["inputs"] if s.get("used_as") != HAZARDS]
        hashes = {Path(s["path"]).name: s["sha256"] for s in tabular} | layers
        encodings = {s.get("encoding") for s in tabular}
    except (OSError, ValueError, LookupError) as error:
        problem = Message("{0} does not hold a run with certificates ({1}). {2}", out, error, _CURE)
        raise InputError([problem]) from error
    path = Path(inventory or (read.parent if read.suffix.lower() == ".csv" else read))
    if not path.exists():
        problem = Message(
            "There is no inventory {0}. Say with --inventory where it stands now.", path
        )
        raise InputError([problem])
    source = read_inventory(path, encoding=encodings.pop() if len(encodings) == 1 else None)
    areas = read_all_hazard_areas(layers, kind_column)
    found = {Path(each.path).name: each.sha256 for each in source.sources}
    found |= {layer.source.path: layer.source.sha256 for layer in areas}
    changed = sorted(name for name in {*found, *hashes} if found.get(name) != hashes.get(name))
    if changed:
        why = Message(
            "The inventory is not the one that was assessed: {0} differs.", ", ".join(changed)
        )
        return Verification({}, {}, {"inventory": len(changed)}, (why,))
    reach = Reach(rules["length_margin"], rules["undrawn_detour"])
    checker = Certificates(with_hazard_areas(source, areas, reach), rules)
    del source  # its rows are in the checker
    with written.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            checker.take(number, line)
    if not is_scored:
        checker.refuse("scorecard", Message(
            "The run scored by another scorecard. Say with --scorecard which file it was."
        ))  # fmt: skip
    day = date.fromisoformat(as_of) if as_of else None
    for reason in checker.contradictions(tables, card, summary, day):
        checker.refuse("verdict", reason)
    for name in altered:
        checker.refuse("table", Message("tables/{0} is not the one that the run wrote.", name))
    return Verification(
        checker.accepted, checker.not_checkable, checker.refused_by_kind, tuple(checker.refused),
        tuple(_not_held(run["tables"])), other_rules,
    )  # fmt: skip


def _not_held(tables: Iterable[str]) -> Iterator[str]:
    """Name what is not derived again."""
    yield "items.csv (result of {}, where B is a site)".format(", ".join(NOT_JUDGED))
    yield "circuits.csv (first_common_point, distance_from_a_m of open routes and risk groups)"
    yield "sites.csv (rank, among sites of one severity, tier, importance and number of circuits)"
    for name in KEYS:
        if columns := NOT_HELD_COLUMNS[name]:
            yield f"{name}.csv ({', '.join(columns)})"
    yield from sorted(name for name in tables if name.removesuffix(".csv") not in KEYS)


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


@dataclass(frozen=True)
class _Table:
    """A table on disk, read row by row whenever it is asked for."""

    path: Path

    def __iter__(self) -> Iterator[dict[str, str]]:
        with self.path.open(encoding="utf-8-sig", newline="") as stream:
            yield from csv.DictReader(stream)


def _asked(certificate: Certificate) -> tuple[str, ...]:
    return asked(*(certificate.get(name, ()) for name in ("ends", "apart", "routes_to")))


@dataclass(frozen=True)
class _Told:
    """What a checked certificate of recorded routes tells besides its level."""

    group: Group
    routes: Sequence[tuple[Route, Sequence[str]]] = ()
    columns: dict[str, object] = field(default_factory=dict)


class Certificates:
    """Counts, and the verdicts that accepted certificates bear out."""

    def __init__(self, inventory: Inventory, rules: Mapping[str, Any]) -> None:
        self.ways, self.used = Ways(inventory, rules), defaultdict[str, set[str]](set)
        self.layers: dict[str, Layer] = {}
        self.accepted, self.not_checkable = Counter[str](), Counter[str]()
        self.refused_by_kind = Counter[str]()
        self.refused: list[str] = []
        self.proven = Proven()
        self.checked: dict[bytes, _Told] = {}  # by all that was read of them

    def take(self, number: int, line: str) -> None:
        """Check one certificate and count it."""
        about, kind = Message("Certificate {0}", number), "damaged"
        try:
            certificate = json.loads(line)
            kind = str(certificate["kind"])
            about = Message(
                "Certificate {0} ({1})", number, certificate.get("subject") or certificate["of"]
            )
            self._check(certificate)
        except Refused as reason:
            self.refuse(kind, Message("{0}: {1}.", about, *reason.args))
        except (LookupError, TypeError, ValueError, AttributeError) as error:
            self.refuse(kind, Message("{0} is damaged ({1!r}).", about, error))
        else:
            (self.not_checkable if kind in _NOT_CHECKABLE else self.accepted)[kind] += 1

    def refuse(self, kind: str, reason: str) -> None:
        """Count what was refused."""
        self.refused_by_kind[kind] += 1
        self.refused.append(reason)

    def _check(self, certificate: Certificate) -> None:
        kind, question = certificate["kind"], certificate.get("question", "")
        if kind == "way":
            self.ways.accept(certificate)
            return
        site, verdict = certificate.get("site", ""), certificate.get("verdict", "")
        proven, about = None, (question, certificate.get("subject", ""), site)
        if question == "recorded" and kind in {"pair", "single_route", "missing"}:
            self._check_recorded(certificate)
            proven = certificate["claim"]["level"]
        elif question not in LAYERS:
            refuse("{0} on {1} proves nothing", kind, question)
        else:
            about += _asked(certificate)
            proven = self._check_searched(certificate, kind, question)
        if proven == verdict != "":
            self.proven.levels[about] = verdict
        claim = certificate.get("claim") if kind == "pair" or question == "recorded" else None
        if claim:
            told = {
                name: claim.get(name) for name in ("complete", "disjoint_otherwise", "shortest")
            }
            told |= {"shares": len(set(claim["shared"])), "metres": None}
            if question in LAYERS:
                metres = self.layers[question].metres
                told["metres"] = metres if math.isfinite(metres) else None
            self.proven.claims[about] = told

    def _check_recorded(self, certificate: Certificate) -> None:
        """Check recorded routes; keep what they use, and tell of a circuit beside its level.

        Circuits of one site that run alike, and are certified word for word, are checked once.
        """
        site, (table, _, name) = certificate["site"], certificate["subject"].partition(":")
        said = spell_out(self.ways, certificate) if table == "circuits" else ""
        key = hashlib.sha256(said.encode()).digest() if said else b""
        if key not in self.checked:
            told = self._judge(certificate, check_recorded(self.ways, certificate))
            if key:
                self.checked[key] = told
        else:
            told = self.checked[key]
        passed = self.proven.passed[site]
        passed.groups["recorded", certificate["subject"], site] = told.group
        if table == "circuits":
            passed.routes += told.routes
            self.proven.columns[name] = told.columns

    def _judge(self, certificate: Certificate, unit: Unit) -> _Told:
        site, subject = certificate["site"], certificate["subject"]
        view = View(self.ways, unit, certificate["claim"])
        self.used[site].update(step[0] for route in flat(unit) for step in route.steps)
        group, circuit = (
            (view.is_single, view.by_section(), view.is_roleless),
            self.ways.rows.units[subject, site][0],
        )
        if subject.startswith("circuits:"):
            columns = columns_of(self.ways, circuit, unit, certificate, view)
            return _Told(group, view.routes, columns)
        return _Told(group)

    def _check_searched(self, certificate: Certificate, kind: str, layer: str) -> str | None:
        """Check what was searched for; return the level that it proves."""
        if kind == "unproven":
            verdict = certificate.get("verdict", "")
            return verdict if verdict in {"unproven", "undecidable"} else None
        if kind == "proven_by_search":
            return None
        if layer not in self.layers:  # all ways are known by now, and one layer done
            self.layers = {layer: Layer(self.ways, layer, self.used)}
        level = self.layers[layer].check(certificate)
        if kind == "separating_risk":
            for site in certificate["sites"]:
                about = layer, f"sites:{site}", site, *_asked(certificate)
                self.proven.parting[about].add(certificate["risk"])
        return level

    def contradictions(
        self, tables: Mapping[str, Iterable[Mapping[str, str]]], card: Card,
        summary: Mapping[str, Any] | None = None, as_of: date | None = None,
    ) -> Iterator[Message]:  # fmt: skip
        """Cells of the tables of the run that no certificate, or no row, bears out."""
        rows = self.ways.rows.tables["inventory"]
        day = as_of or next((row["snapshot_date"] for row in rows), None)
        yield from find_contradictions(self.ways, self.proven, tables, summary, card, day)
