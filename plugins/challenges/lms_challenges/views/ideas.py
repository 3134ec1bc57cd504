"""One idea: read, said better, described on its sheet, chosen, sent on, put away, taken up."""

from __future__ import annotations

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from lms.api import (
    Actor,
    Confirm,
    access,
    asked_page,
    current_actor,
    done,
    not_found,
    page,
    pager,
    people_by_id,
    tell,
)
from lms_challenges.forms.ideas import (
    IdeaForm,
    ReasonForm,
    revision_of,
    sheet_form,
    sheet_from,
)
from lms_challenges.queries.ideas import (
    IdeaPlace,
    idea_place,
    listed_ideas,
    number_of_ideas,
    readable,
)
from lms_challenges.services import ideas as services
from lms_challenges.stages import STAKEHOLDERS
from lms_challenges.states import IDEA, IDEA_MOVES
from lms_challenges.views.base import blueprint
from lms_challenges.words import _

PER_PAGE = 30
BUTTONS = ("shortlisted", "at_gate")
FILTERS = {
    "open": ("raw", "clustered", "shortlisted", "sheet"),
    "at_gate": ("at_gate",),
    "continued": ("continued",),
    "stored": ("stored",),
    "declined": ("declined",),
}


def placed(key: str, actor: Actor) -> IdeaPlace:
    """The idea as the reader meets it, or 404."""
    place = idea_place(key, actor)
    if place is None:
        not_found()
    return place


def _moves(place: IdeaPlace) -> list[str]:
    """What the reader may do with the idea now, as new states."""
    if not place.steers:
        return []
    shown = place.room is None or place.room.shown
    return [
        to
        for to in sorted(IDEA_MOVES[place.idea.state])
        if to in ("stored", "declined")
        or (to == "shortlisted" and shown and place.idea.state != "stored")
        or (to == "at_gate" and services.is_full(place.idea.sheet))
    ]


def _may_edit(place: IdeaPlace) -> bool:
    open_room = place.room is None or place.room.writing
    return open_room and place.idea.state in ("raw", "clustered") and (place.mine or place.leads)


@blueprint.get("/ideas")
@access()
def all_ideas() -> Response:
    """Ideas of the reader, of their runs and of the challenges they own, newest first."""
    chosen = request.args.get("state", "")
    fits = readable(current_actor())
    counted = number_of_ideas(fits)
    states = FILTERS.get(chosen, ())
    number = sum(n for state, n in counted.items() if not states or state in states)
    pages = max(-(-number // PER_PAGE), 1)
    current = min(asked_page(), pages)
    return page(
        "challenges/all_ideas.html",
        ideas=listed_ideas(fits, states=states, limit=PER_PAGE, offset=(current - 1) * PER_PAGE),
        chosen=chosen if chosen in FILTERS else "",
        counts={
            name: sum(counted.get(state, 0) for state in states) for name, states in FILTERS.items()
        },
        number=sum(counted.values()),
        states=IDEA,
        pager=pager(current, pages),
    )


@blueprint.get("/ideas/<key>")
@access()
def idea(key: str) -> Response:
    """An idea with its sheet, and what can be done with it now."""
    place = placed(key, current_actor())
    return _shown(place)


def _shown(place: IdeaPlace, status: int = 200) -> Response:
    by_id = place.idea.by_id
    people = people_by_id([by_id]) if by_id is not None and place.steers else {}
    moves = _moves(place)
    return page(
        "challenges/idea.html",
        status=status,
        place=place,
        challenge=_challenge_of(place),
        who=next((person.name for person in people.values()), ""),
        moves=[to for to in moves if to in BUTTONS],
        aside=[to for to in moves if to in ("stored", "declined")],
        may_edit=_may_edit(place),
        may_write_sheet=place.works and place.idea.state in ("shortlisted", "sheet"),
        may_take_up=place.steers and place.idea.state == "stored",
        states=IDEA,
        stakeholders=STAKEHOLDERS,
        full=services.is_full(place.idea.sheet),
        button=Confirm(),
    )


def _challenge_of(place: IdeaPlace) -> object:
    challenges = place.room.challenges if place.room else ()
    return next((one for one in challenges if one.id == place.idea.challenge_id), None)


def _named(place: IdeaPlace, key: str) -> int | None:
    """The challenge of the run that was chosen for an idea that has none yet."""
    if place.idea.challenge_id is not None or place.room is None:
        return None
    return next((one.id for one in place.room.challenges if one.key == key), None)


@blueprint.route("/ideas/<key>/edit", methods=["GET", "POST"])
@access(rate="write")
def edit_idea(key: str) -> Response:
    """Say an idea better, while the group collects."""
    actor = current_actor()
    place = placed(key, actor)
    challenges = place.room.challenges if place.room else ()
    if not (_may_edit(place) or (request.method == "POST" and (place.mine or place.leads))):
        not_found()
    form = IdeaForm()
    form.offer(challenges, leads=place.leads, voiced=place.idea.voiced_for)
    if not form.submitted:
        form.show(place.idea, challenges)
    if form.validate_on_submit() and done(
        form,
        lambda: services.change_idea(place.idea, form.values, actor, revision=revision_of(form)),
    ):
        tell(_("Written down."))
        return redirect(url_for("challenges.idea", key=key), 303)
    return page(
        "challenges/idea_edit.html",
        status=422 if form.submitted else 200,
        place=place,
        form=form,
    )


@blueprint.route("/ideas/<key>/sheet", methods=["GET", "POST"])
@access(rate="write")
def idea_sheet(key: str) -> Response:
    """The sheet of a chosen idea, written by who takes part or leads."""
    actor = current_actor()
    place = placed(key, actor)
    too_late = request.method == "POST" and place.idea.state in ("at_gate", "continued")
    if not place.works or not (place.idea.state in ("shortlisted", "sheet") or too_late):
        not_found()
    form = sheet_form(place.idea)
    if form.validate_on_submit() and done(
        form,
        lambda: services.write_sheet(
            place.idea, sheet_from(form), actor, revision=revision_of(form)
        ),
    ):
        tell(_("The sheet is written down."))
        return redirect(url_for("challenges.idea", key=key), 303)
    return page(
        "challenges/idea_sheet.html",
        status=422 if form.submitted else 200,
        place=place,
        form=form,
        stakeholders=STAKEHOLDERS,
    )


@blueprint.post("/ideas/<key>/move")
@access(rate="write")
def move_idea(key: str) -> Response:
    """Choose an idea, send it to the gate of its challenge, or take it up again."""
    actor = current_actor()
    place = placed(key, actor)
    form, to = Confirm(), request.form.get("to", "")
    if not place.steers:
        not_found()
    if form.validate_on_submit():
        named = _named(place, request.form.get("challenge", ""))
        if to not in (*BUTTONS, "taken_up") and named is None:
            not_found()

        def act() -> None:
            if named is not None:
                services.name_challenge(place.idea, named, actor)
            elif to == "taken_up":
                services.take_up(place.idea, actor)
            else:
                services.move_idea(place.idea, to, actor)

        if done(form, act):
            tell(_("Done."))
    for _field, sentence in form.error_list():
        tell(sentence, "wait")
    return redirect(url_for("challenges.idea", key=key), 303)


@blueprint.route("/ideas/<key>/aside", methods=["GET", "POST"])
@access(rate="write")
def put_aside(key: str) -> Response:
    """Keep an idea for later or do not choose it, with a reason."""
    actor = current_actor()
    place = placed(key, actor)
    moves = [to for to in _moves(place) if to in ("stored", "declined")]
    if not moves:
        not_found()
    form = ReasonForm()
    form.offer(moves)
    if form.validate_on_submit() and done(
        form,
        lambda: services.move_idea(place.idea, form.to.data, actor, reason=form.reason.data or ""),
    ):
        tell(_("Written down, with the reason."))
        return redirect(url_for("challenges.idea", key=key), 303)
    return page(
        "challenges/idea_aside.html",
        status=422 if form.submitted else 200,
        place=place,
        form=form,
    )
