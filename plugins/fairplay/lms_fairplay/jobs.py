"""The job that makes an information pack."""

from __future__ import annotations

from collections.abc import Sequence

from lms.api import (
    BlobDamagedError,
    BlobMissingError,
    DocumentFacts,
    Finish,
    JobContext,
    JobType,
    documents_with_keys,
    now,
    organisations_by_id,
    read,
    runs_by_id,
    unit_of_work,
)
from lms_fairplay.locking import hold
from lms_fairplay.masking import letters_for, materials_of, shown
from lms_fairplay.packing import PackContent, pack
from lms_fairplay.queries.packs import lines_of, newest_line, pack_by_id, scope_of
from lms_fairplay.queries.tenders import tender_by_id, titled
from lms_fairplay.services.packs import JOB, Made, keep

LANGUAGE_OF = {"DK": "da", "SE": "sv"}
"""The PDF speaks the language of the authority; the tables beside it speak all three."""


def make_pack(context: JobContext) -> Finish | None:
    """The job. It reads the lines while nobody writes any at this authority, which takes a moment,
    and draws the pack from what it read."""
    asked = pack_by_id(int(context.args["pack"]))
    tender = tender_by_id(asked.tender_id) if asked else None
    if asked is None or tender is None or asked.state not in ("waiting", "failed"):
        context.log("nothing to make: the pack is made, or its tender is gone")
        return None
    with unit_of_work(harmless=True):
        hold([tender.authority_id], alone=True)
        up_to, last = now(), newest_line()
        lines = lines_of(scope_of(tender, last), up_to)
    keys = sorted({key for line in lines for key in line.documents})
    materials = materials_of(lines, documents_with_keys(keys))
    country = organisations_by_id([tender.authority_id])[tender.authority_id].country
    language = LANGUAGE_OF.get(country, "en")
    runs = runs_by_id(sorted({line.run_id for line in lines if line.run_id}), hosts=False)
    masked = sorted((line for line in lines if line.confidential), key=lambda line: line.id)
    data, inside = pack(
        PackContent(
            title=tender.title,
            authority=tender.authority,
            category=titled(tender.category),
            number=asked.number,
            up_to=up_to,
            language=language,
            lines=shown(lines, letters_for(line.company_id for line in masked), materials.masked),
            materials=materials,
            runs={run_id: run.title for run_id, run in runs.items()},
        ),
        _contents_of,
        context.progress,
    )
    context.log(f"{len(lines)} lines, {len(inside)} documents, {len(data)} bytes")
    made = Made(
        data=data,
        up_to=up_to,
        last_line_id=last,
        line_ids=[line.id for line in lines],
        masked=len(masked),
        document_keys=inside,
    )

    def finish() -> None:
        keep(asked, tender, made, language)

    return finish


def _contents_of(document: DocumentFacts) -> bytes | None:
    try:
        return read(document.sha256)
    except (BlobMissingError, BlobDamagedError):
        return None


JOBS: Sequence[JobType] = (JobType(name=JOB, run=make_pack, max_attempts=3),)
