"""Contacts with companies: a line, a correction of it, an aid line, and the companies."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from lms.api import LocalisedText, now, unit_of_work
from lms.db import db
from tests.access.world import Arguments, Side, World


def contacts(world: World, name: str, side: Side) -> Mapping[str, Arguments]:
    """What one side's authority has to do with a company: the readers' own, or a neighbour's."""
    from lms_fairplay.models import AidLine, ContactLine, Correction, Declaration, Merger

    company = world.company
    if name != "own":
        company = world.make.organisation(name="Nabo Robot ApS", kind="company")
    gone = world.make.organisation(name=f"Opslugt {name} ApS", kind="company")
    moment = now()
    with world.app.app_context(), unit_of_work():
        line = ContactLine(
            authority_id=side.organisation.id,
            company_id=company.id,
            kind="share",
            category="robots",
            at=moment,
            what=LocalisedText(da="Kravene til en robot", sv="Kraven", en="The requirements"),
            documents=[],
            people={"care_worker": 3},
            run_id=side.run.id,
            written_at=moment,
        )
        aid = AidLine(
            company_id=company.id,
            authority_id=side.organisation.id,
            run_id=side.run.id,
            measure="Plads på et forløb",
            ground="de_minimis",
            value=12_000,
            day=moment.date(),
            written_at=moment,
        )
        word = Declaration(
            company_id=company.id,
            text_version="1",
            signed_at=moment,
            from_day=moment.date(),
            to_day=moment.date() + timedelta(days=20),
        )
        merger = Merger(
            company_id=gone.id,
            into_id=company.id,
            day=moment.date(),
            reason="Registeret",
            written_at=moment,
        )
        db.session.add_all([line, aid, word, merger])
        db.session.flush()
        said = Correction(line_id=line.id, text="Det var to robotter.", at=moment)
        db.session.add(said)
        db.session.flush()
        return {
            "company": {"key": company.key},
            "merged company": {"key": gone.key},
            "contact line": {"key": line.key},
            "correction": {"key": company.key, "correction_key": said.key},
            "aid line": {"key": company.key, "aid_key": aid.key},
        }
