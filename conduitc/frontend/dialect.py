"""What a framework's dialect tells the executor: the meaning of its calls, decorators and operators."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from typing import TYPE_CHECKING, Protocol

from conduitc.frontend.scope import Call, Frame, Scope
from conduitc.frontend.values import Bound, Function, Value

if TYPE_CHECKING:
    from conduitc.frontend.project import Project


class Dialect(Protocol):
    """One framework. Every method answers None or False for what is not its own."""

    def call(self, function: Value, call: Call) -> Value | None:
        """The value of a call."""

    def decorate(self, decorator: Value, node: ast.expr, function: Function, frame: Frame) -> bool:
        """Take a decorated function, if ``decorator`` declares something."""

    def operator(self, name: str, left: Value, right: Value, frame: Frame, node: ast.BinOp) -> Value | None:
        """The value of a binary operator (``"RShift"``)."""

    def imported(self, module: str, name: str, scope: Scope, node: ast.alias) -> None:
        """A name is imported from a module outside of the project."""

    def attribute(self, found: Bound, frame: Frame, node: ast.Attribute) -> Value | None:
        """The value of an attribute of an instance, where its class computes it."""

    def concerns(self, call: Call) -> bool:
        """Whether a call of something that is not imported yet must happen where it stands."""

    def postpones(self, project: Project, name: str) -> bool:
        """Whether a module is imported only when something needs it."""

    def executed(self, scope: Scope) -> None:
        """The top level of a module has been executed."""

    def exports(self, module: str) -> Iterable[str]:
        """What ``from module import *`` gives, where the dialect knows the module."""

    def entered(self, function: Function, call: Call) -> None:
        """A function of the project is called at the top level; its body is not executed."""
