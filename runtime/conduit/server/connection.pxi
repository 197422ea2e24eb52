# Connection: one client. Bytes come in, are cut into requests one after the other, and answers go out.

@cython.final
cdef class Connection(Line):
    cdef Scope waiting          # the request that runs when its body is there
    cdef object waiting_hit
    cdef unsigned long long most
    cdef bytearray body
    cdef bytes whole
    cdef unsigned long long left
    cdef bint last              # the connection ends after this answer
    cdef bint ahead             # more input lies behind this request
    cdef bint consuming, unread, continues
    cdef double began

    def __cinit__(self, Worker worker):
        self.worker = worker

    # -- asyncio's side -----------------------------------------------------------------------------------------

    def connection_made(self, transport):
        cdef Worker worker = self.worker
        self.transport = transport
        worker.connections.add(self)
        self.deadline = conduit_now() + worker.header_seconds
        worker.begin_ticking()
        if worker.most and len(worker.connections) > worker.most:
            refuse(self, 503, b"this server has as many connections as it takes")

    def connection_lost(self, error):
        self.worker.connections.discard(self)
        self.stage = OVER
        self.deadline = 0
        self.pending = self.body = self.waiting = self.waiting_hit = None
        if self.exchange is not None:
            exchange = self.exchange
            self.exchange = None
            exchange.disconnect()
        self.go_on_writing()

    def resume_writing(self):
        self.go_on_writing()
        if self.exchange is None and self.stage < LINGER:
            try:
                self.go_ahead()
            except BaseException:
                self.worker.output.used = 0
                self.abandon()
                raise

    def eof_received(self):
        return False

    def data_received(self, data):
        try:
            self.receive(data)
        except BaseException:  # of ours: what was written so far must not reach another client
            self.worker.output.used = 0
            self.abandon()
            raise

    cdef int receive(self, data) except -1:
        cdef bytes chunk
        cdef Py_ssize_t used
        if self.stage >= LINGER:
            return 0
        if self.pending is None and type(data) is bytes:
            chunk = data
            used = self.consume(<const uint8_t *>PyBytes_AS_STRING(chunk), PyBytes_GET_SIZE(chunk), chunk)
            if used < PyBytes_GET_SIZE(chunk) and self.stage < LINGER:
                self.pending = bytearray(chunk[used:])
        else:
            if self.pending is None:
                self.pending = bytearray()
            self.pending += data
            self.go_through()
        if self.stage != OVER:
            self.worker.output.send(self.transport)
        if self.pending is not None and (self.exchange is not None or self.full) and len(self.pending) > AHEAD:
            self.pause()
        return 0

    def shutdown(self):
        """The server ends: what is in flight is answered; a client that waits has a moment to see it coming."""
        cdef Worker worker = self.worker
        worker.drain()
        if self.stage == READ_HEAD and self.exchange is None and self.pending is None and not self.full:
            self.deadline = conduit_now() + worker.drain_moment

    # -- input --------------------------------------------------------------------------------------------------

    cdef int go_through(self) except -1:
        """Make what can be made of the pending input."""
        cdef bytearray pending = self.pending
        cdef Py_ssize_t used
        if pending is None or self.consuming:
            return 0
        used = self.consume(<const uint8_t *>PyByteArray_AS_STRING(pending), PyByteArray_GET_SIZE(pending), None)
        if self.stage >= LINGER or used == PyByteArray_GET_SIZE(pending):
            self.pending = None
        elif used:
            del pending[:used]
        return 0

    cdef Py_ssize_t consume(self, const uint8_t *p, Py_ssize_t size, bytes source) except -1:
        """As many requests as there are; gives the bytes used. ``source`` owns ``p``, if bytes do."""
        cdef Py_ssize_t at = 0
        cdef const uint8_t *here
        cdef const uint8_t *data
        cdef size_t count
        cdef int result
        cdef Reading *reading = self.borrow()
        self.consuming = True
        try:
            while self.stage < LINGER:
                if self.stage == READ_HEAD:
                    if at == size or self.exchange is not None or self.full:
                        break
                    if not self.scanned:
                        conduit_head_begin(&reading.head)
                    result = conduit_head_read(&reading.head, p + at, size - at, &self.worker.limits)
                    if result == MORE:
                        self.begin_waiting()
                        break
                    if result != DONE:
                        refuse(self, result, reading.head.why)
                        break
                    here = p + at
                    at += reading.head.size
                    self.ahead = at < size
                    self.scanned = False
                    self.request(&reading.head, here, size - (here - p), source)
                elif self.stage == READ_LENGTH:
                    if at == size:
                        break
                    count = min(self.left, <unsigned long long>(size - at))
                    self.left -= count
                    self.ahead = at + <Py_ssize_t>count < size
                    self.take(p + at, count)
                    at += count
                    if self.left == 0 and self.stage == READ_LENGTH:
                        self.end_body()
                else:
                    here = p + at
                    result = conduit_chunks_read(&reading.chunks, &here, p + size, &data, &count)
                    at = here - p
                    self.ahead = at < size
                    if result == DATA:
                        self.take(data, count)
                    elif result == MORE:
                        break
                    elif result == DONE:
                        self.end_body()
                    else:
                        refuse(self, result, reading.chunks.why)
        finally:
            self.consuming = False
            if not (self.scanned or self.stage == READ_CHUNKS):
                self.give_back()
        return at

    cdef int request(self, Head *head, const uint8_t *p, Py_ssize_t size, bytes source) except -1:
        """A head is there; ``size`` counts all bytes from ``p``."""
        cdef Worker worker = self.worker
        cdef bint body = head.chunked or head.length > 0
        cdef Scope scope
        self.deadline = 0
        self.last = head.close
        self.began = conduit_clock() if worker.timed else 0
        if head.websocket and worker.upgrade is not None and not worker.draining and not body:
            return self.hand_over((<const char *>p)[:size])
        scope = worker.spare
        if scope is None:
            scope = Scope.__new__(Scope)
        else:
            worker.spare = None
        scope.connection, scope.head, scope.raw, scope.text = self, head[0], source, p
        if source is None:
            scope.keep()
        if body:
            self.begin_body(head)
        if worker.identified:
            PyDict_SetItem(scope, "conduit.request_id", worker.identify(scope))
        if worker.limit_concurrency is not None and crowded(self, scope):
            return 0
        if not worker.direct:
            self.begin_exchange(scope, None, None, body)
            return 0
        hit = None
        if scope.head.plain:
            try:
                hit = worker.look(
                    <const char *>p + scope.head.method.at, scope.head.method.size,
                    <const char *>p + scope.head.path.at, scope.head.path.size,
                )
            except Exception:  # of the user's own making; the careful way meets it again, and answers it
                hit = None
        perform(self, scope, hit, body)
        if Py_REFCNT(scope) == 1:
            scope.reset()
            worker.spare = scope
        return 0

    cdef int hand_over(self, bytes raw) except -1:
        """To who knows WebSockets; what was answered before goes first."""
        self.worker.output.send(self.transport)
        self.worker.connections.discard(self)
        self.stage = OVER
        self.deadline = 0
        self.worker.upgrade(self.transport, raw)
        return 0

    # -- the body of a request ----------------------------------------------------------------------------------

    cdef int begin_body(self, Head *head) except -1:
        self.continues = head.expect_continue
        if head.chunked:
            self.stage = READ_CHUNKS
            conduit_chunks_begin(&self.reading.chunks, self.worker.chunk_bytes)
        else:
            self.stage = READ_LENGTH
            self.left = head.length
        self.unread = False
        self.received = 0
        self.since = conduit_now()
        return self.rearm()

    cdef int discard_body(self) except -1:
        """Nobody wants the rest of the body: a short one is read over, else the connection ends."""
        self.unread = True
        if self.continues or (self.stage == READ_LENGTH and self.left > <unsigned long long>self.worker.max_unread):
            self.last = True
        return 0

    cdef int collect_body(self, Scope scope, hit, unsigned long long most) except -1:
        scope.keep()
        self.waiting, self.waiting_hit, self.most = scope, hit, most
        self.body, self.whole = None, None
        return self.go_on()

    cdef int go_on(self) except -1:
        """The body is wanted: tell a client that waits to be told."""
        if self.continues:
            self.continues = False
            if self.received == 0 and not self.ahead:
                self.worker.output.put(b"HTTP/1.1 100 Continue\r\n\r\n", 25)
                if not self.consuming:
                    self.worker.output.send(self.transport)
        return 0

    cdef int take(self, const uint8_t *data, size_t size) except -1:
        """A piece of the body."""
        self.received += size
        self.continues = False
        if self.exchange is not None:
            self.exchange.feed(data, size)
        elif self.waiting is not None:
            if self.received > self.most:
                self.exceed(data, size)
            elif self.stage == READ_LENGTH and self.left == 0 and self.body is None:
                self.whole = PyBytes_FromStringAndSize(<const char *>data, size)
            else:
                if self.body is None:
                    self.body = bytearray()
                self.body += (<const char *>data)[:size]
        elif self.unread and self.received > <unsigned long long>self.worker.max_unread:
            self.stop(True)
            return 0
        return self.rearm()

    cdef int exceed(self, const uint8_t *data, size_t size) except -1:
        """More than the route takes: it gets to know by reading, as behind any other server."""
        cdef Scope scope = self.waiting
        body, hit = self.body, self.waiting_hit
        self.body = self.waiting = self.waiting_hit = None
        self.begin_exchange(scope, hit, None, True)
        if body is not None:
            self.exchange.feed(<const uint8_t *>PyByteArray_AS_STRING(body), PyByteArray_GET_SIZE(body))
        self.exchange.feed(data, size)
        return 0

    cdef int end_body(self) except -1:
        cdef Scope scope
        self.stage = READ_HEAD
        if not self.full:
            self.deadline = 0
        self.unread = False
        if self.exchange is not None:
            self.exchange.end_body()
        elif self.waiting is not None:
            scope, hit = self.waiting, self.waiting_hit
            whole = self.whole if self.body is None else bytes(self.body)
            self.waiting = self.waiting_hit = self.body = self.whole = None
            run_with_body(self, scope, hit, whole or b"")
        else:
            self.rearm()
        return 0

    # -- answers ------------------------------------------------------------------------------------------------

    cdef bint ending(self) except -1:
        """Whether the answer that is begun now is the last: the last that a client sent for, if the server ends."""
        return self.last or (self.worker.draining and not self.more_input())

    cdef inline bint more_input(self) except -1:
        """Whether the client has sent more than was looked at."""
        return self.ahead if self.consuming else self.pending is not None

    cdef int begin_exchange(self, Scope scope, hit, what, bint body) except -1:
        """A request in a task; ``what``, if not None, is an answer to send, or an error to answer."""
        cdef Exchange exchange
        scope.keep()
        if self.worker.max_body != DEFAULT_BODY:
            PyDict_SetItem(scope, "conduit.max_body", self.worker.max_body)
        exchange = Exchange(self, scope, hit, body and not self.unread and self.stage != READ_HEAD)
        exchange.answer = what
        self.exchange = exchange
        self.rearm()
        exchange.start_task()
        return 0

    cdef int completed(self, bint close) except -1:
        """An answer was written whole."""
        self.worker.requests += 1
        if close:
            return self.stop(self.more_input() or self.stage != READ_HEAD)
        return self.rearm()

    cdef int exchanged(self, Exchange exchange) except -1:
        """An exchange is complete: the next request may begin."""
        if self.exchange is not exchange:
            return 0
        self.exchange = None
        if self.stage != READ_HEAD and self.stage < LINGER:
            self.discard_body()
            exchange.framing.close = exchange.framing.close or self.last
        self.completed(exchange.framing.close)
        return 0 if self.consuming else self.go_ahead()

    cdef int go_ahead(self) except -1:
        """With what the client has sent ahead, and then with what it sends."""
        if self.stage < LINGER:
            self.go_through()
        if self.stage != OVER:
            self.worker.output.send(self.transport)
        if self.exchange is None and not self.full:
            self.unpause()
        return 0

    # -- the end ------------------------------------------------------------------------------------------------

    cdef int stop(self, bint linger) except -1:
        """No request is read any more. Closing while input is unread would destroy the answer on its way."""
        self.worker.output.send(self.transport)
        self.pending = self.body = self.waiting = self.waiting_hit = None
        self.unpause()
        self.unsent = 0
        if linger and self.transport.can_write_eof():
            self.stage = LINGER
            self.deadline = conduit_now() + LINGER_SECONDS
            self.transport.write_eof()
        else:
            self.stage = OVER
            self.deadline = conduit_now() + self.worker.write_seconds
            self.transport.close()
        return 0

    cdef int expired(self, double now) except -1:
        """The deadline is over."""
        if self.full or self.stage >= LINGER:
            if not self.read_on(now):
                self.abandon()
        elif self.stage != READ_HEAD:
            refuse(self, 408, b"the body did not come in time")
        elif self.scanned:
            refuse(self, 408, b"the head did not come in time")
        else:
            self.stop(False)
        return 0
