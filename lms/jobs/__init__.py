"""Jobs: work outside the request. The row is the truth; a worker holds it by a lease."""

from lms.jobs.services import enqueue, enqueue_all, retry_failed
from lms.jobs.worker import drain

__all__ = ["drain", "enqueue", "enqueue_all", "retry_failed"]
