"""The Conduit dialect: what ``Conduit(...)``, ``app.get(...)``, ``app.include(...)`` and the rest mean.

Records declarations on their owners; ``assemble`` makes the App of them once everything has been executed.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable

from conduitc.diagnostics import Diagnostic, Edit, Fix, Label, Rule
from conduitc.frontend.conduit import blocks, declare, lost
from conduitc.frontend.conduit.names import EXPORTS, check_import
from conduitc.frontend.conduit.options import APP, LATER, ROUTER, read_options
from conduitc.frontend.conduit.records import Applied, Given, Owner, Piece, Record, Waiting, applied
from conduitc.frontend.project import Project
from conduitc.frontend.scope import Call, Frame, Scope
from conduitc.frontend.values import (
    Bound,
    Class,
    Const,
    External,
    Function,
    Instance,
    Pending,
    Unknown,
    Value,
    derives,
    member,
)
from conduitc.span import Span
from conduitc.suggest import closest

AFTER_RUN = Rule(
    code="CDT203",
    slug="declared-after-run",
    severity="error",
    message="declared after `run()`, which does not return while the app is served",
    docs=(
        "`app.run()` serves until the server is stopped, so what stands below it never happens in "
        "`python app.py`. Put `run()` at the end."
    ),
    bad="""\
from conduit import Conduit

app = Conduit()
app.run()


@app.get("/")
def index():
    return {"ok": True}
""",
    good="""\
from conduit import Conduit

app = Conduit()


@app.get("/")
def index():
    return {"ok": True}


app.run()
""",
)

ENDLESS = Rule(
    code="CDT207",
    slug="declared-in-unknown-loop",
    severity="error",
    message="declared in a loop whose turns are not known at build time",
    docs=(
        "Loops over constants are unrolled: lists, tuples, dicts, ranges and enums known at build time. A "
        "set has no fixed order. This loop goes over something else, or is too long."
    ),
    bad="""\
import os

from conduit import Conduit

app = Conduit()


def index():
    return {"ok": True}


for name in os.listdir("."):
    app.get("/x")(index)
""",
    good="""\
from conduit import Conduit

app = Conduit()


def index():
    return {"ok": True}


for name in ["a", "b"]:
    app.get(f"/{name}")(index)
""",
)

NO_METHOD = Rule(
    code="CDT213",
    slug="no-such-declaration",
    severity="error",
    message="{owner} has no `{name}`",
    docs="Python would raise AttributeError here when the module is imported.",
    bad="""\
from conduit import Conduit

app = Conduit()


@app.gett("/")
def index():
    return {"ok": True}
""",
    good="""\
from conduit import Conduit

app = Conduit()


@app.get("/")
def index():
    return {"ok": True}
""",
)

APPS = ("conduit.Conduit", "conduit.ml.ConduitML", "conduit.app.Conduit")
ROUTERS = ("conduit.Router", "conduit.router.Router")

_UNROLLED = "loops over lists, tuples, dicts, ranges and enums known at build time are unrolled"
_TITLE = {"app": "Conduit", "router": "Router"}
_LATER = frozenset(["add", "mount", "override", "static", "url_for"])


class ConduitDialect:
    """Declarations of one program. ``owners`` are its apps and routers in the order of their making."""

    def __init__(self) -> None:
        self.owners: list[Owner] = []
        self.entries: list[tuple[Function, Call]] = []
        self.order = 0

    # -- what the executor asks ------------------------------------------------------------------------------

    def call(self, function: Value, call: Call) -> Value | None:
        if isinstance(function, Unknown | External | Function):
            lost.check_call(function, call)
        match function:
            case Pending(record=Waiting() as waiting):
                return self.hand_over(waiting, call)
            case Bound(owner=Instance(state=Owner() as owner), name=name):
                return self._method(owner, name, call)
            case External(name=name) if name in APPS:
                return self._make("app", function, call)
            case External(name=name) if name in ROUTERS:
                return self._make("router", function, call)
            case Class() if derives(function, *APPS):
                return self._make("app", function, call)
            case Class() if derives(function, *ROUTERS):
                return self._make("router", function, call)
        return blocks.call(function, call)

    def decorate(self, decorator: Value, node: ast.expr, function: Function, frame: Frame) -> bool:
        at = Applied(frame.scope, node, frame.conditional, frame.endless > 0, guards=frame.guards)
        match decorator:
            case Pending(record=Waiting() as waiting):
                self.record(waiting, function, at)
                return True
            case Bound(owner=Instance(state=Owner() as owner), name=name) if name in declare.BARE:
                call = Call(_as_call(node), frame.scope, [], {}, at.conditional, at.endless, guards=at.guards)
                at.bare = node
                self.record(declare.waiting(owner, name, call), function, at)
                return True
            case Bound(owner=Instance(state=Owner() as owner), name=name) if name in declare.methods(
                owner.kind
            ):
                declare.without_parentheses(name, node, function.name, frame.scope)
                return True
            case Unknown(lost=True) if not isinstance(node, ast.Call):
                lost.report(decorator, node, frame.scope)
        return False

    def operator(self, name: str, left: Value, right: Value, frame: Frame, node: ast.BinOp) -> Value | None:
        return blocks.compose(left, right, frame, node) if name == "RShift" else None

    def imported(self, module: str, name: str, scope: Scope, node: ast.alias) -> None:
        if module.startswith("conduit"):
            check_import(module, name, scope, node)

    def attribute(self, found: Bound, frame: Frame, node: ast.Attribute) -> Value | None:
        return None

    def concerns(self, call: Call) -> bool:
        return True

    def postpones(self, project: Project, name: str) -> bool:
        return False

    def executed(self, scope: Scope) -> None:
        return None

    def exports(self, module: str) -> Iterable[str]:
        return EXPORTS if module == "conduit" else ()

    def entered(self, function: Function, call: Call) -> None:
        self.entries.append((function, call))

    # -- making records --------------------------------------------------------------------------------------

    def record(self, waiting: Waiting, value: Value, at: Applied) -> None:
        """Note that ``waiting`` got its object."""
        call = waiting.call
        self.order += 1
        node = at.bare if at.bare is not None else call.node
        made = Record(
            self.order,
            waiting.kind,
            waiting.key or declare.name_of(value),
            call.scope,
            node,
            at.scope.span(node if at.scope is call.scope else at.node),
            at.line(None if waiting.kind in declare.AT_ONCE else value),
            call.conditional or at.conditional,
            value,
            waiting.details,
            at.bare is not None,
            at.given,
            tuple(dict.fromkeys((*call.guards, *at.guards))),
        )
        waiting.owner.records.append(made)
        if waiting.owner.ran is not None:
            label = Label(waiting.owner.ran, "served from here on")
            fix = _run_last(at.scope, waiting.owner.ran)
            at.scope.report(AFTER_RUN.at(made.span, labels=(label,), help="move `run()` below it", fix=fix))
        if call.endless or at.endless:
            at.scope.report(ENDLESS.at(made.span, help=_UNROLLED))

    def hand_over(self, waiting: Waiting, call: Call) -> Value:
        """``app.get("/x")(handler)``."""
        value = call.positional[0] if call.positional else Unknown("nothing was given", call.span)
        self.record(waiting, value, applied(call, call.node_of("", 0)))
        return value

    def _make(self, kind: str, cls: Value, call: Call) -> Value:
        what = f"{_TITLE[kind]}(...)"
        if isinstance(cls, Class) and member(cls, "__init__") is not None:
            call.scope.report(LATER.at(call.span, what=f"a {_TITLE[kind]} whose class has its own __init__"))
        options = read_options(call, APP if kind == "app" else ROUTER, what)
        prefix, middleware = options.get("prefix"), options.get("middleware", ())
        piece = prefix if isinstance(prefix, Piece) else Piece("", call.span)
        title = options.get("title", "Conduit app")
        key = str(title) if kind == "app" else piece.text
        self.order += 1
        instance = Instance(cls, call, {})
        line = applied(call).line(instance)
        own = Record(
            self.order,
            kind,
            key,
            call.scope,
            call.node,
            call.span,
            line,
            call.conditional,
            instance,
            guards=call.guards,
        )
        chain = (
            tuple(one for one in middleware if isinstance(one, Given))
            if isinstance(middleware, tuple)
            else ()
        )
        owner = Owner(kind, own, [], options, piece, chain)
        instance.state = owner
        self.owners.append(owner)
        if call.endless:
            call.scope.report(ENDLESS.at(call.span, help=_UNROLLED))
        return instance

    def _method(self, owner: Owner, name: str, call: Call) -> Value | None:
        if name == "run" and owner.kind == "app":
            owner.ran = owner.ran or call.span
            return Const(None)
        if name in declare.methods(owner.kind):
            waiting = declare.waiting(owner, name, call)
            if name in declare.AT_ONCE:
                if waiting.details is not None:
                    self.record(waiting, declare.subject(name, call), applied(call))
                return declare.returned(name, call)
            if name in declare.BARE and call.positional:
                self.record(waiting, call.positional[0], applied(call, call.node_of("", 0)))
                return call.positional[0]
            return Pending(waiting)
        if name in _LATER:
            call.scope.report(LATER.at(call.span, what=f"`{name}`"))
            return Pending(None)
        call.scope.report(_no_method(owner, name, call))
        return Pending(None)


def _run_last(scope: Scope, ran: Span) -> Fix | None:
    """Moves the line that runs the app to the end of the file, where it is a line of its own
    (with its comment).

    Safe: what stands below it was plainly meant to be served.
    """
    source, line = scope.source, scope.source.lines[ran.line - 1] if ran.file == scope.source.file else ""
    rest = line[ran.end_column - 1 :].strip()
    if ran.line != ran.end_line or ran.column != 1 or (rest and not rest.startswith("#")):
        return None
    last = len(source.lines)
    end = Span(ran.file, last, len(source.lines[-1]) + 1, last, len(source.lines[-1]) + 1)
    gap = "\n\n" if not source.lines[-1] else "\n\n\n"
    text = f"{gap}{line.strip()}\n"
    below = Span(ran.file, ran.line, 1, ran.line + 1, 1)
    return Fix("run the app at the end", end, text, also=(Edit(below, ""),), safe=True)


def _no_method(owner: Owner, name: str, call: Call) -> Diagnostic:
    near = closest(name, declare.methods(owner.kind))
    span = call.scope.span(call.node.func)
    fix = None
    if near is not None and isinstance(call.node.func, ast.Attribute):
        # safe: Python refuses the call as it stands
        place = Span(span.file, span.end_line, span.end_column - len(name), span.end_line, span.end_column)
        fix = Fix(f"write `{near}`", place, near, safe=True)
    help_ = f"did you mean `{near}`?" if near else None
    if near is None and name in declare.methods("app"):
        help_ = f"only an app has `{name}`"
    return NO_METHOD.at(span, owner=_TITLE[owner.kind], name=name, help=help_, fix=fix)


def _as_call(node: ast.expr) -> ast.Call:
    """A bare decorator as the call it stands for; places are the decorator's."""
    return ast.copy_location(ast.Call(node, [], []), node)
