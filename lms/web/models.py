"""Tables of the web layer."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Text
from sqlalchemy.orm import Mapped, mapped_column

from lms.db import Base, Code, UTCDateTime


class RateCount(Base):
    """How often something was tried in a window of time; shared by all workers."""

    __tablename__ = "web_rate_count"

    key_hash: Mapped[str] = mapped_column(Code(64), primary_key=True)
    window_start: Mapped[datetime] = mapped_column(UTCDateTime, primary_key=True, index=True)
    count: Mapped[int]


class OnceKey(Base):
    """A request that carried an idempotency key: who sent what, and what was answered.

    `status` is None while the first of them is still being worked on.
    """

    __tablename__ = "web_once_key"

    key_hash: Mapped[str] = mapped_column(Code(64), primary_key=True)  # of sender, route and key
    body_hash: Mapped[str] = mapped_column(Code(64))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    status: Mapped[int | None]
    headers: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    body: Mapped[str] = mapped_column(Text, default="")
