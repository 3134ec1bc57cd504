"""The shared world, put back after each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from lms.testing.databases import Databases
from tests.access.state import State
from tests.access.world import World


@pytest.fixture(scope="session")
def built_world(
    lms_databases: Databases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[World, State]]:
    """The world, built once."""
    from lms.app import create_app
    from lms.db import db
    from lms.migrate import upgrade
    from lms.testing import TEST_CONFIG

    folder = tmp_path_factory.mktemp("world")
    address = lms_databases.empty()
    app = create_app(
        dict(TEST_CONFIG) | {"DATABASE_URL": address, "DATA_DIR": folder / "data"}, discover=True
    )
    for outcome in upgrade(app):
        assert not outcome.error, outcome
    yield World(app).build(), State(app)
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    lms_databases.drop(address)


@pytest.fixture
def world(built_world: tuple[World, State]) -> Iterator[World]:
    """The world as it was built."""
    found, state = built_world
    kept = getattr(found, "kept", None) or state.content()
    found.kept = kept  # type: ignore[attr-defined]
    found.app.extensions["lms_host"].timings.clear()
    views = dict(found.app.view_functions)
    yield found
    found.app.view_functions.clear()
    found.app.view_functions.update(views)
    state.put_back(kept)


@pytest.fixture
def state(built_world: tuple[World, State]) -> State:
    """What stands in the world's database."""
    return built_world[1]
