"""Groups of a run: by name, by chance, from pairs."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.contracts import SYSTEM
from lms.core.learning.models import Comment, Group
from lms.core.learning.queries.groups import groups_of, names_by_enrolment
from lms.core.learning.services import groups
from lms.core.refused import Refused
from lms.db import db, new_key, now
from lms.testing.specimen import SPECIMEN
from tests.core.learning.workshop import Builder, Workshop


@pytest.fixture
def lms_plugins():
    return [(SPECIMEN, Workshop())]


@pytest.fixture
def builder(lms_app):
    return Builder(lms_app)


@pytest.fixture
def run(make_run):
    return make_run(state="running", sessions=[now() - timedelta(days=6)], capacity=600)


@pytest.fixture
def teacher(client, sign_in, make_person, make_team_member, run):
    person = make_person(language="en")
    make_team_member(run=run, person=person)
    return sign_in(client, person)


@pytest.fixture
def class_of(make_enrolment, make_person, run):
    def make(size, **columns):
        return [
            make_enrolment(
                run=run, person=make_person(name=f"Deltager {n:03}"), state="active", **columns
            )
            for n in range(size)
        ]

    return make


def there(app, run) -> dict[int, str]:
    with app.app_context():
        return dict(names_by_enrolment(run.id))


def test_a_name_beside_each_makes_and_fills_groups(lms_app, teacher, submit, run, class_of):
    a, b, c = class_of(3)
    url = f"/teach/{run.key}/groups"
    saved = submit(
        teacher, url, **{f"group-{a.key}": "Red", f"group-{b.key}": " red ", f"group-{c.key}": ""}
    )
    assert saved.status_code == 303
    assert there(lms_app, run) == {a.id: "Red", b.id: "Red"}
    submit(
        teacher, url, **{f"group-{a.key}": "Blue", f"group-{b.key}": "", f"group-{c.key}": "Red"}
    )
    assert there(lms_app, run) == {a.id: "Blue", c.id: "Red"}
    page = teacher.get(url).text
    assert "1 is in no group" in page
    assert 'value="Blue"' in page
    long = submit(teacher, url, **{f"group-{a.key}": "x" * 81})
    assert long.status_code == 422
    assert "Write at most 80 characters." in long.text
    assert there(lms_app, run) == {a.id: "Blue", c.id: "Red"}


def test_the_rest_is_split_by_chance_into_even_groups(lms_app, teacher, submit, run, class_of):
    people = class_of(11)
    url = f"/teach/{run.key}/groups"
    submit(teacher, url, **{f"group-{people[0].key}": "Group 1"})
    assert submit(teacher, url, act="split", size="one").status_code == 422
    assert submit(teacher, url, act="split", size="4").status_code == 303
    names = there(lms_app, run)
    assert len(names) == 11
    sizes = sorted(list(names.values()).count(name) for name in set(names.values()))
    assert sizes == [1, 5, 5]
    assert submit(teacher, url, act="split", size="4").status_code == 303
    assert there(lms_app, run) == names


def test_pairs_become_groups(lms_app, teacher, submit, run, class_of):
    pairs = [class_of(2, pair_key=new_key()) for _each in range(2)]
    alone, half = class_of(1)[0], class_of(1, pair_key=new_key())[0]
    url = f"/teach/{run.key}/groups"
    assert "2 pairs asked for seats together." in teacher.get(url).text
    submit(teacher, url, act="pairs")
    names = there(lms_app, run)
    assert names.keys() == {seat.id for pair in pairs for seat in pair}
    assert all(names[one.id] == names[other.id] for one, other in pairs)
    assert alone.id not in names
    assert half.id not in names
    assert "Make groups of the pairs" not in teacher.get(url).text


def test_a_group_is_renamed_and_goes_unless_it_has_talked(
    lms_app, teacher, submit, run, class_of, builder, maker
):
    a, b = class_of(2)
    url = f"/teach/{run.key}/groups"
    submit(teacher, url, **{f"group-{a.key}": "Red", f"group-{b.key}": "Blue"})
    with lms_app.app_context():
        blue, red = groups_of(run.id)
    one = f"{url}/{red.key}"
    assert "Another group is called that" in submit(teacher, one, name="BLUE").text
    assert submit(teacher, one, name="").status_code == 422
    assert submit(teacher, one, name="Green").status_code == 303
    assert there(lms_app, run) == {a.id: "Green", b.id: "Blue"}
    activity = builder.add(run, "Task")
    maker.write(
        Comment(
            activity_id=activity.id, group_id=blue.id, author_id=b.person_id, text="x", at=now()
        )
    )
    for group in (red, blue):
        assert submit(teacher, f"{url}/{group.key}/drop").status_code == 303
    assert there(lms_app, run) == {b.id: "Blue"}
    assert "so it cannot be deleted" in teacher.get(url).text
    assert submit(teacher, f"{url}/{red.key}/drop").status_code == 404


def test_groups_are_for_the_team_and_of_its_own_run(
    lms_app, client, sign_in, make_person, make_run, teacher, submit, run, class_of, maker
):
    (seat,) = class_of(1)
    stranger = sign_in(lms_app.test_client(), make_person())
    assert stranger.get(f"/teach/{run.key}/groups").status_code == 404
    other = make_run(state="running", sessions=0)
    group = Group(run_id=other.id, name="Theirs")
    maker.write(group)
    assert teacher.get(f"/teach/{run.key}/groups/{group.key}").status_code == 404
    # Somebody who is in another run is not put into a group of this one.
    Builder(lms_app).do(groups.put_into_groups, other.id, {seat.id: "Theirs"}, SYSTEM)
    assert there(lms_app, other) == {}


def test_the_page_asks_as_much_for_many_as_for_few(
    lms_app, teacher, submit, run, class_of, count_queries
):
    costs = []
    for size in (3, 60):
        class_of(size)
        submit(teacher, f"/teach/{run.key}/groups", act="split", size="3")
        teacher.get(f"/teach/{run.key}/groups")
        with count_queries() as queries:
            assert teacher.get(f"/teach/{run.key}/groups").status_code == 200
        costs.append(len(queries))
        assert len(queries) <= 10, "\n".join(queries)
    assert costs[0] == costs[1]


def test_an_own_name_that_is_taken_is_refused_by_the_verb(lms_app, builder, run, maker):
    one, two = Group(run_id=run.id, name="One"), Group(run_id=run.id, name="Two")
    maker.write(one, two)
    with pytest.raises(Refused):
        builder.do(groups.rename_group, two.id, "one", SYSTEM)
    builder.do(groups.rename_group, two.id, "TWO", SYSTEM)
    with lms_app.app_context():
        assert db.session.get_one(Group, two.id).name == "TWO"


@pytest.mark.once
@given(st.integers(0, 200), st.integers(2, 30))
def test_parts_are_even_and_lose_nobody(people, size):
    parts = list(groups.even_parts(range(people), size))
    assert [one for part in parts for one in part] == list(range(people))
    if parts:
        lengths = {len(part) for part in parts}
        assert max(lengths) - min(lengths) <= 1
