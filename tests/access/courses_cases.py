"""Cases of each side: one being negotiated, one that is open and in use, a draft, an agreement."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from lms.api import (
    SYSTEM,
    LocalisedText,
    actor_for_person,
    db,
    runs_by_id,
    unit_of_work,
)
from tests.access.world import Arguments, Side, World

STUDENT_MODULE = "student_module"


def cases_of(world: World, name: str, side: Side) -> Mapping[str, Arguments]:
    """The cases of one side, from the readers' company on their own."""
    from lms_courses.models import Nda
    from lms_courses.queries.cases import CaseFacts, case_by_key
    from lms_courses.services import case_uses, cases, ndas
    from lms_courses.services.cases import CaseValues, RightsValues
    from lms_courses.services.ndas import NdaValues
    from lms_courses.types import type_data

    own = name == "own"
    where = side.organisation
    company = world.company if own else world.make.organisation(name="Nabo VR", kind="company")
    plan = type_data(STUDENT_MODULE).plan
    run, fresh = (
        world.make.run(
            course_type=plan,
            title=f"Studerende på {what}, {where.name}",
            hosts=[where],
            state="announced",
        )
        for what in ("en case", "vej")
    )
    world.make.enrolment(run=run, person=side.learner, state="active", employer=where)

    def text(words: str) -> LocalisedText:
        return LocalisedText(da=words, sv=f"{words} (sv)", en=f"{words} (en)")

    with world.app.test_request_context(), unit_of_work():
        writer = actor_for_person(world.people["company"].id) if own else SYSTEM

        def proposed(title: str, **more: Any) -> str:
            words = ("problem", "why", "question", "given", "limits")
            values: dict[str, Any] = {one: text(f"{title}: {one}") for one in words}
            return cases.propose(
                CaseValues(
                    title=text(f"{title}, {where.name}"),
                    hours_promised=12,
                    company_id=company.id,
                    institution_id=where.id,
                    practice_host_id=where.id,
                    contact_id=writer.person_id,
                    **values,
                ),
                writer,
                **more,
            )

        def now(key: str) -> CaseFacts:
            found = case_by_key(key, SYSTEM)
            assert found is not None
            return found

        def opened(title: str) -> CaseFacts:
            key = proposed(title)
            rights = RightsValues(ownership="owned_by_students", rights=text("Dit er dit."))
            cases.settle_rights(now(key), rights, "", SYSTEM, number=1)
            cases.check_as_practice(now(key), SYSTEM, number=2)
            for state in ("approved", "open"):
                cases.move(now(key), state, "", SYSTEM)
            return now(key)

        waiting = proposed("Måling hjemme")
        cases.comment(now(waiting), "teacher", "Kan I komme to gange?", SYSTEM)
        used, spare = opened("Nøgler"), opened("Løft")
        nda = NdaValues(
            secret="Tegningerne.", from_day=date(2026, 1, 1), to_day=None, with_institution=True
        )
        ndas.add_nda(now(waiting), nda, (), SYSTEM, language="da")
        use_key = case_uses.take_case(runs_by_id([run.id])[run.id], used, [0], SYSTEM)
        agreement = db.session.query(Nda).filter_by(case_id=now(waiting).id).one()
        found: dict[str, Arguments] = {
            "case": {"key": waiting},
            "case and words": {"key": waiting, "q": "Løft"},
            "way of a case": {"key": waiting, "state": "declined"},
            "open case": {"key": used.key},
            "case in a run": {"key": use_key},
            "run with a case": {"key": run.key},
            "case for a run": {"key": fresh.key, "case_key": spare.key},
            "agreement on a case": {"key": agreement.key},
        }
        if own:
            found["draft of a case"] = {"key": proposed("Kladde", draft=True)}
    return found
