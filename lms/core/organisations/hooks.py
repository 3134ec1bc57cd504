"""What the organisations room contributes."""

from __future__ import annotations

from collections.abc import Sequence

from lms.contracts import DataPolicy, LocalisedText, MenuLink
from lms.hookspecs import hookimpl


@hookimpl
def lms_menu_links() -> Sequence[MenuLink]:
    """The list of organisations, for those who manage some."""
    return (
        MenuLink(
            endpoint="organisations.index",
            label=LocalisedText(da="Organisationer", sv="Organisationer", en="Organisations"),
            icon="building-2",
            order=70,
            permission="organisations.manage",
            audience="signed_in",
        ),
    )


@hookimpl
def lms_data_policy() -> Sequence[DataPolicy]:
    """Organisations are closed, never deleted; none of the tables names a person."""
    return (
        DataPolicy(table="organisations_organisation", purpose="who takes part, hosts and employs"),
        DataPolicy(
            table="organisations_name",
            purpose="other and former names, so that an organisation is still found",
        ),
        DataPolicy(table="organisations_unit", purpose="where in an organisation people work"),
        DataPolicy(table="organisations_function", purpose="what people are at work, in words"),
    )
