"""What people do in the runs of the demo: each step is a verb that everybody uses.

The files tell who does what on which day; days are counted from today.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from lms.api import (
    ActivityFacts,
    ActivityPlace,
    Actor,
    AgreementWords,
    Finding,
    LocalisedText,
    WorkFacts,
    activities_in_runs,
    activities_in_version,
    activity_place,
    actor_for_person,
    assess,
    keep_snippet,
    next_version,
    now,
    put_into_groups,
    record_kinds,
    runs_by_id,
    save_activity,
    say,
    send_for_review,
    sign_agreement,
    site_address,
    start_work,
    values_of,
    waive,
    work_of,
    write_agreement,
    write_draft,
)
from lms_activities.assignment import Draft, Task
from lms_activities.assignment_letters import ask_manager
from lms_activities.demo.answering import answers_with
from lms_activities.demo.outlines import names_in, read
from lms_activities.observation import Observation
from lms_activities.practice_log import PracticeLog
from lms_activities.queries.assignment import asked_to_agree, tries_of
from lms_activities.queries.seen import OBSERVED, SEEN, link_with_token
from lms_activities.quiz import quiz_from
from lms_activities.services import assignment
from lms_activities.services.marking import Verdict, mark
from lms_activities.services.material import confirm_reading, keep_ticks, mark_done
from lms_activities.services.observation import sign
from lms_activities.services.practice_log import write_entry
from lms_activities.services.quiz import begin_attempt, finish_attempt, keep_answers
from lms_activities.services.seen import answer_link, make_link

Told = Mapping[str, Any]
Step = tuple[datetime, Callable[[], None]]
APART = timedelta(minutes=11)
"""Between two people who do the same on one day."""


class Story:
    """One run of the demo with its people. `enrolments` fills while the demo is loaded."""

    def __init__(
        self,
        told: Told,
        run_id: int,
        people: Mapping[str, int],
        enrolments: Mapping[str, int],
        at: Callable[[int, str], datetime],
    ) -> None:
        self.told = told
        self.run_id = run_id
        self.people = people
        self.enrolments = enrolments
        self.at = at
        self._actors: dict[str, Actor] = {}
        self._activities: dict[str, ActivityFacts] = {}
        self._tokens: dict[tuple[str, str], str] = {}

    def steps(self) -> Sequence[Step]:
        """Everything that is told, with its moments."""
        found = []
        for step in self.told["steps"]:
            whose = step["who"] if isinstance(step["who"], list) else [step["who"]]
            for number, who in enumerate(whose):
                moment = self.at(step["day"], step.get("at", "15:40")) + number * APART
                found.append((moment, partial(self._take, who, step)))
        return found

    def _take(self, who: str, step: Told) -> None:
        """One step. What goes wrong says in which."""
        try:
            getattr(self, f"do_{step['do']}")(who, step)
        except Exception as error:
            error.add_note(f"{who}, {step['do']} {step.get('on', '')} on day {step['day']}")
            raise

    # --- who, what, where -----------------------------------------------------------------------

    def actor(self, name: str) -> Actor:
        """Somebody by the name they have in the files."""
        if name not in self._actors:
            self._actors[name] = actor_for_person(self.people[name])
        return self._actors[name]

    def activity(self, name: str) -> ActivityFacts:
        """An activity of the run by the name it has in the file of its course."""
        if not self._activities:
            there = activities_in_runs([self.run_id])[self.run_id]
            self._activities = dict(zip(names_in(self.told["course"]), there, strict=True))
        return self._activities[name]

    def place(self, who: str, step: Told) -> ActivityPlace:
        """The activity as this participant meets it. Raises `LookupError` for who is not there."""
        place = activity_place(self.activity(step["on"]).key, self.actor(who))
        if place is None or place.enrolment is None:
            raise LookupError(f"{who} has no {step['on']} in {self.told['course']}")
        return place

    def begun(self, who: str, step: Told) -> WorkFacts:
        """The work of a participant, begun now if it was not."""
        activity = self.activity(step["on"])
        return start_work(activity.id, self.enrolments[who], self.actor(who))

    def work(self, who: str, step: Told) -> WorkFacts:
        """The work of a participant. Raises `LookupError` when it is not begun."""
        found = work_of(self.activity(step["on"]).id, self.enrolments[who])
        if found is None:
            raise LookupError(f"{who} has not begun {step['on']}")
        return found

    # --- things to read and tick ----------------------------------------------------------------

    def do_read(self, who: str, step: Told) -> None:
        """A page, a file or a link is read."""
        mark_done(self.place(who, step), self.actor(who))

    def do_confirm(self, who: str, step: Told) -> None:
        """A reading is confirmed."""
        confirm_reading(self.place(who, step), 1, self.actor(who))

    def do_tick(self, who: str, step: Told) -> None:
        """The first so many points of a check-list are ticked."""
        place = self.place(who, step)
        keys = [f"p{number}" for number in range(1, step["points"] + 1)]
        revision = place.work.revision if place.work else 1
        keep_ticks(place, keys, self.actor(who), revision=revision)

    def do_log(self, who: str, step: Told) -> None:
        """A note in a practice log."""
        write_entry(
            self.begun(who, step),
            self.actor(who),
            client_key=f"{who.replace('-', '')[:24]}{step['day'] + 1000}",
            choice=step["choice"],
            text=step["text"],
            happened_at=now() - timedelta(minutes=20),
            needed=PracticeLog.of(self.activity(step["on"]).content).needed,
        )

    def do_quiz(self, who: str, step: Told) -> None:
        """A try at a quiz with so many answers wrong."""
        actor, quiz = self.actor(who), quiz_from(self.activity(step["on"]).content)
        attempt = begin_attempt(self.begun(who, step), quiz, actor)
        given = answers_with(attempt.questions, step["wrong"])
        attempt = keep_answers(attempt, given, revision=attempt.revision)
        finish_attempt(attempt, quiz, actor)

    # --- assignments ----------------------------------------------------------------------------

    def do_draft(self, who: str, step: Told) -> None:
        """Somebody writes, and keeps it."""
        place, actor = self.place(who, step), self.actor(who)
        side = assignment.side_of(place, Task.of(place.activity), actor)
        assignment.save_draft(side, _draft(step, who), actor, revision=side.work.revision)

    def do_hand_in(self, who: str, step: Told) -> None:
        """Somebody hands in, alone or for a pair or a group."""
        place, actor, draft = self.place(who, step), self.actor(who), _draft(step, who)
        task = Task.of(place.activity)
        due = place.activity.due_at
        side = assignment.side_of(place, task, actor)
        assignment.save_draft(side, draft, actor, revision=side.work.revision)
        late = due is not None and due < now()
        assignment.hand_in(side, task, draft, actor, due_over=late)

    def do_agree(self, who: str, step: Told) -> None:
        """The other of a pair says yes."""
        place, actor = self.place(who, step), self.actor(who)
        side = assignment.side_of(place, Task.of(place.activity), actor)
        asked = asked_to_agree([work.id for work in side.works])
        if asked is None:
            raise LookupError(f"nothing waits for the yes of {who}")
        assignment.agree(side, asked, actor)

    def do_mark(self, who: str, step: Told) -> None:
        """A teacher answers what somebody handed in last."""
        activity = self.activity(step["on"])
        verdict = Verdict(
            outcome=step["outcome"],
            text=step["text"],
            levels={f"c{number}": level for number, level in enumerate(step.get("levels", ()), 1)},
        )
        last = tries_of(self.work(step["of"], step).id)[-1]
        mark(last, activity, runs_by_id([self.run_id])[self.run_id], verdict, self.actor(who))

    # --- somebody at work -----------------------------------------------------------------------

    def do_ask(self, who: str, step: Told) -> None:
        """Somebody at work is asked to look, by a link in a mail."""
        self._ask(who, step, SEEN)

    def do_ask_to_sign(self, who: str, step: Told) -> None:
        """Somebody at work is asked to sign what they see, by a link in a mail."""
        self._ask(who, step, OBSERVED)

    def _ask(self, who: str, step: Told, purpose: str) -> None:
        actor, asked = self.actor(who), self.actor(step["whom"])
        key, token = make_link(
            self.begun(who, step),
            actor,
            person_id=asked.person_id,
            name=asked.name,
            purpose=purpose,
        )
        self._tokens[who, step["on"]] = token
        link = site_address(f"activities.{purpose}", token=token)
        ask_manager(key, self.people[step["whom"]], self.activity(step["on"]), actor.name, link)

    def do_see(self, who: str, step: Told) -> None:
        """Whoever was asked has seen it."""
        link = link_with_token(self._tokens[step["of"], step["on"]], SEEN)
        if link is None:
            raise LookupError(step["of"])
        asked = self.actor(who)
        answer_link(
            link,
            self.work(step["of"], step),
            asked,
            name=asked.name,
            function=step["function"],
            note=step["note"],
        )

    def do_sign(self, who: str, step: Told) -> None:
        """Whoever was asked signs what they saw."""
        link = link_with_token(self._tokens[step["of"], step["on"]], OBSERVED)
        if link is None:
            raise LookupError(step["of"])
        sign(
            link,
            self.work(step["of"], step),
            self.actor(who),
            points=Observation.of(self.activity(step["on"]).content).points,
            given=step["answers"],
            function=step["function"],
            note=step["note"],
        )

    def do_agreement(self, who: str, step: Told) -> None:
        """A participant proposes the learning agreement and signs it."""
        until = self.at(step["until"], "12:00").date()
        words = AgreementWords(
            goal=step["goal"], task=step["task"], minutes_promised=step["minutes"], task_until=until
        )
        write_agreement(self.enrolments[who], words, self.actor(who))

    def do_sign_agreement(self, who: str, step: Told) -> None:
        """The manager signs it."""
        sign_agreement(self.enrolments[step["of"]], self.actor(who), revision=1)

    # --- around it ------------------------------------------------------------------------------

    def do_say(self, who: str, step: Told) -> None:
        """Something is said beside an activity."""
        by_team = who not in self.enrolments
        say(self.activity(step["on"]), step["text"], self.actor(who), by_team=by_team)

    def do_group(self, who: str, step: Told) -> None:
        """A teacher puts participants into groups."""
        wanted = {
            self.enrolments[one]: name
            for name, members in step["groups"].items()
            for one in members
        }
        put_into_groups(self.run_id, wanted, self.actor(who))

    def do_keep(self, who: str, step: Told) -> None:
        """A teacher keeps a piece of feedback for another time."""
        keep_snippet(step["text"], self.actor(who))

    def do_waive(self, who: str, step: Told) -> None:
        """A teacher lets somebody off a condition."""
        waive(self.enrolments[step["of"]], step["condition"], step["reason"], self.actor(who))

    def do_assess(self, who: str, step: Told) -> None:
        """A teacher writes what they found of learning outcomes."""
        findings = [Finding(**one) for one in step["findings"]]
        assess(self.enrolments[step["of"]], findings, self.actor(who))

    def do_next_version(self, who: str, step: Told) -> None:
        """Somebody writes the next version of the course, gives an activity other minutes, and
        sends it for review."""
        actor = self.actor(who)
        old = runs_by_id([self.run_id])[self.run_id].course_version_id
        version_id = next_version(old, actor)
        lead = LocalisedText.from_dict(step["lead"])
        write_draft(version_id, {"lead": lead}, actor, revision=1)
        drafted = dict(
            zip(names_in(self.told["course"]), activities_in_version(version_id), strict=True)
        )
        activity = drafted[step["changed"]]
        values = replace(values_of(activity), minutes=step["minutes"])
        save_activity(activity, values, activity.content, actor, revision=activity.revision)
        send_for_review(version_id, actor, step["text"])


def days(
    run: str,
    run_id: int,
    people: Mapping[str, int],
    enrolments: Mapping[str, int],
    at: Callable[[int, str], datetime],
) -> Sequence[Step]:
    """What happens in a run of the demo; nothing in one that the files do not tell of."""
    told = read("stories", run)
    return () if told is None else Story(told, run_id, people, enrolments, at).steps()


def _draft(step: Told, who: str) -> Draft:
    text = step["text"][who] if isinstance(step["text"], dict) else step["text"]
    return Draft(
        text=text,
        no_names=bool(step.get("kind")),
        kind=_kind(step.get("kind", "")),
        title=step.get("title", ""),
        language=step.get("language", "da"),
    )


def _kind(told: str | list[str]) -> str:
    """The kind of record it ends in: of several the first that a plugin here keeps."""
    if isinstance(told, str):
        return told
    known = {kind.key for kind in record_kinds()}
    return next(kind for kind in told if kind in known)
