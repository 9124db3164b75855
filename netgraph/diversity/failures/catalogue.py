"""The risk catalogue: everything that can fail, by itself or as a group, in one numbering.

A risk below ``len(elements)`` is a record of the inventory (a span, manhole, cable, device, ...);
the others are groups of elements that fail together: the recorded risk groups (hazard areas that
were laid over the inventory among them), spans suspected to lie in one trench, and what one disk
hits.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.failures.descriptions import Descriptions
from netgraph.diversity.failures.disks import find_disk_members
from netgraph.diversity.failures.groups import RiskGroups, join_groups, places_of_groups
from netgraph.diversity.failures.parts import ANY_RECORD, BUILDINGS, PLACES
from netgraph.diversity.failures.srlg import srlg_numbers
from netgraph.diversity.risks import build_risks
from netgraph.errors import UsageError
from netgraph.messages import Message
from netgraph.topology.csr import Csr, transpose
from netgraph.topology.elements import BUILDING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from netgraph.diversity.risks import RiskTable
    from netgraph.diversity.rules import Rules
    from netgraph.topology import LayeredNetwork
    from netgraph.topology.csr import Ints


@dataclass(frozen=True, eq=False)
class RiskCatalogue:
    """Everything that can fail; see the module.

    Attributes
    ----------
    network, groups
        The elements, and the groups numbered after them.
    is_exempt
        Risks that never fail, neither by themselves nor as members; shape (risks,).
    """

    network: LayeredNetwork = field(repr=False)
    groups: RiskGroups = field(repr=False)
    is_exempt: NDArray[np.bool_] = field(repr=False)

    def __len__(self) -> int:
        """Count the risks, exempt ones too."""
        return len(self.network.elements) + len(self.groups)

    @cached_property
    def descriptions(self) -> Descriptions:
        """Ids, kinds, names and places of the elements."""
        return Descriptions(self.network)

    @cached_property
    def ids(self) -> NDArray[np.object_]:
        """Stable id of every risk, ``table:id``; shape (risks,)."""
        return np.concatenate([self.descriptions.ids, self.groups.ids])

    @cached_property
    def kinds(self) -> NDArray[np.object_]:
        """Kind of every risk: span, pole_line, tunnel, bridge, trench, manhole, building, ..."""
        return np.concatenate([self.descriptions.kinds, self.groups.kinds])

    @cached_property
    def places(self) -> NDArray[np.float64]:
        """Longitude and latitude of every risk, NaN where unknown; shape (risks, 2)."""
        places = self.descriptions.places
        return np.concatenate([places, places_of_groups(self.groups, places)])

    @cached_property
    def srlg_numbers(self) -> NDArray[np.int64]:
        """32-bit numbers as RFC 4202 carries them; see :func:`srlg_numbers`.

        Those of the groups hang on no element: groups are what protocols carry.
        """
        of_groups = srlg_numbers(self.groups.ids)
        of_elements = srlg_numbers(self.descriptions.ids, of_groups.tolist())
        return np.concatenate([of_elements, of_groups])

    def name(self, risk: int) -> str:
        """Name of a risk for people; may be empty."""
        return str(self.names[risk])

    @cached_property
    def names(self) -> NDArray[np.object_]:
        """Name of every risk for people, empty where it has none; shape (risks,)."""
        return np.concatenate([self.descriptions.names, self.groups.names])

    @cached_property
    def is_alone(self) -> NDArray[np.bool_]:
        """Whether a risk is one record, with which nothing else fails; shape (risks,)."""
        return np.concatenate([self.descriptions.is_alone, np.zeros(len(self.groups), dtype=bool)])

    def members(self, risk: int) -> tuple[str, ...]:
        """Ids of what fails with a risk, sorted; of a single record its own."""
        n = len(self.network.elements)
        if risk < n:
            return self.descriptions.members(risk)
        return tuple(sorted(self.descriptions.ids[self.groups.members.row(risk - n)].tolist()))

    def possible_members(self, risk: int) -> tuple[str, ...]:
        """Ids of what may belong to a group for all that is recorded, sorted."""
        n = len(self.network.elements)
        if risk < n:
            return ()
        return tuple(sorted(self.descriptions.ids[self.groups.possible.row(risk - n)].tolist()))

    @cached_property
    def evidence(self) -> Ints:
        """Which missing evidence leaves open whether a route is hit; shape (risks,)."""
        elements = np.where(self.network.elements.kind == BUILDING, BUILDINGS, ANY_RECORD)
        groups = np.where(self.groups.is_geographic, PLACES, ANY_RECORD)
        return np.concatenate([elements, groups]).astype(np.int64)

    @cached_property
    def groups_of_element(self) -> Csr:
        """Element to groups."""
        return transpose(self.groups.members, len(self.network.elements))

    def with_exempt(self, names: Iterable[str]) -> RiskCatalogue:
        """Leave some risks out.

        Parameters
        ----------
        names
            Ids of risks. An exempt element never fails: not by itself and not with a group, an
            area or a disk. Elements that fail with it by their nature (the trench of a span, the
            building of an office) stay risks unless they are named too.

        Raises
        ------
        UsageError
            If there is no such risk; says which ids are like it.
        """
        wanted = list(dict.fromkeys(names))
        if not wanted:
            return self
        number = {name: risk for risk, name in enumerate(self.ids.tolist())}
        problems = [_unknown(name, number) for name in wanted if name not in number]
        if problems:
            raise UsageError(problems)
        is_exempt = self.is_exempt.copy()
        is_exempt[[number[name] for name in wanted]] = True
        return RiskCatalogue(self.network, self.groups, is_exempt)


def _unknown(name: str, known: Iterable[str]) -> str:
    like = difflib.get_close_matches(name, known, n=3, cutoff=0.8)
    hint = (
        Message("did you mean {0}?", ", ".join(like))
        if like
        else Message("write it as TABLE:ID, like spans:D-17.")
    )
    return Message("There is no risk {0!r} to exempt; {1}", name, hint)


def build_catalogue(
    network: LayeredNetwork,
    rules: Rules,
    *,
    radius_m: float | None = None,
    exempt: Iterable[str] = (),
    places: Mapping[str, tuple[float, float]] = MappingProxyType({}),
) -> RiskCatalogue:
    """Gather everything that can fail.

    Parameters
    ----------
    rules
        How close and how long drawn spans must run to be suspected of one trench.
    radius_m
        Radius of a regional failure, metres; the inclusion-maximal sets that one disk hits.
    exempt
        Ids of risks that never fail; see :meth:`RiskCatalogue.with_exempt`.
    places
        Longitude and latitude of recorded groups that lie elsewhere than amid their members.

    Returns
    -------
    RiskCatalogue
        The members of disks are exact for all that is drawn; what has no geometry is in none.

    Raises
    ------
    UsageError
        For a radius that is not positive or too large for the plant, and an unknown exempt id.
    """
    parts = [recorded_groups(network, build_risks(network, rules), places)]
    if radius_m is not None:
        parts.append(find_disk_members(network, radius_m))
    groups = join_groups(parts)
    nothing = np.zeros(len(network.elements) + len(groups), dtype=bool)
    return RiskCatalogue(network, groups, nothing).with_exempt(exempt)


def recorded_groups(
    network: LayeredNetwork, table: RiskTable, places: Mapping[str, tuple[float, float]]
) -> RiskGroups:
    """Gather the recorded risk groups, and the spans that nothing shows to lie in two trenches.

    `places` as in :func:`build_catalogue`.
    """
    names = network.inventory.table("risk_groups")["name"]
    n = int((~table.is_possible).sum())
    is_suspect = table.is_suspect[:n]
    prefix = np.where(is_suspect, "suspected:", "risk_groups:").tolist()
    kinds = np.where(table.kinds == "", "risk_group", table.kinds)[:n]
    nowhere = (np.nan, np.nan)
    at = np.array([places.get(name, nowhere) for name in table.ids[:n].tolist()]).reshape(-1, 2)
    members = transpose(table.of_element, len(table))
    possible = transpose(network.elements.possible_risks, len(names))
    none_more = np.full(n - len(names), len(possible.indices))
    return RiskGroups(
        ids=np.array([p + i for p, i in zip(prefix, table.ids[:n], strict=True)], dtype=object),
        kinds=kinds.astype(object),
        names=np.concatenate([names, np.full(n - len(names), "", dtype=object)]),
        members=Csr(members.indptr[: n + 1], members.indices[: members.indptr[n]]),
        possible=Csr(np.append(possible.indptr, none_more), possible.indices),
        is_geographic=np.zeros(n, dtype=bool),
        lon=at[:, 0],
        lat=at[:, 1],
    )
