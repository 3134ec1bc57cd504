"""Letters about panels: to everybody what was said of them, at once; and before it is late."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from lms.api import (
    SYSTEM,
    JournalEntryFacts,
    Recipient,
    RunFacts,
    active_among,
    email_key,
    enrolments_in_run,
    marked,
    now,
    people_who_may,
    person_id_by_email,
    queue_letter,
    queue_note,
    runs_by_id,
    site_address,
    team_of,
)
from lms_courses.letter_words import Told, day_in, filled
from lms_courses.panel_kinds import KINDS
from lms_courses.permissions import DECIDE
from lms_courses.queries.calls import ApplicationFacts, own_applications
from lms_courses.queries.panels import (
    IN_CLASS,
    PanelFacts,
    SubjectFacts,
    candidates,
    panels_by_id,
    subjects_of,
    unreleased,
)
from lms_courses.types import STUDENT
from lms_courses.words import domain

RELEASED = "courses.panel_released"
SUBJECT = marked("What the panel said to you: %(run)s")
TEXT = marked("All are told at this moment. This is for %(name)s. %(said)s")
SEE = marked("Read all of it")
SEE_RECEIPT = marked("See your application")
WHY = marked("You get this because the panel has heard you.")
DUE_SUBJECT = marked("Send the feedback by %(day)s: %(run)s")
DUE_TEXT = marked("%(kind)s has been held. All who were heard wait for their answer.")
LATE_SUBJECT = marked("The feedback is late: %(run)s")
DUE_SEE = marked("See what is missing")
DUE_WHY = marked("You get this because you lead the run.")
MOST_PEOPLE = 1000
BEFORE = timedelta(days=2)
"""Before the day on which it is due that its leads are reminded; late is told once more."""


def tell_panels(entries: Sequence[JournalEntryFacts]) -> None:
    """What was released goes to all it is about. A number of questions for each panel."""
    told = [entry for entry in entries if entry.verb == RELEASED]
    panels = panels_by_id([entry.subject_id for entry in told])
    runs = runs_by_id(sorted({one.run_id for one in panels.values()})) if panels else {}
    for entry in told:
        panel = panels.get(entry.subject_id)
        if panel is not None:
            _tell(entry, panel, runs[panel.run_id])


def _tell(entry: JournalEntryFacts, panel: PanelFacts, run: RunFacts) -> None:
    subjects = subjects_of([panel.id])
    rows = enrolments_in_run(run.id, IN_CLASS, limit=MOST_PEOPLE)
    at_work: dict[int | None, list[int]] = {}
    for row in rows:
        at_work.setdefault(row.enrolment.employer_id, []).append(row.enrolment.person_id)
    groups = {}
    if run.course_type == STUDENT:
        groups = {one.group_id: one.people for one in candidates(run)}
    applications = own_applications(
        [one.application_id for one in subjects if one.application_id is not None]
    )
    here = active_among([row.enrolment.person_id for row in rows])
    for one in subjects:
        if one.application_id is None:
            people: Sequence[int] = groups.get(one.group_id, ())
        else:
            people = at_work.get(one.company_id, ()) if one.company_id is not None else ()
        reached = [person for person in people if person in here]
        for person in reached:
            _note(entry, one, run, person)
        application = applications.get(one.application_id or 0)
        if application is not None and _known(application) not in reached:
            _to_contact(entry, one, run, application)


def _known(application: ApplicationFacts) -> int | None:
    """Who is behind the address in the application, where it is somebody known here."""
    return person_id_by_email(SYSTEM, email_key(application.contact_email))


def _note(entry: JournalEntryFacts, subject: SubjectFacts, run: RunFacts, person: int) -> None:
    queue_note(
        f"courses:{entry.id}:{subject.id}:{person}",
        person,
        subject=filled(SUBJECT, _told(subject, run)),
        text=filled(TEXT, _told(subject, run)),
        label=domain.localised(SEE),
        url=site_address("courses.feedback", key=subject.key),
        why=domain.localised(WHY),
    )


def _to_contact(
    entry: JournalEntryFacts, subject: SubjectFacts, run: RunFacts, application: ApplicationFacts
) -> None:
    """To somebody who need not have an account: the letter holds what was said, and leads to the
    receipt, which asks nobody to sign in."""
    queue_letter(
        f"courses:{entry.id}:{subject.id}",
        Recipient(
            name=application.contact_name,
            email=application.contact_email,
            language=application.language,
        ),
        subject=filled(SUBJECT, _told(subject, run)),
        text=filled(TEXT, _told(subject, run)),
        label=domain.localised(SEE_RECEIPT),
        url=site_address("courses.application", key=application.key),
        why=domain.localised(WHY),
    )


def _told(subject: SubjectFacts, run: RunFacts) -> Told:
    return {"run": run.title, "name": subject.name, "said": subject.summary}


# --- before it is late --------------------------------------------------------------------------


def remind_leads() -> int:
    """Letters to who leads panels that are held and not released: two days before it is due, and
    once when it is late. How many are new."""
    moment = now()
    waiting = unreleased(moment + BEFORE)
    runs = runs_by_id(sorted({one.run_id for one in waiting})) if waiting else {}
    may = people_who_may(DECIDE) if waiting else {}
    return sum(
        _remind(one, runs[one.run_id], person, late=moment > one.release_by)
        for one in waiting
        for person in _leads(runs[one.run_id], may)
    )


def _leads(run: RunFacts, may: Mapping[int | None, Sequence[int]]) -> Sequence[int]:
    """Those on the team who lead it; where nobody is named, those who decide at its hosts."""
    roles = {"programme_lead", "teacher"} if run.course_type == STUDENT else {"programme_lead"}
    named = {one.person_id for one in team_of(run.id) if one.role in roles}
    others = {person for host in run.host_ids for person in may.get(host, ())}
    return sorted(active_among(named or others))


def _remind(panel: PanelFacts, run: RunFacts, person: int, *, late: bool) -> bool:
    told: Told = {
        "run": run.title,
        "day": day_in(panel.release_by, run.zone),
        "kind": KINDS[panel.kind],
    }
    day = panel.release_by.date().isoformat()
    return queue_note(
        f"courses:panel:{panel.id}:{day}:{'late' if late else 'due'}:{person}",
        person,
        subject=filled(LATE_SUBJECT if late else DUE_SUBJECT, told),
        text=filled(DUE_TEXT, told),
        label=domain.localised(DUE_SEE),
        url=site_address("courses.lead_panel", key=panel.key),
        why=domain.localised(DUE_WHY),
    )
