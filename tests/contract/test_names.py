"""One name everywhere: a plugin's entry point is also what all that belongs to it is called."""

from __future__ import annotations

import importlib
from importlib.metadata import entry_points
from pathlib import Path

import pytest
from flask import Flask

from lms import migrate
from lms.host import PluginRecord, current_host
from lms.host.names import FLOORS, ROOMS, check_name
from lms.host.records import Rejected

ROOT = Path(__file__).parents[2]


@pytest.fixture
def record(house: Flask, bundled: str) -> PluginRecord:
    with house.app_context():
        return current_host().records[bundled]


def owned_keys(house: Flask, registry: str, plugin: str) -> list[str]:
    with house.app_context():
        items = getattr(current_host(), registry)()
        return [key for key, owned in items.items() if owned.plugin == plugin]


@pytest.mark.once
def test_the_entry_point_is_the_folder_and_the_package(bundled: str) -> None:
    (point,) = entry_points(group="lms.plugins", name=bundled)
    assert point.value == f"lms_{bundled}.plugin"
    assert importlib.util.find_spec(f"lms_{bundled}") is not None


def test_every_bundled_plugin_is_taken_in(record: PluginRecord) -> None:
    assert (record.state, record.error, record.remarks) == ("active", "", [])
    assert record.loaded


def test_blueprints_and_addresses_carry_the_name(house: Flask, bundled: str) -> None:
    wrong = [
        f"{rule.endpoint} at {rule.rule}"
        for rule in house.url_map.iter_rules()
        if house.view_functions[rule.endpoint].__module__.startswith(f"lms_{bundled}")
        and not (
            rule.endpoint.startswith(f"{bundled}.")
            and (rule.rule == f"/{bundled}" or rule.rule.startswith(f"/{bundled}/"))
        )
    ]
    assert not wrong


@pytest.mark.once
def test_templates_lie_in_a_folder_of_the_name(bundled: str) -> None:
    folder = ROOT / "plugins" / bundled / f"lms_{bundled}" / "templates"
    assert not folder.exists() or [path.name for path in folder.iterdir()] == [bundled]


def test_tables_and_their_version_table_carry_the_name(house: Flask, owner: str) -> None:
    if owner == "core":
        return
    one = migrate.owner_named(house, owner)
    assert one.version_table == f"{owner}_alembic_version"
    models = importlib.import_module(f"lms_{owner}.models")
    tables = list(models.Base.metadata.tables.values())
    assert tables
    assert all(table.name.startswith(f"{owner}_") for table in tables)
    assert {table.info.get("owner") for table in tables} == {owner}


@pytest.mark.parametrize("registry", ["permissions", "job_types"])
def test_permissions_and_jobs_begin_with_the_name(
    house: Flask, bundled: str, registry: str
) -> None:
    assert all(key.startswith(f"{bundled}.") for key in owned_keys(house, registry, bundled))


def test_the_settings_section_is_called_by_the_name(house: Flask, bundled: str) -> None:
    assert set(owned_keys(house, "settings_sections", bundled)) <= {bundled}


def test_the_translation_domain_has_the_name(house: Flask, bundled: str) -> None:
    assert bundled in house.extensions["lms_domains"]
    folder = ROOT / "plugins" / bundled / f"lms_{bundled}" / "translations"
    catalogues = [path.name for path in folder.rglob("*.po")]
    assert set(catalogues) <= {f"{bundled}.po"}


@pytest.mark.once
@pytest.mark.parametrize("name", [*ROOMS, *FLOORS, "user", "catalogues", "Courses", "a b", ""])
def test_a_name_of_the_core_is_refused(name: str) -> None:
    with pytest.raises(Rejected):
        check_name(name, ())


@pytest.mark.once
@pytest.mark.parametrize("name", ["course", "courses", "courses_more"])
def test_a_name_is_not_the_beginning_of_anothers(name: str) -> None:
    with pytest.raises(Rejected):
        check_name(name, ("courses",))


@pytest.mark.once
def test_every_room_of_the_core_is_a_name_plugins_may_not_take() -> None:
    rooms = {p.name for p in (ROOT / "lms" / "core").iterdir() if (p / "__init__.py").exists()}
    assert rooms <= set(ROOMS)
    floors = {
        p.stem
        for p in (ROOT / "lms").iterdir()
        if not p.name.startswith("_") and p.suffix in ("", ".py")
    }
    assert floors <= set(FLOORS)
