"""What becomes of the plugin's tables when people and runs go."""

from __future__ import annotations

from lms.api import DataPolicy

POLICIES = (
    DataPolicy(
        table="challenges_problem",
        purpose="what somebody noticed at work, and what became of it",
        person_columns=("sender_id", "checked_by_id"),
        erase="blank",
    ),
    DataPolicy(
        table="challenges_voice",
        purpose="how often a problem happens where somebody works, and what it costs",
        person_columns=("person_id",),
        erase="blank",
    ),
    DataPolicy(
        table="challenges_step",
        purpose="the way of a problem, for its sender to read",
        person_columns=("by_id",),
        erase="blank",
    ),
    DataPolicy(
        table="challenges_word",
        purpose="word stems of problems, to find similar ones while somebody writes",
        export=False,
    ),
    DataPolicy(
        table="challenges_challenge",
        purpose="what organisations have found worth solving together",
        person_columns=("owner_id", "created_by_id"),
        erase="blank",
    ),
    DataPolicy(
        table="challenges_framing",
        purpose="what a challenge was called and how it was understood, from day to day",
        person_columns=("by_id",),
        erase="blank",
    ),
    DataPolicy(
        table="challenges_collaborator", purpose="the organisations that a challenge concerns"
    ),
    DataPolicy(
        table="challenges_note",
        purpose="themes, dilemmas and open questions of a challenge",
        person_columns=("by_id",),
        erase="blank",
    ),
    DataPolicy(
        table="challenges_learning_note",
        purpose="what was learned where something stopped or was tried",
        person_columns=("by_id",),
        erase="blank",
    ),
    DataPolicy(
        table="challenges_method",
        purpose="versions of the maturation method and of the model for early detection",
        person_columns=("created_by_id",),
        erase="blank",
    ),
    DataPolicy(
        table="challenges_test_round",
        purpose="where and when a version of the method or the model was tried",
        person_columns=("by_id",),
        erase="blank",
    ),
    DataPolicy(table="challenges_gate", purpose="decisions on whether a challenge goes on"),
    DataPolicy(
        table="challenges_decider",
        purpose="who decided at a gate, and for which organisation",
        person_columns=("person_id",),
        erase="blank",
    ),
    DataPolicy(table="challenges_option", purpose="the ways to meet a challenge that were weighed"),
    DataPolicy(
        table="challenges_workroom",
        purpose="the question, exercises and criteria of a run of idea development",
        copy="with_run",
    ),
    DataPolicy(
        table="challenges_workroom_challenge",
        purpose="the challenges that a run works on",
        copy="with_run",
    ),
    DataPolicy(table="challenges_cluster", purpose="ideas of a run that belong together"),
    DataPolicy(
        table="challenges_idea",
        purpose="ideas, and the sheets that some of them got",
        person_columns=("by_id",),
        erase="blank",
    ),
    DataPolicy(
        table="challenges_score",
        purpose="what participants say of ideas by the agreed criteria",
        person_columns=("person_id",),
        erase="blank",
    ),
)
