"""The shared world, put back after each test. `tests/fuzz` and `tests/pages` use it too."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest

from lms.testing.databases import Databases
from tests.access.crawl import PrintedForm, printed_forms
from tests.access.state import State
from tests.access.world import World

Built = tuple[World, State]
BUILT = pytest.StashKey[Built]()
FORMS = pytest.StashKey[Sequence[PrintedForm]]()


@pytest.fixture(scope="session")
def built_world(
    request: pytest.FixtureRequest,
    lms_databases: Databases,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Built]:
    """The world, built once, whichever folder asks first."""
    stash = request.config.stash
    if BUILT in stash:
        yield stash[BUILT]
        return
    from lms.db import db
    from lms.migrate import upgrade
    from lms.testing.apps import make_app

    address = lms_databases.empty()
    places = {"DATABASE_URL": address, "DATA_DIR": tmp_path_factory.mktemp("world")}
    app = make_app(places, discover=True)
    for outcome in upgrade(app):
        assert not outcome.error, outcome
    world, state = World(app).build(), State(app)
    world.kept = state.content()
    stash[BUILT] = world, state
    yield stash[BUILT]
    state.close()
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    lms_databases.drop(address)


@pytest.fixture
def world(built_world: Built) -> Iterator[World]:
    """The world as it was built."""
    found, state = built_world
    views = dict(found.app.view_functions)
    yield found
    found.app.view_functions.clear()
    found.app.view_functions.update(views)
    state.put_back(found.kept)


@pytest.fixture
def state(built_world: Built) -> State:
    """What stands in the world's database."""
    return built_world[1]


@pytest.fixture(scope="session")
def forms(request: pytest.FixtureRequest, built_world: Built) -> Sequence[PrintedForm]:
    """Every form that is printed for anybody."""
    stash = request.config.stash
    if FORMS not in stash:
        found, state = built_world
        stash[FORMS] = printed_forms(found)
        state.put_back(found.kept)
    return stash[FORMS]
