"""Tables of the settings room."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.db import Base, Code, UTCDateTime


class Setting(Base):
    """The settings of one plugin in one scope: ("site", 0) or ("organisation", its id)."""

    __tablename__ = "settings_setting"
    __table_args__ = (UniqueConstraint("plugin", "scope_kind", "scope_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    plugin: Mapped[str] = mapped_column(Code())
    scope_kind: Mapped[str] = mapped_column(Code())
    scope_id: Mapped[int] = mapped_column(default=0)
    values: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime)
