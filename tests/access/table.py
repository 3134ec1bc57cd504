"""Who may use which route: one line per route, method and thing.

    endpoint                        how  thing                answer | own side | neighbour's side

`answer` is the status for those who may; a post is sent with a stale token, so that it is refused
as a form and changes nothing. Who is not named is answered as the route's declaration says: guests
are sent to sign in (GET 303, POST 401) or, over the API, told to send a token (401); everybody
else gets 404, whether the thing is another organisation's or does not exist. A single exception
for one reader is written `reader=status`. An empty side means that the thing has no such side.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tests.access.world import READERS, SIGNED_IN

WORDS = {"everybody": READERS, "signed_in": SIGNED_IN}

TABLE = """
administration.give_entry_again POST set-aside entry      303 | site |
administration.index            GET  -                    200 | site |
administration.job              GET  job                  200 | site |
administration.job              POST job                  422 | site |
administration.job_list         GET  -                    200 | site |
administration.journal_page     GET  -                    200 | site |
administration.plugin_act       POST plugin               303 | site |
administration.plugins          GET  -                    200 | site |

catalogue.index                 GET  -                    200 | everybody |
catalogue.run                   GET  run                  200 | everybody | everybody
catalogue.run                   GET  internal run         200 | teacher company lead institution site | site
catalogue.state                 GET  run                  200 | lead institution site | site
catalogue.state                 POST run                  422 | lead institution site | site
catalogue.state                 GET  internal run         200 | lead institution site | site
catalogue.state                 POST internal run         422 | lead institution site | site
catalogue_api.run               GET  run                  200 | signed_in | signed_in
catalogue_api.run               GET  internal run         200 | teacher company lead institution site | site
catalogue_api.runs              GET  -                    200 | signed_in |

certificates.data               GET  certificate          200 | learner lead institution site | site
certificates.file               GET  certificate          200 | learner lead institution site | site
certificates.index              GET  -                    200 | signed_in |
certificates.issued             GET  -                    200 | lead institution site |
certificates.replace            GET  certificate          200 | lead institution site | site
certificates.replace            POST certificate          422 | lead institution site | site
certificates.revoke             GET  certificate          200 | lead institution site | site
certificates.revoke             POST certificate          422 | lead institution site | site
certificates.show               GET  certificate          200 | learner lead institution site | site
certificates.verified           GET  code                 200 | everybody | everybody
certificates.verified           POST code                 422 | everybody | everybody
certificates.verify             GET  -                    200 | everybody |

enrolment.answer                GET  link for an answer   200 | everybody |
enrolment.answer                POST link for an answer   422 | everybody |
enrolment.answer                GET  link for an offer    200 | everybody |
enrolment.answer                POST link for an offer    422 | everybody |
enrolment.answered              GET  -                    200 | everybody |
enrolment.ask                   GET  open run             200 | signed_in | signed_in
enrolment.ask                   POST open run             422 | signed_in | signed_in
enrolment.ask                   GET  internal run         200 | teacher company lead institution site | site
enrolment.ask                   POST internal run         422 | teacher company lead institution site | site
enrolment.decide                GET  request              200 | manager |
enrolment.decide                POST request              422 | manager |
enrolment.offer                 POST offer                422 | learner |
enrolment.participants          GET  run                  200 | teacher lead institution site | site
enrolment.show                  GET  enrolment            200 | learner teacher manager lead institution site | site
enrolment.show                  GET  past enrolment       200 | learner teacher manager lead institution site | site
enrolment.team                  GET  -                    200 | manager site |
enrolment.withdraw              GET  enrolment            200 | learner lead institution site | site
enrolment.withdraw              POST enrolment            422 | learner lead institution site | site
enrolment_api.ask               POST open run             422 | signed_in | signed_in
enrolment_api.ask               POST internal run         422 | teacher company lead institution site | site
enrolment_api.enrolment         GET  enrolment            200 | learner teacher manager lead institution site | site
enrolment_api.enrolments        GET  -                    200 | signed_in |

home.accessibility              GET  -                    200 | everybody |
home.accessibility_elsewhere    GET  -                    301 | everybody |
home.front                      GET  -                    200 | everybody |
home.help                       GET  -                    200 | everybody |
home.mine                       GET  -                    200 | signed_in |
home.privacy                    GET  -                    200 | everybody |

learning.complete               GET  run                  200 | teacher lead site | site
learning.complete               POST run                  422 | teacher lead site | site
learning.decide                 GET  run                  200 | teacher lead site | site
learning.decide                 POST run                  422 | teacher lead site | site
learning.index                  GET  -                    200 | signed_in |
learning.register               GET  run                  200 | teacher lead site manager=303 institution=303 evaluator=303 | site
learning.register               POST run                  422 | teacher lead site | site
learning.sums                   GET  run                  200 | teacher manager lead institution evaluator site | site

messages.body                   GET  mail                 200 | site |
messages.mail                   GET  mail                 200 | site |
messages.mailbox                GET  -                    200 | site |

organisations.add_name          POST organisation         422 | institution site | site
organisations.add_unit          POST organisation         422 | institution site | site
organisations.close             POST organisation         303 | site | site
organisations.edit              GET  organisation         200 | institution site | site
organisations.edit              POST organisation         422 | institution site | site
organisations.function          GET  function             200 | site |
organisations.function          POST function             422 | site |
organisations.functions         GET  -                    200 | site |
organisations.functions         POST -                    422 | site |
organisations.index             GET  -                    200 | institution site |
organisations.new               GET  -                    200 | site |
organisations.new               POST -                    422 | site |
organisations.remove_name       POST name                 303 | institution site | site
organisations.show              GET  organisation         200 | institution site | site
organisations.unit              GET  unit                 200 | institution site | site
organisations.unit              POST unit                 422 | institution site | site

settings.plugin                 GET  settings             200 | site |
settings.plugin                 POST settings             422 | site |

static                          GET  core file            200 | everybody |

technology_trials.data          GET  collaboration        200 | everybody |
technology_trials.index         GET  -                    200 | everybody |
technology_trials.log           POST trial enrolment      422 | learner teacher lead site | site
technology_trials.practice      GET  trial enrolment      200 | learner teacher lead site | site
technology_trials.safe_use      POST trial enrolment      422 | teacher lead site | site
technology_trials.show          GET  collaboration        200 | everybody |
technology_trials.technology    GET  trial run            200 | lead institution site | site
technology_trials.technology    POST trial run            422 | lead institution site | site
technology_trials.workshop      GET  workshop             200 | everybody |

users.account                   GET  -                    200 | signed_in |
users.add_place                 GET  person               200 | institution site | site
users.add_place                 POST person               422 | institution site | site
users.change_person             GET  person               200 | institution site | site
users.change_person             POST person               422 | institution site | site
users.choices                   POST -                    422 | signed_in |
users.end_all                   POST -                    303 | signed_in |
users.end_one                   POST sign-in              303 | signed_in |
users.end_place                 GET  place                200 | institution site | site
users.end_place                 POST place                422 | institution site | site
users.grant_role                POST person               422 | institution site | site
users.invitation                GET  invitation           200 | everybody |
users.invitation                POST invitation           422 | everybody |
users.invite                    GET  -                    200 | institution site |
users.invite                    POST -                    422 | institution site |
users.leave                     GET  person               200 | institution site | site
users.leave                     POST person               422 | institution site | site
users.password                  POST -                    422 | signed_in |
users.people                    GET  -                    200 | institution site |
users.person                    GET  person               200 | institution site | site
users.reopen                    POST person               422 | institution site | site
users.reset                     GET  -                    200 | everybody |
users.reset                     POST -                    422 | everybody |
users.reset_link                GET  reset link           200 | everybody |
users.reset_link                POST reset link           422 | everybody |
users.send_link                 POST person               422 | institution site | site
users.sign_in                   GET  -                    303 | signed_in guest=200 |
users.sign_in                   POST -                    422 | everybody |
users.sign_out                  POST -                    303 | everybody |
users.sign_out_person           POST person               422 | institution site | site
users.suspend                   POST person               422 | institution site | site
users.withdraw_role             POST role                 303 | institution site | site

web.healthz                     GET  -                    200 | everybody |
web.plugin_static               GET  plugin file          200 | everybody |
web.readyz                      GET  -                    200 | everybody |
"""

LINK_IS_OVER = {"enrolment.answer": 410}
"""What a link that was never minted answers, where that is not 404."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line: for those named, by side, the status of their answer."""

    endpoint: str
    method: str
    thing: str
    status: int
    sides: Mapping[str, Mapping[str, int]]

    def __str__(self) -> str:
        return f"{self.method} {self.endpoint} ({self.thing})"


def _line(text: str) -> Line:
    head, *sides = (part.strip() for part in text.split("|"))
    endpoint, method, *thing, status = head.split()
    answer = int(status)
    return Line(
        endpoint=endpoint,
        method=method,
        thing=" ".join(thing),
        status=answer,
        sides=dict(zip(("own", "neighbour"), (_who(side, answer) for side in sides), strict=True)),
    )


def _who(text: str, answer: int) -> Mapping[str, int]:
    found: dict[str, int] = {}
    for word in text.split():
        name, _, own = word.partition("=")
        found |= {reader: int(own or answer) for reader in WORDS.get(name, (name,))}
    return found


LINES = [_line(text) for text in TABLE.splitlines() if text]
