"""The cases of the demo: put before a school by a company, negotiated, and taken into a run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from lms.api import SYSTEM, LocalisedText, runs_by_id
from lms_courses.demo.papers import page
from lms_courses.demo.reading import Calendar
from lms_courses.queries.cases import CaseFacts, case_by_key
from lms_courses.queries.ndas import ndas_of
from lms_courses.services import cases, ndas
from lms_courses.services.case_uses import take_case
from lms_courses.services.cases import CaseValues, RightsValues
from lms_courses.services.ndas import NdaValues
from lms_courses.types import text_of

if TYPE_CHECKING:
    from lms_courses.demo.replay import Replay, Stage

AHEAD = 24
"""So many days before its course is written the case is proposed."""


class CaseStory:
    """One case of the file, and how it was negotiated. `author` teaches at the institution."""

    def __init__(
        self, data: Mapping[str, Any], institution_id: int, author: str, stage: Stage
    ) -> None:
        self.data = data
        self.stage = stage
        self.institution_id = institution_id
        self.author = author
        self.key = ""

    def put_on(self, replay: Replay, calendar: Calendar, written: int) -> None:
        """Put everything on the calendar that happens before the course is written."""
        at, first = calendar.at, written - AHEAD
        self.first_day = at(first, "12:00").date()
        replay.add(at(first, "14:20"), self._propose)
        replay.add(at(first + 4, "09:30"), self._talk)
        replay.add(at(first + 8, "15:10"), self._edit)
        replay.add(at(first + 12, "10:00"), self._settle)
        replay.add(at(first + 14, "11:20"), self._check)
        replay.add(at(first + 15, "13:00"), self._publish)

    def take_into(self, run_id: int) -> None:
        """A run works on the case."""
        lead = self.stage.actor(self.author)
        take_case(runs_by_id([run_id])[run_id], self._now(), self.data["outcomes"], lead)

    # --- before -----------------------------------------------------------------------------------

    def _values(self) -> CaseValues:
        organisations = self.stage.organisations
        return CaseValues(
            company_id=organisations[self.data["company"]],
            institution_id=self.institution_id,
            practice_host_id=organisations[self.data["practice_host"]],
            contact_id=self.stage.people[self.data["contact"]],
            hours_promised=self.data["hours_promised"],
            title=self._told("title"),
            problem=self._told("problem"),
            why=self._told("why"),
            question=self._told("question"),
            given=self._told("given"),
            limits=self._told("limits"),
        )

    def _told(self, name: str) -> LocalisedText:
        return text_of(self.data[name])

    def _now(self) -> CaseFacts:
        found = case_by_key(self.key, SYSTEM)
        if found is None:
            raise LookupError(self.data["title"])
        return found

    def _propose(self) -> None:
        first = replace(
            self._values(),
            hours_promised=self.data["first"]["hours_promised"],
            given=text_of(self.data["first"]["given"]),
        )
        self.key = cases.propose(first, self.stage.actor(self.data["contact"]))

    def _talk(self) -> None:
        for one in self.data["talk"]:
            cases.comment(self._now(), one["side"], one["text"], self.stage.actor(one["by"]))

    def _edit(self) -> None:
        """The company writes it anew after what the others said."""
        company, case = self.stage.actor(self.data["contact"]), self._now()
        cases.edit(case, self._values(), self.data["note"], company, number=case.number)

    def _settle(self) -> None:
        """Who owns what, and what a group that wants to see it keeps to itself."""
        author, case = self.stage.actor(self.author), self._now()
        rights = RightsValues(
            ownership="owned_by_students", rights=self._told("rights"), with_nda=True
        )
        cases.settle_rights(case, rights, "", author, number=case.number)
        told = self.data["nda"]
        values = NdaValues(
            secret=told["secret"],
            from_day=self.first_day,
            to_day=None,
            with_institution=True,
        )
        paper = page(told["file"], told["lines"])
        ndas.add_nda(self._now(), values, (paper,), author, language="da")
        ndas.sign_nda(ndas_of([case.id])[case.id][-1], author)

    def _check(self) -> None:
        practice, case = self.stage.actor(self.data["practice_by"]), self._now()
        cases.check_as_practice(case, practice, number=case.number)

    def _publish(self) -> None:
        for state in ("approved", "open"):
            cases.move(self._now(), state, "", self.stage.actor(self.author))
