"""Tables of the technology trials plugin.

A published collaboration is told as it stands in its source: what the source does not say is
NULL, and the source's own words (`raw`, titles of materials) stand beside what they mean. Texts in
lists are objects of the shape {"da": ..., "sv": ..., "en": ...}.
"""

from __future__ import annotations

from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.api import Code, Localised, LocalisedText, UTCDateTime, fk, new_key, plugin_base

if TYPE_CHECKING:  # a base made by a function is nothing that a type checker can read
    from sqlalchemy.orm import DeclarativeBase as Base
else:
    Base = plugin_base("technology_trials")

SLUG = 80


def _own(table: str, *, nullable: bool = False) -> ForeignKey:
    return ForeignKey(
        f"technology_trials_{table}.id", ondelete="SET NULL" if nullable else "CASCADE"
    )


# --- a collaboration and who is in it -----------------------------------------------------------


class Collaboration(Base):
    """An innovation collaboration with a public page. `state`: draft, published, withdrawn.

    `digest` is that of the document it was loaded from, so that loading it again changes nothing.
    """

    __tablename__ = "technology_trials_collaboration"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(Code(16), unique=True, default=new_key)
    slug: Mapped[str] = mapped_column(Code(SLUG), unique=True)
    state: Mapped[str] = mapped_column(Code(), index=True)
    title: Mapped[LocalisedText] = mapped_column(Localised)
    short_title: Mapped[LocalisedText] = mapped_column(Localised)
    lead: Mapped[LocalisedText] = mapped_column(Localised)
    summary: Mapped[LocalisedText] = mapped_column(Localised)
    country: Mapped[str] = mapped_column(Code(2))
    language: Mapped[str] = mapped_column(Code(2))
    source_title: Mapped[str] = mapped_column(String(300))
    programme: Mapped[str | None] = mapped_column(String(80))
    programme_name: Mapped[LocalisedText | None] = mapped_column(Localised)
    notes: Mapped[list[dict[str, str]]] = mapped_column(JSON)
    search_text: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(Code(64))
    published_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class FormerName(Base):
    """What a collaboration was called before, until which workshop, and why that changed."""

    __tablename__ = "technology_trials_former_name"

    id: Mapped[int] = mapped_column(primary_key=True)
    collaboration_id: Mapped[int] = mapped_column(_own("collaboration"), index=True)
    title: Mapped[LocalisedText] = mapped_column(Localised)
    until_workshop: Mapped[str | None] = mapped_column(Code(SLUG))
    decided_on: Mapped[date | None]
    reason: Mapped[LocalisedText] = mapped_column(Localised)


class Party(Base):
    """An organisation in a collaboration, under the name it had there.

    `home` marks the municipalities that the collaboration belongs to.
    """

    __tablename__ = "technology_trials_party"
    __table_args__ = (UniqueConstraint("collaboration_id", "slug"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    collaboration_id: Mapped[int] = mapped_column(_own("collaboration"))
    organisation_id: Mapped[int | None] = mapped_column(
        fk("organisation", ondelete="SET NULL"), index=True
    )
    slug: Mapped[str] = mapped_column(Code(SLUG))
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(Code())
    home: Mapped[bool]
    note: Mapped[LocalisedText | None] = mapped_column(Localised)


class Role(Base):
    """What somebody is at work, as a collaboration names it. A role is not a person."""

    __tablename__ = "technology_trials_role"
    __table_args__ = (UniqueConstraint("collaboration_id", "slug"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    collaboration_id: Mapped[int] = mapped_column(_own("collaboration"))
    function_id: Mapped[int | None] = mapped_column(fk("function", ondelete="SET NULL"), index=True)
    slug: Mapped[str] = mapped_column(Code(SLUG))
    title: Mapped[LocalisedText] = mapped_column(Localised)


class CollaborationPhase(Base):
    """A stretch of a collaboration."""

    __tablename__ = "technology_trials_phase"
    __table_args__ = (UniqueConstraint("collaboration_id", "slug"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    collaboration_id: Mapped[int] = mapped_column(_own("collaboration"))
    slug: Mapped[str] = mapped_column(Code(SLUG))
    position: Mapped[int]
    title: Mapped[LocalisedText] = mapped_column(Localised)


class Venue(Base):
    """A place where workshops were held; a party of the collaboration may own it."""

    __tablename__ = "technology_trials_venue"
    __table_args__ = (UniqueConstraint("collaboration_id", "slug"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    collaboration_id: Mapped[int] = mapped_column(_own("collaboration"))
    party_id: Mapped[int | None] = mapped_column(_own("party", nullable=True), index=True)
    slug: Mapped[str] = mapped_column(Code(SLUG))
    name: Mapped[LocalisedText] = mapped_column(Localised)
    town: Mapped[str] = mapped_column(String(100))
    country: Mapped[str] = mapped_column(Code(2))


# --- workshops ----------------------------------------------------------------------------------


class Workshop(Base):
    """A workshop. Date, start and place say which one it is; a title never does.

    `starts` and `ends` are wall-clock times in `zone`. `source_order` is where the source has it,
    which need not be the order of days.
    """

    __tablename__ = "technology_trials_workshop"
    __table_args__ = (
        UniqueConstraint("collaboration_id", "slug"),
        UniqueConstraint("collaboration_id", "held_on", "starts", "venue_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(Code(16), unique=True, default=new_key)
    collaboration_id: Mapped[int] = mapped_column(_own("collaboration"))
    phase_id: Mapped[int] = mapped_column(_own("phase"), index=True)
    venue_id: Mapped[int | None] = mapped_column(_own("venue", nullable=True), index=True)
    slug: Mapped[str] = mapped_column(Code(SLUG))
    type: Mapped[str] = mapped_column(Code())
    source_order: Mapped[int]
    held_on: Mapped[date]
    starts: Mapped[time | None]
    ends: Mapped[time | None]
    minutes: Mapped[int | None]
    zone: Mapped[str] = mapped_column(String(60))
    title: Mapped[str] = mapped_column(String(200))
    title_text: Mapped[LocalisedText] = mapped_column(Localised)
    purpose: Mapped[LocalisedText | None] = mapped_column(Localised)
    outputs: Mapped[list[dict[str, str]]] = mapped_column(JSON)
    outputs_stated: Mapped[bool]
    aims_without_output: Mapped[list[dict[str, str]]] = mapped_column(JSON)
    decisions: Mapped[list[dict[str, str]]] = mapped_column(JSON)
    group_title: Mapped[LocalisedText | None] = mapped_column(Localised)
    group_raw: Mapped[str | None] = mapped_column(String(200))


class Participation(Base):
    """One line of a workshop's list of participants.

    `raw` is the source's line, `count` how many people it stands for (NULL: not stated), `listed`
    whether the source names the organisation ("listed") or it follows from the role ("inferred").
    """

    __tablename__ = "technology_trials_participation"

    id: Mapped[int] = mapped_column(primary_key=True)
    workshop_id: Mapped[int] = mapped_column(_own("workshop"), index=True)
    party_id: Mapped[int | None] = mapped_column(_own("party", nullable=True), index=True)
    role_id: Mapped[int | None] = mapped_column(_own("role", nullable=True), index=True)
    position: Mapped[int]
    raw: Mapped[str] = mapped_column(String(300))
    count: Mapped[int | None]
    listed: Mapped[str] = mapped_column(Code())
    section: Mapped[str] = mapped_column(Code())


class Specification(Base):
    """What a coming solution must do, and whose words that is. At most one a collaboration."""

    __tablename__ = "technology_trials_specification"

    id: Mapped[int] = mapped_column(primary_key=True)
    collaboration_id: Mapped[int] = mapped_column(_own("collaboration"), unique=True)
    title: Mapped[LocalisedText] = mapped_column(Localised)
    raw: Mapped[str] = mapped_column(String(200))
    done_on: Mapped[date | None]
    method: Mapped[str] = mapped_column(Code())
    interviewees: Mapped[list[dict[str, Any]]] = mapped_column(JSON)  # {"text": L, "count": n}
    summary: Mapped[LocalisedText] = mapped_column(Localised)


# --- trial tests --------------------------------------------------------------------------------


class TrialSeries(Base):
    """Trial tests that ask one question of one kind of people."""

    __tablename__ = "technology_trials_series"
    __table_args__ = (UniqueConstraint("collaboration_id", "slug"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    collaboration_id: Mapped[int] = mapped_column(_own("collaboration"))
    slug: Mapped[str] = mapped_column(Code(SLUG))
    position: Mapped[int]
    raw: Mapped[str] = mapped_column(String(200))
    title: Mapped[LocalisedText] = mapped_column(Localised)
    short_title: Mapped[LocalisedText] = mapped_column(Localised)
    focus: Mapped[LocalisedText | None] = mapped_column(Localised)


class TrialTest(Base):
    """One date on which a solution was tried (`kind` "test") or only shown ("presentation").

    `location_id` is the party at whose place it was; NULL when the source does not say.
    """

    __tablename__ = "technology_trials_trial_test"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(Code(16), unique=True, default=new_key)
    series_id: Mapped[int] = mapped_column(_own("series"), index=True)
    location_id: Mapped[int | None] = mapped_column(_own("party", nullable=True), index=True)
    slug: Mapped[str] = mapped_column(Code(SLUG))
    kind: Mapped[str] = mapped_column(Code())
    presented: Mapped[bool]
    held_on: Mapped[date]
    starts: Mapped[time | None]
    ends: Mapped[time | None]
    zone: Mapped[str] = mapped_column(String(60))
    participant_kind: Mapped[str] = mapped_column(Code())
    participants: Mapped[LocalisedText] = mapped_column(Localised)
    count: Mapped[int | None]
    purpose: Mapped[LocalisedText | None] = mapped_column(Localised)


class TrialParty(Base):
    """An organisation whose people tried or saw the solution on one date."""

    __tablename__ = "technology_trials_trial_party"
    __table_args__ = (UniqueConstraint("trial_test_id", "party_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    trial_test_id: Mapped[int] = mapped_column(_own("trial_test"))
    party_id: Mapped[int] = mapped_column(_own("party"), index=True)


class Rung(Base):
    """A step of the ladder: a question, what is known, and the answer (NULL: not stated)."""

    __tablename__ = "technology_trials_rung"
    __table_args__ = (UniqueConstraint("collaboration_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    collaboration_id: Mapped[int] = mapped_column(_own("collaboration"))
    series_id: Mapped[int | None] = mapped_column(_own("series", nullable=True), index=True)
    position: Mapped[int]
    slug: Mapped[str] = mapped_column(Code(SLUG))
    question: Mapped[LocalisedText] = mapped_column(Localised)
    known: Mapped[LocalisedText | None] = mapped_column(Localised)
    answer: Mapped[LocalisedText | None] = mapped_column(Localised)


class Finding(Base):
    """One thing that was found on a rung, who said it (by role) and where it held.

    `contexts` is a list of {"party": slug, "held": "yes" | "partly" | "no"}; a party that is not
    in it has not tried.
    """

    __tablename__ = "technology_trials_finding"

    id: Mapped[int] = mapped_column(primary_key=True)
    rung_id: Mapped[int] = mapped_column(_own("rung"), index=True)
    position: Mapped[int]
    text: Mapped[LocalisedText] = mapped_column(Localised)
    said_by: Mapped[LocalisedText | None] = mapped_column(Localised)
    contexts: Mapped[list[dict[str, str]]] = mapped_column(JSON)


class Material(Base):
    """A material under the title it has in its source. It belongs to a workshop, a series of trial
    tests, or (neither) the specification. The file may be elsewhere: `document_id` is NULL then."""

    __tablename__ = "technology_trials_material"
    __table_args__ = (UniqueConstraint("collaboration_id", "slug"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    collaboration_id: Mapped[int] = mapped_column(_own("collaboration"))
    workshop_id: Mapped[int | None] = mapped_column(_own("workshop", nullable=True), index=True)
    series_id: Mapped[int | None] = mapped_column(_own("series", nullable=True), index=True)
    document_id: Mapped[int | None] = mapped_column(fk("document", ondelete="SET NULL"), index=True)
    slug: Mapped[str] = mapped_column(Code(SLUG))
    position: Mapped[int]
    title: Mapped[str] = mapped_column(String(300))
    title_text: Mapped[LocalisedText] = mapped_column(Localised)
    kind: Mapped[str] = mapped_column(Code())
    kind_stated: Mapped[bool]
    language: Mapped[str] = mapped_column(Code(2))
    licence: Mapped[str | None] = mapped_column(String(100))
    visibility: Mapped[str] = mapped_column(Code())  # draft|internal|shared|public|withdrawn


# --- the course type ----------------------------------------------------------------------------


class Technology(Base):
    """What a run of a new-technology trial is about: the category and its solutions.

    `solutions` is a list of {"name": ..., "organisation": ...}; with fewer than two of them
    `only_one_reason` says why.
    """

    __tablename__ = "technology_trials_technology"

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(fk("run"), unique=True)
    category: Mapped[LocalisedText] = mapped_column(Localised)
    question: Mapped[LocalisedText | None] = mapped_column(Localised)
    solutions: Mapped[list[dict[str, str]]] = mapped_column(JSON)
    only_one_reason: Mapped[str | None] = mapped_column(String(500))
    requirements: Mapped[list[dict[str, str]]] = mapped_column(JSON)
    measures: Mapped[list[dict[str, str]]] = mapped_column(JSON)
    stop_rule: Mapped[LocalisedText | None] = mapped_column(Localised)
    safe_use_check: Mapped[LocalisedText | None] = mapped_column(Localised)
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Practice(Base):
    """What one participant did between the sessions: uses, or why not, and the safe-use check."""

    __tablename__ = "technology_trials_practice"
    __table_args__ = (CheckConstraint("uses >= 0", name="uses"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(fk("enrolment"), unique=True)
    uses: Mapped[int] = mapped_column(default=0)
    non_use_reason: Mapped[str | None] = mapped_column(String(1000))
    safe_use_passed: Mapped[bool | None]
    checked_by_id: Mapped[int | None] = mapped_column(fk("person", ondelete="SET NULL"), index=True)
    checked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime)
