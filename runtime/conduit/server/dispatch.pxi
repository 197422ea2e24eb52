# Dispatch: which route a request is for, and how it runs: at once, with its body, or in a task.

from conduit.http.body import too_large
from conduit.http.errors import Loaded
from conduit.http.request import Request


cdef tuple problem_pair(int status, detail):
    """The answer to what cannot go on."""
    from conduit.http.problem import problem

    made = problem(status, detail) if detail else problem(status)
    return made.messages()


cdef int perform(Connection connection, Scope scope, hit, bint body) except -1:
    """Answer the request, or begin what will. ``body``: one is announced; ``hit`` is None where unknown."""
    cdef Worker worker = connection.worker
    cdef object entry
    try:
        if hit is None:
            hit = worker.core.locate(scope)
        entry = <object>PyTuple_GET_ITEM(hit, 0)
        if entry.awaits:
            if entry.whole is not None:
                return wait_for_body(connection, scope, hit, entry.max_body, body)
            connection.begin_exchange(scope, hit, None, body)
            return 0
        answer = entry.run(scope, hit)
    except Loaded:
        return perform(connection, scope, None, body)
    except BaseException as error:
        return fail(connection, scope, hit, error, body)
    if body:
        connection.discard_body()
    return respond(connection, scope, hit, answer)


cdef int wait_for_body(Connection connection, Scope scope, hit, limit, bint body) except -1:
    """Such a route runs once its body is there."""
    cdef Worker worker = connection.worker
    cdef unsigned long long most = worker.max_body if limit is None else <unsigned long long>limit
    if not body:
        return run_with_body(connection, scope, hit, b"")
    if scope.head.has_length and scope.head.length > most:
        return fail(connection, scope, hit, too_large(most), True)
    connection.collect_body(scope, hit, most)
    return 0


cdef int run_with_body(Connection connection, Scope scope, hit, bytes body) except -1:
    try:
        answer = (<object>PyTuple_GET_ITEM(hit, 0)).whole(scope, hit, body)
    except Loaded:
        return perform(connection, scope, None, False)
    except BaseException as error:
        return fail(connection, scope, hit, error, False)
    return respond(connection, scope, hit, answer)


cdef int fail(Connection connection, Scope scope, hit, error, bint body) except -1:
    """Something was raised: answered at once, unless a handler of the user's is to be asked."""
    answer = connection.worker.failing.at_once(Request(scope, None, hit), error)
    if answer is None:
        connection.begin_exchange(scope, hit, error, body)
        return 0
    if body:
        connection.discard_body()
    return respond(connection, scope, hit, answer)


cdef int respond(Connection connection, Scope scope, hit, answer) except -1:
    """Write an answer that is known; a stream gets a task."""
    cdef bint head_only = scope.head.method.size == 4 and memcmp(scope.text + scope.head.method.at, b"HEAD", 4) == 0
    if not isinstance(answer, tuple):
        if getattr(answer, "streams", False) and not head_only:
            connection.begin_exchange(scope, hit, answer, connection.stage != READ_HEAD)
            return 0
        from conduit.http.delivery import messages_of

        try:
            answer = messages_of(answer, head_only)
        except Exception as error:
            return fail(connection, scope, hit, error, False)
    try:
        return put_pair(connection, scope, hit, answer, head_only)
    except Exception as error:  # a header that cannot be sent
        answer = connection.worker.failing.at_last(Request(scope, None, hit), error).messages()
        return put_pair(connection, scope, hit, answer, head_only)
