"""The words after ``introspect`` → what is asked: target, query, its arguments, the form of the answer."""

from __future__ import annotations

from conduitc.cli.out import Refused

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

USAGE = """\
usage: conduitc introspect METADATA|APP [COMMAND] [--format table|json|mermaid] [--audit FILE]

METADATA is a build's folder or its metadata.json; APP is app.py, a package, or module:variable.

commands:
  (none)          an overview with counts
  resources       everything that is known, one line a resource [FILTER...]
  resource NAME   all about one resource; NAME is an id, a name, a path, or METHOD /path
  routes          method, path, handler and effective middleware of every route [FILTER...]
                  [--method METHOD] [--middleware NAME] [--tag TAG]
  deps NAME       what a resource needs, nearest first [--reverse] [--depth N]
  impact NAME     who may behave otherwise once it changes; NAME may be Schema.field
  who METHOD URL  which route answers, what runs before it, and why no other does
  tools           what is offered to models
  blocks          blocks, and pipelines of them
  patterns        how things are done here, the surest first [CATEGORY]
  patterns review accept, reject or name conventions, one by one [--file FILE]
  pattern NAME    one convention: template, followers, exceptions, an example
  ask QUESTION    what answers a question in words, with an example to copy
  unresolved      what the analysis could not prove, and why
  stats           figures of the code base
  export          all of it as a document [--format markdown|json|ai]
  serve           answer all of this over HTTP; `serve -h` tells its options
  mcp             serve the questions to a language model, over stdin and stdout

FILTER is one of kind:route method:POST middleware:auth tag:shop path:/users file:app.py name:NAME
uses:schema.User used_by:NAME, or a part of an id; all of them must hold.

exit codes: 0 answered, 1 no such resource or the app has errors, 2 wrong usage or an unreadable file"""

FORMATS = ("table", "json", "mermaid", "markdown", "ai")
#: Answers that relate one thing to another can be drawn.
DRAWN = ("routes", "deps", "impact", "who", "tools", "blocks")
_FILTERS = ("method", "middleware", "tag")
#: Options with a value, and those without.
_VALUES = ("format", "audit", "depth", "file", *_FILTERS)
_SWITCHES = ("reverse",)


#: After ``patterns``: not a list, but decisions.
REVIEW = "review"


class Asked:
    """One question. ``command`` is what it was called, ``query`` what ``Codebase.answer`` calls it.

    ``review``: the answer is to be decided about, pattern by pattern; in ``file``, where that is given.
    """

    __slots__ = ("arguments", "audit", "command", "file", "form", "query", "review", "target")

    def __init__(self, target: str, command: str, form: str, audit: str | None) -> None:
        self.target, self.command, self.form, self.audit = target, command, form, audit
        self.query = _QUERIES.get(command, command)
        self.arguments: dict[str, Any] = {}
        self.review = False
        self.file: str | None = None


def asked(words: Sequence[str]) -> Asked:
    """What the words ask.

    Raises:
        Refused: they ask nothing that there is.
    """
    plain, options = _sorted(words)
    if not plain or not plain[0]:
        raise Refused(f"what is to be asked?\n\n{USAGE}")
    target, command, *rest = plain if len(plain) > 1 else [*plain, "overview"]
    if command == SERVER:
        return _served(target, rest, options)
    if command not in COMMANDS:
        raise Refused(f"no such command: {command}\n\n{USAGE}")
    taken, read = COMMANDS[command]
    for key in options:
        if key not in ("format", "audit", *taken):
            who = " and ".join(name for name, (its, _) in COMMANDS.items() if key in its)
            raise Refused(f"{command} takes no --{key}; {who} does")
    form = options.get("format", "markdown" if command == "export" else "table")
    _check_form(command, form)
    found = Asked(target, command, form, options.get("audit"))
    found.arguments = read(command, rest, options)
    found.review, found.file = command == "patterns" and rest == [REVIEW], options.get("file")
    return found


def _served(target: str, rest: Sequence[str], options: dict[str, str]) -> Asked:
    """All questions, one after the other, by a model."""
    _nothing(SERVER, rest, options)
    if other := [f"--{key}" for key in options if key != "audit"]:
        raise Refused(f"{SERVER} takes no {other[0]}")
    return Asked(target, SERVER, "json", options.get("audit"))


def _sorted(words: Sequence[str]) -> tuple[list[str], dict[str, str]]:
    """Words and options, in any order."""
    plain: list[str] = []
    options: dict[str, str] = {}
    rest = iter(words)
    for word in rest:
        if not word.startswith("--"):
            plain.append(word)
            continue
        key, given, value = word[2:].partition("=")
        if key in _SWITCHES and not given:
            options[key] = "yes"
            continue
        if key not in _VALUES:
            raise Refused(f"no such option: --{key}\n\n{USAGE}")
        options[key] = value if given else next(rest, "")
        if not options[key]:
            raise Refused(f"--{key} needs a value")
    return plain, options


def _check_form(command: str, form: str) -> None:
    if form not in FORMATS:
        raise Refused(f"--format is {', '.join(FORMATS[:-1])} or {FORMATS[-1]}, not {form}")
    if form == "mermaid" and command not in DRAWN:
        raise Refused(f"{command} cannot be drawn; {', '.join(DRAWN)} can")
    exported = form in ("markdown", "ai")
    if (exported and command != "export") or (form == "table" and command == "export"):
        forms = "markdown, ai or json" if command == "export" else "table or json"
        raise Refused(f"{command} is written as {forms}, not {form}")


# -- arguments, by command -----------------------------------------------------------------------------------


def _nothing(command: str, rest: Sequence[str], options: dict[str, str]) -> dict[str, Any]:
    if rest:
        raise Refused(f"{command} takes no further word: {rest[0]}")
    return {}


def _name(command: str, rest: Sequence[str], options: dict[str, str]) -> dict[str, Any]:
    """Names may hold blanks: all words are one name."""
    if not rest:
        raise Refused("which resource?")
    return {"name": " ".join(rest)}


def _near(command: str, rest: Sequence[str], options: dict[str, str]) -> dict[str, Any]:
    arguments = _name(command, rest, options)
    if "reverse" in options:
        arguments["reverse"] = True
    if "depth" in options:
        said = options["depth"]
        if not (said.isascii() and said.isdecimal() and int(said[:9]) > 0):
            raise Refused(f"--depth is a number from 1, not {said}")
        arguments["depth"] = int(said[:9])
    return arguments


def _filter(command: str, rest: Sequence[str], options: dict[str, str]) -> dict[str, Any]:
    terms = [*rest, *(f"{key}:{options[key]}" for key in _FILTERS if key in options)]
    quoted = [f'"{term}"' if any(c.isspace() for c in term) and '"' not in term else term for term in terms]
    return {"filter": " ".join(quoted)} if quoted else {}


def _request(command: str, rest: Sequence[str], options: dict[str, str]) -> dict[str, Any]:
    """``GET /users/7``; without a method it is GET."""
    words = list(rest) if len(rest) != 1 else ["GET", *rest]
    if len(words) != 2:
        raise Refused("who takes a method and a URL: who GET /users/7")
    return {"method": words[0], "url": words[1]}


def _category(command: str, rest: Sequence[str], options: dict[str, str]) -> dict[str, Any]:
    if len(rest) > 1:
        raise Refused(f"patterns takes one category, or {REVIEW}; not {rest[1]}")
    if list(rest) == [REVIEW]:
        if "format" in options:
            raise Refused(f"patterns {REVIEW} takes no --format: it asks")
        return {}
    if "file" in options:
        raise Refused(f"patterns takes no --file; patterns {REVIEW} does")
    return {"category": rest[0]} if rest else {}


def _question(command: str, rest: Sequence[str], options: dict[str, str]) -> dict[str, Any]:
    """All words are one question, quoted or not."""
    text = " ".join(rest).strip()
    if not text:
        raise Refused('what is the question? ask "how do I add an authenticated endpoint"')
    return {"text": text}


_QUERIES = {"who": "who_handles", "ask": "how_do_i"}

#: Command → the options that it takes besides --format and --audit, and what reads its words.
COMMANDS: dict[str, tuple[tuple[str, ...], Callable[..., dict[str, Any]]]] = {
    "overview": ((), _nothing),
    "resources": ((), _filter),
    "resource": ((), _name),
    "routes": (_FILTERS, _filter),
    "deps": (("reverse", "depth"), _near),
    "impact": ((), _name),
    "who": ((), _request),
    "tools": ((), _nothing),
    "blocks": ((), _nothing),
    "patterns": (("file",), _category),
    "pattern": ((), _name),
    "ask": ((), _question),
    "unresolved": ((), _nothing),
    "stats": ((), _nothing),
    "export": ((), _nothing),
}
#: No question, but all of them, over HTTP; its words are its own.
DOOR = "serve"
#: No question, but all of them: to serve them as tools of MCP.
SERVER = "mcp"
#: For completion scripts: what may follow the words typed so far, a line each. No question, so nobody is
#: told.
NAMES = "names"
