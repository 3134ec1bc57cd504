"""Writing, laying together and scoring: each alone, hidden until all have, then over."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lms.api import Refused, enrolments_by_id
from lms.host import current_host
from lms_challenges.queries.ideas import clusters_in_run, ideas_in_run
from lms_challenges.queries.scores import own_scores, points_of
from lms_challenges.queries.workroom import participants
from lms_challenges.services.ideas import move_idea
from lms_challenges.services.scoring import score_idea
from lms_challenges.services.workroom import (
    add_cluster,
    drop_cluster,
    move_stage,
    put_into_cluster,
    set_challenges,
    set_criteria,
    set_exercises,
    tick_exercise,
    write_question,
)


def refused(call: Any, *arguments: Any, **options: Any) -> str:
    """The English sentence with which it is refused."""
    with pytest.raises(Refused) as caught:
        call(*arguments, **options)
    return " ".join(refusal.message.en for refusal in caught.value.refusals)


def test_a_workroom_that_nobody_has_touched_has_what_is_proposed(group: Any) -> None:
    run = group.a_run()
    group.work_on(group.challenge, run=run)
    assert len(group.room.criteria) == 11
    assert len(group.room.exercises) == 4
    assert group.room.stage == "collecting"


def test_what_is_written_is_kept_and_what_is_old_is_refused(group: Any) -> None:
    revision = group.room.revision
    group.do(write_question, group.run.id, "How might we …", "x", group.lead, revision=revision)
    assert group.room.question == "How might we …"
    said = refused(
        group.do, write_question, group.run.id, "Other", "", group.lead, revision=revision
    )
    assert "meanwhile" in said
    first = group.room.exercises[0]
    group.do(tick_exercise, group.run.id, first.key, True, group.lead)
    assert group.room.exercises[0].done
    group.do(
        set_exercises,
        group.run.id,
        group.room.exercises[:1],
        group.lead,
        revision=group.room.revision,
    )
    assert [one.key for one in group.room.exercises] == [first.key]


def test_ideas_lie_in_clusters_and_stay_when_one_goes(group: Any) -> None:
    ideas = [group.idea(f"Idé {n}") for n in range(3)]
    group.do(add_cluster, group.run.id, "Løft", group.lead)
    (cluster,) = group.ask(clusters_in_run, group.run.id)
    keys = [one.key for one in ideas[:2]]
    assert group.do(put_into_cluster, group.run.id, keys, cluster.id, group.lead) == 2
    assert [group.now(one).state for one in ideas] == ["clustered", "clustered", "raw"]
    group.do(put_into_cluster, group.run.id, keys[:1], None, group.lead)
    assert group.now(ideas[0]).state == "raw"
    group.do(drop_cluster, group.run.id, cluster.id, group.lead)
    assert {group.now(one).state for one in ideas} == {"raw"}
    assert len(group.ask(ideas_in_run, group.run.id)) == 3


def test_a_cluster_of_another_run_takes_nothing_from_this_one(group: Any) -> None:
    idea = group.idea()
    other = group.a_run()
    group.do(add_cluster, other.id, "Andet", group.lead)
    (cluster,) = group.ask(clusters_in_run, other.id)
    assert group.do(put_into_cluster, other.id, [idea.key], cluster.id, group.lead) == 0
    assert group.now(idea).cluster_id is None


def test_criteria_are_fixed_before_anybody_scores(group: Any) -> None:
    group.idea()
    two = group.room.criteria[:2]
    revision = group.room.revision
    assert "at least one" in refused(
        group.do, set_criteria, group.run.id, [], group.lead, revision=revision
    )
    group.do(set_criteria, group.run.id, two, group.lead, revision=revision)
    group.go_to("clustering", "scoring")
    assert group.room.criteria_fixed_at is not None
    said = refused(
        group.do,
        set_criteria,
        group.run.id,
        two[:1],
        group.lead,
        revision=group.room.revision,
    )
    assert "fixed" in said
    assert [one.key for one in group.room.criteria] == [one.key for one in two]


def test_nobody_scores_without_ideas_and_back_is_closed_once_somebody_has(group: Any) -> None:
    group.go_to("clustering")
    assert "no ideas" in refused(group.go_to, "scoring")
    group.go_to("collecting")
    idea, anna = group.idea(), group.participant()
    group.participant("Bo")
    group.go_to("clustering", "scoring", "clustering")
    assert group.room.criteria_fixed_at is None
    group.go_to("scoring")
    group.score(idea, anna)
    assert "cannot go back" in refused(group.go_to, "clustering")
    with pytest.raises(Refused):
        group.go_to("closed")


def test_no_idea_is_written_or_changed_while_the_group_chooses(group: Any) -> None:
    anna = group.participant()
    group.idea(by=anna)
    group.go_to("clustering", "scoring")
    assert "begun to choose" in refused(group.idea, "For sent", by=anna)


def test_points_are_hidden_until_the_last_one_has_given_theirs(group: Any) -> None:
    anna, bo = group.participant("Anna"), group.participant("Bo")
    first, second = group.idea("Den første"), group.idea("Den anden")
    group.go_to("clustering", "scoring")
    assert not group.score(first, anna, 5)
    assert not group.score(second, anna, 1)
    hidden = group.page(bo[0], f"{group.url}/points")
    assert "not shown yet" in hidden.text
    assert "Den første" not in hidden.text
    assert group.ask(own_scores, group.run.id, bo[0].id) == {}
    assert not group.score(first, bo, 4)
    assert group.room.shown_at is None
    assert group.score(second, bo, 2)
    assert group.room.stage == "choosing"
    assert group.room.shown
    shown = group.page(bo[0], f"{group.url}/points").text
    assert shown.index("Den første") < shown.index("Den anden")
    assert "4.5" in shown


def test_scoring_after_it_is_shown_or_after_the_gate_is_refused_in_words(group: Any) -> None:
    anna, bo = group.participant("Anna"), group.participant("Bo")
    idea = group.idea()
    other = group.idea("Den anden")
    assert "not time" in refused(group.score, idea, anna)
    group.go_to("clustering", "scoring")
    group.do(_state, idea.id, "at_gate")
    assert "sent to a gate" in refused(group.score, idea, anna)
    group.do(_state, idea.id, "stored")
    assert "put aside" in refused(group.score, idea, anna)
    group.score(other, anna)
    group.go_to("choosing")
    assert "can change them now" in refused(group.score, other, bo)
    answer = group.post(bo[0], f"{group.url}/score", idea=other.key)
    assert answer.status_code == 303


def _state(idea_id: int, state: str) -> None:
    from lms.api import db
    from lms_challenges.models import Idea

    db.session.get_one(Idea, idea_id).state = state


def test_every_criterion_gets_points_from_0_to_5(group: Any) -> None:
    anna, idea = group.participant(), group.idea()
    group.participant("Bo")
    group.go_to("clustering", "scoring")
    person, seat = anna
    keys = [one.key for one in group.room.criteria]
    for points in ({keys[0]: 3}, dict.fromkeys(keys, 6), dict.fromkeys([*keys, "x"], 1)):
        said = refused(
            group.do, score_idea, group.run.id, idea.id, points, seat.id, group.actor(person)
        )
        assert "every criterion" in said
    group.score(idea, anna, 2)
    group.score(idea, anna, 4)
    mine = group.ask(own_scores, group.run.id, person.id)
    assert set(mine[idea.id].values()) == {4}


def test_an_idea_that_comes_when_scoring_has_begun_is_kept_and_not_scored(group: Any) -> None:
    from lms.api import RecordDraft
    from lms_challenges.services.ideas import make_idea

    anna = group.participant()
    idea = group.idea()
    group.go_to("clustering", "scoring")
    draft = RecordDraft(
        title="Fra en opgave",
        text="",
        language="da",
        person_id=anna[0].id,
        organisation_id=None,
        run_id=group.run.id,
        work_key="w" * 16,
    )
    late = group.now(group.do(make_idea, draft, group.actor(anna[0])))
    assert "came later" in refused(group.score, late, anna)
    assert group.score(idea, anna), "the late one is not waited for"


def test_who_has_left_is_not_waited_for_and_does_not_count(group: Any) -> None:
    anna, bo = group.participant("Anna"), group.participant("Bo")
    idea = group.idea(by=bo)
    group.go_to("clustering", "scoring")
    group.score(idea, bo, 0)
    cilla = group.participant("Cilla")
    group.score(idea, anna, 4)
    assert group.room.stage == "scoring", "Cilla has not scored"

    def leave() -> None:
        from lms.api import withdraw

        for _person, seat in (bo, cilla):
            withdraw(seat.id, group.lead, "Syg")

    group.do(leave)
    assert group.room.stage == "choosing"
    people = group.ask(participants, group.run.id)
    assert set(people) == {anna[0].id}
    points = group.ask(points_of, group.run.id, list(people))
    assert points[idea.id].mean == 4
    assert points[idea.id].people == 1
    assert group.page(bo[0], group.url).status_code == 404
    assert group.page(bo[0], f"/challenges/ideas/{idea.key}").status_code == 200, "it is his own"


def test_two_people_score_at_once(group: Any) -> None:
    people = [group.participant(name) for name in ("Anna", "Bo")]
    idea = group.idea()
    group.go_to("clustering", "scoring")
    actors = [group.actor(person) for person, _seat in people]
    points = {criterion.key: 3 for criterion in group.room.criteria}
    start, shown, wrong = threading.Barrier(2), list[bool](), list[Exception]()

    def give(number: int) -> None:
        from lms.api import Conflict

        start.wait()
        for _try in range(5):
            try:
                seat = people[number][1]
                shown.append(
                    group.do(score_idea, group.run.id, idea.id, points, seat.id, actors[number])
                )
                return
            except Conflict:
                continue
            except Refused as error:
                wrong.append(error)
                return
        wrong.append(Refused())

    threads = [threading.Thread(target=give, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
    assert sorted(shown) == [False, True], "exactly one was the last"
    assert group.room.stage == "choosing"
    for person, _seat in people:
        assert set(group.ask(own_scores, group.run.id, person.id)) == {idea.id}


def test_a_run_keeps_a_challenge_and_one_with_ideas(group: Any) -> None:
    other = group.a_challenge("En anden")
    said = refused(group.work_on, run=group.run)
    assert "at least one challenge" in said
    group.work_on(group.challenge, other)
    group.idea()
    assert "ideas for a challenge" in refused(group.work_on, other)
    group.work_on(group.challenge)
    assert [one.id for one in group.room.challenges] == [group.challenge.id]


MOVES = st.lists(
    st.sampled_from(["collecting", "clustering", "scoring", "choosing", "closed", "score", "show"]),
    max_size=12,
)


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=MOVES)
def test_whatever_is_pressed_points_need_fixed_criteria_and_end_when_shown(
    group: Any, steps: list[str]
) -> None:
    """Whatever the order: no points without fixed criteria, none after they were shown, and what
    was shown is never hidden again."""
    group.run = group.a_run()
    group.maker.team_member(run=group.run, person=group.facilitator, role="teacher")
    group.work_on(group.challenge)
    anna = group.participant("Anna", run=group.run)
    group.participant("Bo", run=group.run)
    idea = group.idea()
    was_shown = False
    for step in steps:
        before = group.room
        try:
            if step == "score":
                group.score(idea, anna)
                assert before.stage == "scoring"
                assert before.criteria_fixed_at is not None
                assert not before.shown
            elif step == "show":
                group.do(move_stage, group.run.id, "choosing", group.lead)
            else:
                group.do(move_stage, group.run.id, step, group.lead)
        except Refused:
            assert group.room.stage == before.stage
        after = group.room
        was_shown = was_shown or after.shown
        assert after.shown == was_shown
        if after.shown:
            assert after.stage in ("choosing", "closed")
            assert after.criteria == before.criteria


def test_the_core_hears_of_ideas_and_points(group: Any) -> None:
    """The two conditions, through the socket, from nothing to met and not met."""
    anna, bo = group.participant("Anna"), group.participant("Bo")

    def found() -> dict[str, list[Any]]:
        with group.app.app_context():
            facts = enrolments_by_id([anna[1].id, bo[1].id])
            answers = current_host().ask_owner(
                "challenges", "lms_completion_conditions", enrolments=list(facts.values())
            )
        return {
            "anna": [one.met for one in answers[anna[1].id]],
            "bo": [one.met for one in answers[bo[1].id]],
        }

    assert found() == {"anna": [None, None], "bo": [None, None]}
    idea = group.idea(by=anna)
    assert found() == {"anna": [True, None], "bo": [None, None]}
    group.go_to("clustering", "scoring")
    group.score(idea, anna)
    assert found() == {"anna": [True, True], "bo": [False, None]}
    group.go_to("choosing")
    assert found() == {"anna": [True, True], "bo": [False, False]}
    group.do(move_idea, group.now(idea), "shortlisted", group.lead)
    assert found()["anna"] == [True, True], "an idea that went on still counts as scored"


def test_challenges_need_a_known_run_state(group: Any) -> None:
    planned = group.a_run(state="planned")
    group.do(set_challenges, planned.id, [group.challenge.id], group.lead, state="planned")
    group.do(set_challenges, planned.id, [], group.lead, state="planned")
