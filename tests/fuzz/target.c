/* What is fuzzed: an input as a connection's bytes, whole and cut, must be read alike, and what is read must hold. */
#include <stdio.h>
#include <stdlib.h>

#include "stream.h"
#include "target.h"

static uint64_t heard; /* a digest of all that was heard */

static void hear(const void *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        heard = (heard ^ ((const uint8_t *)bytes)[i]) * 0x100000001b3u;
}

static void hear_number(uint64_t number) { heard = (heard ^ number) * 0x9e3779b97f4a7c15u; }

static void must(int holds, const char *what)
{
    if (holds)
        return;
    fprintf(stderr, "FINDING %s\n", what);
    abort();
}

static void inside(conduit_slice slice, uint32_t from, uint32_t to, const char *what)
{
    must(slice.at >= from && slice.at <= to && slice.size <= to - slice.at, what);
}

static int named(const uint8_t *p, conduit_slice name, const char *word)
{
    return conduit_same(p + name.at, name.size, word, strlen(word));
}

/* No line ends but CR LF, and no NUL; what was skipped is nothing else. */
static void check_bytes(const conduit_head *head, const uint8_t *p)
{
    for (uint32_t i = 0; i < head->size; i++) {
        must(p[i] != 0, "a NUL in a head");
        must((p[i] == '\n') == (i > 0 && p[i - 1] == '\r'), "a bare CR or LF in a head");
    }
    for (uint32_t i = 0; i < head->skipped; i++)
        must(p[i] == "\r\n"[i % 2], "something was skipped");
    must(!memcmp(p + head->size - 4, "\r\n\r\n", 4), "a head without an end");
}

static void check_slices(const conduit_head *head, const uint8_t *p)
{
    uint32_t end = head->target.at + head->target.size;
    must(head->method.at == head->skipped && head->method.size, "where the method is");
    must(head->target.at == head->method.at + head->method.size + 1 && head->target.size, "where the target is");
    must(head->fields_at == end + 11 && !memcmp(p + end, " HTTP/1.", 8), "where the version is");
    must(p[end + 8] == '0' + head->minor && head->minor <= 1, "the version");
    must(head->fields_end >= head->fields_at && head->size == head->fields_end + 2, "where the fields are");
    if (head->path.at)
        inside(head->path, head->target.at, end, "the path");
    if (head->query.at) {
        inside(head->query, head->target.at, end, "the query");
        must(p[head->query.at - 1] == '?' && head->query.at + head->query.size == end, "the query's end");
        must(!head->path.at || head->path.at + head->path.size + 1 == head->query.at, "path and query");
    }
    must(!head->path.size || p[head->path.at] == '/', "the path's begin");
    must(head->plain == !memchr(p + head->path.at, '%', head->path.size), "plain");
    if (head->host.at)
        inside(head->host, head->target.at, head->fields_end, "the host");
}

/* The meaning of the head against the fields, as they are walked. */
static void check_fields(const conduit_head *head, const uint8_t *p)
{
    uint32_t at = head->fields_at, count = 0, hosts = 0, lengths = 0, codings = 0;
    conduit_slice name, value;
    while (conduit_field_next(p, head, &at, &name, &value)) {
        count++;
        inside(name, head->fields_at, head->fields_end, "a name");
        inside(value, head->fields_at, head->fields_end, "a value");
        must(name.size > 0, "an empty name");
        for (uint32_t i = 0; i < name.size; i++)
            must(p[name.at + i] > ' ' && p[name.at + i] < 0x7f && p[name.at + i] != ':', "what is in a name");
        for (uint32_t i = 0; i < value.size; i++)
            must((p[value.at + i] >= ' ' && p[value.at + i] != 0x7f) || p[value.at + i] == '\t', "a value");
        if (value.size)
            must(p[value.at] > ' ' && p[value.at + value.size - 1] > ' ', "blanks around a value");
        hosts += named(p, name, "host");
        codings += named(p, name, "transfer-encoding");
        if (named(p, name, "transfer-encoding"))
            must(named(p, value, "chunked"), "a transfer coding");
        if (named(p, name, "content-length")) {
            uint64_t length = 0;
            for (uint32_t i = 0; i < value.size; i++) {
                must(length <= (INT64_MAX - 9) / 10, "a length that is too large");
                length = length * 10 + (p[value.at + i] - '0');
            }
            lengths++;
            must(value.size && length == head->length, "the length");
        }
    }
    must(at == head->fields_end && count == head->fields, "the walk over the fields");
    must(hosts == 1 || (!hosts && !head->minor), "hosts");
    must(lengths == head->has_length && codings == head->chunked && lengths + codings <= 1, "the framing");
    must(!codings || head->minor, "a transfer coding in HTTP/1.0");
    must(lengths || !head->length, "a length from nowhere");
}

static void heard_head(void *to, const conduit_head *head, const uint8_t *p)
{
    const conduit_slice slices[] = {head->method, head->target, head->path, head->query, head->host};
    (void)to;
    check_bytes(head, p);
    check_slices(head, p);
    check_fields(head, p);
    must(!head->websocket || head->upgrade, "a websocket without an upgrade");
    must(!head->expect_continue || head->chunked || head->length, "an expectation without a body");
    hear(slices, sizeof slices);
    hear(p, head->size);
    hear(&head->minor, (size_t)(&head->skipped - &head->minor) + 1);
    hear_number(head->length);
}

static void heard_data(void *to, const uint8_t *data, size_t size)
{
    (void)to;
    must(size > 0, "an empty piece");
    hear(data, size);
}

static void heard_over(void *to)
{
    (void)to;
    hear_number(1);
}

/* Reads the input with what is seen growing as next says; what is not taken is copied to a block of its very size at
   each step, so that a byte read beyond it is found. */
static uint64_t reading(const uint8_t *input, size_t size, conduit_limits limits, uint32_t extra, cutter next,
                        void *cuts)
{
    size_t taken = 0, seen = 0;
    stream s;
    stream_begin(&s, limits, extra, NULL);
    heard = 0xcbf29ce484222325u;
    while (seen < size) {
        seen += next(cuts, size - seen);
        uint8_t *block = malloc(seen - taken);
        memcpy(block, input + taken, seen - taken);
        size_t step = stream_feed(&s, block, seen - taken);
        free(block);
        must(step <= seen - taken, "more was taken than there was");
        taken += step;
        must(s.in == IN_HEAD || s.in == STOPPED || taken == seen, "a body was left lying");
    }
    must(!s.status || (s.status >= 400 && s.status <= 505 && s.why), "a refusal without a sentence");
    must(seen - taken < limits.head || s.in == STOPPED, "a head grew beyond its limit");
    hear_number((uint64_t)s.status << 8 | s.in);
    hear_number(s.in == STOPPED ? 0 : taken);
    hear_number(s.in == IN_LENGTH ? s.left : s.in == IN_CHUNKS ? s.chunks.left : 0);
    hear_number((uintptr_t)s.why);
    return heard;
}

void target(const uint8_t *input, size_t size, cutter next, void *cuts)
{
    static const conduit_limits wide = {65536, 100, 8192}, tight = {160, 4, 24};
    uint64_t whole = reading(input, size, wide, 16384, cut_nowhere, NULL);
    uint64_t narrow = reading(input, size, tight, 12, cut_nowhere, NULL);
    cut_begins();
    must(reading(input, size, wide, 16384, next, cuts) == whole, "a cut changes what is read");
    must(reading(input, size, tight, 12, next, cuts) == narrow, "a cut changes what is read within limits");
}
