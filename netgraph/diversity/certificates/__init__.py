"""Certificates: the evidence for every verdict of a run, for a checker that trusts nobody."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from netgraph.diversity.certificates.gaps import Gaps
from netgraph.diversity.certificates.names import Names
from netgraph.diversity.certificates.recorded import certify_recorded
from netgraph.diversity.certificates.searched import certify_searched
from netgraph.diversity.certificates.value import Certificate, CertifiedRoute, Claim, Way, as_plain
from netgraph.diversity.certificates.ways import Steps, write_ways

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from netgraph.diversity.achievable.find import Achievable
    from netgraph.diversity.audit.run import Audit

__all__ = ["Certificate", "CertifiedRoute", "Claim", "Way", "as_plain", "certify", "certify_site"]


def certify(audit: Audit, achievable: Achievable) -> Iterator[Way | Certificate]:
    """Certify every verdict of a run, one by one.

    Parameters
    ----------
    audit, achievable
        The verdicts on recorded routes, and the answers of the searches.

    Returns
    -------
    iterator of Way or Certificate
        First the ways of cables and links, then the circuits and groups, then by layer the
        separating risks and the sites. Cost is linear in what is written.
    """
    names = Names(audit)
    steps = Steps(audit, names)
    yield from write_ways(audit, names, steps)
    yield from certify_recorded(audit, names, steps, Gaps(audit.network, names))
    yield from certify_searched(audit, achievable, names, steps)


def certify_site(
    audit: Audit, achievable: Achievable, units: Collection[int], place: int
) -> Iterator[Certificate]:
    """Certify the verdicts on some circuits or groups, and the answers for their site.

    As :func:`certify` does, without the ways of what their routes pass.
    """
    names = Names(audit)
    steps = Steps(audit, names)
    yield from certify_recorded(audit, names, steps, Gaps(audit.network, names), units)
    answers = {
        layer: {place: of_layer[place]}
        for layer, of_layer in achievable.answers.items()
        if place in of_layer
    }
    yield from certify_searched(audit, replace(achievable, answers=answers), names, steps)
