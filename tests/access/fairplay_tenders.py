"""A tender with something that ran, and packs of it: one that is ready, one that is public."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from lms.api import SYSTEM, LocalisedText, documents_about, now, store, unit_of_work
from lms.db import db
from tests.access.world import Arguments, Side, World

CATEGORY = "cleaning"
"""One that nothing else in the world is about, for the tender stops what is."""


def tenders(world: World, side: Side) -> Mapping[str, Arguments]:
    """The tender of one side's organisation."""
    from lms_fairplay.models import ContactLine, Pack
    from lms_fairplay.queries.tenders import running_in, tender_by_key
    from lms_fairplay.services.tenders import TenderValues, register

    authority_id = side.organisation.id
    company = world.make.organisation(name=f"Støv og Søn, {side.organisation.name}", kind="company")
    with world.app.test_request_context(), unit_of_work():
        line = ContactLine(
            authority_id=authority_id,
            company_id=company.id,
            kind="teach",
            category=CATEGORY,
            at=now() + timedelta(days=3),
            what=LocalisedText(da="En robot, der støvsuger", sv="En robot", en="A robot"),
            documents=[],
            people={"participant": 12},
            subject_kind="slot",
            subject_id=1,
            written_at=now(),
        )
        db.session.add(line)
        db.session.flush()
        values = TenderValues(
            title=f"Støvsugere, {side.organisation.name}",
            expected_on=now().date() + timedelta(days=90),
            category=CATEGORY,
        )
        key = register(authority_id, values, SYSTEM)
        tender = tender_by_key(key, SYSTEM)
        assert tender is not None
        packs = {}
        for number, state in enumerate(("public", "made"), start=1):
            pack = Pack(
                tender_id=tender.id,
                number=number,
                state=state,
                asked_at=now(),
                made_at=now(),
                up_to=now(),
                last_line_id=line.id,
                line_ids=[line.id],
                lines=1,
            )
            db.session.add(pack)
            db.session.flush()
            store(
                b"PK",
                media_type="application/zip",
                file_name="pack.zip",
                title="Pakke",
                language="da",
                subject=("fairplay_pack", pack.id),
                actor=SYSTEM,
            )
            pack.document_key = documents_about("fairplay_pack", [pack.id])[0].key
            packs[state] = pack.key
        running = running_in(tender.id).items[0]
    return {
        "tender": {"key": key},
        "end of a tender": {"key": key, "state": "dropped"},
        "running contact": {"key": key, "running_key": running.key},
        "pack to publish": {"key": key, "number": 2},
        "public pack": {"key": packs["public"]},
    }
