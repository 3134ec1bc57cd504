"""Many runs at once, and people who stand in different places to one run."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lms.core.catalogue.models import Run, RunHost
from lms.db import now, search_key


@pytest.fixture
def many_runs(maker):
    """`many_runs(n)`: so many open, public runs of one version with one host, in two inserts."""

    def make(number):
        version = maker.version(title="Mange hold")
        host = maker.organisation(name="Øksnehavn Kommune")
        runs = [
            Run(
                course_version_id=version.id,
                course_type="specimen",
                title=version.title,
                state="open",
                zone="Europe/Copenhagen",
                starts_at=now() + timedelta(days=1 + n),
                ends_at=now() + timedelta(days=2 + n),
                capacity=12,
                taken=n % 13,
                languages=["da"],
                search_text=search_key(f"mange hold {n}"),
                rule=dict(version.rule),
            )
            for n in range(number)
        ]
        maker.write(*runs)
        maker.write(*(RunHost(run_id=run.id, organisation_id=host.id) for run in runs))
        return runs

    return make


@pytest.fixture
def signed_in(lms_app, sign_in, make_person, make_access_role):
    """`signed_in(role=None, organisation=None)`: a browser of somebody with that access role."""

    def enter(role=None, organisation=None, person=None):
        person = person or make_person()
        if role:
            make_access_role(person=person, role=role, organisation=organisation)
        return sign_in(lms_app.test_client(), person)

    return enter
