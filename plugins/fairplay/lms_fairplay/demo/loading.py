"""The plugin's step of the demo: a municipality that will soon buy, loaded once however often.

It comes after the runs, so that the information pack has what was shared in them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

from flask import current_app

from lms.api import (
    SYSTEM,
    Actor,
    actor_for_person,
    grant_role,
    organisation_named,
    person_id_by_email,
    stopped_clock,
    technology_categories,
    unit_of_work,
)
from lms_fairplay.days import ZONE, today
from lms_fairplay.jobs import make_pack
from lms_fairplay.queries.packs import packs_of
from lms_fairplay.queries.tenders import TenderFacts, running_in, tenders_for
from lms_fairplay.services.packs import ask_for_pack, publish
from lms_fairplay.services.tenders import TenderValues, decide, register

AUTHORITY = "Prøvestad Kommune (opdigtet)"
OFFICER = "indkoebskonsulent@proevestad.example"
ROLE = "procurement_officer"
ACCOUNTS = "demo-accounts.json"
FIRST, SECOND = "Kald og sensorer i hjemmeplejen", "Træning med skærm efter operation"
GOES_ON, STOPS = "goes_on", "stops"
DECIDED: Mapping[tuple[str, str], tuple[str, str]] = {
    ("place", "Prøveklinik A/S (opdigtet)"): (
        GOES_ON,
        "De fem dage er åbne for alle, og alle får det samme at vide på samme tid.",
    ),
    ("place", "Eksempel VR ApS (opdigtet)"): (
        GOES_ON,
        "Virksomheden laver ikke kald og sensorer.",
    ),
    ("place", "Exempelteknik AB (påhittat)"): (
        STOPS,
        "Virksomheden har sagt, at den vil byde. Den venter, til pakken er offentlig.",
    ),
    ("case", "Prøveklinik A/S (opdigtet)"): (
        GOES_ON,
        "De studerende arbejder med behovet og behøver ikke at bruge produktet.",
    ),
}
"""What is decided on what ran, by its kind and company."""


@dataclass(kw_only=True, slots=True)
class JobByHand:
    """What a job may use, for one that is done here and now."""

    job_id: int
    attempt: int
    args: Mapping[str, Any]

    def progress(self, done: int, total: int) -> None:
        """Nobody looks on."""

    def log(self, line: str) -> None:
        """Nobody reads it."""


def load() -> None:
    """Register two tenders in the last weeks, decide on what ran, and publish the pack of one.
    Without the demo's world there is nothing to do."""
    authority, officer = organisation_named(AUTHORITY), person_id_by_email(SYSTEM, OFFICER)
    if authority is None or officer is None:
        return
    with unit_of_work():
        grant_role(officer, ROLE, authority.id, actor=SYSTEM)
    actor = actor_for_person(officer)
    there = {tender.title: tender for tender in tenders_for(actor).items}
    if not there:
        with unit_of_work():
            _register(authority.id, actor)
        there = {tender.title: tender for tender in tenders_for(actor).items}
    _pack(there[FIRST], actor)
    _list_account()


def _at(day: int, clock: str) -> datetime:
    return datetime.combine(today() + timedelta(days=day), time.fromisoformat(clock), tzinfo=ZONE)


def _register(authority_id: int, actor: Actor) -> None:
    known, day = technology_categories(), today()
    first = TenderValues(
        title=FIRST,
        expected_on=day + timedelta(days=75),
        category="alarms" if "alarms" in known else "",
    )
    second = TenderValues(
        title=SECOND,
        expected_on=day + timedelta(days=160),
        category="training" if "training" in known else "",
    )
    with stopped_clock(_at(-12, "09:20")):
        register(authority_id, first, actor)
    tender = next(one for one in tenders_for(actor).items if one.title == FIRST)
    with stopped_clock(_at(-11, "13:40")):
        for running in running_in(tender.id).items:
            if (told := DECIDED.get((running.kind, running.company))) is not None:
                decide(tender.id, running, *told, actor)
    with stopped_clock(_at(-2, "10:10")):
        register(authority_id, second, actor)


def _pack(tender: TenderFacts, actor: Actor) -> None:
    """Make the pack as the worker does, and publish it: where that was done, nothing is left."""
    if tender.freed_at is not None:
        return
    if not any(pack.state == "waiting" or pack.ready for pack in packs_of(tender.id)):
        with unit_of_work():
            ask_for_pack(tender.id, actor)
    for pack in packs_of(tender.id):
        finish = make_pack(JobByHand(job_id=0, attempt=1, args={"pack": pack.id}))
        if finish is not None:
            with unit_of_work():
                finish()
    with unit_of_work():
        publish(tender.id, packs_of(tender.id)[0], actor)


def _list_account() -> None:
    """Add the procurement officer to the list of the demo's accounts, if there is one. It opens
    with the password that all of them have."""
    path = Path(current_app.config["DATA_DIR"]) / ACCOUNTS
    if not path.exists():
        return
    accounts = json.loads(path.read_text(encoding="utf-8"))
    if not accounts or any(account["role"] == ROLE for account in accounts):
        return
    accounts.append(
        {
            "role": ROLE,
            "email": OFFICER,
            "password": accounts[0]["password"],
            "organisation": AUTHORITY,
        }
    )
    accounts.sort(key=lambda account: account["role"])
    path.write_text(json.dumps(accounts, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
