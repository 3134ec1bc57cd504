"""Tables of the plugin host."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Text
from sqlalchemy.orm import Mapped, mapped_column

from lms.db import Base, Code, UTCDateTime


class PluginState(Base):
    """What every worker must know about a plugin: active, switched off or quarantined, and why."""

    __tablename__ = "host_plugin_state"

    plugin: Mapped[str] = mapped_column(Code(), primary_key=True)
    state: Mapped[str] = mapped_column(Code())  # active | off | quarantined
    failures: Mapped[int] = mapped_column(default=0)
    hook: Mapped[str] = mapped_column(Code(80), default="")
    error: Mapped[str] = mapped_column(Text, default="")
    since: Mapped[datetime | None] = mapped_column(UTCDateTime)
    version: Mapped[str] = mapped_column(Code(), default="")
