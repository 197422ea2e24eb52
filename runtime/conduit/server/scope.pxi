# Scope: the ASGI scope of a request, made from a head's bytes when it is asked for.
#
# It is a dict that holds what was asked for or set so far. Everything that looks at all keys fills it first, so
# nobody can tell; ASGI middleware of the user's gets a plain dict (`plain`).

cdef extern from "chars.h" nogil:
    int conduit_same(const uint8_t *, size_t, const char *, size_t)

cdef enum:
    TYPE, ASGI, HTTP_VERSION, SERVER, CLIENT, SCHEME, METHOD, ROOT_PATH, PATH, RAW_PATH, QUERY, HEADERS, STATE
    EXTENSIONS, KEYS

cdef tuple NAMES = (
    "type", "asgi", "http_version", "server", "client", "scheme", "method", "root_path", "path", "raw_path",
    "query_string", "headers", "state", "extensions",
)
cdef dict NUMBERS = {name: number for number, name in enumerate(NAMES)}
cdef dict METHODS = {
    name.encode(): name for name in ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "CONNECT", "TRACE")
}
cdef object MISSING = object()


@cython.final
cdef class Scope(dict):
    cdef Connection connection
    cdef bytes raw
    cdef const uint8_t *text
    cdef Head head
    cdef bint full

    # -- one key ------------------------------------------------------------------------------------------------

    def __getitem__(self, key):
        cdef PyObject *known = PyDict_GetItem(self, key)
        if known is not NULL:
            return <object>known
        value = self.made(key)
        if value is MISSING:
            raise KeyError(key)
        return value

    def get(self, key, default=None):
        cdef PyObject *known = PyDict_GetItem(self, key)
        if known is not NULL:
            return <object>known
        value = self.made(key)
        return default if value is MISSING else value

    def __contains__(self, key):
        return PyDict_GetItem(self, key) is not NULL or (not self.full and key in NUMBERS)

    cdef object made(self, key):
        cdef PyObject *number
        if self.full:
            return MISSING
        number = PyDict_GetItem(NUMBERS, key)
        if number is NULL:
            return MISSING
        value = self.make(<int><object>number)
        PyDict_SetItem(self, key, value)
        return value

    def content_type(self):
        """The first header of that name, None without: readers ask, and no list of headers is made for it."""
        cdef uint32_t at = self.head.fields_at
        cdef Slice name, value
        cdef PyObject *known = PyDict_GetItem(self, "headers")
        if known is not NULL:  # somebody may have changed them
            return dict(reversed(<object>known)).get(b"content-type")
        while conduit_field_next(self.text, &self.head, &at, &name, &value):
            if conduit_same(self.text + name.at, name.size, "content-type", 12):
                return self.slice(&value)
        return None

    # -- all keys -----------------------------------------------------------------------------------------------

    cdef int fill(self) except -1:
        cdef int number
        if not self.full:
            for number in range(KEYS):
                if PyDict_GetItem(self, NAMES[number]) is NULL:
                    PyDict_SetItem(self, NAMES[number], self.make(number))
            self.full = True
        return 0

    cpdef dict plain(self):
        """The same as an ordinary dict."""
        self.fill()
        return dict(dict.items(self))

    def copy(self):
        return self.plain()

    __copy__ = copy

    def __deepcopy__(self, memory):
        from copy import deepcopy

        return deepcopy(self.plain(), memory)

    def __reduce__(self):
        return dict, (self.plain(),)

    def __iter__(self):
        self.fill()
        return dict.__iter__(self)

    def __reversed__(self):
        self.fill()
        return dict.__reversed__(self)

    def __len__(self):
        self.fill()
        return dict.__len__(self)

    def __bool__(self):
        return True

    def __repr__(self):
        self.fill()
        return dict.__repr__(self)

    def __eq__(self, other):
        self.fill()
        return dict.__eq__(self, other.plain() if isinstance(other, Scope) else other)

    def __ne__(self, other):
        return not self == other

    def __or__(self, other):
        return (self.plain() if isinstance(self, Scope) else self) | (other.plain() if isinstance(other, Scope) else other)

    def __delitem__(self, key):
        self.fill()
        dict.__delitem__(self, key)

    def keys(self):
        self.fill()
        return dict.keys(self)

    def values(self):
        self.fill()
        return dict.values(self)

    def items(self):
        self.fill()
        return dict.items(self)

    def pop(self, *arguments):
        self.fill()
        return dict.pop(self, *arguments)

    def popitem(self):
        self.fill()
        return dict.popitem(self)

    def clear(self):
        self.full = True
        dict.clear(self)

    def setdefault(self, key, default=None):
        value = self.get(key, MISSING)
        if value is MISSING:
            self[key] = value = default
        return value

    # -- values -------------------------------------------------------------------------------------------------

    cdef inline bytes slice(self, const Slice *part):
        return PyBytes_FromStringAndSize(<const char *>self.text + part.at, part.size)

    cdef int reset(self) except -1:
        """Nobody else holds it: it may serve another request."""
        dict.clear(self)
        self.full = False
        self.raw = None
        self.connection = None
        return 0

    cdef int keep(self) except -1:
        """Have bytes of its own: those it was made over may go."""
        if self.raw is None or self.text is not <const uint8_t *>PyBytes_AS_STRING(self.raw):
            self.raw = PyBytes_FromStringAndSize(<const char *>self.text, self.head.size)
            self.text = <const uint8_t *>PyBytes_AS_STRING(self.raw)
        return 0

    cdef object make(self, int number):
        cdef bytes raw
        if number == METHOD:
            raw = self.slice(&self.head.method)
            return METHODS.get(raw) or raw.decode("ascii")
        if number == PATH:
            return self.connection.worker.root_path + self.decoded_path()
        if number == RAW_PATH:
            return self.connection.worker.root_path.encode("ascii", "replace") + self.raw_path()
        if number == QUERY:
            return self.slice(&self.head.query) if self.head.query.at else b""
        if number == HEADERS:
            return self.headers()
        if number == TYPE:
            return "http"
        if number == HTTP_VERSION:
            return "1.1" if self.head.minor else "1.0"
        if number == ROOT_PATH:
            return self.connection.worker.root_path
        if number == STATE:
            return dict(self.connection.worker.app_state)
        if number == ASGI:
            return {"version": "3.0", "spec_version": "2.3"}
        if number == EXTENSIONS:
            return {"http.response.pathsend": {}}
        if number == SERVER:
            return self.connection.local()
        return self.sender()[number == SCHEME]

    cdef tuple sender(self):
        """Client and scheme, as a proxy that is believed tells them."""
        cdef Worker worker = self.connection.worker
        client, scheme = self.connection.remote(), self.connection.scheme()
        if worker.forwarded is None:
            return client, scheme
        return worker.forwarded(self["headers"], client, scheme)

    cdef bytes raw_path(self):
        if self.head.path.size:
            return self.slice(&self.head.path)
        return b"/" if self.head.form == FORM_ABSOLUTE else self.slice(&self.head.target)

    cdef str decoded_path(self):
        text = self.raw_path().decode("ascii")
        if self.head.plain:
            return text
        from urllib.parse import unquote

        return unquote(text)

    cdef list headers(self):
        cdef list found = []
        cdef uint32_t at = self.head.fields_at
        cdef Slice name, value
        cdef bytes lower
        cdef char *text
        cdef uint32_t place
        while conduit_field_next(self.text, &self.head, &at, &name, &value):
            lower = PyBytes_FromStringAndSize(<const char *>self.text + name.at, name.size)
            text = PyBytes_AS_STRING(lower)
            if name.size > 1:  # bytes of one character are shared by all
                for place in range(name.size):
                    if 65 <= text[place] <= 90:
                        text[place] += 32
            else:
                lower = lower.lower()
            found.append((lower, self.slice(&value)))
        return found
