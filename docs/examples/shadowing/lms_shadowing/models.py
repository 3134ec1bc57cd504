"""The plugin's one table."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Text
from sqlalchemy.orm import Mapped, mapped_column

from lms.api import UTCDateTime, fk, plugin_base

Base = plugin_base("shadowing")


class Note(Base):  # type: ignore[valid-type,misc]
    """What somebody saw; one for each enrolment."""

    __tablename__ = "shadowing_note"

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(fk("enrolment"), unique=True)
    person_id: Mapped[int] = mapped_column(fk("person"), index=True)
    text: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime] = mapped_column(UTCDateTime)
