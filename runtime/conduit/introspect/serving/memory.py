"""Objects → the bytes they take, nearly: what introspection holds, and nothing else of the process."""

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
