# Counters: how often a route answered what, and how long it took; for a page of metrics.

cdef enum:
    CLASSES = 5     # 1xx to 5xx
    BUCKETS = 12

# Upper bounds of the buckets, in seconds; the last has none.
cdef double BOUNDS[11]
BOUNDS[:] = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1.0, 5.0]


@cython.final
cdef class Counters:
    """One route's."""

    cdef uint64_t classes[CLASSES]
    cdef uint64_t buckets[BUCKETS]
    cdef double seconds

    cdef int add(self, int status, double seconds) except -1:
        cdef int at = 0
        if 100 <= status < 600:
            self.classes[status // 100 - 1] += 1
        while at < BUCKETS - 1 and seconds > BOUNDS[at]:
            at += 1
        self.buckets[at] += 1
        self.seconds += seconds
        return 0

    def told(self):
        """As plain values: ``classes`` from 1xx to 5xx, ``buckets`` by their bounds, ``seconds`` in all."""
        cdef int at
        return {
            "classes": [self.classes[at] for at in range(CLASSES)],
            "buckets": [self.buckets[at] for at in range(BUCKETS)],
            "bounds": [BOUNDS[at] for at in range(BUCKETS - 1)],
            "seconds": self.seconds,
        }
