"""Objects that declarations were given → ids of functions; faults where they are none of the project."""

from __future__ import annotations

from conduitc.diagnostics import Rule
from conduitc.frontend.conduit.blocks import is_block
from conduitc.frontend.conduit.declare import name_of
from conduitc.frontend.conduit.options import LATER
from conduitc.frontend.conduit.records import Record
from conduitc.frontend.values import Bound, Class, External, Function, Instance, Unknown, Value

NOT_A_HANDLER = Rule(
    code="CDT301",
    slug="not-a-function",
    severity="error",
    message="{role} must be a function of the project: `{text}` is {what}",
    docs=(
        "The compiler binds parameters from a function's signature, so it must see its `def`. Methods, "
        "lambdas, classes and what a call returns cannot be handlers: write a module-level function."
    ),
    bad="""\
from conduit import Conduit

app = Conduit()
app.get("/")(lambda request: {"ok": True})
""",
    good="""\
from conduit import Conduit

app = Conduit()


@app.get("/")
def index(request):
    return {"ok": True}
""",
)


class Handlers:
    """The functions that declarations use, in order of first use; each is to be read in full."""

    def __init__(self) -> None:
        self.used: dict[str, Function] = {}

    def id_of(self, record: Record, value: Value, role: str, text: str = "") -> str | None:
        """The id of a function, which is remembered; None, reported, for anything else."""
        if isinstance(value, Function) and value.home is None:
            self.used.setdefault(value.id, value)
            return value.id
        if is_block(value):
            record.scope.report(LATER.at(record.span, what="a block or pipeline as a handler"))
        else:
            text = text or _text(record, value)
            fault = NOT_A_HANDLER.at(record.span, help=_help(value), role=role, text=text, what=_what(value))
            record.scope.report(fault)
        return None


def _text(record: Record, value: Value) -> str:
    return record.subject if record.given is not None else name_of(value) or record.subject


def _help(value: Value) -> str | None:
    match value:
        case Function() | Bound():
            return "declare a function at the top level of a module, and call the method from there"
        case Unknown(returned=True):
            return "write the function with `def`, and call what makes it from there"
        case Class() | Instance() | Unknown():
            return "write it as a function with `def`"
    return None


def _what(value: Value) -> str:
    match value:
        case Function():
            return "a method"
        case Bound():
            return "a method of an object"
        case Class():
            return "a class"
        case External():
            return "not part of the project"
        case Instance():
            return "an object, not a function"
        case Unknown(reason=reason):
            return reason.removeprefix("it is ") if reason.startswith("it is ") else f"not known: {reason}"
    return "no function"
