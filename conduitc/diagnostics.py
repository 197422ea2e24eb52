"""What the compiler says about a program: rules, and diagnostics made from them.

A rule is declared as a module constant in the file that raises it. ``conduitc explain``, the documentation
and the tests are derived from the collection (``conduitc.report.rules``), so a rule cannot exist without its
explanation and its cases.
"""

from typing import Literal

from msgspec import Struct

from conduitc.span import Span

Severity = Literal["error", "warning", "info"]


class Label(Struct, frozen=True):
    """A second place that matters, and what it has to do with the first."""

    span: Span
    text: str


class Edit(Struct, frozen=True):
    """One replacement more of a fix that touches several places."""

    span: Span
    replacement: str


class Fix(Struct, frozen=True):
    """A change one can paste: ``replacement`` takes the place of the text at ``span``.

    ``also`` are further edits of the same change. ``safe`` says that the program still means the same, or
    what it was plainly meant to mean: ``check --fix`` applies safe ones, and only these.
    """

    title: str
    span: Span
    replacement: str
    also: tuple[Edit, ...] = ()
    safe: bool = False

    @property
    def edits(self) -> tuple[Edit, ...]:
        """All of its edits, the main one first."""
        return (Edit(self.span, self.replacement), *self.also)


class Rule(Struct, frozen=True):
    """One kind of fault.

    ``message`` is a ``str.format`` template, one line. ``docs`` says why it matters and what to do. ``bad``
    is the source of an ``app.py`` that raises exactly this rule, ``good`` the same program put right; where a
    case needs several files, each starts with a line ``# file: NAME``.
    """

    code: str
    slug: str
    severity: Severity
    message: str
    docs: str
    bad: str
    good: str

    def at(
        self,
        span: Span,
        /,
        *,
        labels: tuple[Label, ...] = (),
        help: str | None = None,
        fix: Fix | None = None,
        label: str | None = None,
        **fields: object,
    ) -> "Diagnostic":
        """A diagnostic of this rule at ``span``; ``fields`` fill the message template."""
        message = sayable(self.message.format(**fields))
        labels = tuple(Label(one.span, sayable(one.text)) for one in labels)
        return Diagnostic(self, span, message, label and sayable(label), labels, help and sayable(help), fix)


def sayable(text: str) -> str:
    """``text`` as any report can hold it: halves of characters, quoted from a program, stay escapes."""
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode()


class Diagnostic(Struct, frozen=True):
    """One finding. ``label`` is written under the main span, ``labels`` under the others."""

    rule: Rule
    span: Span
    message: str
    label: str | None = None
    labels: tuple[Label, ...] = ()
    help: str | None = None
    fix: Fix | None = None

    @property
    def severity(self) -> Severity:
        return self.rule.severity


class CompileError(Exception):
    """Raised where nothing further can be done; carries what to tell the user."""

    def __init__(self, *diagnostics: Diagnostic) -> None:
        super().__init__("; ".join(f"{d.rule.code} {d.message}" for d in diagnostics))
        self.diagnostics = diagnostics


def has_errors(diagnostics: "tuple[Diagnostic, ...] | list[Diagnostic]") -> bool:
    return any(d.severity == "error" for d in diagnostics)
