"""Digests: what people want once a day or once a week is gathered into one mail each."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask import current_app
from sqlalchemy import bindparam, select, update

from lms.contracts import Finish, JobContext
from lms.core.messages.models import Mail
from lms.core.messages.queries import preferences_of
from lms.core.messages.services.queueing import Ask, mails, queue_all
from lms.core.messages.services.sending import mark_given_up
from lms.core.messages.topics import AT_ONCE, DAILY, NEVER, how_for
from lms.db import db, now

GATHER = "messages.gather"
HOUR = time(7)
MOST = 5_000


def gather_job(context: JobContext) -> Finish:
    """The job, every quarter of an hour; one transaction."""

    def finish() -> None:
        context.log(f"{gather()} digests, {mark_given_up()} mails given up")

    return finish


def last_mornings(moment: datetime, zone: str) -> tuple[datetime, datetime]:
    """The last seven o'clock in `zone` at or before `moment`, and that of the last Monday."""
    there = ZoneInfo(zone)
    day = moment.astimezone(there).date()
    if datetime.combine(day, HOUR, tzinfo=there) > moment:
        day -= timedelta(days=1)
    monday = day - timedelta(days=day.weekday())
    return (
        datetime.combine(day, HOUR, tzinfo=there),
        datetime.combine(monday, HOUR, tzinfo=there),
    )


def gather() -> int:
    """Put held mails whose morning has come into one digest for each reader; how many digests.

    What a reader has chosen meanwhile counts: a topic that now comes at once is told with the
    next digest, one that is not wanted any more is dropped. A fixed number of statements.
    """
    daily, weekly = last_mornings(now(), current_app.config["ZONE"])
    held = db.session.execute(
        select(Mail.id, Mail.person_id, Mail.kind, Mail.created_at)
        .where(Mail.state == "held", Mail.digest_id.is_(None))
        .order_by(Mail.id)
        .limit(MOST)
        .with_for_update(skip_locked=True)
    ).all()
    if not held:
        return 0
    chosen = preferences_of(sorted({row.person_id for row in held}))
    due: dict[int, list[int]] = defaultdict(list)
    unwanted = []
    for row in held:
        how = how_for(row.kind, chosen.get(row.person_id, {}))
        if how == NEVER:
            unwanted.append(row.id)
        elif how == AT_ONCE or row.created_at < (daily if how == DAILY else weekly):
            due[row.person_id].append(row.id)
    if unwanted:
        db.session.execute(
            update(Mail)
            .where(Mail.id.in_(unwanted))
            .values(state="dropped")
            .execution_options(synchronize_session=False)
        )
    return _make(due)


def _make(due: dict[int, list[int]]) -> int:
    """One digest for each person, with the mails it tells of."""
    if not due:
        return 0
    new = queue_all(
        [
            Ask(effect=f"digest:{person}:{ids[-1]}", person_id=person, kind="digest")
            for person, ids in due.items()
        ]
    )
    digests = db.session.execute(select(Mail.id, Mail.person_id).where(Mail.id.in_(new))).all()
    pairs = [
        {"held": mail_id, "digest": row.id} for row in digests for mail_id in due[row.person_id]
    ]
    if pairs:
        db.session.connection().execute(
            update(mails)
            .where(mails.c.id == bindparam("held"))
            .values(digest_id=bindparam("digest")),
            pairs,
        )
    return len(digests)
