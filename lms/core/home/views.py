"""Where one begins: the front page, what waits for me, and the pages at the foot."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from lms.contracts import PersonFacts
from lms.core.catalogue.presenting import run_lines
from lms.core.catalogue.queries import Filters, runs_led_by, soonest_runs, sums
from lms.core.home import presenting
from lms.core.home.queries import programme
from lms.host import current_host
from lms.web import access, current_actor, page
from lms.web.i18n import domain_of
from lms.web.pages import badges_for, panels_for

SOON = 3
LED = 6

blueprint = Blueprint("home", __name__)
blueprints = (blueprint,)


@blueprint.get("/")
@access(known="public")
def front() -> Response:
    """What this is, what begins soon, what came of it, and what has been promised."""
    actor = current_actor()
    soon = soonest_runs(actor, limit=SOON)
    known = programme()
    return page(
        "home/front.html",
        doors=presenting.doors(),
        lines=run_lines(soon, badges_for("lms_run_badges", runs=soon)),
        total=sums(Filters(), actor).total,
        stories=presenting.stories(actor),
        programme=known,
        numbered=[
            (target, presenting.promised(target))
            for target in (known.targets if known else ())
            if target.minimum is not None
        ],
        unnumbered=[t for t in (known.targets if known else ()) if t.minimum is None],
    )


@blueprint.get("/me")
@access()
def mine() -> Response:
    """What do I do now?"""
    actor = current_actor()
    if actor.person_id is None:
        raise LookupError("this page is for people")
    person = PersonFacts(
        id=actor.person_id, key=actor.person_key, name=actor.name, language=actor.language
    )
    led = runs_led_by(actor, limit=LED)
    return page(
        "home/mine.html",
        waiting=presenting.waiting(actor),
        empty=presenting.nothing_waits(actor),
        led=run_lines(led, badges_for("lms_run_badges", runs=led)),
        drawn=panels_for("lms_person_panels", person.id, persons=(person,)),
    )


@blueprint.get("/accessibility")
@access(known="public")
def accessibility() -> Response:
    """How accessible this is, what is not, and whom to tell."""
    return page("home/accessibility.html")


@blueprint.get("/was")
@blueprint.get("/tilgaengelighed")
@blueprint.get("/tillganglighet")
@access(known="public")
def accessibility_elsewhere() -> Response:
    """The addresses under which people look for it in Denmark and Sweden."""
    language = request.args.get("lang")
    return redirect(url_for("home.accessibility", lang=language), 301)


@blueprint.get("/privacy")
@access(known="public")
def privacy() -> Response:
    """What is kept about people, how long, and what becomes of it."""
    policies = [
        replace(owned.item, purpose=domain_of(owned.plugin).gettext(owned.item.purpose))
        for owned in current_host().data_policies().values()
    ]
    return page("home/privacy.html", lines=presenting.kept_data(policies))


@blueprint.get("/help")
@access(known="public")
def help() -> Response:  # noqa: A001 - the page is called that
    """How things go here, and the words of the field."""
    return page("home/help.html", terms=presenting.terms())
