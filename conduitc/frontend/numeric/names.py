"""The names of one loop: what each may be, what the loop takes from outside, which functions it calls."""

from __future__ import annotations

import ast

from conduitc.frontend.numeric.functions import FunctionNames
from conduitc.frontend.numeric.kinds import called, kind_of
from conduitc.frontend.numeric.refusal import NotYetKnown, Refused
from conduitc.frontend.scope import BUILTINS, Scope
from conduitc.ir.loops import ELEMENTS, Kind, Read


class LoopNames:
    """``kinds`` are those of its locals, as far as known; ``lenient`` the floats that may be ints at first.

    ``constants`` and ``callees`` collect what is read of the module, by its expression in the source.
    ``above`` has the module's names, with the line that gives the one value they ever have, or None.
    """

    def __init__(self, scope: Scope, function: FunctionNames, above: dict[str, int | None]) -> None:
        self.scope = scope
        self.function = function
        self.above = above
        self.kinds: dict[str, Kind] = {}
        self.lenient: frozenset[str] = frozenset()
        self.constants: dict[str, Kind] = {}
        self.callees: dict[str, str] = {}

    def read(self, name: str) -> Read:
        """The variable ``name`` as a value.

        Raises:
            Refused: it is none of the loop's own.
        """
        function = self.function
        if name in function.outer:
            raise Refused(f"`{name}` is global or nonlocal")
        if function.is_local(name):
            self.writable(name)
            if name not in self.kinds:
                raise NotYetKnown(f"the type of `{name}` is not known: an annotation would say it")
            if self.kinds[name] in ELEMENTS:
                raise Refused(f"uses `{name}` as a whole")
            return Read(name, self.kinds[name])
        if function.is_free(name):
            raise Refused(f"`{name}` belongs to the function around this one")
        if called(self.scope, function, ast.Name(name, ast.Load())) in ("math.pi", "math.e", "math.tau"):
            kind: Kind | None = "float"
        else:
            kind = kind_of(self.scope.lookup(name))
        if kind is None:
            raise Refused(f"`{name}` is no numeric constant of its module")
        return self.constant(name, ast.Name(name, ast.Load()), kind)

    def sequence(self, node: ast.expr) -> Read | None:
        """The local that ``node`` is, where that holds numbers."""
        if not isinstance(node, ast.Name) or not self.function.is_local(node.id):
            return None
        kind = self.kinds.get(node.id)
        if kind not in ELEMENTS:
            return None
        self.writable(node.id)
        return Read(node.id, kind)

    def writable(self, name: str) -> None:
        """Raises ``Refused`` where others may see or change the local ``name`` while the loop runs."""
        if name in self.function.outer:
            raise Refused(f"`{name}` is global or nonlocal")
        if name in self.function.shared:
            raise Refused(f"`{name}` is shared with an inner function")

    def constant(self, written: str, node: ast.expr, kind: Kind) -> Read:
        """A value from the module, taken once, when the loop begins."""
        self._certain(node)
        self.constants[written] = kind
        return Read(written, kind)

    def callee(self, written: str, target: str, node: ast.expr) -> None:
        """A function that the loop calls: the compiled loop looks whether it still is ``target``."""
        self._certain(node)
        self.callees[written] = target

    def _certain(self, node: ast.expr) -> None:
        """The expression can be evaluated before the loop without being missed: its name is bound, once."""
        while isinstance(node, ast.Attribute):
            node = node.value
        assert isinstance(node, ast.Name)
        if node.id.startswith("__"):
            raise Refused(f"`{node.id}` may be another name inside a class")
        line = self.above.get(node.id, 0 if node.id in BUILTINS else None)
        if line is None or line >= self.function.node.lineno:
            raise Refused(f"`{node.id}` of the module may have another value, or none yet")
