"""Sockets that the certificates plugin fills. Nothing imports this module."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from ctypes.util import find_library
from datetime import timedelta

from flask import Blueprint

from lms.api import (
    Actor,
    DataPolicy,
    DoctorFinding,
    EnrolmentFacts,
    JobType,
    JournalEntryFacts,
    LocalisedText,
    MenuLink,
    Panel,
    Permission,
    PersonFacts,
    RecordType,
    RoleBundle,
    SettingField,
    SettingsSection,
    hookimpl,
)
from lms_certificates import issuing, queries, records
from lms_certificates.views import blueprint

LATE = timedelta(hours=1)
MOST_OF_COMPANY = 50
"""Certificates that a company sees on its own page, the newest."""


@hookimpl
def lms_blueprints() -> Sequence[Blueprint]:
    return (blueprint,)


@hookimpl
def lms_record_types() -> Sequence[RecordType]:
    return (records.RECORD_TYPE,)


@hookimpl
def lms_notice(entries: Sequence[JournalEntryFacts]) -> None:
    issuing.ask_for_certificates(
        [entry.subject_id for entry in entries if entry.verb == "learning.completion_met"]
    )


@hookimpl
def lms_jobs() -> Sequence[JobType]:
    return (
        JobType(name=issuing.ISSUE, run=issuing.issue, max_attempts=10),
        JobType(name=issuing.RENDER, run=issuing.render),
    )


@hookimpl
def lms_permissions() -> Sequence[Permission]:
    return (
        Permission(
            key=queries.MANAGE,
            title=LocalisedText(
                da="Se og tilbagekalde beviser",
                sv="Se och återkalla intyg",
                en="See and revoke certificates",
            ),
        ),
    )


@hookimpl
def lms_role_bundles() -> Sequence[RoleBundle]:
    return tuple(
        RoleBundle(role=role, permissions=(queries.MANAGE,))
        for role in ("institution_admin", "programme_lead")
    )


@hookimpl
def lms_menu_links() -> Sequence[MenuLink]:
    return (
        MenuLink(
            endpoint="certificates.index",
            label=LocalisedText(da="Beviser", sv="Intyg", en="Certificates"),
            icon="award",
            order=40,
            audience="signed_in",
        ),
        MenuLink(
            endpoint="certificates.verify",
            label=LocalisedText(da="Tjek et bevis", sv="Kontrollera", en="Check a certificate"),
            icon="award",
            order=40,
            audience="guests",
        ),
    )


@hookimpl
def lms_settings() -> SettingsSection:
    return SettingsSection(
        title=LocalisedText(da="Beviser", sv="Intyg", en="Certificates"),
        fields=(
            SettingField(
                key="number_prefix",
                kind="text",
                label=LocalisedText(
                    da="Bogstaver foran numrene",
                    sv="Bokstäver före numren",
                    en="Letters before the numbers",
                ),
                hint=LocalisedText(
                    da="For eksempel K- for K-2026-00001. Må være tomt.",
                    sv="Till exempel K- för K-2026-00001. Får vara tomt.",
                    en="Such as K- for K-2026-00001. May be empty.",
                ),
                default="",
                maximum=10,
            ),
            SettingField(
                key="programme_line",
                kind="text",
                label=LocalisedText(
                    da="Linje om programmet", sv="Rad om programmet", en="Line about the programme"
                ),
                hint=LocalisedText(
                    da="Står nederst på beviset, når forløbet er støttet.",
                    sv="Står längst ner på intyget när kursen får stöd.",
                    en="Stands at the foot of the certificate when the course is funded.",
                ),
                default="",
                maximum=200,
            ),
        ),
    )


@hookimpl
def lms_person_panels(
    persons: Sequence[PersonFacts], actor: Actor
) -> Mapping[int, Sequence[Panel]]:
    own = [person.id for person in persons if person.id == actor.person_id]
    found: dict[int, Sequence[Panel]] = {}
    for person_id in own:
        certificates = queries.of_person(person_id, limit=5)
        if certificates:
            found[person_id] = (
                Panel(
                    template="certificates/person_panel.html",
                    values={"certificates": certificates},
                    title=LocalisedText(da="Dine beviser", sv="Dina intyg", en="Your certificates"),
                    order=60,
                    place="aside",
                ),
            )
    return found


@hookimpl
def lms_enrolment_panels(
    enrolments: Sequence[EnrolmentFacts], actor: Actor
) -> Mapping[int, Sequence[Panel]]:
    completed = [enrolment.id for enrolment in enrolments if enrolment.state == "completed"]
    if not completed:
        return {}
    # Newest last, so that of several certificates of an enrolment the newest stays.
    issued = {c.enrolment_id: c for c in reversed(queries.of_enrolments(completed))}
    mine = {e.id for e in enrolments if e.person_id == actor.person_id}
    return {
        enrolment_id: (
            Panel(
                template="certificates/enrolment_panel.html",
                values={
                    "certificate": issued.get(enrolment_id),
                    "mine": enrolment_id in mine,
                },
                title=LocalisedText(da="Bevis", sv="Intyg", en="Certificate"),
                order=60,
                place="aside",
            ),
        )
        for enrolment_id in completed
    }


@hookimpl(optionalhook=True)
def fairplay_company_panels(company_id: int, actor: Actor) -> Sequence[Panel]:
    """What those who work for a company have taken home, on its own page."""
    issued = queries.of_employer(company_id, limit=MOST_OF_COMPANY)
    if not issued:
        return ()
    return (
        Panel(
            template="certificates/company_panel.html",
            values={"certificates": issued},
            title=LocalisedText(
                da="Jeres medarbejderes beviser",
                sv="Era medarbetares intyg",
                en="Certificates of your people",
            ),
            order=40,
        ),
    )


@hookimpl
def lms_data_policy() -> Sequence[DataPolicy]:
    return (
        DataPolicy(
            table="certificates_certificate",
            purpose="proof of learning that stays true: name, course, date and number",
            person_columns=("person_id",),
            erase="keep",
        ),
    )


@hookimpl
def lms_doctor() -> Sequence[DoctorFinding]:
    missing = [
        name for name in ("pango-1.0", "pangoft2-1.0", "harfbuzz") if find_library(name) is None
    ]
    findings = [
        DoctorFinding(
            ok=not missing,
            name="certificates",
            sentence=f"Libraries for printing are missing: {', '.join(missing)}."
            if missing
            else "Everything needed for printing is there.",
        ),
    ]
    if waiting := queries.unprinted_since(LATE):
        findings.append(
            DoctorFinding(
                ok=False,
                warning=True,
                name="certificates",
                sentence=f"Certificates waiting over an hour to be printed: {waiting}. "
                "See the jobs page.",
            )
        )
    return findings
