"""What plugins bring, by key: asked once at start, filtered by who is active now."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import click

from lms.contracts import (
    ActivityType,
    Condition,
    CourseType,
    DataPolicy,
    DoctorFinding,
    JobType,
    MenuLink,
    Permission,
    RecordType,
    RoleBundle,
    SettingsSection,
    TechnologyCategory,
    WaitingRule,
)
from lms.host.calls import Calls
from lms.host.records import Owned, unanswered

KEYS: Mapping[str, str] = {
    "lms_course_types": "key",
    "lms_activity_types": "key",
    "lms_record_types": "key",
    "lms_conditions": "key",
    "lms_permissions": "key",
    "lms_jobs": "name",
    "lms_data_policy": "table",
    "lms_waiting_rules": "key",
    "lms_technology_categories": "key",
}
"""Hooks whose items have a key that only one may hold, and the attribute it is."""

OWN_NAMES: Mapping[str, str] = {
    "lms_conditions": ".",
    "lms_permissions": ".",
    "lms_jobs": ".",
    "lms_data_policy": "_",
    "lms_waiting_rules": ".",
}
"""Hooks whose keys begin with the plugin's name and this."""


class Registries(Calls):
    """Each method answers with what is there now. The core's items win over a plugin's, and the
    first plugin's over the second's; what is left out stands in the plugin's remarks."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._keyed: dict[str, dict[str, Owned[Any]]] = {}
        self._listed: dict[str, list[Owned[Any]]] = {}

    # --- the answers ----------------------------------------------------------------------------

    def course_types(self) -> dict[str, Owned[CourseType]]:
        """Course types by key."""
        return self._now("lms_course_types")

    def course_type_keys(self) -> frozenset[str]:
        """The keys of the course types that somebody answers for just now."""
        return frozenset(self.course_types())

    def activity_types(self) -> dict[str, Owned[ActivityType]]:
        """Activity types by key."""
        return self._now("lms_activity_types")

    def record_types(self) -> dict[str, Owned[RecordType]]:
        """Record types by key."""
        return self._now("lms_record_types")

    def conditions(self) -> dict[str, Owned[Condition]]:
        """Plugins' conditions of completion by key."""
        return self._now("lms_conditions")

    def permissions(self) -> dict[str, Owned[Permission]]:
        """Permissions by key."""
        return self._now("lms_permissions")

    def job_types(self) -> dict[str, Owned[JobType]]:
        """Job types by name."""
        return self._now("lms_jobs")

    def waiting_rules(self) -> dict[str, Owned[WaitingRule]]:
        """Plugins' rules for waiting lists by key."""
        return self._now("lms_waiting_rules")

    def technology_categories(self) -> dict[str, Owned[TechnologyCategory]]:
        """Kinds of technology by key."""
        return self._now("lms_technology_categories")

    def data_policies(self) -> dict[str, Owned[DataPolicy]]:
        """Data policies by table; of plugins that are switched off too, for their data is there."""
        return dict(self._keyed.get("lms_data_policy", {}))

    def settings_sections(self) -> dict[str, Owned[SettingsSection]]:
        """Settings by the name of the plugin or room."""
        return self._now("lms_settings")

    def role_bundles(self) -> list[Owned[RoleBundle]]:
        """Role bundles, the core's first. Several for one role add up."""
        return self._listed_now("lms_role_bundles")

    def menu_links(self) -> list[Owned[MenuLink]]:
        """Links of the main menu, in no particular order; each leads somewhere."""
        return self._listed_now("lms_menu_links")

    def commands(self) -> list[Owned[click.Command]]:
        """Commands; `lms <plugin> <command>`."""
        return [
            Owned(plugin=answer.plugin, item=command)
            for answer in self.gather("lms_commands")
            for command in answer.value
        ]

    def demo_steps(self) -> dict[str, Owned[Callable[[], None]]]:
        """Steps of the demo by name, in name order. A second step of one name is left out."""
        found: dict[str, Owned[Callable[[], None]]] = {}
        for answer in self.gather("lms_demo"):
            for name, step in answer.value.items():
                if name in found:
                    self._leave_out(answer.plugin, "lms_demo", f"the step {name} is there already")
                else:
                    found[name] = Owned(plugin=answer.plugin, item=step)
        return dict(sorted(found.items()))

    def doctor_findings(self) -> list[Owned[DoctorFinding]]:
        """What everybody finds when asked whether they are well; one that fails is a finding."""
        return [
            Owned(plugin=answer.plugin, item=finding)
            for answer in self.draw("lms_doctor")
            for finding in ((unanswered(answer.plugin),) if answer.value is None else answer.value)
        ]

    # --- filling --------------------------------------------------------------------------------

    def _fill_registries(self) -> None:
        """Ask everybody once. Runs at start, after the pages are mounted."""
        for hook, attribute in KEYS.items():
            self._keyed[hook] = {}
            for plugin, item in self._asked_at_start(hook):
                self._take(hook, plugin, getattr(item, attribute), item)
        self._keyed["lms_settings"] = {}
        for plugin, section in self._single_at_start("lms_settings"):
            self._keyed["lms_settings"][plugin] = Owned(plugin=plugin, item=section)
        self._listed["lms_role_bundles"] = self._fair_bundles()
        self._listed["lms_menu_links"] = [
            Owned(plugin=plugin, item=link)
            for plugin, link in self._asked_at_start("lms_menu_links")
            if plugin in self._core or self._leads_somewhere(plugin, link)
        ]

    def _single_at_start(self, hook: str) -> list[tuple[str, Any]]:
        """(plugin, answer) of all that fill the hook, whether switched on or not."""
        answers = [self._ask(filler, {}) for filler in self._fillers[hook]]
        return [(answer.plugin, answer.value) for answer in answers if answer.value is not None]

    def _asked_at_start(self, hook: str) -> list[tuple[str, Any]]:
        """(plugin, item) of all that fill the hook, whether switched on or not."""
        return [(plugin, item) for plugin, value in self._single_at_start(hook) for item in value]

    def _take(self, hook: str, plugin: str, key: str, item: Any) -> None:
        held = self._keyed[hook].get(key)
        core = plugin in self._core
        own = plugin + OWN_NAMES.get(hook, "")
        if held is not None:
            self._leave_out(plugin, hook, f"{key} is already {held.plugin}'s")
        elif hook in OWN_NAMES and not core and not key.startswith(own):
            self._leave_out(plugin, hook, f"{key} must begin with {own}")
        else:
            self._keyed[hook][key] = Owned(plugin=plugin, item=item)

    def _fair_bundles(self) -> list[Owned[RoleBundle]]:
        """A plugin gives the core's roles its own permissions only, never the core's."""
        bundles = []
        core_roles: set[str] = set()
        for plugin, bundle in self._asked_at_start("lms_role_bundles"):
            if plugin in self._core:
                core_roles.add(bundle.role)
            elif bundle.role in core_roles:
                foreign = [p for p in bundle.permissions if not p.startswith(f"{plugin}.")]
                if foreign:
                    reason = f"{bundle.role} would get {', '.join(foreign)}, which is not its own"
                    self._leave_out(plugin, "lms_role_bundles", reason)
                    continue
            bundles.append(Owned(plugin=plugin, item=bundle))
        return bundles

    def _leads_somewhere(self, plugin: str, link: MenuLink) -> bool:
        rules = list(self.app.url_map.iter_rules())
        for rule in rules:
            if rule.endpoint == link.endpoint and not rule.arguments - set(rule.defaults or ()):
                return True
        self._leave_out(plugin, "lms_menu_links", f"{link.endpoint} is no page without arguments")
        return False

    def _leave_out(self, plugin: str, hook: str, reason: str) -> None:
        remark = f"{hook}: {reason}; it was left out."
        if plugin in self._core:
            raise ValueError(f"{plugin}: {remark}")
        remarks = self._records[plugin].remarks
        if remark not in remarks:
            remarks.append(remark)

    # --- filtering ------------------------------------------------------------------------------

    def _now(self, hook: str) -> dict[str, Owned[Any]]:
        held = self._keyed.get(hook, {})
        return {key: owned for key, owned in held.items() if self.is_active(owned.plugin)}

    def _listed_now(self, hook: str) -> list[Owned[Any]]:
        return [owned for owned in self._listed.get(hook, []) if self.is_active(owned.plugin)]
