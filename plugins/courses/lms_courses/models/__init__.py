"""Tables of the courses plugin."""

from lms_courses.models.base import Base
from lms_courses.models.cases import CaseComment, CaseUse, CaseVersion, CompanyCase, Nda
from lms_courses.models.company import Application, Call, TestPlan, ValueClaim
from lms_courses.models.coteaching import SlotOffer
from lms_courses.models.panels import Panel, PanelForm, PanelSubject
from lms_courses.models.staff import Decision, Journey, Tryout
from lms_courses.models.students import CaseQuestion, CaseResult, GroupTerms, NdaSignature

__all__ = [
    "Application",
    "Base",
    "Call",
    "CaseComment",
    "CaseQuestion",
    "CaseResult",
    "CaseUse",
    "CaseVersion",
    "CompanyCase",
    "Decision",
    "GroupTerms",
    "Journey",
    "Nda",
    "NdaSignature",
    "Panel",
    "PanelForm",
    "PanelSubject",
    "SlotOffer",
    "TestPlan",
    "Tryout",
    "ValueClaim",
]
