# Answers: what is written for a request that did not need a task, and for one that cannot be served.

cdef int put_pair(Connection connection, Scope scope, hit, answer, bint head_only) except -1:
    """Write both messages, and go on."""
    cdef Output output = connection.worker.output
    cdef dict start = <dict?>answer[0]
    cdef int status = start["status"]
    cdef bint bodiless = head_only or status == 204 or status == 304
    cdef bytes body = b"" if bodiless else answer[1]["body"]
    cdef Framing framing
    framing.close, framing.chunked, framing.measured, framing.length = connection.ending(), False, False, 0
    put_head(output, connection.worker, status, start["headers"], scope, connection.began, bodiless, &framing)
    if PyBytes_GET_SIZE(body) < LARGE:
        output.put_bytes(body)
    else:
        keep_little(connection.transport)
        output.send(connection.transport)
        connection.transport.write(body)
    if connection.worker.timed:
        note(connection, scope, hit, status, PyBytes_GET_SIZE(body), connection.began)
    return connection.completed(framing.close)


cdef int note(Connection connection, Scope scope, hit, int status, long long sent, double began) except -1:
    """Count the answer and log it, where that is asked for."""
    cdef double seconds = conduit_clock() - began
    if connection.worker.counted_routes is not None:
        connection.worker.count(hit, status, seconds)
    if connection.worker.log is None:
        return 0
    try:
        connection.worker.log(scope, status, sent, seconds)
    except Exception as error:
        import logging

        logging.getLogger("conduit").error("the access log failed", exc_info=error)
    return 0


cdef bint crowded(Connection connection, Scope scope) except -1:
    """Whether there are more than the server is to serve; answered then."""
    cdef Worker worker = connection.worker
    if len(worker.connections) < worker.limit_concurrency and len(worker.tasks) < worker.limit_concurrency:
        return False
    connection.last = True
    if connection.stage != READ_HEAD:
        connection.discard_body()
    put_pair(connection, scope, None, CROWDED, False)
    return True


cdef int refuse(Connection connection, int status, const char *why) except -1:
    """What the client sent, or did not send in time, cannot be served; the connection ends."""
    cdef Framing framing
    cdef Exchange exchange = connection.exchange
    if connection.unread:  # its request is answered: this would be taken for the answer to the next
        return connection.stop(True)
    if exchange is not None:
        connection.exchange = None
        begun = exchange.begun
        exchange.disconnect()
        if begun:
            return connection.abandon()
    start, body = problem_pair(status, None if why is NULL else (<bytes>why).decode())
    framing.close, framing.chunked, framing.measured, framing.length = True, False, False, 0
    put_head(connection.worker.output, connection.worker, start["status"], start["headers"], None, 0, False, &framing)
    connection.worker.output.put_bytes(body["body"])
    return connection.stop(True)


cdef tuple CROWDED = (
    {
        "type": "http.response.start",
        "status": 503,
        "headers": [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", b"19")],
    },
    {"type": "http.response.body", "body": b"Service Unavailable"},
)
