"""Linear scans of the same routes in the same two languages, as good as scans get.

Whole static paths are compared at once; a route with parameters is a compiled regex in Python, and compared
segment by segment in C. Hits are the same tuples as ours, those of static routes made beforehand.
"""

import re
from collections.abc import Callable, Sequence
from typing import Any

INT = "(-?(?:0|[1-9][0-9]{0,17}))"


def python_scan(routes: Sequence[str]) -> Callable[[str], Any]:
    """``find(path)`` over templates in which ``{id:int}`` is a parameter."""
    rows: list[tuple[str | None, Any, Any]] = []
    for number, route in enumerate(routes):
        if "{" in route:
            rows.append((None, re.compile(re.escape(route).replace(r"\{id:int\}", INT)).fullmatch, number))
        else:
            rows.append((route, (number,), number))

    def find(path: str) -> Any:
        for text, what, entry in rows:
            if text is not None:
                if text == path:
                    return what
            elif match := what(path):
                return (entry, *map(int, match.groups()))
        return None

    return find


_SCAN = '''# cython: language_level=3, binding=False, boundscheck=False, wraparound=False
from cpython.tuple cimport PyTuple_GET_ITEM

cdef extern from *:
    """
    #include <stdint.h>
    #include <string.h>
    typedef struct { const char *text; uint32_t size, parameters; } scan_route;
    static const scan_route ROUTES[] = { %s };

    static inline int scan_int(const char *p, size_t size, long long *value) {
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

    static inline int scan_segments(const scan_route *route, const char *p, size_t size, long long *value) {
        const char *own = route->text, *own_end = own + route->size, *end = p + size;
        while (own < own_end && p < end) {
            const char *own_next = memchr(own + 1, '/', own_end - own - 1);
            const char *next = memchr(p + 1, '/', end - p - 1);
            if (!own_next) own_next = own_end;
            if (!next) next = end;
            if (own[1] == '{') {
                if (!scan_int(p + 1, next - p - 1, value)) return 0;
            } else if (own_next - own != next - p || memcmp(own, p, next - p)) {
                return 0;
            }
            own = own_next;
            p = next;
        }
        return own == own_end && p == end;
    }

    /* The route, or -1; the value of its parameter. */
    static int scan(const char *p, size_t size, long long *value) {
        size_t at;
        for (at = 0; at < sizeof(ROUTES) / sizeof(scan_route); at++) {
            const scan_route *route = ROUTES + at;
            if (!route->parameters) {
                if (route->size == size && !memcmp(route->text, p, size)) return (int)at;
            } else if (scan_segments(route, p, size, value)) {
                return (int)at;
            }
        }
        return -1;
    }
    """
    int scan(const char *, size_t, long long *)
    const char *PyUnicode_AsUTF8AndSize(object, Py_ssize_t *) except NULL


cdef class Scan:
    cdef tuple entries, hits, static

    def __init__(self, entries, static):
        self.entries = tuple(entries)
        self.static = tuple(static)
        self.hits = tuple([(entry,) for entry in entries])

    def find(self, path):
        cdef Py_ssize_t size
        cdef const char *text = PyUnicode_AsUTF8AndSize(path, &size)
        cdef long long value = 0
        cdef int found = scan(text, size, &value)
        if found < 0:
            return None
        if self.static[found]:
            return <object>PyTuple_GET_ITEM(self.hits, found)
        return (<object>PyTuple_GET_ITEM(self.entries, found), value)
'''


def cython_scan(routes: Sequence[str]) -> str:
    """The text of a module whose ``Scan(entries, static).find`` does the same."""
    rows = ", ".join(f'{{"{route}", {len(route)}, {int("{" in route)}}}' for route in routes)
    return _SCAN % rows
