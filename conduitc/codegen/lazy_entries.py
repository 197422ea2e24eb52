"""Routes of lazy groups → entries that stand for them, and a function a group that makes the real ones."""

from collections.abc import Sequence

from conduitc.codegen.code import Code, constant
from conduitc.codegen.entries import Entries
from conduitc.codegen.readers import refine_readers
from conduitc.codegen.shapes import Shape, origin, path_converters
from conduitc.ir.nodes import LazyGroup, Route


class Group:
    """The routes of one group, in the order of the tables."""

    def __init__(self, number: int, group: LazyGroup) -> None:
        self.number = number
        self.includes = set(group.includes)
        self._routes: list[tuple[Route, Shape]] = []

    def put_off(self, index: int, route: Route, shape: Shape, code: Code) -> None:
        """Entry *index* of the app, and of the group its next one."""
        own = len(self._routes)
        self._routes.append((route, shape))
        code.mark(route.span)
        code.comment(origin(route))
        arguments = [f"{self.number}", f"{own}", constant(tuple(path_converters(route))), constant(route.id)]
        if route.options.max_body is not None:
            arguments.append(f"max_body={route.options.max_body}")
        code.call("add(groups.entry", arguments, ")")
        if refine_readers(route, ""):
            code.line(f"refine[{index}] = groups.refine({self.number}, {own})")

    def emit(self, entries: Entries) -> None:
        """The function that makes the group's entries from the objects that are there once it is imported."""
        code = entries.code
        with code.block(f"def fill_{self.number}(at)"):
            code.lines("entries = []", "add = entries.append", "refine = {}")
            for own, (route, shape) in enumerate(self._routes):
                entries.add(own, route, shape)
            code.line("return entries, refine")
        code.line(f"groups.fill({self.number}, fill_{self.number})")


def group_of(route: Route, groups: Sequence[Group]) -> Group | None:
    """The group that a route waits for; one whose answer is known waits for nothing."""
    if route.folded is not None:
        return None
    return next((group for group in groups if group.includes.intersection(route.via)), None)
