"""Challenges: what is worth solving, who owns it, and what it was called before."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from lms.api import Code, Localised, LocalisedText, UTCDateTime, fk, new_key
from lms_challenges.models.base import Base, own


class Challenge(Base):
    """A challenge that organisations own together. `state` is one of `states.CHALLENGE`.

    `level` is the maturation level it has reached, 0 to 9, by the gates of `method_id`.
    `profile` holds the readiness of scales.READINESS, each 0 to 9; a missing one is unknown.
    What the public may read is `public_text`, once `published_at` is set.
    """

    __tablename__ = "challenges_challenge"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(Code(16), unique=True, default=new_key)
    state: Mapped[str] = mapped_column(Code(), default="framed", index=True)
    state_before: Mapped[str] = mapped_column(Code(), default="")  # what a pause ends in
    level: Mapped[int] = mapped_column(default=0)
    method_id: Mapped[int | None] = mapped_column(own("method", nullable=True))
    owner_id: Mapped[int | None] = mapped_column(fk("person", ondelete="SET NULL"), index=True)
    organisation_id: Mapped[int] = mapped_column(fk("organisation"), index=True)
    public_text: Mapped[LocalisedText] = mapped_column(Localised)
    published_at: Mapped[datetime | None] = mapped_column(UTCDateTime, index=True)
    scope_in: Mapped[str] = mapped_column(Text, default="")
    scope_out: Mapped[str] = mapped_column(Text, default="")
    profile: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    reason: Mapped[str] = mapped_column(Text, default="")  # of a pause or a stop
    wake_on: Mapped[date | None]
    search_text: Mapped[str] = mapped_column(Text)  # every name it ever had
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    created_by_id: Mapped[int | None] = mapped_column(fk("person", ondelete="SET NULL"))
    revision: Mapped[int] = mapped_column(default=1)


class Framing(Base):
    """What a challenge is called and how it is understood, from one day to another. The current
    one has no `until_at`; former ones stay, with why they were left."""

    __tablename__ = "challenges_framing"
    __table_args__ = (
        Index("ix_challenges_framing_challenge", "challenge_id", "from_at"),
        Index(
            "uq_challenges_framing_current",
            "challenge_id",
            unique=True,
            sqlite_where=text("until_at IS NULL"),
            postgresql_where=text("until_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    challenge_id: Mapped[int] = mapped_column(own("challenge"))
    title: Mapped[LocalisedText] = mapped_column(Localised)
    question: Mapped[LocalisedText] = mapped_column(Localised)  # how might we ...
    understood: Mapped[LocalisedText] = mapped_column(Localised)  # what we think the problem is
    from_at: Mapped[datetime] = mapped_column(UTCDateTime)
    until_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    left_because: Mapped[LocalisedText] = mapped_column(Localised)
    by_id: Mapped[int | None] = mapped_column(fk("person", ondelete="SET NULL"))


class Collaborator(Base):
    """An organisation that a challenge concerns. `role`: owner, partner, company. People of a
    company's never see more than the public text."""

    __tablename__ = "challenges_collaborator"
    __table_args__ = (UniqueConstraint("challenge_id", "organisation_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    challenge_id: Mapped[int] = mapped_column(own("challenge"))
    organisation_id: Mapped[int] = mapped_column(fk("organisation"), index=True)
    role: Mapped[str] = mapped_column(Code(), default="partner")
    product: Mapped[str] = mapped_column(String(200), default="")  # a company's, if it brings one


class Note(Base):
    """A theme, a dilemma or an open question of a challenge. `state`: proposed, kept, dropped."""

    __tablename__ = "challenges_note"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(Code(16), unique=True, default=new_key)
    challenge_id: Mapped[int] = mapped_column(own("challenge"), index=True)
    kind: Mapped[str] = mapped_column(Code())  # theme | dilemma | question
    text: Mapped[LocalisedText] = mapped_column(Localised)
    state: Mapped[str] = mapped_column(Code(), default="proposed")
    reason: Mapped[str] = mapped_column(String(500), default="")
    by_id: Mapped[int | None] = mapped_column(fk("person", ondelete="SET NULL"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)


class LearningNote(Base):
    """What was learned where a challenge stopped, or a round of the method or model was tried."""

    __tablename__ = "challenges_learning_note"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(Code(16), unique=True, default=new_key)
    challenge_id: Mapped[int | None] = mapped_column(own("challenge"), index=True)
    round_id: Mapped[int | None] = mapped_column(own("test_round"), index=True)
    title: Mapped[str] = mapped_column(String(160))
    text: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(Code(2))
    by_id: Mapped[int | None] = mapped_column(fk("person", ondelete="SET NULL"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
