"""Pages for the site administrator: is it well, what happened, what is being worked on."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from lms.host import current_host
from lms.host.records import PluginReport
from lms.jobs import queries as jobs
from lms.jobs import retry_failed
from lms.journal import queries as journal
from lms.journal.delivery import NotSetAsideError, give_again
from lms.web import Confirm, access, current_actor, not_found, page, tell
from lms.web.i18n import gettext as _
from lms.work import unit_of_work

blueprint = Blueprint("administration", __name__)
blueprints = (blueprint,)

ILL = ("quarantined", "refused", "missing")


@dataclass(frozen=True, kw_only=True, slots=True)
class Brought:
    """What a plugin adds, in the reader's words."""

    course_types: tuple[object, ...]
    jobs: int
    has_settings: bool


@blueprint.get("/admin")
@access("site.admin")
def index() -> Response:
    """Is it well? What is broken first, then the ways to everything else."""
    actor = current_actor()
    return page(
        "administration/index.html",
        ill=[line for line in current_host().report() if line.state in ILL],
        counts=jobs.counts(actor),
        listeners=[line for line in journal.listener_states(actor) if line.attempts],
    )


@blueprint.get("/admin/plugins")
@access("site.admin")
def plugins() -> Response:
    """Every plugin: how it stands, since when, which hook and which error."""
    host = current_host()
    report = host.report()
    types, sections = host.course_types(), host.settings_sections()
    brought = {
        line.name: Brought(
            course_types=tuple(o.item.title for o in types.values() if o.plugin == line.name),
            jobs=sum(owned.plugin == line.name for owned in host.job_types().values()),
            has_settings=line.name in sections,
        )
        for line in report
    }
    return page(
        "administration/plugins.html",
        ill=[line for line in report if line.state in ILL],
        rest=[line for line in report if line.state not in ILL],
        brought=brought,
    )


@blueprint.post("/admin/plugins/<name>/<act>")
@access("site.admin")
def plugin_act(name: str, act: str) -> Response:
    """Release a plugin from quarantine, or switch it off or on for the whole site."""
    host = current_host()
    known: dict[str, PluginReport] = {line.name: line for line in host.report()}
    if name not in known or act not in ("release", "off", "on"):
        not_found()
    if Confirm().validate_on_submit():
        if act == "release":
            host.release(name)
            tell(_("%(plugin)s is tried again. All workers know within two seconds.", plugin=name))
        else:
            host.switch(name, act == "on")
            tell(
                _("%(plugin)s is switched on.", plugin=name)
                if act == "on"
                else _("%(plugin)s is switched off. Its data stays.", plugin=name)
            )
    return redirect(url_for("administration.plugins"), 303)


@blueprint.get("/admin/journal")
@access("site.admin")
def journal_page() -> Response:
    """What happened, newest first, with filters."""
    actor = current_actor()
    wanted = {
        "verb": request.args.get("verb", "").strip()[:80],
        "subject_kind": request.args.get("kind", "").strip()[:40],
    }
    found = journal.entries(
        actor,
        verb=wanted["verb"],
        subject_kind=wanted["subject_kind"],
        subject_id=_number("subject"),
        person_id=_number("person"),
        before=_number("before"),
    )
    return page(
        "administration/journal.html",
        found=found,
        listeners=journal.listener_states(actor),
        set_aside=journal.set_aside(actor),
        wanted=wanted,
    )


@blueprint.post("/admin/journal/set-aside/<int:row_id>")
@access("site.admin")
def give_entry_again(row_id: int) -> Response:
    """Give a listener an entry again that it could not take in."""
    if Confirm().validate_on_submit() and row_id < 2**31:
        try:
            taken = give_again(row_id)
        except NotSetAsideError:
            not_found()
        if taken:
            tell(_("The listener has taken it in now."))
        else:
            tell(_("The listener failed again; the entry stays set aside."), "stop")
    return redirect(url_for("administration.journal_page"), 303)


@blueprint.get("/admin/jobs")
@access("site.admin")
def job_list() -> Response:
    """Work outside the requests: what waits, runs, is done or has failed."""
    actor = current_actor()
    state = request.args.get("state", "")
    state = state if state in ("queued", "running", "done", "failed") else ""
    return page(
        "administration/jobs.html",
        found=jobs.job_list(actor, state=state, before=_number("before")),
        counts=jobs.counts(actor),
        state=state,
    )


@blueprint.route("/admin/jobs/<key>", methods=["GET", "POST"])
@access("site.admin")
def job(key: str) -> Response:
    """One job: its log, its error, and another try when it has failed."""
    found = jobs.one_job(current_actor(), key)
    if found is None:
        not_found()
    form = Confirm()
    if form.validate_on_submit():
        actor = current_actor()
        with unit_of_work():
            retry_failed(found.job.id, actor=actor)
        tell(_("The job is tried again."))
        return redirect(url_for("administration.job", key=key), 303)
    if form.submitted:
        tell(_("This page was open for a long time. Press the button once more."), "stop")
    return page("administration/job.html", 422 if form.submitted else 200, found=found)


def _number(name: str) -> int | None:
    text = request.args.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None
