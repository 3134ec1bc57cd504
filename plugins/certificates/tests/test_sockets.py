"""Each socket the plugin fills, as the host hears it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lms.contracts import GUEST, LANGUAGES, LocalisedText
from lms.core.enrolment.queries import enrolments_by_id
from lms.core.settings.services import save
from lms.core.users.queries import actor_for_person, person_facts
from lms.db import db, now
from lms.host import current_host
from lms.work import unit_of_work
from lms_certificates import issuing, queries


@pytest.fixture
def host(lms_app):
    with lms_app.app_context():
        yield current_host()


def ours(contributions):
    (found,) = [c.value for c in contributions if c.plugin == "certificates"]
    return found


def in_all_languages(text: LocalisedText) -> bool:
    return all(getattr(text, code) for code in LANGUAGES)


def test_jobs_issue_and_print(host):
    known = host.job_types()
    assert {known[name].plugin for name in (issuing.ISSUE, issuing.RENDER)} == {"certificates"}
    assert known[issuing.ISSUE].item.max_attempts == 10


def test_permissions_name_the_one_thing_to_be_allowed(host):
    owned = host.permissions()[queries.MANAGE]
    assert owned.plugin == "certificates"
    assert in_all_languages(owned.item.title)


def test_role_bundles_let_institutions_manage_and_company_teachers_not(host):
    allowed = {
        bundle.role
        for bundle in ours(host.gather("lms_role_bundles"))
        if queries.MANAGE in bundle.permissions
    }
    assert allowed == {"institution_admin", "programme_lead"}


def test_menu_links_lead_people_to_their_own_and_guests_to_checking(client, signed_in, maker):
    guest = client.get("/certificates/verify?lang=en").text
    assert 'href="/certificates/verify"' in guest.partition("<main")[0]
    own = signed_in(maker.person(language="en")).get("/certificates").text
    assert 'href="/certificates"' in own.partition("<main")[0]
    assert 'href="/certificates/verify"' not in own.partition("<main")[0]


def test_settings_stand_on_what_is_issued_next(lms_app, registry, maker, quick_sheets):
    with lms_app.app_context(), unit_of_work():
        save("certificates", {"number_prefix": 'K"-', "programme_line": "Støttet."}, GUEST)
    (certificate,) = registry.issue(registry.completed(maker.person()))
    assert certificate.number.startswith('K"-20')
    assert "Støttet." in certificate.document


def test_a_number_with_odd_letters_still_has_a_file_name(
    lms_app, registry, town, quick_sheets, signed_in
):
    with lms_app.app_context(), unit_of_work():
        save("certificates", {"number_prefix": 'Æ";\\-', "programme_line": ""}, GUEST)
    (certificate,) = registry.issue(registry.completed(town.holder))
    answer = signed_in(town.holder).get(f"/certificates/c/{certificate.key}/certificate.pdf")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment; filename")


def test_settings_are_asked_for_in_all_languages(host):
    section = ours(host.gather("lms_settings"))
    assert in_all_languages(section.title)
    assert {field.key for field in section.fields} == {"number_prefix", "programme_line"}
    assert all(in_all_languages(field.label) for field in section.fields)


def test_person_panels_show_a_person_their_own_and_nobody_elses(lms_app, registry, town):
    with lms_app.app_context():
        people = list(person_facts([town.holder.id, town.manager.id]).values())
        drawn = ours(
            current_host().draw(
                "lms_person_panels", persons=people, actor=actor_for_person(town.holder.id)
            )
        )
        assert drawn == {}
    newest = [registry.certificate(person=town.holder, issuer=town.issuer) for _ in range(7)][-1]
    with lms_app.app_context():
        host = current_host()
        asked = {"persons": people, "actor": actor_for_person(town.holder.id)}
        ((person_id, (panel,)),) = ours(host.draw("lms_person_panels", **asked)).items()
        assert person_id == town.holder.id
        assert len(panel.values["certificates"]) == 5
        assert panel.values["certificates"][0].number == newest.number
        asked["actor"] = actor_for_person(town.manager.id)
        assert ours(host.draw("lms_person_panels", **asked)) == {}


def test_person_panels_are_drawn_on_my_page(registry, town, signed_in):
    certificate = registry.certificate(person=town.holder)
    page = signed_in(town.holder).get("/me")
    assert page.status_code == 200
    assert f"/certificates/c/{certificate.key}" in page.text


def test_enrolment_panels_tell_how_the_certificate_stands(
    lms_app, registry, maker, town, quick_sheets, signed_in
):
    done, waiting = registry.completed(town.holder, maker.person())
    (certificate,) = registry.issue([done])
    active = maker.enrolment(state="active")
    with lms_app.test_request_context():
        facts = list(enrolments_by_id([done.id, waiting.id, active.id]).values())
        drawn = ours(
            current_host().draw(
                "lms_enrolment_panels", enrolments=facts, actor=actor_for_person(town.holder.id)
            )
        )
    assert set(drawn) == {done.id, waiting.id}
    assert drawn[done.id][0].values["certificate"].number == certificate.number
    assert drawn[done.id][0].values["mine"] is True
    assert drawn[waiting.id][0].values == {"certificate": None, "mine": False}
    page = signed_in(town.holder).get(f"/enrolments/{done.key}")
    assert f"/certificates/c/{certificate.key}" in page.text


def test_enrolment_panels_take_one_question_for_many(lms_app, registry, maker, town, count_queries):
    enrolments = registry.completed(*(maker.person() for _ in range(30)))
    for enrolment in enrolments:
        registry.certificate(enrolment_id=enrolment.id)
    with lms_app.app_context():
        facts = list(enrolments_by_id([e.id for e in enrolments]).values())
        host, actor = current_host(), actor_for_person(town.holder.id)
        with count_queries() as asked:
            drawn = ours(host.draw("lms_enrolment_panels", enrolments=facts, actor=actor))
    assert len([statement for statement in asked if "certificates_" in statement]) == 1
    assert all(panels[0].values["certificate"] for panels in drawn.values())


def test_data_policy_keeps_what_was_certified(host):
    (policy,) = ours(host.gather("lms_data_policy"))
    assert (policy.table, policy.person_columns) == ("certificates_certificate", ("person_id",))
    assert (policy.copy, policy.export, policy.erase) == ("never", True, "keep")


def test_doctor_is_content_and_tells_of_sheets_nobody_printed(host, registry):
    (finding,) = ours(host.gather("lms_doctor"))
    assert finding.ok, finding.sentence
    db.session.rollback()
    registry.certificate(issued_at=now() - timedelta(hours=2))
    _libraries, late = ours(host.gather("lms_doctor"))
    assert (late.ok, late.warning) == (False, True)
    assert "to be printed: 1." in late.sentence


def test_doctor_names_the_libraries_that_are_missing(host, monkeypatch):
    monkeypatch.setattr("lms_certificates.plugin.find_library", lambda _name: None)
    (finding,) = ours(host.gather("lms_doctor"))
    assert not finding.ok
    assert "pango-1.0" in finding.sentence


def test_blueprints_declare_who_may_and_what_endures(lms_app, host):
    rules = {
        rule.endpoint: lms_app.view_functions[rule.endpoint].lms_access
        for rule in lms_app.url_map.iter_rules()
        if rule.endpoint.startswith("certificates.")
    }
    enduring = {name.partition(".")[2] for name, access in rules.items() if access.enduring}
    assert enduring == {"index", "show", "file", "data", "verify", "verified"}
    public = {name.partition(".")[2] for name, access in rules.items() if access.known == "public"}
    assert public == {"verify", "verified"}
    assert all(rules[f"certificates.{name}"].rate == "verify" for name in public)
