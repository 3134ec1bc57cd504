"""What the users room contributes: the core's permissions and what each access role carries."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from lms.contracts import (
    SYSTEM,
    DataPolicy,
    DoctorFinding,
    Finish,
    JobContext,
    JobType,
    LocalisedText,
    MenuLink,
    Permission,
    RoleBundle,
)
from lms.core.users import queries, services
from lms.core.users.carrying import run_list
from lms.core.users.queries.lists import JOB as CARRY_OUT_LIST
from lms.hookspecs import hookimpl

PERMISSIONS = (
    Permission(
        key="catalogue.view_internal",
        title=LocalisedText(
            da="Se hold, der ikke er offentlige",
            sv="Se omgångar som inte är offentliga",
            en="See runs that are not public",
        ),
    ),
    Permission(
        key="catalogue.build",
        title=LocalisedText(
            da="Skrive forløb, som andre godkender",
            sv="Skriva kurser som andra godkänner",
            en="Write courses that others approve",
        ),
    ),
    Permission(
        key="catalogue.manage",
        title=LocalisedText(
            da="Oprette og ændre forløb og hold",
            sv="Skapa och ändra kurser och omgångar",
            en="Create and change courses and runs",
        ),
    ),
    Permission(
        key="enrolment.request",
        title=LocalisedText(da="Bede om en plads", sv="Be om en plats", en="Ask for a seat"),
    ),
    Permission(
        key="enrolment.decide",
        title=LocalisedText(
            da="Svare på sine medarbejderes ønsker om en plads",
            sv="Svara på sina medarbetares önskan om en plats",
            en="Answer when own staff ask for a seat",
        ),
    ),
    Permission(
        key="enrolment.manage",
        title=LocalisedText(
            da="Styre pladser og ventelister",
            sv="Hantera platser och väntelistor",
            en="Manage seats and waiting lists",
        ),
    ),
    Permission(
        key="learning.teach",
        title=LocalisedText(
            da="Undervise: deltagere, fremmøde og gennemførelse",
            sv="Undervisa: deltagare, närvaro och genomförande",
            en="Teach: participants, attendance and completion",
        ),
    ),
    Permission(
        key="learning.read_sums",
        title=LocalisedText(
            da="Læse tal uden navne", sv="Läsa siffror utan namn", en="Read figures without names"
        ),
    ),
    Permission(
        key="people.manage",
        title=LocalisedText(
            da="Invitere og ændre personer",
            sv="Bjuda in och ändra personer",
            en="Invite and change people",
        ),
    ),
    Permission(
        key="organisations.manage",
        title=LocalisedText(
            da="Oprette og ændre organisationer",
            sv="Skapa och ändra organisationer",
            en="Create and change organisations",
        ),
    ),
    Permission(
        key="site.admin",
        title=LocalisedText(
            da="Passe hele stedet", sv="Sköta hela webbplatsen", en="Look after the whole site"
        ),
    ),
)

ROLES = (
    RoleBundle(
        role="learner",
        permissions=("enrolment.request",),
        title=LocalisedText(da="Deltager", sv="Deltagare", en="Participant"),
    ),
    RoleBundle(
        role="teacher",
        permissions=("catalogue.view_internal", "catalogue.build", "learning.teach"),
        title=LocalisedText(da="Underviser", sv="Lärare", en="Teacher"),
    ),
    RoleBundle(
        role="programme_lead",
        permissions=(
            "catalogue.view_internal",
            "catalogue.build",
            "catalogue.manage",
            "enrolment.manage",
            "learning.teach",
            "learning.read_sums",
        ),
        title=LocalisedText(da="Forløbsansvarlig", sv="Programansvarig", en="Programme lead"),
    ),
    RoleBundle(
        role="manager",
        permissions=("enrolment.decide", "learning.read_sums"),
        title=LocalisedText(da="Leder", sv="Chef", en="Manager"),
    ),
    RoleBundle(
        role="company_teacher",
        permissions=("catalogue.view_internal",),
        title=LocalisedText(
            da="Underviser fra en virksomhed",
            sv="Lärare från ett företag",
            en="Teacher from a company",
        ),
    ),
    RoleBundle(
        role="company_user",  # whoever works for a company, in that company; given to nobody
        permissions=(),
        title=LocalisedText(
            da="Medarbejder i en virksomhed", sv="Medarbetare i ett företag", en="Company staff"
        ),
    ),
    RoleBundle(
        role="institution_admin",
        permissions=(
            "catalogue.view_internal",
            "catalogue.build",
            "catalogue.manage",
            "enrolment.manage",
            "learning.read_sums",
            "people.manage",
            "organisations.manage",
        ),
        title=LocalisedText(
            da="Administrator i en institution",
            sv="Administratör på en institution",
            en="Institution administrator",
        ),
    ),
    RoleBundle(
        role="evaluator",
        permissions=("learning.read_sums",),
        title=LocalisedText(da="Evaluator", sv="Utvärderare", en="Evaluator"),
    ),
    RoleBundle(
        role="site_admin",
        permissions=tuple(permission.key for permission in PERMISSIONS),
        title=LocalisedText(da="Administrator", sv="Administratör", en="Site administrator"),
    ),
)


@hookimpl
def lms_permissions() -> Sequence[Permission]:
    """The core's permissions. Each room and plugin may add its own."""
    return PERMISSIONS


@hookimpl
def lms_role_bundles() -> Sequence[RoleBundle]:
    """The nine access roles. Several bundles for one role add up."""
    return ROLES


@hookimpl
def lms_menu_links() -> Sequence[MenuLink]:
    """The list of people, for those who manage some."""
    return (
        MenuLink(
            endpoint="users.people",
            label=LocalisedText(da="Personer", sv="Personer", en="People"),
            icon="users",
            order=60,
            permission="people.manage",
            audience="signed_in",
        ),
    )


@hookimpl
def lms_jobs() -> Sequence[JobType]:
    """Every day what is long over is removed; at night, whoever's last day is over leaves."""
    return (
        JobType(name="users.tidy", run=_tidy, every=timedelta(days=1)),
        JobType(name="users.leave_when_over", run=_leave_when_over, every=timedelta(hours=1)),
        JobType(name=CARRY_OUT_LIST, run=run_list),
    )


def _tidy(_context: JobContext) -> Finish:
    def finish() -> None:
        services.forget_what_is_over()
        services.forget_lists_that_wait()

    return finish


def _leave_when_over(context: JobContext) -> Finish:
    def finish() -> None:
        context.log(f"{services.close_when_over(actor=SYSTEM)} left")

    return finish


@hookimpl
def lms_doctor() -> Sequence[DoctorFinding]:
    """Without a site administrator nobody can invite anybody."""
    number = queries.count_site_admins()
    return (
        DoctorFinding(
            ok=number > 0,
            name="site administrator",
            sentence=f"{number} can sign in as site administrator."
            if number
            else "Nobody can sign in as site administrator. Run: lms users invite --help",
            warning=True,
        ),
    )


@hookimpl
def lms_data_policy() -> Sequence[DataPolicy]:
    """People stay as an anonymous row; what only serves to sign in goes away."""
    return (
        DataPolicy(
            table="users_person",
            purpose="who may sign in, and how to reach them",
            person_columns=("id",),
            erase="anonymise",
        ),
        DataPolicy(
            table="users_sign_in",
            purpose="where a person is signed in",
            person_columns=("person_id",),
            erase="delete",
            retention_months=3,
        ),
        DataPolicy(
            table="users_access_role",
            purpose="what a person may do, and where",
            person_columns=("person_id",),
            erase="delete",
        ),
        DataPolicy(
            table="users_assignment",
            purpose="where a person works, as what and under whom, over time",
            person_columns=("person_id", "manager_id"),
            erase="keep",
        ),
        DataPolicy(
            table="users_single_use_link",
            purpose="links for invitations, new passwords and answers by mail",
            person_columns=("person_id",),
            export=False,
            erase="delete",
            retention_months=3,
        ),
        DataPolicy(
            table="users_api_token",
            purpose="programs that act for a person",
            person_columns=("person_id",),
            erase="delete",
            retention_months=12,
        ),
        DataPolicy(
            table="users_sync",
            purpose="lists of people from an employer's own system",
            person_columns=("created_by_id",),
            export=False,
            erase="blank",
            retention_months=12,
        ),
    )
