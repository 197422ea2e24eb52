# cython: language_level=3, binding=False, boundscheck=False, wraparound=False
"""What every answer goes through, compiled: the same as in ``sets`` and ``entry``, which work without it.

It imports nothing, for it is there before anything is served.
"""

from cpython.dict cimport PyDict_Next
from cpython.list cimport PyList_GET_ITEM, PyList_GET_SIZE
from cpython.object cimport PyObject
from cpython.ref cimport Py_DECREF
from cpython.tuple cimport PyTuple_GET_ITEM, PyTuple_GET_SIZE

cdef extern from "Python.h":
    enum:
        SUSPENDED "PYGEN_NEXT"
    int PyIter_Send(object, object, PyObject **) except -1
    void *Py_TYPE(object)

# Deeper values are looked at level by level, in Python.
cdef int DEEPEST = 48


cdef class Looker:
    """Finds out quickly that there is no set; ``slow`` answers where that does not succeed.

    Parameters:
        atoms: exact types that hold nothing.
        suspects: class → the fields that may hold a set, () for none, None where it is no class with fields.
        slow: the function that looks at everything.
    """

    cdef object suspects, slow
    cdef dict known
    cdef set atoms

    def __init__(self, atoms, suspects, slow):
        self.atoms, self.suspects, self.slow = set(atoms), suspects, slow
        self.known = {}

    def __call__(self, value):
        return not self.free(value, 0) and self.slow(value)

    cdef bint free(self, object value, int depth) except -1:
        """Whether it certainly holds none."""
        cdef PyObject *kind = <PyObject *>Py_TYPE(value)
        cdef PyObject *key
        cdef PyObject *item
        cdef Py_ssize_t at
        if (
            kind == <PyObject *>str or kind == <PyObject *>int or kind == <PyObject *>float
            or kind == <PyObject *>bool or value is None
        ):
            return True
        if depth > DEEPEST:
            return False
        if kind == <PyObject *>dict:
            at = 0
            while PyDict_Next(value, &at, &key, &item):
                if not self.free(<object>item, depth + 1):
                    return False
            return True
        if kind == <PyObject *>list:
            at = 0
            while at < PyList_GET_SIZE(value):
                if not self.free(<object>PyList_GET_ITEM(value, at), depth + 1):
                    return False
                at += 1
            return True
        if kind == <PyObject *>tuple:
            for at in range(PyTuple_GET_SIZE(value)):
                if not self.free(<object>PyTuple_GET_ITEM(value, at), depth + 1):
                    return False
            return True
        return self.other(value, <object>kind, depth)

    cdef bint other(self, object value, object kind, int depth) except -1:
        if kind in self.atoms:
            return True
        names = self.known.get(kind)
        if names is None:
            names = self.suspects(kind)
            if names is None:
                return False
            self.known[kind] = names
        for name in names:
            if not self.free(getattr(value, name, None), depth + 1):
                return False
        return True


def finish(coroutine):
    """The value of a coroutine that waits for nothing.

    Raises:
        RuntimeError: it does wait for something.
    """
    cdef PyObject *result = NULL
    cdef object value
    cdef int how = PyIter_Send(coroutine, None, &result)
    value = <object>result
    Py_DECREF(value)
    if how == SUSPENDED:
        coroutine.close()
        raise RuntimeError("a handler that is run at once waited for something")
    return value
