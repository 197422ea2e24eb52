# Line: what joins a connection to its transport: both directions' flow, and the deadline of what it waits for.

# What the next byte belongs to.
cdef enum:
    READ_HEAD
    READ_LENGTH
    READ_CHUNKS
    LINGER      # the last answer is sent: what still comes is thrown away until the client has closed
    OVER

cdef double LINGER_SECONDS = 2
# A closed socket is reset, and nothing of it kept.
cdef bytes AT_ONCE = pack("ii", 1, 0)

cdef int keep_little(object transport) except -1:
    """See ``conduit.server.listen.KEPT_UNSENT``; connections of ``conduitc run`` have it from their listener."""
    if UNSENT_OPTION is not None:
        set_option(transport, IPPROTO_TCP, UNSENT_OPTION, KEPT_UNSENT)
    return 0


cdef int set_option(object transport, int level, object name, object value) except -1:
    """Where the transport has a socket that knows it."""
    found = transport.get_extra_info("socket")
    if found is not None:
        try:
            found.setsockopt(level, name, value)
        except OSError:  # closed already, or a socket of another family
            pass
    return 0


cdef int wake(list waiters) except -1:
    """All who wait with futures; None stands for nobody."""
    if waiters is not None:
        for waiter in waiters:
            if not waiter.done():
                waiter.set_result(None)
    return 0


# What a route takes of a body unless app or route say something else (conduit.http.body).
cdef long long DEFAULT_BODY = 1 << 20


cdef class Line:
    cdef Worker worker
    cdef object transport
    cdef int stage
    cdef bytearray pending      # input that nothing was made of yet
    cdef Exchange exchange      # the request in a task whose answer is not complete
    cdef bint full, paused      # nothing is to be written, nothing is read
    cdef bint scanned           # a head has begun to come
    cdef double deadline        # 0: none
    cdef unsigned long long unsent  # bytes that waited for the client when it was last looked at
    cdef double since           # when the body that is read began to be waited for
    cdef unsigned long long received
    cdef list drainers
    cdef Reading *reading       # where a head or a chunk was begun and is not there yet, or one is looked at now

    def __dealloc__(self):
        PyMem_Free(self.reading)

    def pause_writing(self):
        self.full = True
        self.unsent = self.transport.get_write_buffer_size()
        self.deadline = conduit_now() + self.worker.write_seconds

    cdef int go_on_writing(self) except -1:
        cdef list drainers = self.drainers
        if self.full:
            self.full = False
            self.unsent = 0
            self.rearm()
        self.drainers = None
        return wake(drainers)

    async def drained(self):
        """Wait until more can be written."""
        while self.full:
            waiter = self.worker.loop.create_future()
            if self.drainers is None:
                self.drainers = []
            self.drainers.append(waiter)
            await waiter

    cdef int hold(self, long long length) except -1:
        """A file is being sent by the kernel: nothing else is written, and it may take so long."""
        self.full = True
        self.unsent = 0
        self.deadline = conduit_now() + self.worker.write_seconds + length / 4096.0
        return 0

    cdef int pause(self) except -1:
        if not self.paused and self.stage < LINGER:
            self.paused = True
            self.transport.pause_reading()
            self.rearm()
        return 0

    cdef int unpause(self) except -1:
        if self.paused:
            self.paused = False
            if self.stage < OVER and not self.transport.is_closing():
                self.transport.resume_reading()
            self.since = conduit_now()
            self.received = 0
            self.rearm()
        return 0

    cdef Reading *borrow(self) except NULL:
        """What a head and chunks are read with: a connection that waits for its client needs none."""
        cdef Worker worker = self.worker
        if self.reading is NULL:
            self.reading, worker.spare_reading = worker.spare_reading, NULL
        if self.reading is NULL:
            self.reading = <Reading *>PyMem_Malloc(sizeof(Reading))
        if self.reading is NULL:
            raise MemoryError
        return self.reading

    cdef void give_back(self) noexcept:
        cdef Worker worker = self.worker
        if worker.spare_reading is NULL:
            worker.spare_reading = self.reading
        else:
            PyMem_Free(self.reading)
        self.reading = NULL

    cdef int begin_waiting(self) except -1:
        """A head has begun to come: its deadline does not move with what comes."""
        if not self.scanned:
            self.scanned = True
            self.deadline = conduit_now() + self.worker.header_seconds
        return 0

    cdef int rearm(self) except -1:
        """The deadline of what the connection waits for now."""
        cdef Worker worker = self.worker
        if self.stage >= LINGER or self.full:
            return 0
        if self.stage != READ_HEAD:
            self.deadline = 0 if self.paused else self.since + worker.body_seconds + self.received / worker.body_rate
        elif self.exchange is not None:
            self.deadline = 0
        elif self.scanned:
            self.deadline = conduit_now() + worker.header_seconds
        elif worker.draining:
            self.deadline = conduit_now() + worker.drain_moment
        else:
            self.deadline = conduit_now() + worker.keep_alive_seconds
        return 0

    cdef bint read_on(self, double now) except -1:
        """Whether the client has read anything of what waits for it since it was last looked at: it may go on.

        What waited at the end of a connection, and is gone, is on its way; it has a moment to arrive.
        """
        cdef unsigned long long left = self.transport.get_write_buffer_size()
        if left >= self.unsent and (left == 0 or self.unsent > 0):
            return False
        self.unsent = left
        self.deadline = now + (self.worker.write_seconds if left else LINGER_SECONDS)
        return True

    cdef int abandon(self) except -1:
        self.stage = OVER
        self.deadline = 0
        if self.transport is not None:
            self.worker.output.send(self.transport)
            if self.transport.get_write_buffer_size():
                self.forget()
            self.transport.abort()
        return 0

    cdef int forget(self) except -1:
        """Let the kernel throw away, too, what it keeps for a client that does not read: megabytes, for minutes."""
        return set_option(self.transport, SOL_SOCKET, SO_LINGER, AT_ONCE)

    # -- the two ends -------------------------------------------------------------------------------------------

    cdef object remote(self):
        """Host and port of the client, where it has one."""
        found = self.transport.get_extra_info("peername")
        return (str(found[0]), int(found[1])) if isinstance(found, (list, tuple)) and len(found) >= 2 else None

    cdef object local(self):
        """Host and port here, or the path of a socket."""
        found = self.transport.get_extra_info("sockname")
        if isinstance(found, (list, tuple)) and len(found) >= 2:
            return (str(found[0]), int(found[1]))
        return (found, None) if isinstance(found, str) and found else None

    cdef str scheme(self):
        return "https" if self.transport.get_extra_info("sslcontext") else "http"
