/* For the tests: what is read of a connection's bytes, in given cuts, as text. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "stream.h"

typedef struct {
    char *text;
    size_t size, room;
    uint8_t *body;
    size_t body_size;
    int open; /* a head that has a body was told, its body not yet */
} listener;

static void tell(listener *l, const char *format, ...)
{
    va_list values;
    va_start(values, format);
    int size = vsnprintf(l->text + l->size, l->room - l->size, format, values);
    va_end(values);
    l->size = l->size + (size_t)size < l->room ? l->size + (size_t)size : l->room - 1;
}

static void quote(listener *l, const uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        tell(l, bytes[i] >= ' ' && bytes[i] < 0x7f && bytes[i] != '\\' ? "%c" : "\\x%02x", bytes[i]);
}

static void tell_slice(listener *l, const char *name, const uint8_t *p, conduit_slice slice)
{
    tell(l, " %s=", name);
    quote(l, p + slice.at, slice.size);
}

static void heard_head(void *to, const conduit_head *h, const uint8_t *p)
{
    static const char *const forms[] = {"origin", "absolute", "authority", "asterisk"};
    listener *l = to;
    conduit_slice name, value;
    uint32_t at = h->fields_at;
    quote(l, p + h->method.at, h->method.size);
    tell(l, " 1.%d %s", h->minor, forms[h->form]);
    tell_slice(l, "path", p, h->path);
    if (h->query.at)
        tell_slice(l, "query", p, h->query);
    if (h->host.at)
        tell_slice(l, "host", p, h->host);
    if (h->has_length)
        tell(l, " length=%llu", (unsigned long long)h->length);
    if (h->skipped)
        tell(l, " skipped=%u", h->skipped);
    tell(l, "%s%s%s%s%s%s\n", h->plain ? "" : " escaped", h->close ? " close" : "", h->chunked ? " chunked" : "",
         h->expect_continue ? " continue" : "", h->upgrade ? " upgrade" : "", h->websocket ? " websocket" : "");
    while (conduit_field_next(p, h, &at, &name, &value)) {
        tell(l, "  ");
        quote(l, p + name.at, name.size);
        tell(l, "=");
        quote(l, p + value.at, value.size);
        tell(l, "\n");
    }
    l->open = h->chunked || h->length;
    l->body_size = 0;
}

static void heard_data(void *to, const uint8_t *data, size_t size)
{
    listener *l = to;
    memcpy(l->body + l->body_size, data, size);
    l->body_size += size;
}

static void tell_body(listener *l, const char *word)
{
    if (!l->open)
        return;
    tell(l, "%s%s", word, l->body_size ? " " : "");
    quote(l, l->body, l->body_size);
    tell(l, "\n");
    l->open = 0;
}

static void heard_over(void *to) { tell_body(to, "body"); }

/* Limits are those of the head, of fields, of the target and of extensions and trailers. */
void conduit_transcript(const uint8_t *bytes, size_t size, const uint32_t *cuts, size_t cut_count,
                        const uint32_t *limits, char *text, size_t room)
{
    conduit_limits of_head = {limits[0], limits[1], limits[2]};
    listener l = {text, 0, room, malloc(size + 1), 0, 0};
    size_t taken = 0, seen = 0;
    stream s;
    *text = 0;
    stream_begin(&s, of_head, limits[3], &l);
    for (size_t i = 0; i <= cut_count; i++) {
        seen = i < cut_count ? cuts[i] : size;
        uint8_t *block = malloc(seen - taken + 1);
        memcpy(block, bytes + taken, seen - taken);
        taken += stream_feed(&s, block, seen - taken);
        free(block);
    }
    tell_body(&l, "part");
    if (s.status)
        tell(&l, "%d %s\n", s.status, s.why);
    else if (s.in == STOPPED)
        tell(&l, "ends\n");
    else if (s.in != IN_HEAD || taken < seen)
        tell(&l, "waits\n");
    free(l.body);
}

/* The class bits of a byte, and whether text is host[:port]. */
int conduit_class(int byte) { return conduit_chars[byte]; }

int conduit_authority(const uint8_t *bytes, size_t size)
{
    int named, ported;
    return conduit_is_authority(bytes, size, &named, &ported);
}
