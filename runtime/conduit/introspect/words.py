"""Text → the words that are compared: lower case, identifiers taken apart, endings cut.

Stems are for comparing only. What stands in a code base and what a person asks go through the same cuts, so a
cut need not be right, only the same for words that mean the same.
"""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

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

#: What is written short in names, a line a word.
_SHORT = """
administrator administrators administration admin admins
information info
statistics statistic stats stat
organization organizations organisation org orgs
repository repositories repo repos
directory directories dir dirs
environment environments env envs
temporary temp tmp
message messages msg msgs
number numbers num
identifier identifiers id ids
description descriptions desc
image images img imgs
passwords password passwd pwd
document documents doc docs documentation
reference references ref refs
maximum maxima max
minimum minima min
average avg
argument arguments arg args
attribute attributes attr attrs
object objects obj objs
function functions func funcs fn
quantity quantities qty
address addresses addr
account accounts acct
transaction transactions txn tx
connection connections conn
context contexts ctx
command commands cmd cmds
source sources src
destination destinations dest dst
language languages lang langs
"""
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
    **{word: line.split()[0][:6] for line in _SHORT.strip().splitlines() for word in line.split()},
    "interest": "interest", "interests": "interest",
    **dict.fromkeys(("req", "reqs", "requests", "request"), "request"),
    **dict.fromkeys(("resp", "resps", "responses", "response"), "respons"),
    **dict.fromkeys(("pagination", "paginate", "paginated", "paginator", "paging", "pages", "page"), "page"),
    **dict.fromkeys(("registration", "register", "registers", "registered", "registering"), "regist"),
    **dict.fromkeys(("subscriber", "subscribers", "subscription", "subscriptions"), "subscrib"),
    **dict.fromkeys(("payment", "payments", "paid", "payer", "pay", "pays"), "pay"),
    **dict.fromkeys(("status", "statuses"), "status"),
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
    if word.endswith("est") and len(word) > 6:  # the biggest, the heaviest
        word = f"{word[:-4]}y" if word.endswith("iest") else word[:-3]
        word = word[:-1] if word[-1] == word[-2] else word
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


__all__ = ["LONGEST", "STOP", "stem", "stems", "words"]
