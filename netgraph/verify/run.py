"""One run: its certificates, its tables of verdicts, and the inventory that it read."""

from __future__ import annotations

import csv
import json
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from netgraph.errors import InputError
from netgraph.inventory import read_inventory
from netgraph.inventory.hazard_groups import HAZARDS, read_all_hazard_areas, with_hazard_areas
from netgraph.inventory.hazard_reach import Reach
from netgraph.messages import Message
from netgraph.verify.checker import LEVELS, check_recorded
from netgraph.verify.circuits import find_demands
from netgraph.verify.layers import Layer
from netgraph.verify.ways import Refused, Ways, refuse

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from netgraph.inventory import Inventory
    from netgraph.verify.ways import Certificate

_NOT_CHECKABLE = frozenset({"proven_by_search", "unproven"})
_LAYERS = ("cables", "spans")
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
        in the tables without a certificate is "verdict", of a file that differs "inventory".
    """

    accepted: Mapping[str, int]
    not_checkable: Mapping[str, int]
    refused_by_kind: Mapping[str, int]
    refused: tuple[str, ...]

    @property
    def is_accepted(self) -> bool:
        """Whether nothing was refused."""
        return not self.refused


def verify_certificates(out: str | Path, inventory: str | Path | None = None) -> Verification:
    """Check every certificate of a run, and that every verdict in its tables has one.

    Parameters
    ----------
    out
        Output folder of an assessment with certificates.
    inventory
        Where its inventory stands now; by default where the run read it.

    Returns
    -------
    Verification
        Cost O(length of the certificates), and for each separating risk the side that it cuts off.

    Raises
    ------
    InputError
        If the output, or the inventory that it names, is missing or cannot be read.
    """
    out = Path(out)
    try:
        run = json.loads((out / "run.json").read_text("utf-8"))
        written = out / "certificates.jsonl"
        written.stat()
        tables = {name: _read_table(out / f"tables/{name}.csv") for name in ("sites", "circuits")}
        rules, read = run["options"]["rules"], Path(run["inputs"][0]["path"])
        kind_column = run["options"]["hazard_kind"]
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
    for reason in checker.uncertified(tables):
        checker.refuse("verdict", reason)
    return Verification(
        checker.accepted, checker.not_checkable, checker.refused_by_kind, tuple(checker.refused)
    )


def _read_table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def _asked(ends: Iterable[str], apart: Collection[str]) -> tuple[str, ...]:
    return (*ends, "apart", *apart) if apart else tuple(ends)


class Certificates:
    """Counts, and the verdicts that accepted certificates bear out."""

    def __init__(self, inventory: Inventory, rules: Mapping[str, Any]) -> None:
        self.ways, self.used = Ways(inventory, rules), defaultdict[str, set[str]](set)
        self.layers: dict[str, Layer] = {}
        self.accepted, self.not_checkable = Counter[str](), Counter[str]()
        self.refused_by_kind = Counter[str]()
        self.refused: list[str] = []
        self.verdicts: dict[tuple[str, ...], str] = {}

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
        proven = None
        if question == "recorded" and kind in {"pair", "single_route", "missing"}:
            self.used[site] |= check_recorded(self.ways, certificate)
            proven = certificate["claim"]["level"]
        elif question not in _LAYERS:
            refuse("{0} on {1} proves nothing", kind, question)
        elif kind == "unproven":
            proven = verdict if verdict in {"unproven", "undecidable"} else None
        elif kind != "proven_by_search":
            if question not in self.layers:  # all ways are known by now
                self.layers[question] = Layer(self.ways, question, self.used)
            proven = self.layers[question].check(certificate)
        if proven == verdict != "":
            about: tuple[str, ...] = question, certificate["subject"], site
            if question in _LAYERS:
                about += _asked(certificate.get("ends", ()), certificate.get("apart", ()))
            self.verdicts[about] = verdict

    def uncertified(self, tables: Mapping[str, list[dict[str, str]]]) -> Iterator[str]:
        """Verdicts in the tables of the run that no certificate bears out."""
        size = Counter(
            (row["group_id"], row["site_id"]) for row in tables["circuits"] if row["group_id"]
        )
        groups: dict[str, set[tuple[str, ...]]] = defaultdict(set)
        for row in tables["circuits"]:
            site, group = row["site_id"], row["group_id"]
            own = "recorded", "circuits:" + row["circuit_id"], site
            judged = ("recorded", "groups:" + group, site) if size[group, site] > 1 else own
            groups[site].add(judged)
            yield from self._compare(row["recorded_level"], {own})
            yield from self._compare(row["group_level"], {judged})
        for row in tables["sites"]:
            site = row["site_id"]
            yield from self._compare(row["recorded_level"], groups[site])
            for name in _LAYERS:
                about = {
                    (name, "sites:" + site, site, *_asked(ends, apart))
                    for ends, apart in find_demands(self.ways, site)
                }
                yield from self._compare(row["achievable_on_" + name], about)

    def _compare(self, level: str, about: set[tuple[str, ...]]) -> Iterator[str]:
        found = [self.verdicts.get(each, "") for each in sorted(about)]
        if min(found, key=["", *LEVELS].index, default="") != level:
            yield Message(
                "{0}: the tables say {1!r}, accepted certificates {2}.", sorted(about), level, found
            )
