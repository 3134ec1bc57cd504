"""Sockets that the files room fills."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

from flask import current_app

from lms.contracts import DataPolicy, DoctorFinding, JobType
from lms.files import previews
from lms.hookspecs import hookimpl

LEAST_FREE = 0.05  # of the volume


@hookimpl
def lms_data_policy() -> Sequence[DataPolicy]:
    """Documents belong to their subjects; who stored them is kept with them."""
    return [
        DataPolicy(
            table="files_document",
            purpose="Keeps certificates and course material, and who put them there.",
            person_columns=("created_by_id",),
        )
    ]


@hookimpl
def lms_jobs() -> Sequence[JobType]:
    """The first pages of what people send."""
    return (JobType(name="files.preview", run=previews.draw, max_attempts=2),)


@hookimpl
def lms_doctor() -> Sequence[DoctorFinding]:
    """Can documents be written, and is there room for them?"""
    place = Path(current_app.config["DATA_DIR"])
    try:
        with tempfile.NamedTemporaryFile(dir=place) as file:
            file.write(b"well")
            file.flush()
            os.fsync(file.fileno())
        usage = shutil.disk_usage(place)
    except OSError as error:
        return [
            DoctorFinding(
                ok=False,
                name="storage",
                sentence=f"The data folder {place} cannot be written: {error.strerror}.",
            )
        ]
    if usage.free < usage.total * LEAST_FREE:
        return [
            DoctorFinding(
                ok=False,
                warning=True,
                name="storage",
                sentence=f"The volume of {place} is nearly full: {usage.free // 2**20} MiB left.",
            )
        ]
    return [DoctorFinding(ok=True, name="storage", sentence="The data folder can be written.")]
