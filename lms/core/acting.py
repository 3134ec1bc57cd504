"""What a view does when a form is sent: a verb in a unit of work, its refusals in the form."""

from __future__ import annotations

from collections.abc import Callable

from lms.core.refused import Refused, show_in
from lms.web import Confirm, Form, tell
from lms.work import unit_of_work


def done(form: Form, verb: Callable[[], object]) -> bool:
    """Do it in one unit of work; False when it was refused, with the reasons in the form."""
    try:
        with unit_of_work():
            verb()
    except Refused as error:
        show_in(form, error)
        return False
    return True


def pressed(verb: Callable[[], object]) -> bool:
    """A button was pressed: do it; False when it was refused or the page too old, which is told at
    the top of the next page."""
    form = Confirm()
    if form.validate_on_submit() and done(form, verb):
        return True
    for sentence in form.form_errors:
        tell(str(sentence), "stop")
    return False
