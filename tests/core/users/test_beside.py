"""Who and where beside the rows of others, who may do something, and who is still here."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import select

from lms.core.organisations.queries import closed_among, units_by_id
from lms.core.users.models import Assignment
from lms.core.users.queries import active_among, people_who_may
from lms.core.users.queries.beside import beside
from lms.db import db
from lms.testing.rows import Maker

MAY = "organisations.manage"


def test_names_and_places_come_with_the_row(lms_app: Flask, maker: Maker) -> None:
    closed = maker.organisation(name="Lukket Kommune", country="SE", state="closed")
    unit = maker.unit(organisation=closed, name="Väst")
    person = maker.person(name="Anna", state="left")
    place = maker.assignment(person=person, unit=unit)
    nowhere = maker.assignment(person=maker.person(name="Bo"))
    columns = beside(
        person=Assignment.person_id,
        organisation=Assignment.organisation_id,
        unit=Assignment.unit_id,
        function=Assignment.function_id,
    )
    with lms_app.app_context():
        rows = {row.id: row for row in db.session.execute(select(Assignment.id, *columns))}
    found = rows[place.id]
    assert (found.person, found.person_active) == ("Anna", False)
    assert (found.organisation, found.country) == ("Lukket Kommune", "SE")
    assert (found.organisation_closed, found.unit) == (True, "Väst")
    assert found.function.sv == "Undersköterska"
    other = rows[nowhere.id]
    assert (other.person, other.person_active) == ("Bo", True)
    assert (other.organisation_closed, other.unit) == (False, None)


def test_who_may_is_told_by_place_and_the_site_only_where_nobody_else_does(
    lms_app: Flask, maker: Maker
) -> None:
    north, south = maker.organisation(), maker.organisation()
    admin, here, gone = maker.person(), maker.person(), maker.person(state="left")
    maker.access_role(person=admin, role="site_admin")
    for person in (here, gone):
        maker.access_role(person=person, role="institution_admin", organisation=north)
    with lms_app.app_context():
        assert people_who_may(MAY) == {north.id: [here.id], None: [admin.id]}
        assert active_among([here.id, gone.id, 0]) == {here.id}
    everywhere = maker.person()
    maker.access_role(person=everywhere, role="institution_admin")
    with lms_app.app_context():
        may = people_who_may(MAY)
    assert may[None] == [everywhere.id]
    assert south.id not in may


def test_closed_organisations_and_units_by_id(lms_app: Flask, maker: Maker) -> None:
    closed, open_one = maker.organisation(state="closed"), maker.organisation()
    unit = maker.unit(organisation=open_one, name="Øst")
    with lms_app.app_context():
        assert closed_among([closed.id, open_one.id]) == {closed.id}
        assert closed_among([]) == frozenset()
        assert units_by_id([unit.id, 0])[unit.id].name == "Øst"
        assert units_by_id([]) == {}
