"""What introspection holds, in bytes, nearly, and nothing else of the process; and how much that may be."""

from __future__ import annotations

from gc import get_referents
from sys import getsizeof
from types import (
    BuiltinFunctionType,
    CodeType,
    FunctionType,
    GetSetDescriptorType,
    MemberDescriptorType,
    MethodType,
    ModuleType,
)

#: What belongs to the program, not to an object that uses it.
_SHARED = (
    type,
    BuiltinFunctionType,
    CodeType,
    FunctionType,
    GetSetDescriptorType,
    MemberDescriptorType,
    MethodType,
    ModuleType,
)

#: The part of the memory that answers may take, and the most bytes.
_ANSWERS, _MOST_ANSWERS = 0.25, 16 << 20
#: It is weighed at the first questions that are not known, then at each that is a multiple of this.
_EVERY = 1024


class Memory:
    """At most ``limit`` bytes. ``held`` are those of the metadata, and of all that was made of it."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.held = 0
        self._unknown = 0

    def due(self) -> bool:
        """Whether to weigh after this question, which was not known: what is made of the metadata, is made by
        the first ones of each kind."""
        self._unknown += 1
        return not self._unknown & (self._unknown - 1) or not self._unknown % _EVERY

    def suffices(self, whole: object) -> bool:
        """Weigh; whether it is no more than may be."""
        self.held = weigh(whole, self.limit)
        return self.held <= self.limit

    def for_answers(self) -> int:
        """The bytes that are left for answers."""
        return max(0, min(_MOST_ANSWERS, int(self.limit * _ANSWERS), self.limit - self.held))


def weigh(whole: object, most: int) -> int:
    """The bytes of an object and of all that it holds; above ``most`` it is not looked at to the end."""
    seen, todo, total = {id(whole)}, [whole], 0
    while todo:
        one = todo.pop()
        total += getsizeof(one, 0)
        if total > most:
            break
        for inner in get_referents(one):
            if id(inner) not in seen and not isinstance(inner, _SHARED):
                seen.add(id(inner))
                todo.append(inner)
    return total
