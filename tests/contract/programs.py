"""Two versions of a program → what is said of the second, against what the first promised."""

from pathlib import Path

from conduitc.codegen.metadata import emit_metadata
from conduitc.contract.changes import compare
from conduitc.contract.offered import of_app
from conduitc.contract.read import of_metadata
from conduitc.diagnostics import Diagnostic, has_errors
from conduitc.driver import analyse
from conduitc.ir.nodes import App

HEAD = """from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from typing import Annotated, Any, Literal, TypedDict
from uuid import UUID

from conduit import Conduit, Context, Header
from msgspec import Meta, Struct

app = Conduit()
"""
ENABLED = "app.enable_mcp()\n"


def tool(signature: str = "a: int", returns: str = "str", above: str = "", decorator: str = "()") -> str:
    """A program with one tool, with this signature."""
    called = (
        f'@app.tool{decorator}\ndef f({signature}) -> {returns}:\n    """Does."""\n    raise ValueError\n'
    )
    return f"{HEAD}{ENABLED}{above}\n{called}"


def given(schema: str, signature: str = "a: int = 1") -> str:
    """A program with one tool, whose schema is given by hand."""
    return tool(signature, decorator=f"(schema={schema})")


def offers(text: str, enabled: str = ENABLED) -> str:
    """A program that offers this."""
    return f"{HEAD}{enabled}\n{text}"


def resource(uri: str, signature: str = "", returns: str = "str", options: str = "") -> str:
    """A resource."""
    decorator = f'@app.resource("{uri}"{options})\n'
    return offers(f'{decorator}def r({signature}) -> {returns}:\n    """Reads."""\n    raise ValueError\n')


def prompt(signature: str, options: str = "") -> str:
    """A prompt."""
    return offers(f'@app.prompt({options})\ndef p({signature}) -> str:\n    """Asks."""\n    return ""\n')


def app_of(text: str, folder: Path) -> App:
    """The program's App; it has no errors."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "app.py").write_text(text, encoding="utf-8")
    found = analyse(folder / "app.py")
    assert found.app is not None
    assert not has_errors(found.diagnostics), [one.message for one in found.diagnostics]
    return found.app


def said(before: str, now: str, folder: Path, *, stripped: bool = False) -> list[Diagnostic]:
    """The findings on ``now``."""
    old = emit_metadata(app_of(before, folder / "before"), stripped=stripped)
    return list(compare(of_metadata(old.encode()), of_app(app_of(now, folder / "now")), "old.json"))
