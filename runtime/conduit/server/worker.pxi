# Worker: what the connections of one server share; and the one timer of all their deadlines.

cdef double TICK = 0.25

ctypedef object (*Find)(object, const char *, Py_ssize_t)


cdef class Table:
    """How the routes of one method are found."""

    cdef bytes method
    cdef Find native
    cdef object walker, find

    def __cinit__(self, str method, find):
        self.method = method.encode("latin-1")
        self.find = find
        self.walker = getattr(find, "__self__", None)
        pointer = getattr(self.walker, "pointer", None)
        if pointer is not None:
            self.native = <Find>PyCapsule_GetPointer(pointer(), b"conduit.find.1")

    cdef inline object look(self, const char *path, Py_ssize_t size):
        if self.native is not NULL:
            return self.native(self.walker, path, size)
        return self.find((<const char *>path)[:size].decode("ascii"))


@cython.final
cdef class Worker:
    """One server's share of the protocol; see docs/architecture.md.

    Parameters:
        app: the ASGI callable for everything that is not answered at once.
        served: a ``conduit.http.served.Serving``, or None where ``app`` is to answer everything.
        settings: a ``conduit.server.settings.Settings``.
        loop: the running event loop.
        state: has ``connections``, ``tasks``, ``total_requests``, ``default_headers``, as uvicorn's has.
        app_state: what lifespan left; each scope gets a copy.
        root_path: the prefix a proxy strips.
        forwarded: ``f(headers, client, scheme) -> (client, scheme)``, or None.
        log: ``f(scope, status, sent, seconds)``, or None.
        limit_concurrency: connections or tasks from which a request is a 503, or None.
        upgrade: ``f(transport, raw)`` takes over a connection that asks for a WebSocket, or None.
        context: whether tasks begin with the server's context variables; else with none.
    """

    cdef object app, core, failing, settings, loop, state, app_state, root_path, forwarded, log, upgrade
    cdef object timer, context
    cdef object limit_concurrency
    cdef readonly set connections
    cdef object tasks
    cdef list tables
    cdef Table anything
    cdef Output output
    cdef Limits limits
    cdef uint32_t chunk_bytes
    cdef bint direct, bridged, timed, identified, reported, closed
    cdef dict counted_routes    # entry → Counters, where requests are counted
    cdef str prefix             # of the request ids made here
    cdef readonly bint draining
    cdef double header_seconds, body_seconds, body_rate, keep_alive_seconds, write_seconds
    cdef double drain_moment, drain_seconds, drained
    cdef long long max_body, max_unread  # of a body: what a route takes, what is read over for the next request
    cdef Py_ssize_t most
    cdef object known_headers
    cdef bytes known_fields
    cdef Scope spare
    cdef Reading *spare_reading
    cdef readonly long long requests
    cdef long long identity, told

    def __init__(
        self,
        *,
        app,
        served,
        settings,
        loop,
        state,
        app_state,
        str root_path="",
        forwarded=None,
        log=None,
        limit_concurrency=None,
        upgrade=None,
        bint fresh_context=False,
    ):
        self.app, self.settings, self.loop, self.state, self.app_state = app, settings, loop, state, app_state
        self.root_path, self.forwarded, self.log, self.upgrade = root_path, forwarded, log, upgrade
        self.limit_concurrency = limit_concurrency
        self.connections, self.tasks = state.connections, state.tasks
        self.context = Context() if fresh_context else copy_context()
        self.output = Output()
        self.tables = []
        if served is not None:
            self.serve(served)
        self.limits.head = settings.header_bytes
        self.limits.fields = settings.header_fields
        self.limits.target = settings.target_bytes
        self.chunk_bytes = settings.chunk_bytes
        self.header_seconds, self.body_seconds = settings.header_seconds, settings.body_seconds
        self.body_rate, self.keep_alive_seconds = settings.body_rate, settings.keep_alive_seconds
        self.write_seconds, self.most = settings.write_seconds, settings.connections
        self.drain_moment, self.drain_seconds = settings.drain_moment, settings.drain_seconds
        self.identified, self.reported = settings.request_id, settings.server_timing
        self.max_unread = settings.body_bytes
        self.counted_routes = {} if settings.counters else None
        self.prefix = urandom(8).hex()
        self.timed = self.reported or log is not None or self.counted_routes is not None

    cdef int serve(self, served) except -1:
        self.core = served.core
        self.failing = served.core.failing
        self.direct, self.bridged = served.direct, served.bridged
        self.max_body = self.settings.body_bytes if served.max_body == DEFAULT_BODY else served.max_body
        for method, (find, _) in served.core.finders.items():
            if method == "*":
                self.anything = Table(method, find)
            elif method not in ("HEAD", "WEBSOCKET"):
                self.tables.append(Table(method, find))
        self.tables.sort(key=_most_usual_first)
        return 0

    def connect(self, _loop=None):
        """A protocol for one connection."""
        return Connection(self)

    cdef inline bytes server_fields(self):
        """Date and server, as whoever runs the server keeps them: in a list that it replaces every second."""
        headers = self.state.default_headers
        if headers is not self.known_headers:
            self.known_fields = b"".join([b"%b: %b\r\n" % (name, value) for name, value in headers])
            self.known_headers = headers
        return self.known_fields

    cdef object look(self, const char *method, Py_ssize_t size, const char *path, Py_ssize_t length):
        """The hit for a path of plain bytes, or None where a closer look is needed."""
        cdef Table table
        for table in self.tables:
            if PyBytes_GET_SIZE(table.method) == size and memcmp(PyBytes_AS_STRING(table.method), method, size) == 0:
                return table.look(path, length)
        if self.anything is None or (size == 4 and memcmp(method, b"HEAD", 4) == 0):
            return None
        return self.anything.look(path, length)

    cdef int tell_count(self) except -1:
        """What was answered since it was last told, to whoever runs the server."""
        self.state.total_requests += self.requests - self.told
        self.told = self.requests
        return 0

    cdef int count(self, hit, int status, double seconds) except -1:
        """One answer of a route; ``hit`` is None where something stood before the routes."""
        cdef object entry = None if hit is None else <object>PyTuple_GET_ITEM(hit, 0)
        cdef PyObject *known = PyDict_GetItem(self.counted_routes, entry)
        cdef Counters counters
        if known is NULL:
            counters = self.counted_routes[entry] = Counters()
        else:
            counters = <Counters>known
        return counters.add(status, seconds)

    def counters(self):
        """What was counted so far, by the ids of routes; "" stands for what had none."""
        if self.counted_routes is None:
            return {}
        return {"" if entry is None else entry.route: one.told() for entry, one in self.counted_routes.items()}

    cdef str identify(self, Scope scope):
        """The request's id: the client's where it can be one, else a new one."""
        for name, value in scope["headers"]:
            if name == b"x-request-id" and 0 < len(value) <= 128 and value.isascii():
                text = value.decode("ascii")
                if text.isprintable() and " " not in text:
                    return text
        self.identity += 1
        return f"{self.prefix}{self.identity:08x}"

    # -- deadlines ------------------------------------------------------------------------------------------

    cdef int begin_ticking(self) except -1:
        if self.timer is None and not self.closed:
            self.timer = self.loop.call_later(TICK, self.tick)
        return 0

    def tick(self):
        """Look at every connection's deadline."""
        cdef Connection connection
        cdef double now = conduit_now()
        self.timer = None
        self.tell_count()
        late = self.draining and now > self.drained + self.drain_seconds
        for one in tuple(self.connections):
            if type(one) is Connection:
                connection = <Connection>one
                if late:
                    connection.abandon()
                elif connection.deadline and now >= connection.deadline:
                    connection.expired(now)
        if late:
            for task in tuple(self.tasks):
                task.cancel()
        if self.connections or (self.draining and self.tasks):
            self.begin_ticking()

    cdef int drain(self) except -1:
        if not self.draining:
            self.draining = True
            self.drained = conduit_now()
            self.begin_ticking()
        return 0

    def __dealloc__(self):
        PyMem_Free(self.spare_reading)

    def close(self):
        """Stop the timer; there are no connections any more."""
        self.closed = True
        if self.timer is not None:
            self.timer.cancel()
            self.timer = None


def _most_usual_first(Table table):
    return [b"GET", b"POST", table.method].index(table.method)
