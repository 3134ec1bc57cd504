"""CT2-4: what came of a run, each on its way from need to effect; how far each one has come."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import insert

from lms.api import LocalisedText, RecordDraft, db, make_record, new_key, now
from lms.core.learning.models import Activity, Work
from lms.testing import counted_queries
from lms_courses.queries.born import born_in, counts_of, stood

from .test_decisions import an_idea
from .test_journeys import written


def end_in(track: Any, kind: str, key: str, title: str, *enrolments: Any) -> None:
    """Works of these participants were accepted and ended in a record."""

    def add() -> None:
        activity_id = db.session.execute(
            insert(Activity)
            .values(
                key=new_key(),
                run_id=track.run.id,
                module="notice",
                position=1,
                activity_type="in_between",
                title=LocalisedText(da=title),
                minutes=60,
                required=True,
                content={},
                others_minutes={},
                outcomes=[],
                changed_at=now(),
            )
            .returning(Activity.id)
        ).scalar_one()
        for enrolment in enrolments:
            db.session.execute(
                insert(Work).values(
                    key=new_key(),
                    activity_id=activity_id,
                    enrolment_id=enrolment.id,
                    state="accepted",
                    content={},
                    started_at=now() - timedelta(days=1),
                    record_type=kind,
                    record_key=key,
                    record_title=title,
                )
            )

    track.do(add)


def a_problem(track: Any) -> str:
    draft = RecordDraft(
        title="Liften når ikke toilettet",
        text="Vi løfter med ryggen.",
        language="da",
        person_id=track.anna.id,
        organisation_id=track.host.id,
        run_id=track.run.id,
        work_key=new_key(),
    )
    key: str = track.do(make_record, "problem", draft, track.actor(track.teacher))
    return key


def a_full_run(track: Any) -> None:
    """Of each kind one, an idea by the assignment of both."""
    idea = an_idea(track)
    end_in(track, "problem", a_problem(track), "Liften når ikke", track.annas, track.bos)
    end_in(track, "idea", idea, "En kurv ved døren", track.annas, track.bos)
    written(track)
    tryout = track.confirmed(idea=("idea", idea))
    track.decide(tryout, track.manager)


def test_ct2_4_the_run_page_lists_what_was_born_each_with_its_chain(track: Any) -> None:
    a_full_run(track)
    front = track.page(track.teacher, f"/catalogue/{track.run.key}").text
    assert "Born in this run" in front
    address = f"/courses/runs/{track.run.key}/born"
    assert address in front
    for kind in ("problem", "journey", "idea", "tryout", "decision"):
        page = track.page(track.teacher, f"{address}?kind={kind}").text
        assert f"/records/{kind}/" in page or "not open to you" in page, kind
    assert "En kurv ved døren" in track.page(track.teacher, f"{address}?kind=idea").text
    assert track.page(track.manager, address).status_code == 404
    assert track.page(track.bo, address).status_code == 200


def test_ct2_4_what_two_wrote_together_counts_once(track: Any) -> None:
    a_full_run(track)
    found = track.ask(born_in, track.run.id)
    assert {kind: len(records) for kind, records in found.items()} == {
        "problem": 1,
        "journey": 1,
        "idea": 1,
        "tryout": 1,
        "decision": 1,
    }
    assert list(found) == ["problem", "journey", "idea", "tryout", "decision"]


def test_ct2_4_whoever_works_for_a_company_sees_nothing_of_it(track: Any) -> None:
    a_full_run(track)
    seller = track.maker.person(name="Sanne Sælger", language="en")
    company = track.maker.organisation(name="Prøve Lift ApS", kind="company")
    track.maker.assignment(person=seller, organisation=company)
    track.maker.team_member(run=track.run, person=seller, role="company_teacher")
    assert "Born in this run" not in track.page(seller, f"/catalogue/{track.run.key}").text
    assert track.page(seller, f"/courses/runs/{track.run.key}/born").status_code == 404
    from lms.api import runs_by_id

    runs = list(track.ask(runs_by_id, [track.run.id]).values())
    assert not track.ask(counts_of, runs, track.actor(seller))
    assert track.ask(counts_of, runs, track.actor(track.bo))


def test_ct2_4_the_list_takes_ten_queries_at_most(track: Any) -> None:
    a_full_run(track)
    client = track.client(track.teacher)
    for kind in ("idea", "problem", "decision", "journey"):
        address = f"/courses/runs/{track.run.key}/born?kind={kind}"
        client.get(address)
        with counted_queries(track.app) as queries:
            client.get(address)
        assert len(queries) <= 10, (kind, queries)


def test_how_far_each_one_has_come_takes_one_query(track: Any) -> None:
    a_full_run(track)
    found = track.ask(stood, [track.annas.id, track.bos.id])
    for one in found.values():
        assert one.journey
        assert one.idea
        assert (one.tryout_state, one.outcome) == ("confirmed", "yes")


def test_a_participant_sees_what_comes_next(track: Any) -> None:
    address = f"/enrolments/{track.annas.key}"
    page = track.page(track.anna, address).text
    assert "From problem to decision" in page
    assert f"/courses/runs/{track.run.key}/journeys/new" in page
    assert f"/courses/runs/{track.run.key}/tryout" in page
    written(track, track.bos)
    assert "Written. Show it to two colleagues." in track.page(track.anna, address).text
    assert "From problem to decision" not in track.page(track.teacher, address).text
