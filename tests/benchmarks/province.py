"""The seeded province that everything is measured on."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from netgraph.datasets import example_columns
from netgraph.diversity.achievable.layers import build_layer
from netgraph.diversity.audit.run import audit_routes
from netgraph.diversity.rules import load_rules
from netgraph.inventory import from_columns
from netgraph.topology import build_network


@dataclass(frozen=True, eq=False)
class Province:
    """A province, its audit and its layer of spans."""

    network: object
    scale: float

    @cached_property
    def audit(self):
        """Recorded diversity."""
        return audit_routes(self.network, load_rules())

    @cached_property
    def spans(self):
        """What a new cable could use."""
        return build_layer(self.audit, "spans")

    @cached_property
    def cables(self):
        """What re-patching could use."""
        return build_layer(self.audit, "cables")

    def describe(self):
        """Count what there is."""
        network = self.network
        customers = len(network.inventory.table("customers"))
        return (
            f"{customers:,} customers, {len(network.circuits):,} circuits, "
            f"{len(network.spans):,} spans, {len(network.cables):,} cables"
        )


def make_province(scale):
    """Generate the province."""
    inventory = from_columns(example_columns("province", scale=scale))
    return Province(build_network(inventory), scale)
