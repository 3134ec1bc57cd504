"""The groups of a run."""

from __future__ import annotations

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from lms.contracts import RunFacts
from lms.core.acting import done
from lms.core.learning.forms_groups import GroupForm, SplitForm, members_form
from lms.core.learning.queries.desk import IN_RUN
from lms.core.learning.queries.groups import (
    GroupFacts,
    groups_of,
    names_by_enrolment,
    without_group,
)
from lms.core.learning.services import groups as services
from lms.core.learning.views.base import PAGE_SIZE, blueprint, page_of, run_of
from lms.core.refused import Refused, show_in
from lms.web import Confirm, Form, access, current_actor, gettext, ngettext, not_found, page, tell
from lms.web.i18n import marked as _
from lms.web.paging import pager
from lms.work import unit_of_work


@blueprint.route("/teach/<key>/groups", methods=["GET", "POST"])
@access(rate="write")
def groups(key: str) -> Response:
    """Who works with whom: a name beside each, and ways to make groups at once."""
    actor = current_actor()
    run = run_of(key, actor)
    rows, total, number = page_of(run, IN_RUN)
    act = request.form.get("act", "")
    form = members_form(rows, names_by_enrolment(run.id))
    split = SplitForm(size="4")
    sent: Form = {"split": split, "pairs": Confirm()}.get(act, form)
    if sent.validate_on_submit():
        moved: list[int] = []

        def change() -> None:
            if act == "split":
                moved.append(
                    services.split_into_groups(run.id, split.size.number or 2, _group_name, actor)
                )
            elif act == "pairs":
                moved.append(services.groups_of_pairs(run.id, _pair_name, actor))
            else:
                moved.append(services.put_into_groups(run.id, form.wanted(), actor))

        if done(sent, change):
            tell(_told(act, moved[-1]))
            return redirect(url_for("learning.groups", key=key, page=number), 303)
    for sentence in sent.form_errors if isinstance(sent, Confirm) else ():
        tell(str(sentence), "stop")
    loose = without_group(run.id)
    return page(
        "learning/groups.html",
        422 if request.method == "POST" else 200,
        run=run,
        rows=rows,
        total=total,
        form=form,
        split=split,
        groups=groups_of(run.id),
        loose=len(loose),
        pairs=_number_of_pairs(loose),
        pager=pager(number, max(1, -(-total // PAGE_SIZE))),
    )


@blueprint.route("/teach/<key>/groups/<group_key>", methods=["GET", "POST"])
@access(rate="write")
def group(key: str, group_key: str) -> Response:
    """Another name for a group."""
    actor = current_actor()
    run = run_of(key, actor)
    there = _group(run, group_key)
    form = GroupForm(name=there.name)
    if form.validate_on_submit():
        try:
            with unit_of_work():
                services.rename_group(there.id, form.name.data or "", actor)
        except Refused as error:
            show_in(form, error)
        else:
            tell(gettext(_("Saved.")))
            return redirect(url_for("learning.groups", key=key), 303)
    return page(
        "learning/groups_one.html",
        422 if form.submitted else 200,
        run=run,
        group=there,
        form=form,
    )


@blueprint.post("/teach/<key>/groups/<group_key>/drop")
@access(rate="write")
def drop_group(key: str, group_key: str) -> Response:
    """A group goes."""
    actor = current_actor()
    run = run_of(key, actor)
    there = _group(run, group_key)
    form = Confirm()
    if form.validate_on_submit() and done(form, lambda: services.drop_group(there.id, actor)):
        tell(gettext(_("The group is gone.")))
    for sentence in form.form_errors:
        tell(str(sentence), "stop")
    return redirect(url_for("learning.groups", key=key), 303)


def _group(run: RunFacts, group_key: str) -> GroupFacts:
    there = next((one for one in groups_of(run.id) if one.key == group_key), None)
    if there is None:
        not_found()
    return there


def _group_name(number: int) -> str:
    return gettext(_("Group %(n)s"), n=number)


def _pair_name(number: int) -> str:
    return gettext(_("Pair %(n)s"), n=number)


def _told(act: str, number: int) -> str:
    if act in ("split", "pairs"):
        return ngettext("%(n)d group is made.", "%(n)d groups are made.", number)
    return ngettext("%(n)d participant is moved.", "%(n)d participants are moved.", number)


def _number_of_pairs(loose: list[tuple[int, str | None]]) -> int:
    keys = [pair for _id, pair in loose if pair]
    return sum(1 for pair in set(keys) if keys.count(pair) > 1)
