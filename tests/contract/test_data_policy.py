"""Whatever names a person, an organisation or a course says what becomes of it."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import Table

from lms import migrate
from lms.host import current_host

PERSON = "users_person"
SUBJECTS = {
    PERSON,
    "organisations_organisation",
    "organisations_unit",
    "catalogue_course",
    "catalogue_course_version",
    "catalogue_run",
    "catalogue_course_session",
    "enrolment_enrolment",
}
SUBJECT_COLUMNS = {"person_id", "organisation_id", "course_id", "run_id", "enrolment_id"}


def policies_of(app: Flask) -> dict[str, object]:
    with app.app_context():
        return {table: owned.item for table, owned in current_host().data_policies().items()}


def tables_of(app: Flask, owner: str) -> list[Table]:
    one = migrate.owner_named(app, owner)
    tables = migrate.metadata_of(one).tables.values()
    return [table for table in tables if migrate.owns(one, table.name)]


def names_a_subject(table: Table) -> bool:
    keys = {key.column.table.name for key in table.foreign_keys}
    return (
        table.name in SUBJECTS
        or bool(keys & SUBJECTS)
        or bool(SUBJECT_COLUMNS & set(table.columns.keys()))
    )


def test_every_table_about_somebody_has_a_policy(house: Flask, owner: str) -> None:
    policies = policies_of(house)
    without = [
        table.name
        for table in tables_of(house, owner)
        if names_a_subject(table) and table.name not in policies
    ]
    assert not without, f"no DataPolicy for {', '.join(without)}"


def test_a_policy_names_every_column_that_holds_a_person(house: Flask, owner: str) -> None:
    policies = policies_of(house)
    wrong = []
    for table in tables_of(house, owner):
        if table.name not in policies or table.name == PERSON:
            continue
        held = {key.parent.name for key in table.foreign_keys if key.column.table.name == PERSON}
        named = set(policies[table.name].person_columns)
        if missing := held - named:
            wrong.append(f"{table.name} holds people in {', '.join(sorted(missing))}")
        if strange := named - set(table.columns.keys()):
            wrong.append(f"{table.name} has no {', '.join(sorted(strange))}")
    assert not wrong


def test_a_policy_is_about_a_table_that_exists(house: Flask) -> None:
    tables = {
        table.name for owner in migrate.owners(house) for table in tables_of(house, owner.name)
    }
    assert not set(policies_of(house)) - tables


def test_what_is_deleted_or_blanked_can_be(house: Flask, owner: str) -> None:
    """A person who is anonymised leaves by these columns; a policy of deletion needs one."""
    policies = policies_of(house)
    wrong = [
        table.name
        for table in tables_of(house, owner)
        if (policy := policies.get(table.name)) is not None
        and policy.erase in ("delete", "anonymise")
        and not policy.person_columns
    ]
    assert not wrong


COPIED_BY_THE_CORE = ("catalogue_", "learning_")
"""Rooms that make the copies; everybody else hears of them and copies what is theirs."""


def test_who_says_that_a_table_is_copied_copies_it(house: Flask) -> None:
    """A policy of `with_run` or `with_course` is kept by filling `lms_after_copies`."""
    host = house.extensions["lms_host"]
    fillers = {call.plugin_name for call in host.manager.hook.lms_after_copies.get_hookimpls()}
    with house.app_context():
        policies = current_host().data_policies()
    wrong = [
        table
        for table, owned in policies.items()
        if owned.item.copy != "never"
        and not table.startswith(COPIED_BY_THE_CORE)
        and owned.plugin not in fillers
    ]
    assert not wrong, f"nobody copies {', '.join(wrong)}"
