"""Letters to those who are responsible for a run or teach in it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from lms.contracts import RunFacts
from lms.core.catalogue.presenting_team import in_words
from lms.core.catalogue.queries import roles_of, runs_by_id, sessions_of
from lms.core.messages.letters.approvals import LEADS
from lms.core.messages.letters.shapes import About, Letter, address
from lms.core.messages.queries import words_of_entry
from lms.core.organisations.queries import facts_of
from lms.web.i18n import gettext as _
from lms.web.i18n import local, ngettext, period
from lms.web.i18n import moment as moment_in_words


def _about_run(
    write: Callable[[RunFacts, About], tuple[str, str]],
) -> Callable[[About], Letter | None]:
    """A letter about a run: `write` gives subject and text."""

    def writer(about: About) -> Letter | None:
        run = runs_by_id([about.subject_id or 0]).get(about.subject_id or 0)
        if run is None:
            return None
        subject, text = write(run, about)
        return Letter(
            subject=subject,
            paragraphs=(text,),
            facts=(
                (_("Course"), local(run.title)),
                (_("When"), period(run.starts_at, run.ends_at, run.zone)),
            ),
            press=(_("See the participants"), address("enrolment.participants", key=run.key)),
            why=_(LEADS),
        )

    return writer


def _under_minimum(run: RunFacts, about: About) -> tuple[str, str]:
    taken, minimum = int(about.values.get("taken", 0)), int(about.values.get("minimum", 0))
    text = ngettext(
        "%(n)d seat is taken, and %(minimum)d are needed. Run it anyway, merge it or cancel it.",
        "%(n)d seats are taken, and %(minimum)d are needed. Run it anyway, merge it or cancel it.",
        taken,
        minimum=minimum,
    )
    return _("Too few participants: %(title)s", title=local(run.title)), text


def _seats_released(run: RunFacts, about: About) -> tuple[str, str]:
    host = facts_of([int(about.values.get("organisation") or 0)])
    whose = next((facts.name for facts in host.values()), "")
    number = about.values.get("seats")
    if number is None:
        text = _("Seats that were kept are free for everybody now.")
    else:
        text = ngettext(
            "%(n)d seat that was kept is free for everybody now.",
            "%(n)d seats that were kept are free for everybody now.",
            int(number),
        )
    title = local(run.title)
    if whose:
        return _("Kept seats are free again: %(title)s", title=title), f"{text} ({whose})"
    return _("Kept seats are free again: %(title)s", title=title), text


def _drawn(run: RunFacts, _about: About) -> tuple[str, str]:
    return (
        _("The draw is done: %(title)s", title=local(run.title)),
        _("Seats are offered in the order that was drawn. Everybody has been told."),
    )


under_minimum = _about_run(_under_minimum)
seats_released = _about_run(_seats_released)
drawn = _about_run(_drawn)


def team_named(about: About) -> Letter | None:
    """To somebody who was put on a run's team; None when they are off it again."""
    run = runs_by_id([about.subject_id or 0]).get(about.subject_id or 0)
    role = str(about.values.get("role", ""))
    if run is None or role not in roles_of(about.person_id, run.id):
        return None
    title, text = in_words(run.course_type, role)
    return Letter(
        subject=_("You are on the team: %(title)s", title=local(run.title)),
        paragraphs=tuple(filter(None, (_("You are named for this: %(task)s.", task=title), text))),
        facts=(
            (_("Course"), local(run.title)),
            (_("When"), period(run.starts_at, run.ends_at, run.zone)),
        ),
        press=(_("See the run"), address("catalogue.run", key=run.key)),
        why=_("You get this mail because you are on the team of the run."),
    )


def session_for_team(about: About) -> Letter | None:
    """A course session was moved or cancelled; to whoever is on the run's team."""
    run = runs_by_id([about.subject_id or 0]).get(about.subject_id or 0)
    if run is None:
        return None
    found = sessions_of([run.id])[run.id]
    session = next((one for one in found if one.id == about.values.get("session")), None)
    if session is None:
        return None
    before, title = about.values.get("before"), local(run.title)
    said = {"session": local(session.title), "now": moment_in_words(session.starts_at, run.zone)}
    moved = before is not None
    return Letter(
        subject=_("A session is moved: %(title)s", title=title)
        if moved
        else _("A session is cancelled: %(title)s", title=title),
        paragraphs=(
            _(
                "%(session)s has a new time: %(now)s. It was %(before)s.",
                before=moment_in_words(datetime.fromisoformat(str(before)), run.zone),
                **said,
            )
            if moved
            else _("%(session)s, %(now)s, does not take place.", **said),
        ),
        warm=""
        if moved
        else str(words_of_entry(int(about.values.get("entry", 0))).get("reason", "")),
        press=(_("See the run"), address("catalogue.run", key=run.key)),
        why=_("You get this mail because you are on the team of the run."),
    )
