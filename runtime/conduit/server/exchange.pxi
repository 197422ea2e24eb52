# Exchange: a request in a task of its own, with ASGI's receive and send.

# Pieces of a body that wait for `receive`, in bytes, before reading pauses.
cdef enum:
    AHEAD = 65536

cdef dict GONE = {"type": "http.disconnect"}


@cython.final
cdef class Exchange:
    cdef Connection connection
    cdef Worker worker
    cdef Scope scope
    cdef dict start
    cdef Framing framing
    cdef bint begun, complete, gone, head_only, asked
    cdef bint more, final_given   # of the request's body: more is to come; its end was handed out
    cdef list pieces
    cdef Py_ssize_t waiting_bytes
    cdef list waiters
    cdef long long sent
    cdef int status
    cdef double began
    cdef object hit
    cdef object answer

    def __cinit__(self, Connection connection, Scope scope, hit, bint more):
        self.connection, self.worker, self.scope, self.hit = connection, connection.worker, scope, hit
        self.more = more
        self.head_only = scope.head.method.size == 4 and memcmp(scope.text + scope.head.method.at, b"HEAD", 4) == 0
        self.framing.close = connection.last
        self.began = connection.began
        self.pieces = []

    cdef int start_task(self) except -1:
        context = self.worker.context.copy()
        loop = self.worker.loop
        coroutine = self.run()
        factory = loop.get_task_factory()
        task = (
            Task(coroutine, loop=loop, context=context)
            if factory is None
            else loop.create_task(coroutine, context=context)
        )
        self.worker.tasks.add(task)
        task.add_done_callback(self.worker.tasks.discard)
        return 0

    async def run(self):
        """The request, from route to the last byte; whatever happens, the connection is left in order."""
        cdef object core = self.worker.core
        try:
            if isinstance(self.answer, BaseException):
                answer = await core.failing.answer(Request(self.scope, self.receive, self.hit), self.answer)
                await core.send(answer, self.scope, self.receive, self.send)
            elif self.answer is not None:
                await core.send(self.answer, self.scope, self.receive, self.send)
            elif self.hit is not None:
                answer = await core.answered(self.scope, self.receive, self.hit)
                if type(answer) is tuple and not self.begun:
                    self.answer_pair(answer)
                else:
                    await core.send(answer, self.scope, self.receive, self.send)
            else:
                scope = self.scope if core is not None and not self.worker.bridged else self.scope.plain()
                value = await self.worker.app(scope, self.receive, self.send)
                if value is not None:
                    self.tell("ASGI callable should return None, but returned %r", value)
        except BaseException as error:  # SystemExit too: it ends a request, as behind uvicorn's own protocol
            self.failed(error)
            return
        if not self.complete and not self.gone:
            self.tell("the app %s", "did not end its answer" if self.begun else "gave no answer")
            self.give_up()

    cdef int tell(self, text, what) except -1:
        import logging

        logging.getLogger("uvicorn.error").error(text, what)
        return 0

    cdef int failed(self, error) except -1:
        if self.gone or self.complete and isinstance(error, CancelledError):
            return 0
        from conduit.http.delivery import Broken

        if not isinstance(error, Broken):
            import logging

            from conduit.http.traces import told

            text = "Exception in ASGI application\n"
            logging.getLogger("uvicorn.error").error(text, exc_info=told(error))
        return self.give_up()

    cdef int give_up(self) except -1:
        """A 500 where nothing was sent; else the connection ends, so that the answer is seen to be broken."""
        if self.complete or self.gone:
            return 0
        if self.begun:
            self.connection.abandon()
            return 0
        self.framing.close = True
        self.answer_pair(problem_pair(500, None))
        return 0

    # -- the request's body ---------------------------------------------------------------------------------------

    cdef int feed(self, const uint8_t *data, size_t size) except -1:
        """A piece of the body."""
        if size and not self.complete:
            self.pieces.append(PyBytes_FromStringAndSize(<const char *>data, size))
            self.waiting_bytes += size
            if self.waiting_bytes > AHEAD:
                self.connection.pause()
        return self.wake()

    cdef int end_body(self) except -1:
        self.more = False
        return self.wake()

    cdef int wake(self) except -1:
        cdef list waiters = self.waiters
        self.waiters = None
        return wake(waiters)

    async def receive(self):
        """ASGI: a piece of the body, then what ends the request."""
        cdef Connection connection = self.connection
        if not self.asked:
            self.asked = True
            if self.more and connection is not None:
                connection.go_on()
        while not (self.pieces or self.gone or self.complete or (not self.more and not self.final_given)):
            waiter = self.worker.loop.create_future()
            if self.waiters is None:
                self.waiters = []
            self.waiters.append(waiter)
            await waiter
        if self.complete or (self.gone and (self.final_given or self.more)):
            return GONE.copy()
        cdef list pieces = self.pieces
        body = pieces[0] if len(pieces) == 1 else b"".join(pieces)
        self.pieces = []
        self.waiting_bytes = 0
        self.final_given = not self.more
        if connection is not None:
            connection.unpause()
        return {"type": "http.request", "body": body, "more_body": self.more}

    # -- the answer -----------------------------------------------------------------------------------------------

    async def send(self, message):
        """ASGI: the start of the answer, then its body."""
        cdef Connection connection = self.connection
        kind = message["type"]
        if self.gone:
            return
        if self.start is None:
            if kind != "http.response.start":
                raise RuntimeError(f"Expected ASGI message 'http.response.start', but got '{kind}'.")
            self.start = message
            return
        if self.complete:
            raise RuntimeError(f"Unexpected ASGI message '{kind}' sent, after response already completed.")
        if connection.full and not self.complete:
            await connection.drained()
            if self.gone:
                return
        if kind == "http.response.pathsend":
            await self.send_file(message["path"])
        elif kind == "http.response.body":
            self.send_body(message.get("body", b""), message.get("more_body", False))
        else:
            raise RuntimeError(f"Expected ASGI message 'http.response.body', but got '{kind}'.")

    cdef int begin(self) except -1:
        """The head, into the buffer."""
        cdef int status = self.start["status"]
        cdef bint bodiless = self.head_only or status == 204 or status == 304 or status < 200
        cdef Connection connection = self.connection
        if connection.ending():
            self.framing.close = True
        self.status = status
        put_head(
            self.worker.output, self.worker, status, self.start.get("headers") or (), self.scope, self.began,
            bodiless, &self.framing,
        )
        self.begun = True
        if bodiless:
            self.framing.measured = False
            self.head_only = True
        return 0

    cdef int send_body(self, body, bint more) except -1:
        try:
            self.put_message(body, more)
        except BaseException:  # the buffer is everybody's: nothing of this answer may stay in it
            self.worker.output.send(self.connection.transport)
            raise
        return 0

    cdef int put_message(self, body, bint more) except -1:
        cdef Connection connection = self.connection
        cdef Output output = self.worker.output
        cdef Py_ssize_t size = len(body)
        if not self.begun:
            if not more and self.leaves_much():
                self.framing.close = True
            if more or size >= LARGE:
                keep_little(connection.transport)
            self.begin()
        if not self.head_only:
            if self.framing.measured and self.sent + size > self.framing.length:
                raise RuntimeError("Response content longer than Content-Length")
            self.put_body(body, size, more)
            self.sent += size
        if not more:
            if self.framing.measured and self.sent != self.framing.length:
                raise RuntimeError("Response content shorter than Content-Length")
            self.finish()
        elif not connection.consuming:
            output.send(connection.transport)
        return 0

    cdef bint leaves_much(self) except -1:
        """Whether more of the request's body is to come than is read over for the next request."""
        cdef Connection connection = self.connection
        if connection.stage != READ_LENGTH:
            return connection.stage == READ_CHUNKS and connection.continues
        return connection.continues or connection.left > <unsigned long long>self.worker.max_unread

    cdef int put_body(self, body, Py_ssize_t size, bint more) except -1:
        cdef Output output = self.worker.output
        cdef const uint8_t[::1] view
        if size:
            if self.framing.chunked:
                output.put_number(size, 16)
                output.put(b"\r\n", 2)
            if size >= LARGE:
                output.send(self.connection.transport)
                self.connection.transport.write(body)
            else:
                view = body
                output.put(<const char *>&view[0], size)
            if self.framing.chunked:
                output.put(b"\r\n", 2)
        if self.framing.chunked and not more:
            output.put(b"0\r\n\r\n", 5)
        return 0

    cdef int answer_pair(self, answer) except -1:
        """Both messages at once, unless the client has gone."""
        if self.gone:
            return 0
        self.start = answer[0]
        return self.send_body(answer[1].get("body", b""), False)

    async def send_file(self, path):
        """A whole file: by the kernel where loop and transport can."""
        cdef Connection connection = self.connection
        if not self.begun:
            self.begin()
        if self.framing.chunked:
            raise RuntimeError("http.response.pathsend needs a content-length")
        self.worker.output.send(connection.transport)
        if not self.head_only:
            await self.copy_file(path, connection.transport)
        if not self.gone:
            self.sent = self.framing.length
            self.finish()

    async def copy_file(self, path, transport):
        from conduit.http.threads import in_thread

        cdef long long length = self.framing.length
        file = await in_thread(open, path, "rb")
        try:
            if self.gone:
                return
            self.connection.hold(length)
            sent = await self.worker.loop.sendfile(transport, file, 0, length, fallback=False)
        except (AttributeError, NotImplementedError):  # not this loop
            sent = await self.read_file(file, transport)
        except RuntimeError as error:  # TLS; asyncio has no other name for it
            if self.gone or "fallback" not in str(error):
                raise
            sent = await self.read_file(file, transport)
        finally:
            file.close()
            if self.connection is not None:
                self.connection.resume_writing()
        if sent != length and not self.gone:
            raise OSError(f"{path} became shorter while it was sent")

    async def read_file(self, file, transport):
        from conduit.http.threads import in_thread

        cdef long long left = self.framing.length
        if self.connection is not None:
            self.connection.resume_writing()
        while left > 0 and not self.gone:
            piece = await in_thread(file.read, min(left, 1 << 18))
            if not piece:
                break
            left -= len(piece)
            if self.connection is not None and self.connection.full:
                await self.connection.drained()
            if not self.gone:
                transport.write(piece)
        return self.framing.length - left

    cdef int finish(self) except -1:
        cdef Connection connection = self.connection
        self.complete = True
        self.wake()
        self.pieces = []
        if self.worker.timed:
            note(connection, self.scope, self.hit, self.status, self.sent, self.began)
        connection.exchanged(self)
        return 0

    cdef int disconnect(self) except -1:
        """The client is gone, or its body cannot be read any further."""
        self.gone = True
        self.connection = None
        return self.wake()
