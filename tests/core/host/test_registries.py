"""What plugins bring, by key: the first comer holds it, and who is out of order brings nothing."""

from __future__ import annotations

from datetime import timedelta

import click
import pytest

from lms.contracts import (
    ActivityType,
    DataPolicy,
    JobType,
    LocalisedText,
    Permission,
    RecordType,
    RoleBundle,
    SettingsSection,
    WaitingRule,
)
from lms.hookspecs import hookimpl

WORDS = LocalisedText(en="Words")


class Moss:
    """Brings one of everything."""

    name = "moss"

    @hookimpl
    def lms_activity_types(self):
        return [ActivityType(key="walk", title=WORDS, icon="leaf")]

    @hookimpl
    def lms_record_types(self):
        return [RecordType(key="finding", title=WORDS, icon="leaf")]

    @hookimpl
    def lms_permissions(self):
        return [Permission(key=f"{self.name}.gather", title=WORDS)]

    @hookimpl
    def lms_role_bundles(self):
        return [
            RoleBundle(role="learner", permissions=(f"{self.name}.gather",)),
            RoleBundle(role="gatherer", permissions=(f"{self.name}.gather", "site.admin")),
        ]

    @hookimpl
    def lms_settings(self):
        return SettingsSection(title=WORDS, fields=())

    @hookimpl
    def lms_jobs(self):
        return [JobType(name=f"{self.name}.sweep", run=lambda _context: None)]

    @hookimpl
    def lms_waiting_rules(self):
        return [WaitingRule(key=f"{self.name}.old_ones", title=WORDS, explanation=WORDS)]

    @hookimpl
    def lms_commands(self):
        return [click.Command("sweep")]

    @hookimpl
    def lms_data_policy(self):
        return [DataPolicy(table=f"{self.name}_stone", purpose="stones")]

    @hookimpl
    def lms_demo(self):
        return {"20_stones": list, "10_walls": list}


class Core:
    @hookimpl
    def lms_role_bundles(self):
        return [RoleBundle(role="learner", permissions=("enrolment.request",))]

    @hookimpl
    def lms_activity_types(self):
        return [ActivityType(key="session", title=WORDS, icon="book-open")]


def everything(host):
    return {
        "activity_types": sorted(host.activity_types()),
        "record_types": sorted(host.record_types()),
        "permissions": sorted(host.permissions()),
        "role_bundles": [o.item.role for o in host.role_bundles() if o.plugin == "moss"],
        "settings_sections": sorted(host.settings_sections()),
        "job_types": sorted(host.job_types()),
        "waiting_rules": sorted(host.waiting_rules()),
        "commands": [o.item.name for o in host.commands()],
        "demo_steps": list(host.demo_steps()),
    }


def test_activity_types_record_types_permissions_and_the_rest(make_host):
    host = make_host(("moss", Moss()), core=[("core.room", Core())])
    assert everything(host) == {
        "activity_types": ["session", "walk"],
        "record_types": ["finding"],
        "permissions": ["moss.gather"],
        "role_bundles": ["learner", "gatherer"],
        "settings_sections": ["moss"],
        "job_types": ["moss.sweep"],
        "waiting_rules": ["moss.old_ones"],
        "commands": ["sweep"],
        "demo_steps": ["10_walls", "20_stones"],
    }
    assert sorted(host.data_policies()) == ["host_plugin_state", "moss_stone"]
    assert host.records["moss"].remarks == []


def test_a_plugin_that_is_off_brings_nothing_but_its_data_policy(make_host):
    host = make_host(("moss", Moss()), core=[("core.room", Core())])
    host.switch("moss", on=False)
    assert not any(value for name, value in everything(host).items() if name != "activity_types")
    assert list(host.activity_types()) == ["session"]
    assert "moss_stone" in host.data_policies()


@pytest.mark.parametrize(
    ("hook", "registry", "items"),
    [
        (
            "lms_activity_types",
            "activity_types",
            [ActivityType(key="session", title=WORDS, icon="x")],
        ),
        ("lms_activity_types", "activity_types", [ActivityType(key="walk", title=WORDS, icon="x")]),
        ("lms_record_types", "record_types", [RecordType(key="finding", title=WORDS, icon="x")]),
        ("lms_permissions", "permissions", [Permission(key="moss.gather", title=WORDS)]),
        ("lms_permissions", "permissions", [Permission(key="users.manage", title=WORDS)]),
        ("lms_jobs", "job_types", [JobType(name="moss.sweep", run=lambda _context: None)]),
        (
            "lms_jobs",
            "job_types",
            [JobType(name="jobs.x", run=lambda _context: None, every=timedelta(hours=1))],
        ),
        ("lms_data_policy", "data_policies", [DataPolicy(table="users_person", purpose="mine")]),
    ],
)
def test_the_second_comer_is_left_out_and_said_so(make_host, evil, hook, registry, items):
    host = make_host(
        ("moss", Moss()), ("fern", evil(hook, lambda: items)), core=[("core.room", Core())]
    )
    assert "fern" not in {owned.plugin for owned in getattr(host, registry)().values()}
    (remark,) = host.records["fern"].remarks
    assert "left out" in remark
    assert host.is_active("fern")


def test_course_types_of_one_key(make_host, healthy, evil, facts):
    host = make_host(
        ("healthy", healthy),
        ("fern", evil("lms_course_types", lambda: [facts.course_type("healthy")])),
    )
    assert host.course_types()["healthy"].plugin == "healthy"
    assert host.records["fern"].remarks


def test_the_core_may_not_collide_with_itself(make_host):
    with pytest.raises(ValueError, match="session"):
        make_host(core=[("core.one", Core()), ("core.two", Core())])


def test_role_bundles_give_the_cores_roles_nothing_of_the_cores(make_host, evil):
    stolen = [RoleBundle(role="learner", permissions=("fern.x", "site.admin"))]
    host = make_host(
        ("fern", evil("lms_role_bundles", lambda: stolen)), core=[("core.room", Core())]
    )
    assert [owned.plugin for owned in host.role_bundles()] == ["core.room"]
    assert "site.admin" in host.records["fern"].remarks[0]


def test_demo_steps_of_one_name(make_host, evil):
    host = make_host(("moss", Moss()), ("fern", evil("lms_demo", lambda: {"10_walls": dict})))
    assert host.demo_steps()["10_walls"].plugin == "moss"
    assert host.demo_steps()
    assert len(host.records["fern"].remarks) == 1


def test_a_failing_contribution_leaves_the_plugins_other_ones(make_host, healthy):
    class Evil(Moss):
        @hookimpl
        def lms_permissions(self):
            raise RuntimeError("no luck")

        @hookimpl
        def lms_settings(self):
            return "not a section"

    host = make_host(("healthy", healthy), ("moss", Evil()))
    assert host.is_active("moss")
    assert sorted(host.record_types()) == ["finding"]
    assert host.permissions() == {}
    assert host.settings_sections() == {}
    assert len(host.records["moss"].remarks) == 2
    with host.app.app_context():
        findings = {o.item.name: o.item for o in host.doctor_findings()}
    assert findings["plugin moss"].warning
    assert "no luck" in findings["plugin moss"].sentence
