"""A form sets what it prints and nothing else, however many columns are posted with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from lms.db import now, stopped_clock
from tests.access.asking import fresh_address
from tests.access.crawl import PrintedForm
from tests.access.state import COUNTED, Content, State
from tests.access.world import World
from tests.fuzz.test_forms import NOT_PRINTED, POSTS, post

pytestmark = pytest.mark.once  # what is asked here no database changes

RANDOM = frozenset(
    {
        "key",
        "from_key",
        "to_key",
        "code",
        "effect",
        "secret",
        "token_hash",
        "values",  # of a mail: the address of a link
        "password_hash",
        "message_id",
        "payload_salt",
        "payload_digest",
        "hash",
        "previous_hash",
        "document",
        "digest",
        "unique_key",
    }
)
"""Columns that hold chance, which differs from one time to the next."""

TEMPTING: Mapping[str, str] = {
    "role": "site_admin",
    "roles": "site_admin",
    "is_admin": "1",
    "admin": "true",
    "state": "completed",
    "capacity": "999",
    "taken": "0",
    "visibility": "public",
    "accepted": "1",
    "result": "met",
    "minutes": "600",
    "position": "1",
    "email_key": "somebody@else.example",
    "password_hash": "x",
}

ACT = frozenset(
    {
        "catalogue.state",
        "enrolment.ask",
        "enrolment.decide",
        "enrolment.withdraw",
        "learning.complete",
        "learning.register",
        "organisations.edit",
        "organisations.new",
        "organisations.add_unit",
        "users.change_person",
        "users.choices",
        "users.grant_role",
        "users.invite",
        "users.add_place",
        "certificates.revoke",
    }
)
"""Forms that must go through as they are filled here, or this test would prove nothing."""


BETTER: Mapping[str, Mapping[str, str]] = {
    "catalogue.state": {"state": "interrupted", "reason": "Underviseren er syg"},
}
"""What fits better than the first choice of a form."""


def beside(world: World, state: State, taken: set[str]) -> list[tuple[str, str]]:
    """A value for each column there is, but those the form itself has."""
    strange = world.sides["neighbour"]
    ids = {
        "organisation_id": strange.organisation.id,
        "employer_id": strange.organisation.id,
        "owner_id": strange.organisation.id,
        "person_id": strange.learner.id,
        "manager_id": strange.manager.id,
        "run_id": strange.run.id,
        "enrolment_id": strange.enrolment.id,
    }
    columns = {column.name for table in state.tables for column in table.columns}
    values = {name: TEMPTING.get(name, str(ids.get(name, 1))) for name in columns} | dict(TEMPTING)
    return sorted((name, value) for name, value in values.items() if name not in taken)


def settled(state: State) -> dict[str, list[dict[str, Any]]]:
    """What stands in the database, without what is chance."""
    content: Content = state.content(without=COUNTED)
    names = {table.name: [column.name for column in table.columns] for table in state.tables}
    return {
        table: [
            {
                name: value
                for name, value in zip(names[table], row, strict=True)
                if name not in RANDOM
            }
            for row in rows
        ]
        for table, rows in content.items()
    }


@pytest.mark.parametrize("endpoint", [name for name in POSTS if name not in NOT_PRINTED])
def test_columns_beside_the_form_change_nothing(
    world: World, state: State, forms: Sequence[PrintedForm], endpoint: str
) -> None:
    printed = next(
        form for form in forms if form.endpoint == endpoint and form.form.method == "POST"
    )
    fields = [*{**printed.form.filled(), **BETTER.get(endpoint, {})}.items()]
    names = set(printed.form.fields) | {name for name, _value in printed.form.buttons}
    # Parts of some forms are drawn only when they are needed.
    names |= {"answer", "all", "unit", "waiting_rule"}
    outcomes = []
    with stopped_clock(now()):
        for more in ([], beside(world, state, names)):
            state.put_back(world.kept)
            answer = post(world, printed, [*fields, *more])
            assert answer.status_code < 500
            outcomes.append((answer.status_code, settled(state)))
    assert outcomes[0][0] == outcomes[1][0]
    different = [name for name, rows in outcomes[0][1].items() if rows != outcomes[1][1][name]]
    assert not different, f"{endpoint} took something in that it does not print: {different}"
    if endpoint in ACT:
        assert outcomes[0][0] == 303, f"{endpoint} is not filled in well enough"


def test_the_api_takes_nothing_but_goal_and_answers(world: World, state: State) -> None:
    url = world.url("enrolment_api.ask", world.objects["open run"]["own"])
    outcomes = []
    with stopped_clock(now()):
        for more in ({}, dict(beside(world, state, {"goal", "answers"}))):
            state.put_back(world.kept)
            answer = world.app.test_client().post(
                url,
                json={"goal": "Jeg vil kunne vise det.", **more},
                headers=world.bearer("learner"),
                environ_overrides=fresh_address(),
            )
            assert answer.status_code == 201, answer.text
            outcomes.append(settled(state))
    assert outcomes[0] == outcomes[1]
