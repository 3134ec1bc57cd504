"""A contact and a tender that meet: one of them is first, and the other knows."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from lms.api import Refused, make_contacts, unit_of_work
from lms_fairplay.queries.tenders import tenders_for
from lms_fairplay.services import packs, tenders
from lms_fairplay.services.tenders import TenderValues


class Beside:
    """Something done by somebody else at the same time, in a thread with a context of its own."""

    def __init__(self, field: Any, deed: Callable[[], object]) -> None:
        self.began, self.over = threading.Event(), threading.Event()
        self.refused: list[str] = []
        self._field, self._deed = field, deed
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        with self._field.app.app_context():
            try:
                self.began.set()
                with unit_of_work():
                    self._deed()
            except Refused as error:
                self.refused = [one.code for one in error.refusals]
            finally:
                self.over.set()

    def wait(self) -> list[str]:
        """Codes of the reasons, once it is over; none when it was done."""
        self._thread.join(10)
        assert self.over.is_set()
        return self.refused


def known(buying: Any) -> None:
    """The authority has its row, and another tender has come and gone."""
    buying.end(buying.register("meals", "Kost"))


def registering(buying: Any) -> Callable[[], object]:
    values = TenderValues(title="Loftlifte", expected_on=buying.day(60), category="moving")
    return lambda: tenders.register(buying.field.north.id, values, buying.actor)


def test_i_21_a_tender_waits_for_a_contact_on_its_way_and_sees_it(buying):
    known(buying)
    field, contact = buying.field, buying.contact("teach")
    with field.app.app_context(), unit_of_work():
        make_contacts([contact], buying.actor)
        beside = Beside(field, registering(buying))
        beside.began.wait(5)
        assert not beside.over.wait(0.3)
    assert beside.wait() == []
    (tender,) = [one for one in tenders_of(buying) if one.freezes]
    assert [one.company for one in buying.running(tender)] == ["Prøve Lift ApS"]


def test_i_21_a_contact_waits_for_a_tender_on_its_way_and_is_refused(buying):
    known(buying)
    field, contact = buying.field, buying.contact("teach")
    with field.app.app_context(), unit_of_work():
        registering(buying)()
        beside = Beside(field, lambda: make_contacts([contact], buying.actor))
        beside.began.wait(5)
        assert not beside.over.wait(0.3)
    assert beside.wait() == ["waits"]
    assert field.lines() == []


def test_i_21_the_very_first_contact_of_an_authority_waits_too(buying):
    field, contact = buying.field, buying.contact("teach")
    with field.app.app_context(), unit_of_work():
        registering(buying)()
        beside = Beside(field, lambda: make_contacts([contact], buying.actor))
        assert not beside.over.wait(0.3)
    assert beside.wait() == ["waits"]


def test_a_pack_is_not_published_past_a_contact_on_its_way(buying, quick_press):
    known(buying)
    field, tender = buying.field, buying.register()
    pack = buying.pack(tender)
    with field.app.app_context(), unit_of_work():
        make_contacts([buying.contact("share")], buying.actor)
        beside = Beside(field, lambda: packs.publish(tender.id, pack, buying.actor))
        beside.began.wait(5)
        assert not beside.over.wait(0.3)
    assert beside.wait() == ["lines"]


def test_contacts_do_not_wait_for_each_other_where_the_database_lets_them(buying):
    known(buying)
    field = buying.field
    with field.app.app_context(), unit_of_work():
        make_contacts([buying.contact("share")], buying.actor)
        beside = Beside(
            field, lambda: make_contacts([buying.contact("share", field.rival)], buying.actor)
        )
        many = field.app.config["DATABASE_URL"].startswith("postgresql")
        assert beside.over.wait(3) if many else not beside.over.wait(0.2)
    assert beside.wait() == []
    assert len(field.lines()) == 2


def tenders_of(buying: Any) -> list[Any]:
    return list(buying.field.ask(tenders_for, buying.actor).items)
