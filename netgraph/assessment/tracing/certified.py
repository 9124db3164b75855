"""The certificates of a sheet: what each of its verdicts rests on, for somebody else to check."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from netgraph.diversity.certificates import certify_site
from netgraph.report.trace.sheet import CertificateNote

if TYPE_CHECKING:
    from netgraph.assessment.tracing.case import Case


def certificate_notes(case: Case) -> tuple[CertificateNote, ...]:
    """Certify what the sheet says: the recorded routes first, then each layer; as `assess` does.

    Of the searches only the answers that are shown: what else is asked at the site has others.
    """
    shown = {
        layer: {case.place: [question.answers[layer]]} for layer, question in case.shown.items()
    }
    achievable = replace(case.achievable, answers=shown)
    return tuple(
        CertificateNote(
            question=found.question,
            kind=found.kind,
            subject=found.subject,
            verdict=found.verdict,
            steps=tuple(len(route.steps or route.passed) for route in found.routes),
            shared=found.claim.shared if found.claim else (),
            missing=found.missing,
            ends=found.ends,
        )
        for found in certify_site(case.audit, achievable, case.units, case.place)
    )
