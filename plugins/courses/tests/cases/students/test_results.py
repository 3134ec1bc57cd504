"""Results go back to practice, which says what became of them (CT4-7); only the school grades."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import func, select
from werkzeug.routing import BuildError

from lms.api import SYSTEM, Refused, db, record_as_seen
from lms.core.learning.models import Assessment
from lms.core.records.tracing import thread_of
from lms_courses import todo
from lms_courses.queries.results import result_by_key
from lms_courses.records_results import find
from lms_courses.services.questions import ask
from lms_courses.services.results import ResultValues, respond, send_results, write_result


def codes(error: Any) -> list[str]:
    return [one.code for one in error.value.refusals]


def written(found: Any, name: str, title: str = "Kurven", revision: int = 0) -> str:
    values = ResultValues(title=title, text=f"{title} skal stå ved døren.", language="da")
    return str(found.do(write_result, name, values, revision))


def sent(found: Any, *keys: str, looked: bool = False) -> None:
    found.do(send_results, "teacher", keys, looked)


def now(found: Any, key: str) -> Any:
    return found.world.ask(result_by_key, key)


def challenge(world: Any) -> str:
    """A need in public form that the municipality owns."""
    from lms_challenges.queries.challenges import challenge_by_key
    from lms_challenges.services import framing
    from lms_challenges.services.framing import FramingValues, TextValues

    world.owner = world.person("Ejer Ejersen", world.practice, "challenge_owner")
    actor, text = world.actor(world.owner), world.values().problem
    values = FramingValues(title=text, question=text)
    key = world.do(framing.frame, values, world.practice.id, actor, TextValues(public_text=text))
    found = world.ask(challenge_by_key, key, actor)
    world.do(framing.publish, found.id, actor)
    return str(key)


def test_ct4_7_practice_gets_it_and_says_what_became_of_it(at_work: Any) -> None:
    world = at_work.world
    fields = {"title": "Kurven", "text": "Stil den ved døren.", "revision": "0"}
    assert at_work.post("Anton", "results/write", **fields).status_code == 303
    page = at_work.text("Anton", "results")
    key = re.search(r"/courses/results/([a-z2-7]{16})", page)
    assert key is not None
    assert at_work.text("manager", "results")
    assert "Kurven" not in at_work.text("manager", "results")
    assert at_work.post("teacher", "results/send", results=key.group(1)).status_code == 303
    assert "A result from students" in world.letters(world.manager)
    assert world.letters(at_work.people["Bine"])[-1].startswith("The result of your group was sent")
    (item,) = world.ask(todo.items, world.actor(world.manager))
    assert item.url == f"/courses/results/{key.group(1)}"
    page = world.page(world.manager, item.url).get_data(as_text=True)
    assert "Stil den ved døren." in page
    assert "Tove Teori" in page  # whom to ask
    bare = world.post(world.manager, item.url, response="not_usable", reason="", seen="")
    assert bare.status_code == 422
    assert "Write why. The group reads it." in bare.get_data(as_text=True)
    done = world.post(
        world.manager, item.url, response="stored", reason="Vi flytter til foråret.", seen=""
    )
    assert done.status_code == 303
    for name in ("Anton", "Bine", "teacher"):
        page = world.page(at_work.who(name), item.url).get_data(as_text=True)
        assert "Stored for later" in page, name
        assert "Vi flytter til foråret." in page, name
        assert world.letters(at_work.who(name))[-1] == "Practice has answered your group"
    assert world.ask(todo.items, world.actor(world.manager)) == []


def test_ct4_7_no_more_than_three_go_back(world: Any, class_of: Any) -> None:
    found = class_of(world)
    found.put(Bine="C", Dagny="D")
    keys = [written(found, name) for name in ("Anton", "Bine", "Carl", "Dagny")]
    with pytest.raises(Refused) as error:
        sent(found, *keys)
    assert codes(error) == ["results"]
    assert "at most 3 results" in error.value.refusals[0].message.en
    sent(found, *keys[:2])
    with pytest.raises(Refused) as error:
        sent(found, *keys[2:])
    assert codes(error) == ["results"]
    sent(found, keys[2])
    assert len(re.findall(r">Kurven</a>", found.text("manager", "results"))) == 3
    with pytest.raises(Refused) as error:
        sent(found, keys[2])  # a page from before it was sent
    assert codes(error) == ["meanwhile"]
    with pytest.raises(Refused) as error:
        sent(found)
    assert codes(error) == ["results"]
    assert found.post("teacher", "results/send", results=keys[3]).status_code == 422


def test_ct4_7_the_need_has_it_on_its_thread_and_its_sender_a_letter(
    world: Any, class_of: Any
) -> None:
    need = challenge(world)
    found = class_of(world, need=need)
    key = written(found, "Anton")
    assert world.ask(record_as_seen, "case_result", key, world.actor(world.owner)) is None
    sent(found, key)
    assert "A result from students" in world.letters(world.owner)
    with world.app.test_request_context():
        thread = thread_of("challenge", need, world.actor(world.owner))
        assert thread is not None
        assert ("case_result", key) in {node.ref for node in thread.nodes}
    answer = world.post(
        world.owner, f"/courses/results/{key}", response="taken_up", reason="", seen=""
    )
    assert answer.status_code == 303
    assert now(found, key).response == "taken_up"


def test_a_need_that_is_withdrawn_does_not_hold_the_result_back(world: Any, class_of: Any) -> None:
    found = class_of(world, need="a2a2a2a2a2a2a2a2")
    key = written(found, "Anton")
    sent(found, key)
    assert now(found, key).sent_at is not None
    assert "A result from students" in world.letters(world.manager)
    assert world.page(world.manager, f"/courses/results/{key}").status_code == 200


def test_a_stale_tab_loses_nothing(at_work: Any) -> None:
    world, key = at_work.world, written(at_work, "Anton")
    late = at_work.post("Bine", "results/write", title="Min", text="Mine ord.", revision="0")
    page = late.get_data(as_text=True)
    assert late.status_code == 422
    assert "Somebody else changed it meanwhile" in page
    assert "Mine ord." in page
    assert "Kurven skal stå ved døren." in page
    for bad in ("-1", "x", "9" * 30):
        answer = at_work.post("Bine", "results/write", title="Min", text="Ord.", revision=bad)
        assert answer.status_code == 422
    answer = at_work.post("Bine", "results/write", title="A", text="B", revision="1")
    assert answer.status_code == 303
    assert now(at_work, key).revision == 2
    sent(at_work, key)
    last = at_work.post("Anton", "results/write", title="C", text="Nye ord.", revision="2")
    assert last.status_code == 422
    assert "was sent to practice and stays as it is" in last.get_data(as_text=True)
    actor = world.actor(world.manager)
    world.do(respond, now(at_work, key), "taken_up", "", "", actor)
    with pytest.raises(Refused) as error:
        world.do(respond, now(at_work, key), "not_usable", "Nej.", "", actor)
    assert codes(error) == ["meanwhile"]


def test_a_group_that_is_empty_or_gone_leaves_its_result_with_the_teacher(at_work: Any) -> None:
    from lms.core.learning.services.groups import drop_group

    world, key = at_work.world, written(at_work, "Anton")
    group = at_work.group("A")
    at_work.put(Anton="", Bine="")
    answer = at_work.post("Anton", "results/write", title="Min", text="Mine ord.", revision="1")
    assert answer.status_code == 422
    assert "You are in no group just now." in answer.get_data(as_text=True)
    assert "Mine ord." in answer.get_data(as_text=True)
    assert world.page(at_work.people["Anton"], f"/courses/results/{key}").status_code == 404
    assert "nobody any more" in at_work.text("teacher", "case/groups")
    world.do(drop_group, group.id, world.actor(world.teacher))
    assert "The group is gone" in at_work.text("teacher", "results")
    with pytest.raises(Refused) as error:
        sent(at_work, key)  # it may have been a group with something secret
    assert codes(error) == ["looked"]
    sent(at_work, key, looked=True)
    assert world.page(world.manager, f"/courses/results/{key}").status_code == 200


def test_others_read_no_result_that_is_not_theirs(at_work: Any) -> None:
    world, key = at_work.world, written(at_work, "Anton")
    address = f"/courses/results/{key}"
    for name in ("Carl", "manager", "seller", "rival_seller", "student", "other_teacher"):
        assert world.page(at_work.who(name), address).status_code == 404, name
    sent(at_work, key)
    for name in ("Carl", "seller", "rival_seller", "student", "other_teacher"):
        assert world.page(at_work.who(name), address).status_code == 404, name
    for name in ("Anton", "teacher"):  # they read it, and say nothing for practice
        answer = world.post(at_work.who(name), address, response="taken_up", reason="", seen="")
        assert answer.status_code == 404
    assert now(at_work, key).response == ""


def test_a_company_with_which_students_share_reads_what_was_sent(world: Any, class_of: Any) -> None:
    world_ready = world.ready
    world.ready = lambda **more: world_ready(rights={"ownership": "shared"}, **more)
    found = class_of(world)
    key = written(found, "Anton")
    assert world.page(world.seller, f"/courses/results/{key}").status_code == 404
    sent(found, key)
    page = world.page(world.seller, f"/courses/results/{key}")
    assert page.status_code == 200
    assert "Tell the group what became of it" not in page.get_data(as_text=True)


def test_a_result_can_be_found_by_who_teaches_it(at_work: Any) -> None:
    world, key = at_work.world, written(at_work, "Anton")
    assert [one.key for one in world.ask(find, "kurven", world.actor(world.teacher))] == [key]
    assert world.ask(find, "noget andet", world.actor(world.teacher)) == []
    for name in ("manager", "seller", "Anton", "other_teacher"):
        assert world.ask(find, "kurven", world.actor(at_work.who(name))) == [], name
    assert [one.key for one in world.ask(find, "kurven", SYSTEM)] == [key]


# --- the canary -----------------------------------------------------------------------------------


def test_what_is_secret_to_one_group_is_on_no_page_or_mail_of_another(bound: Any) -> None:
    from lms.core.messages.models import Mail

    world, marker = bound.world, "KANARIEFUGL"
    question = bound.do(ask, "Anton", f"{marker} spørgsmål?", False)
    bound.do(ask, "Anton", f"{marker} personligt?", True)
    address = f"/courses/questions/{question}"
    world.post(world.seller, address, answer=f"{marker} svar.", seen="")
    key = written(bound, "Bine", f"{marker} resultat")
    sent(bound, key, looked=True)
    world.do(respond, now(bound, key), "stored", f"{marker} grund.", "", world.actor(world.manager))
    run = bound.run.key
    paths = [
        "/me",
        f"/catalogue/{run}",
        *(f"/courses/runs/{run}/{path}" for path in ("case", "questions", "results")),
        f"/courses/runs/{run}/questions?show=unanswered",
        f"/courses/runs/{run}/results/write",
        f"/courses/runs/{run}/case/group",
        f"/courses/runs/{run}/case/groups",
        address,
        f"/courses/results/{key}",
        f"/records/case_result/{key}",
        f"/records/case/{bound.case.key}",
        f"/records/course/{run}",
    ]
    for name in ("Carl", "Dagny", "student", "rival_seller", "other_teacher"):
        client = world.client(bound.who(name))
        for path in paths:
            assert marker not in client.get(path).get_data(as_text=True), (name, path)
    assert marker in bound.text("Bine", "questions")  # the page would show it to who may read it
    assert marker in bound.text("Anton", "results")
    world.letters(world.seller)
    with world.app.app_context():
        mails = [str(values) for values in db.session.scalars(select(Mail.values))]
    assert len(mails) > 3
    assert not [one for one in mails if marker in one]


# --- only the institution grades ------------------------------------------------------------------


def test_i_34_no_route_lets_company_or_practice_assess(at_work: Any) -> None:
    world, key = at_work.world, written(at_work, "Anton")
    sent(at_work, key)
    question = at_work.do(ask, "Anton", "Hvor?", False)
    with world.app.app_context():
        from lms.core.enrolment.models import Enrolment

        seat = db.session.scalar(
            select(Enrolment.key).where(Enrolment.id == at_work.seats["Anton"])
        )
    keys = [at_work.run.key, key, question, at_work.case.key, at_work.group("A").key, seat]
    fields = {
        "level": "3",
        "level-0": "3",
        "outcome-0": "3",
        "method-0": "work",
        "response": "taken_up",
        "reason": "Godt",
        "seen": "",
        "answer": "Ja",
        "grade": "12",
    }
    rules = [
        rule
        for rule in world.app.url_map.iter_rules()
        if rule.endpoint.partition(".")[0] in ("courses", "learning") and "POST" in rule.methods
    ]
    assert len(rules) > 40
    assess = f"/teach/{at_work.run.key}/assess"
    for name in ("seller", "manager"):
        assert world.page(at_work.who(name), assess).status_code in (303, 404)
        assert world.page(at_work.who(name), f"{assess}/{seat}").status_code == 404
        assert world.post(at_work.who(name), f"{assess}/{seat}", **fields).status_code == 404
        for rule in rules:
            for one in keys if len(rule.arguments) == 1 else [at_work.run.key]:
                others = dict.fromkeys(rule.arguments - {"key"}, seat)
                adapter = world.app.url_map.bind("localhost")
                try:
                    address = adapter.build(rule.endpoint, {"key": one} | others, method="POST")
                except BuildError:  # an address that takes other things
                    continue
                answer = world.post(at_work.who(name), address, **fields)
                assert answer.status_code < 500, (name, address)
    with world.app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Assessment)) == 0


def test_i_34_the_pages_say_that_only_the_institution_grades(at_work: Any) -> None:
    world, key = at_work.world, written(at_work, "Anton")
    sent(at_work, key)
    page = world.page(world.manager, f"/courses/results/{key}").get_data(as_text=True)
    assert "Only the institution grades it." in page
