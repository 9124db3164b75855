"""The certificates of a sheet: what each of its verdicts rests on, for somebody else to check."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netgraph.diversity.certificates import certify_site
from netgraph.report.trace.sheet import CertificateNote

if TYPE_CHECKING:
    from netgraph.assessment.tracing.case import Case


def certificate_notes(case: Case) -> tuple[CertificateNote, ...]:
    """Certify what the sheet says: the recorded routes first, then each layer; as `assess` does."""
    return tuple(
        CertificateNote(
            question=found.question,
            kind=found.kind,
            subject=found.subject,
            verdict=found.verdict,
            steps=tuple(len(route.steps or route.passed) for route in found.routes),
            shared=found.claim.shared if found.claim else (),
            missing=found.missing,
        )
        for found in certify_site(case.audit, case.achievable, case.units, case.place)
    )
