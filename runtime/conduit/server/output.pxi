# Output: what is to be sent, gathered for one write. One buffer serves all connections of a process: nothing
# that fills it waits.

# Bodies from this size on are handed to the transport as they are, not copied.
cdef enum:
    LARGE = 16384


@cython.final
cdef class Output:
    cdef char *data
    cdef size_t used, capacity

    def __dealloc__(self):
        PyMem_Free(self.data)

    cdef inline int put(self, const char *text, size_t size) except -1:
        if self.used + size > self.capacity:
            self.grow(size)
        memcpy(self.data + self.used, text, size)
        self.used += size
        return 0

    cdef int grow(self, size_t size) except -1:
        cdef size_t capacity = max(self.capacity * 2, self.used + size, 4096)
        cdef char *data = <char *>PyMem_Realloc(self.data, capacity)
        if data is NULL:
            raise MemoryError
        self.data = data
        self.capacity = capacity
        return 0

    cdef inline int put_bytes(self, bytes text) except -1:
        return self.put(PyBytes_AS_STRING(text), PyBytes_GET_SIZE(text))

    cdef int put_number(self, unsigned long long number, unsigned base) except -1:
        cdef char digits[24]
        cdef size_t at = sizeof(digits)
        while True:
            at -= 1
            digits[at] = b"0123456789abcdef"[number % base]
            number //= base
            if number == 0:
                return self.put(digits + at, sizeof(digits) - at)

    cdef int put_status(self, int status) except -1:
        cdef size_t size
        cdef const char *line = conduit_status_line(status, &size)
        if line is NULL:
            raise RuntimeError(f"{status} is no status of HTTP")
        return self.put(line, size)

    cdef int put_field(self, bytes name, bytes value) except -1:
        """One field; what could end it early is refused."""
        if not conduit_sendable(PyBytes_AS_STRING(name), PyBytes_GET_SIZE(name), True):
            raise RuntimeError(f"{name!r} cannot be the name of a header")
        if not conduit_sendable(PyBytes_AS_STRING(value), PyBytes_GET_SIZE(value), False):
            raise RuntimeError(f"the header {name.decode('latin-1')} holds a control character")
        self.put_bytes(name)
        self.put(b": ", 2)
        self.put_bytes(value)
        return self.put(b"\r\n", 2)

    cdef int send(self, object transport) except -1:
        """All of it in one write."""
        cdef bytes data
        if self.used:
            data = PyBytes_FromStringAndSize(self.data, self.used)
            self.used = 0
            transport.write(data)
        return 0


# What a head says of the body that follows it.
cdef struct Framing:
    bint close      # the connection ends after this answer
    bint chunked
    bint measured   # there is a content-length
    long long length


# The very objects that the runtime's own answers hold: nothing of them has to be looked at again.
cdef bytes TYPE_NAME = JSON_PAIR[0]
cdef bytes JSON_VALUE = JSON_PAIR[1]
cdef bytes LENGTH_NAME = LENGTHS[0][0]


cdef bint put_length(Output output, bytes value, Framing *framing) except -1:
    """A content-length of digits; False where it is not, and nothing is written."""
    cdef const char *text = PyBytes_AS_STRING(value)
    cdef Py_ssize_t at, size = PyBytes_GET_SIZE(value)
    cdef long long length = 0
    if framing.measured or not 0 < size < 19:
        return False
    for at in range(size):
        if not 48 <= text[at] <= 57:
            return False
        length = length * 10 + text[at] - 48
    framing.measured, framing.length = True, length
    output.put(b"content-length: ", 16)
    output.put(text, size)
    output.put(b"\r\n", 2)
    return True


cdef int put_head(
    Output output, Worker worker, int status, object headers, Scope scope, double began, bint bodiless,
    Framing *framing,
) except -1:
    """Status line, the server's headers, the answer's own, and what the connection needs.

    ``scope``: the request, None where there is none that could be read. ``bodiless``: no body follows whatever
    the headers say. Nothing is left in the buffer where this raises.
    """
    cdef int minor = 1 if scope is None else scope.head.minor
    cdef size_t start = output.used
    cdef Py_ssize_t size
    cdef bytes name, value
    cdef bint told = False
    try:
        output.put_status(status)
        output.put_bytes(worker.server_fields())
        for name, value in headers:
            if name is LENGTH_NAME and put_length(output, value, framing):
                continue
            if value is JSON_VALUE and name is TYPE_NAME:
                output.put(b"content-type: application/json\r\n", 32)
                continue
            if name is None or value is None:
                raise TypeError("names and values of headers are bytes")
            size = PyBytes_GET_SIZE(name)
            if conduit_has_upper(PyBytes_AS_STRING(name), size):
                name = name.lower()
            if size == 14 and name == b"content-length":
                if framing.measured or not value.isdigit():
                    raise RuntimeError(f"{value!r} cannot be the content-length of an answer")
                framing.measured = True
                framing.length = int(value)
            elif size == 10 and name == b"connection":
                if b"close" in value.lower():
                    framing.close = told = True
            elif size == 17 and name == b"transfer-encoding":
                if value.lower() == b"chunked":
                    framing.chunked = True
                    continue
            output.put_field(name, value)
        if scope is not None and (worker.identified or worker.reported):
            put_own(output, worker, scope, began)
    except BaseException:
        output.used = start
        raise
    if bodiless or framing.measured:  # never both: who reads it could take either
        framing.chunked = False
    else:
        framing.chunked = minor > 0
        if framing.chunked:
            output.put(b"transfer-encoding: chunked\r\n", 28)
        else:
            framing.close = True
    if framing.close:
        if not told:
            output.put(b"connection: close\r\n", 19)
    elif minor == 0:
        output.put(b"connection: keep-alive\r\n", 24)
    return output.put(b"\r\n", 2)


cdef int put_own(Output output, Worker worker, Scope scope, double began) except -1:
    """The headers that settings ask for."""
    cdef double milliseconds
    if worker.identified:
        output.put_field(b"x-request-id", (<str>scope["conduit.request_id"]).encode("latin-1"))
    if worker.reported:
        milliseconds = (conduit_clock() - began) * 1000
        output.put_field(b"server-timing", b"app;dur=%.3f" % milliseconds)
    return 0
