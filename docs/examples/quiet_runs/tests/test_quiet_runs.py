from __future__ import annotations

import lms_quiet_runs
import pytest


@pytest.fixture
def lms_plugins():
    from lms.testing.specimen import SPECIMEN, Specimen

    return [(SPECIMEN, Specimen()), ("quiet_runs", lms_quiet_runs)]


def test_lms_run_badges(client, make_run, make_enrolment):
    make_enrolment(run=make_run(title="Asked for"))
    assert "Be the first" not in client.get("/catalogue?lang=en").text
    make_run(title="Not asked for")
    assert client.get("/catalogue?lang=en").text.count("Be the first") == 1
    assert "Bliv den første" in client.get("/catalogue?lang=da").text
