"""Mails: asked for by the journal, held or sent as their readers have chosen, written by jobs.

A mail exists once per happening (`effect`).
"""

from lms.core.messages.services.choosing import (
    choose,
    end_feed,
    make_feed,
    reset_text,
    seen,
    write_text,
)
from lms.core.messages.services.gathering import GATHER, gather, gather_job, last_mornings
from lms.core.messages.services.queueing import (
    SEND,
    Ask,
    Recipient,
    queue,
    queue_all,
    queue_letter,
    queue_note,
)
from lms.core.messages.services.sending import ATTEMPTS, mark_given_up, send, send_again

__all__ = [
    "ATTEMPTS",
    "GATHER",
    "SEND",
    "Ask",
    "Recipient",
    "choose",
    "end_feed",
    "gather",
    "gather_job",
    "last_mornings",
    "make_feed",
    "mark_given_up",
    "queue",
    "queue_all",
    "queue_letter",
    "queue_note",
    "reset_text",
    "seen",
    "send",
    "send_again",
    "write_text",
]
