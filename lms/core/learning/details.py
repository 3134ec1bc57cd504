"""What only the course type knows about a certificate, asked of its plugin."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from lms.contracts import CertificateDetails, CompletionFacts
from lms.core.learning.queries.assessing import results_of
from lms.host import current_host


def certificate_details(
    completions: Sequence[CompletionFacts],
) -> Mapping[int, CertificateDetails]:
    """Details by enrolment id; an enrolment whose course type cannot answer now is left out. The
    plugin is told what was assessed of each outcome."""
    host = current_host()
    results = results_of([completion.enrolment_id for completion in completions])
    completions = [
        replace(completion, outcomes=results.get(completion.enrolment_id, ()))
        for completion in completions
    ]
    types = host.course_types()
    found: dict[int, CertificateDetails] = {}
    for owner in sorted(
        {types[c.course_type].plugin for c in completions if c.course_type in types}
    ):
        own = tuple(
            c
            for c in completions
            if c.course_type in types and types[c.course_type].plugin == owner
        )
        found |= dict(host.ask_owner(owner, "lms_certificate_details", completions=own) or {})
    return found
