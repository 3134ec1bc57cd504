"""What becomes of the plugin's tables when people and runs go."""

from __future__ import annotations

from lms.api import DataPolicy

POLICIES = (
    DataPolicy(
        table="fairplay_contact_line",
        purpose="what authorities and companies had to do with each other, for equal treatment",
        person_columns=("written_by_id",),
        erase="blank",
    ),
    DataPolicy(
        table="fairplay_correction",
        purpose="what a company says about a line of the contact log",
        person_columns=("by_id", "answered_by_id"),
        erase="blank",
    ),
    DataPolicy(
        table="fairplay_declaration",
        purpose="a company's signed word to stay neutral",
        person_columns=("signed_by_id",),
        erase="blank",
    ),
    DataPolicy(
        table="fairplay_aid_line",
        purpose="aid to a company, or why a measure is none",
        person_columns=("written_by_id",),
        erase="blank",
    ),
    DataPolicy(
        table="fairplay_merger",
        purpose="which company became part of which, so that nothing is counted twice or lost",
        person_columns=("written_by_id", "ended_by_id"),
        erase="blank",
    ),
    DataPolicy(
        table="fairplay_authority",
        purpose="what contacts and tenders of an authority wait for each other by",
        export=False,
    ),
    DataPolicy(
        table="fairplay_tender",
        purpose="what an authority expects to buy, and when",
        person_columns=("registered_by_id",),
        erase="blank",
    ),
    DataPolicy(
        table="fairplay_running_contact",
        purpose="what was decided of contacts that ran when a tender was registered",
        person_columns=("decided_by_id",),
        erase="blank",
    ),
    DataPolicy(
        table="fairplay_pack",
        purpose="information packs that give every bidder what some were told",
        person_columns=("asked_by_id", "public_by_id"),
        erase="blank",
    ),
)
