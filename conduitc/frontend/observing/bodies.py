"""The body of a function → what it calls, returns and opens; and every error that it raises."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence

from conduitc.frontend.observing.seen import Function, Seen, statements
from conduitc.frontend.observing.texts import Text, hole, kept, plain
from conduitc.frontend.scope import Scope
from conduitc.frontend.values import Const, External, Unknown

#: What is called everywhere says nothing about a project.
_EVERYWHERE = frozenset({"log", "logger", "logging", "print", "super", "cast"})
#: Functions that see to it that something may be done.
_GUARDS = re.compile(
    r"^(check|verify|require|ensure|assert|has|can|is)_.*(access|permi|auth|allow|role|admin)|authori[sz]e"
)


def body(
    seen: Seen, node: Function, scope: Scope, nodes: Sequence[ast.AST], category: str = "handler"
) -> None:
    """Each call of a function of the project, each ``return`` of a call, each ``with``."""
    if ast.get_docstring(node, clean=False):
        head = Text("def ") + hole("handler", node.name)
        seen.add(category, head + "(...): " + Text('"""') + hole("doc", "") + '"""', node)
    for one in nodes:
        match one:
            case ast.Return(value=ast.Call() as call) | ast.Return(value=ast.Await(value=ast.Call() as call)):
                _returned(seen, one, call, category)
            case ast.With(items=[item]) | ast.AsyncWith(items=[item]):
                _opened(seen, one, item, category)
            case ast.Raise(exc=ast.Call() as call) if (name := kept(call.func)) and (code := _code(call)):
                seen.add("error", plain(f"raise {name}({code}...)"), one)
            case ast.Call():
                _called(seen, one, scope, category)


def _returned(seen: Seen, statement: ast.Return, call: ast.Call, category: str) -> None:
    """Who makes the answer, with which keywords."""
    name = kept(call.func)
    if name is None or name.partition(".")[0] in _EVERYWHERE or (name[:1].islower() and "." in name):
        return
    awaited = "await " if isinstance(statement.value, ast.Await) else ""
    start = plain(f"return {awaited}")
    made = seen.writer.call(call)
    seen.add(category, start + made if made else None, statement)
    seen.add(category, start + f"{name}(...)", statement)


def _opened(seen: Seen, statement: ast.With | ast.AsyncWith, item: ast.withitem, category: str) -> None:
    if not isinstance(item.context_expr, ast.Call) or (name := kept(item.context_expr.func)) is None:
        return
    start = "async with" if isinstance(statement, ast.AsyncWith) else "with"
    open_ = item.context_expr.args or item.context_expr.keywords
    made = plain(f"{start} {name}({'...' if open_ else ''})")
    if isinstance(item.optional_vars, ast.Name):
        made = made + " as " + hole("name", item.optional_vars.id)
    seen.add(category, made + ": ...", item.context_expr)


def _called(seen: Seen, call: ast.Call, scope: Scope, category: str) -> None:
    """``f(...)`` and ``f().method(...)``, where ``f`` is the project's own."""
    name = kept(call.func)
    if name is None or name.partition(".")[0].rpartition("_")[2] in _EVERYWHERE:
        return
    first = name.partition(".")[0]
    value = scope.names.get(first)
    if value is None or isinstance(value, External | Const | Unknown):
        return
    owner, dot, method = name.rpartition(".")
    if owner.isupper():
        return  # a constant's
    said = plain(name) + ("(...)" if call.args or call.keywords else "()")
    seen.add("auth" if _GUARDS.search(method) else category, said, call)
    if dot and owner[:1].isupper():
        seen.add(category, plain(owner) + "." + hole("method", method) + "(...)", call)


def raised(node: Function) -> Iterator[tuple[ast.Raise, ast.If | ast.ExceptHandler | None]]:
    """The errors that a body raises by a call, each with what it depends on, where it does nothing else."""
    around: dict[ast.stmt, ast.If | ast.ExceptHandler] = {}
    for one in statements(node.body):
        if isinstance(one, ast.Raise):
            if isinstance(one.exc, ast.Call):
                yield one, around.get(one)
        elif isinstance(one, ast.ExceptHandler) or (isinstance(one, ast.If) and not one.orelse):
            around.update({one.body[0]: one} if len(one.body) == 1 else {})


def error(seen: Seen, node: ast.Raise) -> None:
    """What is raised, and with which arguments."""
    call = node.exc
    if isinstance(call, ast.Call) and (name := kept(call.func)) is not None:
        made = seen.writer.call(call)
        seen.add("error", plain("raise ") + made if made else None, node)
        seen.add("error", plain(f"raise {name}(...)"), node)


def when(seen: Seen, node: ast.Raise, around: ast.If | ast.ExceptHandler | None) -> str | None:
    """When it is raised, and what it says; the constant that tells which of its kind it is."""
    call = node.exc
    if not isinstance(call, ast.Call) or (name := kept(call.func)) is None or not (code := _code(call)):
        return None
    for keyword in call.keywords:
        value = kept(keyword.value)
        if value not in (None, "None") and not code.startswith(f"{keyword.arg}="):
            seen.add("error", plain(f"raise {name}({code}{keyword.arg}={value}, ...)"), node)
    if isinstance(around, ast.If):
        test = _missing(seen, around.test)
        seen.add("error", Text("if ") + test + plain(f": raise {name}({code}...)") if test else None, around)
    elif around is not None and around.name and around.type is not None:
        head = Text("except ") + seen.writer.exact(around.type, "error") + " as " + hole("name", around.name)
        seen.add("error", head + plain(f": raise {name}({code}...)"), around)
    return f"{name}({code}...)"


def _code(call: ast.Call) -> str:
    """``status_code=404, `` where the call says so."""
    named = [one for one in call.keywords if one.arg in ("status_code", "status", "code")]
    value = named[0].value if named else (call.args[0] if call.args else None)
    text = kept(value) if isinstance(value, ast.Constant | ast.Attribute) else None
    if text is None or not (text.isdecimal() or text.rpartition(".")[2].isupper()):
        return ""
    return f"{named[0].arg}={text}, " if named else f"{text}, "


def _missing(seen: Seen, test: ast.expr) -> Text | None:
    """``not {value}``, ``{value} is None``, ``{key} not in {values}``: what was looked for is not there."""
    match test:
        case ast.UnaryOp(op=ast.Not(), operand=ast.Name() as value):
            return Text("not ") + seen.writer.hole("value", value)
        case ast.Compare(left=ast.Name() as value, ops=[ast.Is()], comparators=[ast.Constant(value=None)]):
            return seen.writer.hole("value", value) + " is None"
        case ast.Compare(left=left, ops=[ast.NotIn()], comparators=[right]):
            return seen.writer.hole("key", left) + " not in " + seen.writer.hole("values", right)
    return None
