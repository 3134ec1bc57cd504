"""Giving everybody what the panel said of them, at one moment or not at all.

Competitors are told at the same time in the same form. So one company that may not be told just
now, for a tender or for want of a declaration, stops it for all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from sqlalchemy import delete, update

from lms.api import (
    Actor,
    ContactFacts,
    LocalisedText,
    Refusal,
    Refused,
    RunFacts,
    contact_refusals,
    db,
    make_contacts,
    now,
    record,
    refused,
)
from lms_courses.models import Panel, PanelSubject
from lms_courses.queries.calls import call_of
from lms_courses.queries.panels import (
    FormFacts,
    PanelFacts,
    SubjectFacts,
    candidates,
    forms_on,
    living,
    stamp_of,
    subjects_of,
)
from lms_courses.refusing import refusal
from lms_courses.services.panels import hold, released

WHAT = LocalisedText(
    da="Virksomheden fik panelets feedback, samtidig med alle andre virksomheder på holdet.",
    sv="Företaget fick panelens återkoppling, samtidigt som alla andra företag i omgången.",
    en="The company got the feedback of the panel, at the same time as all others in the run.",
)
ALL_OR_NONE = Refusal(
    code="all_or_none",
    message=LocalisedText(
        da="Derfor er intet sendt til nogen: alle får deres på samme tid.",
        sv="Därför har inget skickats till någon: alla får sin på samma gång.",
        en="So nothing was sent to anybody: all get theirs at the same time.",
    ),
)

NOBODY = Refusal(
    code="nobody",
    message=LocalisedText(
        da="Alle har forladt holdet, så der er ingen at sende til.",
        sv="Alla har lämnat omgången, så det finns ingen att skicka till.",
        en="All have left the run, so there is nobody to send to.",
    ),
)


def release(panel: PanelFacts, run: RunFacts, actor: Actor, *, seen: str) -> int:
    """Everybody who is still there gets theirs now; how many. What was written of who has left is
    thrown away. `seen` is the stamp of summaries and forms that the page had shown.

    Raises `Refused` with all reasons by name: without a form, without a summary, come since, or
    not to be told now.
    """
    panel = hold(panel.id)
    if panel.released_at is not None:
        raise released()
    here, gone, new = living(subjects_of([panel.id]), candidates(run))
    forms = forms_on([one.id for one in here])
    if stamp_of(here, forms) != seen:
        raise refused(
            "meanwhile",
            da="Noget er skrevet, siden du åbnede siden. Se det igennem, og send så.",
            sv="Något har skrivits sedan du öppnade sidan. Läs igenom det och skicka sedan.",
            en="Something was written since you opened the page. Look it through, then send.",
        )
    missing = [*(_come(one.name) for one in new), *gaps(here, forms)]
    if not here:
        missing.append(NOBODY)
    if missing:
        raise Refused(*missing)
    _tell_authorities(here, forms, run, actor)
    moment = now()
    db.session.execute(
        update(Panel)
        .where(Panel.id == panel.id)
        .values(released_at=moment, released_by_id=actor.person_id)
        .execution_options(synchronize_session=False)
    )
    if gone:
        db.session.execute(
            delete(PanelSubject)
            .where(PanelSubject.id.in_([one.id for one in gone]))
            .execution_options(synchronize_session=False)
        )
    record(
        "courses.panel_released",
        "panel",
        panel.id,
        actor=actor,
        data={"run": run.id, "subjects": [one.id for one in here], "left": len(gone)},
    )
    return len(here)


def gaps(
    subjects: Sequence[SubjectFacts], forms: Mapping[int, Sequence[FormFacts]]
) -> Sequence[Refusal]:
    """Who has no form or no summary yet, and who can write it."""
    found = []
    for one in subjects:
        if not forms[one.id]:
            found.append(
                refusal(
                    "form",
                    f"{one.name} har ingen feedback. En i panelet skal skrive den.",
                    f"{one.name} har ingen återkoppling. Någon i panelen ska skriva den.",
                    f"{one.name} has no feedback. Somebody on the panel must write it.",
                )
            )
        elif not one.summary.strip():
            found.append(
                refusal(
                    "summary",
                    f"{one.name} mangler en sammenfatning. Du kan skrive den nu.",
                    f"{one.name} saknar en sammanfattning. Du kan skriva den nu.",
                    f"{one.name} has no summary. You can write it now.",
                )
            )
    return found


def _tell_authorities(
    here: Sequence[SubjectFacts],
    forms: Mapping[int, Sequence[FormFacts]],
    run: RunFacts,
    actor: Actor,
) -> None:
    """One contact for each company, all in one go. Raises `Refused`, each reason with the name of
    the company that it stands for, and with what follows for the others."""
    companies = [one for one in here if one.application_id is not None]
    if not companies:
        return
    unknown = [_unknown(one.name) for one in companies if one.company_id is None]
    if unknown:
        raise Refused(*unknown, ALL_OR_NONE)
    call = call_of(run.id)
    moment = now()
    contacts = [
        ContactFacts(
            kind="feedback",
            authority_ids=run.host_ids + run.partner_ids,
            company_id=one.company_id or 0,
            at=moment,
            what=WHAT,
            category=call.category if call is not None else "",
            run_id=run.id,
            subject_kind="panel_subject",
            subject_id=one.id,
            confidential=True,
            private=True,
            people=Counter(form.role for form in forms[one.id]),
        )
        for one in companies
    ]
    reasons = contact_refusals(contacts)
    if reasons:
        raise Refused(*(_by_name(reason, companies) for reason in reasons), ALL_OR_NONE)
    make_contacts(contacts, actor)


def _by_name(reason: Refusal, companies: Sequence[SubjectFacts]) -> Refusal:
    """The reason, with the company's name in front where it does not say it itself."""
    name = companies[reason.index].name if reason.index < len(companies) else ""
    texts = reason.message.as_dict()
    return Refusal(
        code=reason.code,
        index=reason.index,
        message=LocalisedText(
            **{
                code: text if not text or name.casefold() in text.casefold() else f"{name}: {text}"
                for code, text in texts.items()
            }
        ),
    )


def _come(name: str) -> Refusal:
    return refusal(
        "come",
        f"{name} er kommet til. Tag dem med først, så også de får feedback.",
        f"{name} har tillkommit. Ta med dem först, så att också de får återkoppling.",
        f"{name} came since. Take them in first, so that they get feedback too.",
    )


def _unknown(name: str) -> Refusal:
    return refusal(
        "unknown",
        f"{name} er ikke kendt her som virksomhed. Den forløbsansvarlige svarer på ansøgningen.",
        f"{name} är inte känt här som företag. Den programansvariga svarar på ansökan.",
        f"{name} is not known here as a company. The programme lead answers its application.",
    )
