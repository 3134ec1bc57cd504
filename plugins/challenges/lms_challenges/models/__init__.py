"""Tables of the challenges plugin."""

from lms_challenges.models.base import Base
from lms_challenges.models.challenges import (
    Challenge,
    Collaborator,
    Framing,
    LearningNote,
    Note,
)
from lms_challenges.models.ideas import Cluster, Idea, Score, Workroom, WorkroomChallenge
from lms_challenges.models.maturing import Decider, Gate, GateOption, Method, TestRound
from lms_challenges.models.problems import Problem, Step, Voice, Word

__all__ = [
    "Base",
    "Challenge",
    "Cluster",
    "Collaborator",
    "Decider",
    "Framing",
    "Gate",
    "GateOption",
    "Idea",
    "LearningNote",
    "Method",
    "Note",
    "Problem",
    "Score",
    "Step",
    "TestRound",
    "Voice",
    "Word",
    "Workroom",
    "WorkroomChallenge",
]
