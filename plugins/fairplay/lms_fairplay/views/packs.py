"""An information pack as everybody reads it."""

from __future__ import annotations

from werkzeug.wrappers import Response

from lms.api import (
    access,
    asked_page,
    documents_with_keys,
    file_url,
    language,
    not_found,
    page,
    pager,
    runs_by_id,
)
from lms_fairplay.days import ZONE
from lms_fairplay.kinds import KINDS, people_in_words
from lms_fairplay.masking import shown
from lms_fairplay.packing import company_of, corrections_of, what_of
from lms_fairplay.queries.packs import letters_of, lines_on_page, public_pack
from lms_fairplay.queries.tenders import tender_by_id, titled
from lms_fairplay.views.base import blueprint


@blueprint.get("/packs/<key>")
@access(known="public", cache="public", rate="search")
def pack(key: str) -> Response:
    """Everything that was shared with any company, what is a company's own masked, in the reader's
    language; and the file with the materials."""
    found = public_pack(key)
    tender = tender_by_id(found.tender_id) if found else None
    if found is None or tender is None or found.up_to is None:
        not_found()
    lines = lines_on_page(found.line_ids, found.up_to, asked_page())
    masked = any(line.confidential for line in lines.items)
    told = shown(lines.items, letters_of(found.line_ids) if masked else {}, frozenset())
    inside = set(found.document_keys)
    here = [key for line in told for key in line.documents if key in inside]
    runs = runs_by_id(sorted({line.run_id for line in told if line.run_id}), hosts=False)
    return page(
        "fairplay/pack.html",
        pack=found,
        tender=tender,
        category=titled(tender.category),
        lines=told,
        total=lines.total,
        pager=pager(lines.number, lines.pages),
        documents={one.key: one for one in documents_with_keys(here)},
        runs={run_id: run.title for run_id, run in runs.items()},
        kinds=KINDS,
        people=lambda line: people_in_words(line.people, language()),
        company=lambda line: company_of(line, language()),
        what=lambda line: what_of(line, language()),
        corrections=lambda line: list(corrections_of(line, language())),
        download=file_url(found.document_key),
        zone=ZONE.key,
    )
