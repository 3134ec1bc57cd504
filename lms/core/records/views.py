"""Pages of the thread: looked at, added to, corrected."""

from __future__ import annotations

from flask import Blueprint, redirect, request, url_for
from werkzeug.routing import BuildError
from werkzeug.wrappers import Response

from lms.contracts import Actor, RecordFacts, RecordType
from lms.core.records.drawing import drawn
from lms.core.records.forms import LED_HERE, FindForm, LinkForm, UnlinkForm
from lms.core.records.queries import LinkFacts, link_with_key
from lms.core.records.services import link_records, unlink_records
from lms.core.records.tracing import (
    Node,
    Thread,
    kinds_to_find,
    record_as_seen,
    records_found,
    thread_of,
)
from lms.core.refused import Refused, show_in
from lms.web import access, current_actor, gettext, not_found, page, tell
from lms.web.i18n import local
from lms.work import unit_of_work

blueprint = Blueprint("records", __name__, url_prefix="/records")
blueprints = (blueprint,)


@blueprint.get("/<kind>/<key>")
@access(known="public", rate="search")
def thread(kind: str, key: str) -> Response:
    """What led to a record, and what came of it."""
    return _shown(kind, key, current_actor(), LinkForm())


@blueprint.post("/<kind>/<key>/links")
@access(rate="write")
def link(kind: str, key: str) -> Response:
    """Say what led to a record, or what came of it."""
    actor = current_actor()
    here = record_as_seen(kind, key, actor)
    form = LinkForm()
    other = record_as_seen(form.other_kind.data or "", form.other_key.data or "", actor)
    if here is None or not any(end is not None and end[1].may_link for end in (here, other)):
        not_found()
    if not form.validate_on_submit():
        return _shown(kind, key, actor, form)
    if other is None:
        not_found()
    ends = [(other[0].key, other[1].key), (kind, key)]
    if form.side.data != LED_HERE:
        ends.reverse()
    try:
        with unit_of_work():
            link_records(ends[0], ends[1], actor)
    except Refused as error:
        show_in(form, error)
        return _shown(kind, key, actor, form)
    tell(gettext("“%(title)s” is on the thread now.", title=local(other[1].title)))
    return redirect(url_for("records.thread", kind=kind, key=key), 303)


@blueprint.route("/links/<key>/take-back", methods=["GET", "POST"])
@access(rate="write")
def take_back(key: str) -> Response:
    """Take a link back that is wrong."""
    actor = current_actor()
    found = link_with_key(key)
    if found is None:
        not_found()
    first = record_as_seen(found.from_kind, found.from_key, actor)
    second = record_as_seen(found.to_kind, found.to_key, actor)
    if first is None or second is None or not (first[1].may_link or second[1].may_link):
        not_found()
    form = UnlinkForm()
    back = url_for("records.thread", kind=found.to_kind, key=found.to_key)
    if form.validate_on_submit():
        with unit_of_work():
            unlink_records(found, actor, form.reason.data or "")
        tell(gettext("The link is taken back."))
        return redirect(back, 303)
    status = 422 if form.submitted else 200
    ends = {"first": first, "second": second}
    return page("records/take_back.html", status, form=form, link=found, back=back, **ends)


def _shown(kind: str, key: str, actor: Actor, form: LinkForm) -> Response:
    found = thread_of(kind, key, actor)
    if found is None:
        not_found()
    find = FindForm(request.args)
    kinds = [(one.key, local(one.title)) for one in kinds_to_find()]
    find.what.choices = kinds
    asked = find.what.data if find.what.data in dict(kinds) else ""
    offered = records_found(asked, find.q.data or "", actor) if actor.signed_in and asked else ()
    there = {node.ref for node in found.nodes}
    return page(
        "records/thread.html",
        422 if form.submitted else 200,
        thread=found,
        drawing=drawn(found, lambda node: local(node.facts.title)),
        url_of=url_of,
        wrong_links=_correctable(found),
        find=find,
        form=form,
        asked=asked,
        offered=[one for one in offered if (asked, one.key) not in there],
        may_link=actor.signed_in and found.start.facts.may_link and bool(kinds),
    )


def _correctable(found: Thread) -> list[tuple[LinkFacts, Node, Node]]:
    """The links of a thread that its reader may take back, with their ends."""
    ends = [
        (
            link,
            found.node((link.from_kind, link.from_key)),
            found.node((link.to_kind, link.to_key)),
        )
        for link in found.links
    ]
    return [one for one in ends if one[1].facts.may_link or one[2].facts.may_link]


def url_of(kind: RecordType, facts: RecordFacts) -> str:
    """Where a record is shown; "" when its keeper has no page for it."""
    if facts.url or not kind.page:
        return facts.url
    try:
        return url_for(kind.page, key=facts.key)
    except BuildError:
        return ""
