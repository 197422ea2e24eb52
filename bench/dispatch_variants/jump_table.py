"""The same routes as one C function of nested switches: by length, then by the byte that tells most apart.

What is left is compared once. A route with a trailing parameter is looked for by the text before it.
"""

from collections.abc import Iterator, Sequence

_MODULE = '''# cython: language_level=3, binding=False, boundscheck=False, wraparound=False
from cpython.tuple cimport PyTuple_GET_ITEM

cdef extern from *:
    """
    #include <stdint.h>
    #include <string.h>

    static int jump_static(const char *p, size_t size) {
%s
        return -1;
    }

    static int jump_prefix(const char *p, size_t size) {
%s
        return -1;
    }

    static inline int jump_int(const char *p, size_t size, long long *value) {
        size_t sign = size && p[0] == '-', at = sign;
        long long sum = 0;
        if (at == size || size - at > 18 || (p[at] == '0' && size - at > 1)) return 0;
        for (; at < size; at++) {
            unsigned digit = (unsigned char)p[at] - '0';
            if (digit > 9) return 0;
            sum = sum * 10 + digit;
        }
        *value = sign ? -sum : sum;
        return 1;
    }
    """
    int jump_static(const char *, size_t)
    int jump_prefix(const char *, size_t)
    bint jump_int(const char *, size_t, long long *)
    const char *PyUnicode_AsUTF8AndSize(object, Py_ssize_t *) except NULL


cdef class Jump:
    cdef tuple entries, hits

    def __init__(self, entries):
        self.entries = tuple(entries)
        self.hits = tuple([(entry,) for entry in entries])

    def find(self, path):
        cdef Py_ssize_t size, start
        cdef const char *text = PyUnicode_AsUTF8AndSize(path, &size)
        cdef long long value = 0
        cdef int found = jump_static(text, size)
        if found >= 0:
            return <object>PyTuple_GET_ITEM(self.hits, found)
        start = size
        while start > 0 and text[start - 1] != b"/":
            start -= 1
        found = jump_prefix(text, start)
        if found >= 0 and jump_int(text + start, size - start, &value):
            return (<object>PyTuple_GET_ITEM(self.entries, found), value)
        return None
'''


def jump_table(routes: Sequence[str]) -> str:
    """The text of a module whose ``Jump(entries).find`` finds ``routes``."""
    static = {route: number for number, route in enumerate(routes) if "{" not in route}
    prefix = {route.partition("{")[0]: number for number, route in enumerate(routes) if "{" in route}
    return _MODULE % ("\n".join(_by_length(static)), "\n".join(_by_length(prefix)))


def _by_length(texts: dict[str, int]) -> Iterator[str]:
    yield "        switch (size) {"
    for length in sorted({len(text) for text in texts}):
        yield f"        case {length}:"
        yield from _by_byte(
            {text: number for text, number in texts.items() if len(text) == length}, "            "
        )
        yield "            break;"
    yield "        }"


def _by_byte(texts: dict[str, int], indent: str) -> Iterator[str]:
    if len(texts) == 1:
        ((text, number),) = texts.items()
        yield f'{indent}if (!memcmp(p, "{text}", {len(text)})) return {number};'
        return
    size = len(next(iter(texts)))
    at = max(range(size), key=lambda place: len({text[place] for text in texts}))
    yield f"{indent}switch (p[{at}]) {{"
    for byte in sorted({text[at] for text in texts}):
        yield f"{indent}case '{byte}':"
        same = {text: number for text, number in texts.items() if text[at] == byte}
        yield from _by_byte(same, indent + "    ")
        yield f"{indent}    break;"
    yield f"{indent}}}"
