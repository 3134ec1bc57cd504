"""Settings are drawn from what a plugin declares, checked against it, and kept per scope."""

from __future__ import annotations

import pytest

from lms.contracts import SYSTEM, LocalisedText, SettingField, SettingsSection
from lms.core.refused import Refused
from lms.core.settings import queries, services
from lms.core.settings.models import Setting
from lms.hookspecs import hookimpl
from lms.work import unit_of_work


def words(text):
    return LocalisedText(da=text, sv=text, en=text)


FIELDS = (
    SettingField(key="name", kind="text", label=words("Navn"), default="Bevis", maximum=10),
    SettingField(key="days", kind="number", label=words("Dage"), default=14, minimum=1, maximum=90),
    SettingField(key="open", kind="yesno", label=words("Åben"), default=True),
    SettingField(
        key="colour",
        kind="choice",
        label=words("Farve"),
        default="sea",
        choices=(("sea", words("Hav")), ("rav", words("Rav"))),
    ),
    SettingField(
        key="many",
        kind="choice",
        label=words("Mange"),
        default="0",
        choices=tuple((str(n), words(f"Nr. {n}")) for n in range(6)),
    ),
)


class Knobs:
    fields = FIELDS

    @hookimpl
    def lms_settings(self):
        return SettingsSection(title=words("Knapper"), fields=self.fields)


@pytest.fixture
def knobs():
    return Knobs()


@pytest.fixture
def lms_plugins(knobs):
    return [("knobs", knobs)]


@pytest.fixture
def in_app(lms_app):
    with lms_app.app_context():
        yield lms_app


@pytest.fixture
def root(client, sign_in, make_person, make_access_role):
    person = make_person()
    make_access_role(person=person, role="site_admin")
    return sign_in(client, person)


GOOD = {
    "setting_name": "Diplom",
    "setting_days": "21",
    "setting_colour": "rav",
    "setting_many": "3",
}


def save(values, scope=queries.SITE):
    with unit_of_work():
        services.save("knobs", values, SYSTEM, scope)


def test_defaults_until_somebody_saves(in_app):
    assert queries.all_for("knobs") == {
        "name": "Bevis",
        "days": 14,
        "open": True,
        "colour": "sea",
        "many": "0",
    }
    assert queries.get("knobs", "days") == 14


def test_what_is_saved_is_read_and_the_rest_stays(in_app, count_queries):
    save({"days": 30})
    save({"open": False})
    with count_queries() as statements:
        values = queries.all_for("knobs")
    assert (values["days"], values["open"], values["name"]) == (30, False, "Bevis")
    assert len(statements) == 1


def test_an_organisation_falls_back_to_the_site(in_app):
    ours = queries.organisation_scope(7)
    save({"days": 30, "name": "Site"})
    save({"days": 60}, ours)
    assert queries.get("knobs", "days", ours) == 60
    assert queries.get("knobs", "name", ours) == "Site"
    assert queries.get("knobs", "days") == 30
    assert queries.get("knobs", "days", queries.organisation_scope(8)) == 30


@pytest.mark.parametrize(
    "wrong",
    [
        {"days": 0},
        {"days": 91},
        {"days": "14"},
        {"days": True},
        {"days": 1.5},
        {"open": 1},
        {"open": "yes"},
        {"colour": "lyng"},
        {"colour": None},
        {"name": "x" * 11},
        {"name": 5},
        {"made_up": 1},
        {"days": 20, "made_up": 1},
    ],
)
def test_what_is_not_declared_is_not_kept(in_app, wrong):
    with pytest.raises(Refused) as refusal:
        save(wrong)
    assert all(all(r.message.as_dict().values()) for r in refusal.value.refusals)
    assert queries.all_for("knobs")["days"] == 14


def test_unknown_plugins_and_keys_are_an_error(in_app):
    for plugin, key in (("nobody", "days"), ("knobs", "nothing")):
        with pytest.raises(LookupError):
            queries.get(plugin, key)
    with pytest.raises(LookupError), unit_of_work():
        services.save("nobody", {}, SYSTEM)


def test_a_value_that_is_no_longer_allowed_counts_for_nothing(in_app, maker):
    from lms.db import now

    maker.write(
        Setting(
            plugin="knobs",
            scope_kind="site",
            values={"days": 400, "gone": "x", "name": "Stays"},
            changed_at=now(),
        )
    )
    assert queries.get("knobs", "days") == 14
    assert queries.get("knobs", "name") == "Stays"
    save({"open": False})
    assert "gone" not in queries.all_for("knobs")


# --- the page -----------------------------------------------------------------------------------


def test_the_page_shows_and_saves(root, submit, lms_app, count_queries):
    with count_queries() as statements:
        page = root.get("/settings/knobs")
    assert page.status_code == 200
    assert len(statements) <= 5
    assert 'value="Bevis"' in page.text
    assert submit(root, "/settings/knobs", **GOOD).status_code == 303
    with lms_app.app_context():
        assert queries.all_for("knobs") == {
            "name": "Diplom",
            "days": 21,
            "open": False,
            "colour": "rav",
            "many": "3",
        }
    assert 'value="Diplom"' in root.get("/settings/knobs").text


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"setting_days": "mange"}, "Skriv et helt tal fra 1 til 90, for eksempel 14."),
        ({"setting_days": ""}, "Skriv et helt tal fra 1 til 90, for eksempel 14."),
        ({"setting_days": "1e3"}, "Skriv et helt tal fra 1 til 90, for eksempel 14."),
        ({"setting_days": "9" * 5000}, "Skriv et helt tal fra 1 til 90, for eksempel 14."),
        ({"setting_name": "elleve tegn"}, "Skriv højst 10 tegn."),
        ({"setting_colour": "lyng"}, "Vælg en af mulighederne."),
        ({"setting_colour": ""}, "Vælg en af mulighederne."),
    ],
)
def test_errors_say_what_to_do_and_keep_what_was_typed(root, submit, lms_app, wrong, sentence):
    answer = submit(root, "/settings/knobs?lang=da", **(GOOD | wrong))
    assert answer.status_code == 422
    assert sentence in answer.text
    ((key, typed),) = wrong.items()
    if key != "setting_colour":
        assert f'value="{typed}"' in answer.text
    with lms_app.app_context():
        assert queries.get("knobs", "name") == "Bevis"


def test_only_the_site_administrator_has_the_page(
    client, lms_app, sign_in, make_person, make_access_role, make_organisation
):
    assert client.get("/settings/knobs").status_code == 303
    person = make_person()
    make_access_role(person=person, role="institution_admin", organisation=make_organisation())
    inside = sign_in(lms_app.test_client(), person)
    assert inside.get("/settings/knobs").status_code == 404


def test_a_plugin_without_settings_has_no_page(root):
    assert root.get("/settings/nobody").status_code == 404
    assert root.get("/settings/../settings/knobs%00").status_code == 404
