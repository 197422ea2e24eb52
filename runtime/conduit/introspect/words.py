"""Text → the words that are compared: lower case, identifiers taken apart, endings cut, synonyms.

Stems are for comparing only. What stands in a code base and what a person asks go through the same cuts, so a
cut need not be right, only the same for words that mean the same. Synonyms are those of web services at
large; none is there for one code base.
"""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

#: Of a question, and of any one text in a code base, no more is read.
LONGEST = 4000

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^\W\d_a-zA-Z]+")

#: Says nothing about what is asked. Words that say how it is asked are in ``intents``.
_SAYS_NOTHING = """
a about after again all also am an and any are as at be because been being both but by can could did do does
doing don down each etc every few for from further get gets getting give gives given go goes had has have
having he her here hers him his how i if in into is it its itself just let like ll make makes making may me
might more most must my need needs needed no nor not now of off on once one only or other our out over own
please re same should so some such t than that the their them then there these they thing this those through
to too under until up us use used uses using ve very want was way we were what when where which while who
whom whose why will with would you your s d m
"""
STOP = frozenset(_SAYS_NOTHING.split())

#: Cut by hand: what the rules below would cut wrongly, or would keep apart.
_IRREGULAR = {
    **dict.fromkeys(("auth", "authn", "oauth", "oauth2", "authenticator"), "authentic"),
    **dict.fromkeys(("authz", "authorise", "authorised", "authorisation"), "authoriz"),
    **dict.fromkeys(("handler", "handlers"), "handl"),
    **dict.fromkeys(("router", "routers"), "router"),
    **dict.fromkeys(("validator", "validators", "validity"), "valid"),
    **dict.fromkeys(("provider", "providers"), "provid"),
    **dict.fromkeys(("logger", "loggers", "logging", "logged", "logs"), "log"),
    **dict.fromkeys(("checker", "checkers"), "check"),
    **dict.fromkeys(("sender", "sent"), "send"),
    **dict.fromkeys(("builder", "built"), "build"),
    **dict.fromkeys(("params", "param", "parameters", "parameter"), "param"),
    **dict.fromkeys(("deps", "dep", "dependencies", "dependency", "dependent", "depends"), "depend"),
    **dict.fromkeys(("config", "configs", "configuration", "configurations", "conf"), "config"),
    **dict.fromkeys(("configure", "configured", "configures", "configuring"), "config"),
    **dict.fromkeys(("db", "dbs", "databases", "database"), "databas"),
    **dict.fromkeys(("perms", "perm", "permission", "permissions", "permit", "permits"), "permit"),
    **dict.fromkeys(("exc", "exceptions", "exception"), "except"),
    **dict.fromkeys(("err", "errs", "errors", "error"), "error"),
    **dict.fromkeys(("req", "reqs", "requests", "request"), "request"),
    **dict.fromkeys(("resp", "resps", "responses", "response"), "respons"),
    **dict.fromkeys(("pagination", "paginate", "paginated", "paginator", "paging", "pages", "page"), "page"),
    **dict.fromkeys(("registration", "register", "registers", "registered", "registering"), "regist"),
    **dict.fromkeys(("subscriber", "subscribers", "subscription", "subscriptions"), "subscrib"),
    **dict.fromkeys(("payment", "payments", "paid", "payer", "pay", "pays"), "pay"),
    **dict.fromkeys(("status", "statuses"), "status"),
    **dict.fromkeys(("address", "addresses"), "address"),
    **dict.fromkeys(("people", "persons", "person"), "person"),
    **dict.fromkeys(("children", "child"), "child"),
    **dict.fromkeys(("indices", "indexes", "index"), "index"),
    **dict.fromkeys(("raised", "raising", "raises", "raise"), "rais"),
    **dict.fromkeys(("written", "wrote", "write", "writes", "writing"), "writ"),
    **dict.fromkeys(("found", "find", "finds", "finding"), "find"),
    **dict.fromkeys(("emails", "email", "mail", "mails", "mailer"), "email"),
    "news": "news", "this": "this", "during": "during", "string": "string", "strings": "string",
    "settings": "setting", "setting": "setting", "pricing": "pric", "prices": "pric", "price": "pric",
    "bing": "bing", "ping": "ping", "thing": "thing", "need": "need", "feed": "feed", "seed": "seed",
}  # fmt: skip


def words(text: str) -> Iterator[str]:
    """Lower-case words: ``getUserByID``, ``get_user`` and ``GET /users/{id}`` are taken apart alike."""
    for found in _WORD.findall(text[:LONGEST]):
        yield found.lower()


def stems(text: str) -> list[str]:
    """The stems of the words that say something."""
    return [stem(word) for word in words(text) if word not in STOP]


def stem(word: str) -> str:
    """``word`` without its ending: create, creates, created, creating, creator and creation are one."""
    known = _IRREGULAR.get(word)
    if known is not None:
        return known
    if len(word) < 4 or not word.isascii():
        return word
    word = _singular(word)
    if word.endswith("ification"):  # of -ify, which ends up as -ifi
        return word[: -len("cation")]
    for ending, least in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= least:
            word = word[: -len(ending)]
            if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "lsze":
                word = word[:-1]
            break
    for ending in ("at", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return f"{word[:-1]}i" if len(word) > 3 and word.endswith("y") else word


#: What is cut, and how much must be left; the first that fits.
_ENDINGS = (
    ("izations", 3), ("isation", 3), ("ations", 3), ("ation", 3),
    ("ators", 3), ("ator", 3), ("ated", 3), ("ating", 3), ("ities", 4), ("ments", 4), ("ment", 4),
    ("ions", 4), ("ion", 4), ("ness", 4), ("ings", 3), ("ing", 3), ("edly", 3), ("ed", 3),
    ("able", 4), ("ible", 4), ("ly", 4), ("ate", 3),
)  # fmt: skip


def _singular(word: str) -> str:
    if word.endswith(("ies", "ied")) and len(word) > 4:
        return f"{word[:-3]}y"
    if word.endswith(("sses", "ches", "shes", "xes", "zes")):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


#: Words that may be used for each other, a line a meaning. One that stands in several lines has all of them.
_MEANINGS = """
authenticate auth login signin sign token jwt bearer credential identity guard protect secure verified session
authorize auth permission role scope admin allow forbid access privilege guard
user account member person principal customer
create add new insert post register save store submit make place put
read get fetch load retrieve show look
list get all search browse index
search find query lookup
update change edit modify patch put alter replace
delete remove drop destroy erase purge clear
cancel abort revoke stop
error exception fail failure raise problem reject refuse deny
404 unknown nonexistent
409 overlap collide clash
404 missing notfound absent
401 unauthorized unauthenticated
403 forbidden
409 conflict duplicate already
422 unprocessable invalid
429 throttle rate limit
500 internal
validate constraint bound range minimum maximum regex enforce invalid verify check limit
test client fixture pytest unittest
schema model class type dto structure shape payload field body
route endpoint url path api address
handler view controller function
middleware intercept wrap hook around before
provide depends inject
database session connection db sql transaction engine
configure setting environment option env
log trace audit record
upload file attachment document image
download file export
page limit offset cursor
health ready live ping alive
background job task worker queue schedule async
stream sse websocket event
tool mcp model assistant agent
prompt template completion
price cost amount total
pay charge bill invoice checkout
send deliver notify notification dispatch post publish emit
email message
body json payload
response answer reply return
header cookie
cors origin cross
time duration latency timing elapsed
count total number sum
start startup lifespan boot
shutdown close
group prefix blueprint router include
tag label
note comment remark
picture image photo avatar
product item article goods
shop store
version release
buy purchase order checkout cart basket sell sale
stock inventory quantity amount left available
keep remember persist store save repository storage
own owner author belong creator
crash fault wrong break bug error
title name rename
archive restore
share publish public visible
invite join member
reply comment answer message
slow fast duration latency time long
size large big length byte
empty blank missing
sort order rank
money currency price
alive up health
greet hello welcome
calculate compute sum total
convert translate transform
plan calendar schedule date
begin launch start run
anonymous public outsider caller auth
many much count number
"""


def _synonyms() -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for line in _MEANINGS.strip().splitlines():
        group = [stem(one) for one in line.split()]
        head, *others = group
        found.setdefault(head, set()).update(others)
        for one in others:
            found.setdefault(one, set()).update(group)
    return {one: frozenset(others - {one}) for one, others in found.items()}


SYNONYMS = _synonyms()

__all__ = ["LONGEST", "STOP", "SYNONYMS", "stem", "stems", "words"]
