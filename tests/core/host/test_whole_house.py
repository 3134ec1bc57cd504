"""Hostile plugins in the whole application: every other page answers."""

from __future__ import annotations

import pytest

from lms.contracts import MenuLink
from lms.hookspecs import hookimpl
from lms.testing.specimen import SPECIMEN, Specimen

PAGES = ("/", "/catalogue", "/sign-in", "/healthz", "/readyz", "/no-such-page")


def answers(app):
    client = app.test_client()
    return {path: client.get(path).status_code for path in PAGES}


@pytest.fixture
def well(lms_app_factory):
    """What the pages answer when all is well."""
    found = answers(lms_app_factory(plugins=[(SPECIMEN, Specimen())]))
    assert [found[path] for path in ("/", "/catalogue", "/readyz")] == [200, 200, 200]
    return found


def raises():
    raise RuntimeError("no luck")


@pytest.mark.parametrize(
    "hook",
    [
        "lms_course_types",
        "lms_blueprints",
        "lms_menu_links",
        "lms_role_bundles",
        "lms_run_badges",
        "lms_front_panels",
        "lms_todo_items",
    ],
)
def test_pages_answer_beside_a_hook_that_fails(lms_app_factory, evil, well, hook):
    app = lms_app_factory(plugins=[("moss", evil(hook, raises)), (SPECIMEN, Specimen())])
    assert answers(app) == well
    assert app.extensions["lms_host"].is_active(SPECIMEN)


def test_pages_answer_beside_a_menu_link_that_leads_nowhere(lms_app_factory, well, facts):
    class Moss:
        @hookimpl
        def lms_menu_links(self):
            label = facts.course_type("moss").title
            return [MenuLink(endpoint="moss.index", label=label, icon="leaf")]

    assert answers(lms_app_factory(plugins=[("moss", Moss()), (SPECIMEN, Specimen())])) == well


def test_the_course_page_of_a_type_that_is_out_of_order(lms_app_factory, well):
    from lms.testing.rows import Maker

    app = lms_app_factory(plugins=[(SPECIMEN, Specimen())])
    run = Maker(app).run()
    address = app.config["SQLALCHEMY_DATABASE_URI"]
    gone = lms_app_factory(database_url=address)
    assert gone.test_client().get(f"/catalogue/{run.key}").status_code == 200
    assert answers(gone) == well
