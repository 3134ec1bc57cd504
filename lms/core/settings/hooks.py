"""What the settings room contributes."""

from __future__ import annotations

from collections.abc import Sequence

from lms.contracts import DataPolicy
from lms.hookspecs import hookimpl


@hookimpl
def lms_data_policy() -> Sequence[DataPolicy]:
    """Settings hold no personal data."""
    return (
        DataPolicy(
            table="settings_setting",
            purpose="how plugins are set, for the site or for one organisation",
            copy="never",
        ),
    )
