# cython: language_level=3, binding=False, boundscheck=False, wraparound=False, initializedcheck=False, nonecheck=True
"""The compiled protocol: bytes in, answers out.

In: a ``Worker`` for each server, made by ``conduit.server.door`` or by a runner of ours. Out: ``worker.connect()``
gives protocol objects for ``loop.create_server``. docs/architecture.md tells the way of a request.

The rooms, in the order of a request: ``worker`` (what connections share), ``line`` (flow and deadlines),
``connection`` (input), ``dispatch`` (which route, how it runs), ``scope`` (the request), ``exchange`` (a request in
a task), ``answers`` and ``output``.
"""
# nonecheck: what a client's leaving has taken away is then an exception of one request, not the end of the process;
# it costs 30 ns a request.

cimport cython
from cpython.bytearray cimport PyByteArray_AS_STRING, PyByteArray_GET_SIZE
from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_FromStringAndSize, PyBytes_GET_SIZE
from cpython.dict cimport PyDict_GetItem, PyDict_SetItem
from cpython.mem cimport PyMem_Free, PyMem_Malloc, PyMem_Realloc
from cpython.object cimport PyObject
from cpython.pycapsule cimport PyCapsule_GetPointer
from cpython.tuple cimport PyTuple_GET_ITEM
from libc.stdint cimport uint8_t, uint16_t, uint32_t, uint64_t
from libc.string cimport memcmp, memcpy

from asyncio import CancelledError, Task
from contextvars import Context, copy_context
from os import urandom
from socket import IPPROTO_TCP, SO_LINGER, SOL_SOCKET
from struct import pack

from conduit.server.listen import KEPT_UNSENT, UNSENT_OPTION

cdef extern from "http1.h" nogil:
    enum:
        MORE "CONDUIT_HTTP_MORE"
        DONE "CONDUIT_HTTP_DONE"
        DATA "CONDUIT_HTTP_DATA"
        FORM_ABSOLUTE "CONDUIT_FORM_ABSOLUTE"
    ctypedef struct Slice "conduit_slice":
        uint32_t at, size
    ctypedef struct Limits "conduit_limits":
        uint32_t head, fields, target
    ctypedef struct Head "conduit_head":
        uint32_t line, size, fields_at
        uint8_t minor, form, plain, close, chunked, has_length, expect_continue, websocket
        Slice method, target, path, query
        uint64_t length
        const char *why
    ctypedef struct Chunks "conduit_chunks":
        const char *why
    void conduit_head_begin(Head *)
    int conduit_head_read(Head *, const uint8_t *, size_t, const Limits *)
    int conduit_field_next(const uint8_t *, const Head *, uint32_t *, Slice *, Slice *)
    void conduit_chunks_begin(Chunks *, uint32_t)
    int conduit_chunks_read(Chunks *, const uint8_t **, const uint8_t *, const uint8_t **, size_t *)

# One of them at a time is under way: a head is copied out when it is there.
cdef union Reading:
    Head head
    Chunks chunks

cdef extern from "wire.h":
    const char *conduit_status_line(int, size_t *) nogil
    int conduit_sendable(const char *, size_t, int) nogil
    int conduit_has_upper(const char *, size_t) nogil
    double conduit_now() nogil
    double conduit_clock() nogil
    Py_ssize_t Py_REFCNT(object)

from conduit.http.answers import JSON_PAIR, LENGTHS

cdef class Worker
cdef class Line
cdef class Connection(Line)
cdef class Exchange
cdef class Scope(dict)

include "output.pxi"
include "counters.pxi"
include "worker.pxi"
include "scope.pxi"
include "exchange.pxi"
include "dispatch.pxi"
include "answers.pxi"
include "line.pxi"
include "connection.pxi"
