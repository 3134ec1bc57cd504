"""Tables of the web layer."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from lms.db import Base, Code, UTCDateTime


class RateCount(Base):
    """How often something was tried in a window of time; shared by all workers."""

    __tablename__ = "web_rate_count"

    key_hash: Mapped[str] = mapped_column(Code(64), primary_key=True)
    window_start: Mapped[datetime] = mapped_column(UTCDateTime, primary_key=True, index=True)
    count: Mapped[int]
