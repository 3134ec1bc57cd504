"""What this plugin adds to the page of a run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import url_for

from lms.api import Actor, LocalisedText, Panel, RunFacts
from lms_fairplay.freeze import why
from lms_fairplay.permissions import AID
from lms_fairplay.queries.beside_runs import authorities_in, beside_runs
from lms_fairplay.queries.seeing import authorities_of

TITLE = LocalisedText(
    da="Virksomheder og støtte", sv="Företag och stöd", en="Companies and state aid"
)


def run_panels(runs: Sequence[RunFacts], actor: Actor) -> Mapping[int, Sequence[Panel]]:
    """What the places of companies stand on, for those who write down aid for a host, and which
    tender of theirs stops what there. One query."""
    where = authorities_of(actor, AID) if actor.signed_in else frozenset()
    theirs = [run for run in runs if where is None or where & set(run.host_ids)]
    if not theirs:
        return {}
    found = beside_runs(theirs)
    return {
        run.id: (
            Panel(
                template="fairplay/run_panel.html",
                title=TITLE,
                order=70,
                place="aside",
                values={
                    "reason": found.reasons.get(run.id, ""),
                    "url": url_for("fairplay.run_open_to_all", key=run.key),
                    "companies_url": url_for("fairplay.companies"),
                    "tenders": [
                        why(one)
                        for one in found.tenders
                        if one.authority_id in authorities_in(run)
                        and (where is None or one.authority_id in where)
                    ],
                },
            ),
        )
        for run in theirs
    }
