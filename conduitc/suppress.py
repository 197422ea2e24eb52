"""Suppression comments: ``# conduit: ignore[CODE]`` takes the finding of that rule on its line out.

In: a project as read and all that was found in it. Out: what is left, what is wrong with the comments
themselves, and which of them were heeded. Only warnings and hints can be silenced. A comment counts for the
first and the last line of what is underlined. Files are read by ``tokenize``, and only where they mention
such a comment: any other program pays a search of its text.
"""

import io
import re
import tokenize
from collections.abc import Iterable, Iterator

from msgspec import Struct

from conduitc.diagnostics import Diagnostic, Fix, Label, Rule, has_errors
from conduitc.frontend.project import Project
from conduitc.frontend.source import Source
from conduitc.report.explain import find
from conduitc.span import Span
from conduitc.suggest import did_you_mean

_MENTION = re.compile(r"conduitc?:[ \t]*ignore\b")
_COMMENT = re.compile(r"#[ \t]*conduitc?:[ \t]*ignore\b(?:[ \t]*\[([^\]#]*)\])?")
_NAME = re.compile(r"[^,\s]+")


class Comment(Struct, frozen=True):
    """One comment. ``names`` are the rules in its brackets with their places, ``inner`` all of them;
    ``whole`` is what to take out to be rid of it, None where it shares a comment with other text; ``alone``
    where it has a line of its own."""

    span: Span
    names: tuple[tuple[str, Span], ...]
    inner: Span | None
    whole: Span | None
    alone: bool


class Left(Struct, frozen=True):
    """What is reported in the end; ``heeded`` are the places of the names that silenced something."""

    diagnostics: tuple[Diagnostic, ...]
    heeded: tuple[Span, ...] = ()


def silence(project: Project, diagnostics: tuple[Diagnostic, ...]) -> Left:
    """Apply the comments of every file of the project.

    Where the program has errors, nothing is said of comments that silence nothing: an error may hide what
    they are for.
    """
    comments = [one for scope in project.scopes.values() for one in _comments(scope.source)]
    if not comments:
        return Left(diagnostics)
    lines: dict[tuple[str, int], list[Diagnostic]] = {}
    for one in diagnostics:
        for line in {one.span.line, one.span.end_line}:
            lines.setdefault((one.span.file, line), []).append(one)
    silenced: set[int] = set()
    heeded: list[Span] = []
    said: list[Diagnostic] = []
    for comment in comments:
        here = lines.get((comment.span.file, comment.span.line), [])
        if not comment.names:
            said.append(_without_code(comment, here))
        for name, span in comment.names:
            meant = [one for one in here if find(name, (one.rule,))]
            hard = [one for one in meant if one.severity == "error"]
            silenced |= {id(one) for one in meant if one.severity != "error"}
            if hard:
                said.append(_hard(span, hard[0]))
            elif meant:
                heeded.append(span)
            else:
                said += _unheeded(comment, name, span, has_errors(diagnostics))
    left = [one for one in diagnostics if id(one) not in silenced]
    return Left((*left, *sorted(said, key=lambda one: (one.span, one.rule.code))), tuple(heeded))


def _comments(source: Source) -> Iterator[Comment]:
    if not _MENTION.search(source.text):
        return
    try:
        for token in tokenize.generate_tokens(io.StringIO(source.text).readline):
            if token.type == tokenize.COMMENT:
                for match in _COMMENT.finditer(token.string):
                    yield _comment(source.file, token, match)
    except (tokenize.TokenError, SyntaxError):  # what `ast` reads and this does not is not worth an alarm
        return


def _comment(file: str, token: tokenize.TokenInfo, match: re.Match[str]) -> Comment:
    line, start = token.start

    def span(first: int, last: int) -> Span:
        return Span(file, line, start + first + 1, line, start + last + 1)

    before = token.line[:start]
    bare = len(before) - len(before.rstrip())
    only = match[0].rstrip() == token.string.rstrip()
    end = match.end() if match[1] is not None or "[" not in token.string[match.end() :] else len(token.string)
    return Comment(
        span(match.start(), end),  # brackets that are not closed belong to it
        tuple(
            (name[0], span(match.start(1) + name.start(), match.start(1) + name.end()))
            for name in _NAME.finditer(match[1] or "")
        ),
        span(*match.span(1)) if match[1] is not None else None,
        span(-bare, len(token.string)) if only else None,
        not before.strip(),
    )


def _without_code(comment: Comment, here: Iterable[Diagnostic]) -> Diagnostic:
    codes = sorted({one.rule.code for one in here if one.severity != "error"})
    fix = None
    if codes:
        named = f"# conduit: ignore[{', '.join(codes)}]"
        fix = Fix(f"name what is found on this line: `{named}`", comment.span, named)
    return NO_CODE.at(comment.span, fix=fix)


def _hard(span: Span, one: Diagnostic) -> Diagnostic:
    return NOT_SILENCED.at(span, labels=(Label(one.span, "the error"),), code=one.rule.code)


def _unheeded(comment: Comment, name: str, span: Span, errors: bool) -> list[Diagnostic]:
    from conduitc.report.rules import all_rules  # imports every room: only a fault in a comment pays for it

    rules = all_rules()
    if find(name, rules) is None:
        names = [rule.code for rule in rules] + [rule.slug for rule in rules]
        return [UNKNOWN.at(span, help=did_you_mean(name, names), name=name)]
    if errors:
        return []
    help_ = "it stands on a line of its own: put it at the end of the line it is about"
    return [UNUSED.at(span, help=help_ if comment.alone else None, fix=_removed(comment, span), name=name)]


def _removed(comment: Comment, span: Span) -> Fix | None:
    others = [name for name, place in comment.names if place != span]
    if others and comment.inner:
        return Fix("take it out", comment.inner, ", ".join(others))
    return Fix("take the comment out", comment.whole, "") if comment.whole else None


_DOCS = """`# conduit: ignore[CODE]` at the end of a line silences the warning or hint of that rule on it;
several codes or names are separated by commas. It counts for the first and the last line of what is
underlined. """
_GOOD = """\
from conduit import Conduit

app = Conduit()

@app.get("/users")
def users():
    return []
"""

UNUSED = Rule(
    code="CDT190",
    slug="ignores-nothing",
    severity="warning",
    message="`{name}` is not found on this line: the comment silences nothing",
    docs=_DOCS
    + "One that silences nothing is a leftover, or stands on the wrong line; it would hide the next finding.",
    bad="""\
from conduit import Conduit

app = Conduit()

@app.get("/users")  # conduit: ignore[hides-standard-module]
def users():
    return []
""",
    good=_GOOD,
)

UNKNOWN = Rule(
    code="CDT191",
    slug="ignores-unknown-rule",
    severity="warning",
    message="there is no rule `{name}`",
    docs=_DOCS + "A name that no rule has silences nothing. `conduitc explain` knows codes and names.",
    bad="""\
from conduit import Conduit

app = Conduit()

@app.get("/users")  # conduit: ignore[hides-standart-module]
def users():
    return []
""",
    good=_GOOD,
)

NOT_SILENCED = Rule(
    code="CDT192",
    slug="ignores-error",
    severity="warning",
    message="`{code}` is an error: no comment silences it",
    docs=_DOCS
    + """Errors stay: the program would not do what it says. A large program that cannot be put right at
once is checked against a baseline instead (`conduitc check --baseline`).""",
    bad="",
    good="",
)

NO_CODE = Rule(
    code="CDT193",
    slug="ignores-without-code",
    severity="warning",
    message="`ignore` needs the code of what it silences, as in `# conduit: ignore[CDT190]`",
    docs=_DOCS
    + "Without a code it would hide whatever is found there in years to come, so it silences nothing.",
    bad="""\
from conduit import Conduit

app = Conduit()

@app.get("/users")  # conduit: ignore
def users():
    return []
""",
    good=_GOOD,
)
