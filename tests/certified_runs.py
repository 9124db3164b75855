"""Outputs with certificates, and ways to tamper with them."""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

import netgraph as ng
from netgraph.assessment import Handover
from netgraph.verify import verify_certificates

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Run:
    """An output with certificates, and the inventory that it names."""

    out: Path
    inventory: Path

    def copy(self, folder: Path) -> Run:
        """Copy both; the copy of the output still names the first inventory."""
        shutil.copytree(self.out, folder / "out")
        copied = folder / self.inventory.name
        (shutil.copytree if self.inventory.is_dir() else shutil.copy)(self.inventory, copied)
        return Run(folder / "out", copied)

    def certificates(self) -> list[dict]:
        text = (self.out / "certificates.jsonl").read_text("utf-8")
        return [json.loads(line) for line in text.splitlines()]

    def write(self, certificates: list[dict]) -> None:
        lines = [json.dumps(certificate, ensure_ascii=False) for certificate in certificates]
        (self.out / "certificates.jsonl").write_text("\n".join(lines), "utf-8")

    def one(self, certificates: list[dict], **wanted: object) -> dict:
        """Find the first certificate with these values."""
        return next(
            c for c in certificates if wanted.items() <= {**c, **c.get("claim", {})}.items()
        )

    def name_again(self, inventory: Path) -> None:
        """Let run.json name an inventory as it stands now."""
        files = sorted(inventory.iterdir()) if inventory.is_dir() else [inventory]
        run = json.loads((self.out / "run.json").read_text("utf-8"))
        run["inputs"] = [
            {"path": str(file), "sha256": hashlib.sha256(file.read_bytes()).hexdigest()}
            for file in files
        ]
        (self.out / "run.json").write_text(json.dumps(run), "utf-8")

    def verify(self):
        return verify_certificates(self.out, self.inventory)


def assessed(inventory: Path, out: Path, seconds: float = 0) -> Run:
    """Assess an inventory on disk, certificates included."""
    assessment = ng.assess(ng.read_inventory(inventory), ng.Options(search_seconds=seconds))
    ng.write_assessment(
        assessment, out, maps=False, html=False, handover=Handover.none(), certificates=True
    )
    return Run(out, inventory)
