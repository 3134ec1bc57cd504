"""What this plugin adds to the page of a run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import url_for

from lms.api import Actor, LocalisedText, Panel, RunFacts
from lms_fairplay.freeze import why
from lms_fairplay.permissions import AID
from lms_fairplay.queries.aid import open_runs
from lms_fairplay.queries.seeing import authorities_of
from lms_fairplay.queries.tenders import freezing_at

TITLE = LocalisedText(
    da="Virksomheder og støtte", sv="Företag och stöd", en="Companies and state aid"
)


def run_panels(runs: Sequence[RunFacts], actor: Actor) -> Mapping[int, Sequence[Panel]]:
    """What the places of companies stand on, for those who write down aid for a host, and which
    tender of theirs stops what there. Two queries."""
    where = authorities_of(actor, AID) if actor.signed_in else frozenset()
    theirs = [run for run in runs if where is None or where & set(run.host_ids)]
    if not theirs:
        return {}
    written = open_runs(run.id for run in theirs)
    tenders = freezing_at({id_ for run in theirs for id_ in (*run.host_ids, *run.partner_ids)})
    return {
        run.id: (
            Panel(
                template="fairplay/run_panel.html",
                title=TITLE,
                order=70,
                place="aside",
                values={
                    "reason": written[run.id].reason if run.id in written else "",
                    "url": url_for("fairplay.run_open_to_all", key=run.key),
                    "companies_url": url_for("fairplay.companies"),
                    "tenders": [
                        why(one)
                        for one in tenders
                        if one.authority_id in (*run.host_ids, *run.partner_ids)
                        and (where is None or one.authority_id in where)
                    ],
                },
            ),
        )
        for run in theirs
    }
