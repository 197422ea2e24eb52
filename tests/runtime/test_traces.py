"""Tracebacks made anew: what is left out, what stays, and that nothing else of an exception changes."""

import logging
import subprocess
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import conduit
import msgspec
import pytest
from conduit.http.traces import printable, told

MAP = {
    "lines": {"wiring.py": [[2, "shop.py", 7, 1]]},
    "routes": {"route:shop.buy#GET /a\nb": ["shop.py", 3, 2]},
    "modules": {"shop.py": "shop"},
    "masked": {},
}


def module(name: str, source: str, file: str) -> ModuleType:
    made = ModuleType(name)
    made.__file__ = file
    exec(compile(source, file, "exec"), made.__dict__)
    return made


@pytest.fixture
def generated(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """A function of a generated module, and one of the runtime's, around a user's."""
    package = ModuleType("_conduit_memory_test")
    package.sourcemap = msgspec.json.encode(MAP)  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "_conduit_memory_test", package)
    source = "def run(f):\n    return f()\n"
    adapters = module("_conduit_memory_test.adapters", source, "<adapters>")
    runtime = module("conduit.http.made_up", source, "<runtime>")
    return lambda f: runtime.run(lambda: adapters.run(lambda: runtime.run(f)))


def caught(f: Callable[[], Any]) -> Exception:
    try:
        f()
    except Exception as error:
        return error
    raise AssertionError


def steps(error: BaseException) -> list[tuple[str, int | None, str]]:
    found = traceback.extract_tb(error.__traceback__)
    return [(step.filename, step.lineno, step.name) for step in found if "lambda" not in step.name]


def buy() -> None:
    price = 3
    raise LookupError(price)


def test_the_declaration_stands_for_what_was_generated(generated: Callable[..., Any]) -> None:
    error = told(caught(lambda: generated(buy)), "route:shop.buy#GET /a\nb")
    found = [step for step in steps(error) if step[2] != "caught"]
    assert found == [("shop.py", 3, "GET /a\\nb"), (__file__, buy.__code__.co_firstlineno + 2, "buy")]


def test_a_debugger_finds_the_variables(generated: Callable[..., Any]) -> None:
    error = told(caught(lambda: generated(buy)), "route:shop.buy#GET /a\nb")
    *_, (frame, _) = traceback.walk_tb(error.__traceback__)
    assert frame.f_locals == {"price": 3}
    assert all(isinstance(one.f_locals, dict) for one, _ in traceback.walk_tb(error.__traceback__))


def test_a_route_that_is_not_known_is_left_out(generated: Callable[..., Any]) -> None:
    for route in (None, "route:shop.sell#GET /"):
        found = steps(told(caught(lambda: generated(buy)), route))
        assert [step[2] for step in found] == ["caught", "buy"]


def test_without_a_frame_of_the_users_all_is_shown() -> None:
    runtime = module("conduit.http.made_up", "def fail():\n    raise OSError\n", "<runtime>")
    error = caught(runtime.fail)
    error.__traceback__ = error.__traceback__ and error.__traceback__.tb_next
    assert steps(told(error)) == [("<runtime>", 2, "fail")]


def test_a_logger_set_to_debug_keeps_everything(
    generated: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logging.getLogger("conduit"), "level", logging.DEBUG)
    error = caught(lambda: generated(buy))
    before = error.__traceback__
    assert told(error, "route:shop.buy#GET /a\nb").__traceback__ is before
    assert "<runtime>" in {step[0] for step in steps(error)}


def test_causes_and_circles(generated: Callable[..., Any]) -> None:
    first, second = caught(lambda: generated(buy)), caught(lambda: generated(buy))
    first.__context__, second.__cause__ = second, first
    group = ExceptionGroup("both", [first, second])
    told(group)
    for error in (first, second):
        assert "<runtime>" not in {step[0] for step in steps(error)}


def test_what_the_runtime_tells_itself_is_no_context(generated: Callable[..., Any]) -> None:
    runtime = module(
        "conduit.http.made_up", "class Signal(Exception): pass\ndef f():\n    raise Signal\n", "<r>"
    )
    first, signal, last = caught(lambda: generated(buy)), caught(runtime.f), caught(lambda: generated(buy))
    assert signal.__traceback__ is not None
    signal.__traceback__ = signal.__traceback__.tb_next
    signal.__context__, last.__context__ = first, signal
    assert told(last).__context__ is first


def test_a_source_map_that_cannot_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    for number, text in enumerate((b"{", None)):
        name = f"_conduit_memory_broken{number}"
        package = ModuleType(name)
        package.sourcemap = text  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, name, package)
        adapters = module(f"{name}.adapters", "def run(f):\n    return f()\n", "<adapters>")
        error = told(caught(lambda adapters=adapters: adapters.run(buy)), "route:x#GET /")
        assert [step[2] for step in steps(error)] == ["caught", "buy"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("/a b/é", "/a b/é"),
        ("/a\nERROR x", "/a\\nERROR x"),
        ("\x1b[2J\u2028\ud800", "\\x1b[2J\\u2028\\ud800"),
    ],
)
def test_a_log_has_one_line_for_a_path(text: str, shown: str) -> None:
    assert printable(text) == shown


def test_nothing_of_this_is_imported_before_an_error() -> None:
    """Starting is cheap: a server that has no errors never pays for them."""
    runtime = str(Path(conduit.__file__).parent.parent)
    code = f"import sys; sys.path.insert(0, {runtime!r}); before = set(sys.modules); import conduit._abi; "
    code += "print({'conduit.http.traces', 'traceback', 'logging'} & sys.modules.keys() - before)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
