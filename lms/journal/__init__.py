"""The journal: what happened, in order, in a chain, told to whoever listens."""

from lms.journal.delivery import deliver
from lms.journal.services import blank_payload, record, seal

__all__ = ["blank_payload", "deliver", "record", "seal"]
