"""Who reads the sheet of a case, its papers and its history."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

from lms.api import db, documents_about
from lms.core.catalogue.models import Run
from lms_courses.queries.case_uses import uses_in_runs
from lms_courses.queries.ndas import ndas_of
from lms_courses.queries.papers import RIGHTS, readable_papers
from lms_courses.services import ndas
from lms_courses.services.case_uses import withdraw_use
from lms_courses.services.ndas import NdaValues

BODY = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]>>endobj\n"
)
HONEST_PDF = BODY + b"trailer<</Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % len(BODY)


def run_row(world: Any, run: Any) -> Any:
    """The row of a run, for the maker."""
    with world.app.app_context():
        row = db.session.get_one(Run, run.id)
        db.session.expunge(row)
    return row


def paper(world: Any, case: Any) -> Any:
    """An agreement of a case."""
    values = NdaValues(
        secret="Tegningerne.", from_day=date(2026, 1, 1), to_day=None, with_institution=True
    )
    actor = world.actor(world.teacher)
    world.do(ndas.add_nda, case, values, (), actor, language="da")
    return world.ask(ndas_of, [case.id])[case.id][-1]


def test_i_23_who_teaches_for_another_company_reads_neither_sheet_nor_papers(world: Any) -> None:
    """Somebody of the team who works for a rival by now."""
    opened, run = world.ready(), world.run(visibility="public", state="open")
    key = world.take(run, opened)
    for person in (world.rival_seller, world.other_teacher):
        world.maker.team_member(run=run_row(world, run), person=person)
    kept = paper(world, opened)
    for person, sees in ((world.rival_seller, False), (world.other_teacher, True)):
        shown = world.page(person, f"/catalogue/{run.key}").get_data(as_text=True)
        assert (opened.problem.en in shown) == sees
        assert (f"/courses/cases/uses/{key}" in shown) == sees
        actor = world.actor(person)
        ndas, cases = world.ask(readable_papers, [kept.id], [opened.id], actor)
        assert bool(ndas) == sees
        assert bool(cases) == sees


def test_the_class_keeps_the_papers_it_worked_under_and_gets_none_of_later(world: Any) -> None:
    opened, run = world.ready(), world.run()
    world.take(run, opened)
    world.seat(run)
    before = paper(world, opened)
    use = world.ask(uses_in_runs, [run.id])[run.id]
    world.do(withdraw_use, use, run, None, "Vi kan ikke.", world.actor(world.seller))
    after = paper(world, opened)
    actor = world.actor(world.student)
    found = world.ask(readable_papers, [before.id, after.id], [opened.id], actor)
    assert found == (frozenset({before.id}), frozenset())


def test_the_history_names_no_run_that_its_reader_may_not_see(world: Any) -> None:
    """Another school's teacher reads of an internal run where it was, and of a public one what."""
    opened = world.ready()
    hidden, shown = world.run(), world.run(visibility="public", state="open")
    for run in (hidden, shown):
        world.take(run, opened)
    address = f"/courses/cases/{opened.key}"
    page = world.page(world.other_teacher, address).get_data(as_text=True)
    history = page.split('id="history"')[1].split("</section>")[0]
    assert (hidden.title.en in history, shown.title.en in history) == (False, True)
    assert world.school.name in history
    for person in (world.teacher, world.seller):
        assert hidden.title.en in world.page(person, address).get_data(as_text=True)


def test_i_32_an_agreement_that_was_refused_leaves_no_paper_behind(world: Any) -> None:
    found = world.proposed()
    address = f"/courses/cases/{found.key}/rights"
    said = {"ownership": "signed_over", "rights": "Firmaet ejer det.", "number": "1"}

    def send(**more: str) -> int:
        paper = (io.BytesIO(HONEST_PDF), "aftale.pdf")
        sent = world.post(world.teacher, address, **said, **more, agreement=paper)
        return int(sent.status_code)

    assert send() == 422
    assert not world.ask(documents_about, RIGHTS, [found.id])
    assert send(alternative="En opgave uden firmaet.") == 303
    assert len(world.ask(documents_about, RIGHTS, [found.id])) == 1
