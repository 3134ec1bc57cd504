"""A plugin in ten lines: a mark in the catalogue on every run that nobody has asked for yet."""

from lms.api import Badge, LocalisedText, hookimpl

FIRST = LocalisedText(da="Bliv den første", sv="Bli den första", en="Be the first")


@hookimpl
def lms_run_badges(runs, actor):
    """Marks on runs in lists, by run id."""
    quiet = [run for run in runs if run.state == "open" and not run.taken]
    return {run.id: [Badge(text=FIRST, kind="info", icon="sprout")] for run in quiet}
