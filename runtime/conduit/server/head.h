/* A head: bytes in, what request line and field lines say together out. Can stop at any byte and go on there. */
#ifndef CONDUIT_HEAD_H
#define CONDUIT_HEAD_H

#include "fields.h"
#include "request.h"

static inline void conduit_head_begin(conduit_head *head)
{
    memset(head, 0, sizeof *head);
    head->plain = 1;
}

/* The empty line was read: what the fields mean together. */
static inline int conduit_finish(conduit_head *head, const uint8_t *p)
{
    uint8_t seen = head->seen;
    head->size = head->fields_end + 2;
    if (head->minor && !(seen & CONDUIT_SEEN_HOST))
        return conduit_refuse(&head->why, 400, "There is no Host field.");
    head->close = head->minor ? !!(seen & CONDUIT_SEEN_CLOSE)
                              : (seen & CONDUIT_SEEN_CLOSE) || !(seen & CONDUIT_SEEN_KEEP_ALIVE);
    if (!head->minor) /* HTTP/1.0 knows neither expectations nor upgrades (RFC 9110, 10.1.1 and 7.8) */
        return CONDUIT_HTTP_DONE;
    if (seen & CONDUIT_SEEN_STRANGE)
        return conduit_refuse(&head->why, 417, "The only expectation known here is 100-continue.");
    head->expect_continue = (seen & CONDUIT_SEEN_CONTINUE) && (head->chunked || head->length);
    head->upgrade = (seen & CONDUIT_SEEN_UPGRADE) && (seen & CONDUIT_SEEN_PROTOCOL);
    head->websocket = head->upgrade && (seen & CONDUIT_SEEN_WEBSOCKET) && head->method.size == 3 &&
                      !memcmp(p + head->method.at, "GET", 3);
    return CONDUIT_HTTP_DONE;
}

static inline int conduit_field_lines(conduit_head *head, const uint8_t *p, uint32_t end, uint32_t limit)
{
    uint32_t at = head->scanned;
    int status;
    for (;; head->stage = CONDUIT_STAGE_LINE) {
        if (head->stage == CONDUIT_STAGE_LINE) {
            if (at == end)
                break;
            if (p[at] == '\r') {
                if (end - at == 1)
                    break;
                if (p[at + 1] != '\n')
                    return conduit_refuse(&head->why, 400, "A line does not end with CR LF.");
                head->fields_end = at;
                return conduit_finish(head, p);
            }
            if (head->fields == limit)
                return conduit_refuse(&head->why, 431, "There are too many fields.");
            head->fields++;
            head->line = at;
            head->stage = CONDUIT_STAGE_NAME;
        }
        if (head->stage == CONDUIT_STAGE_NAME) {
            while (at < end && conduit_is(p[at], CONDUIT_TOKEN))
                at++;
            if (at == end)
                break;
            if (p[at] != ':' || at == head->line)
                return conduit_refuse(&head->why, 400, "The name of a field is malformed.");
            head->colon = at++;
            head->stage = CONDUIT_STAGE_VALUE;
        }
        at = conduit_text_end(p, at, end);
        if (at == end || (p[at] == '\r' && end - at == 1))
            break;
        if (p[at] != '\r' || p[at + 1] != '\n')
            return conduit_refuse(&head->why, 400, "The value of a field holds what may not stand in one.");
        status = conduit_field(head, p, at);
        if (status != CONDUIT_HTTP_DONE)
            return status;
        at += 2;
    }
    head->scanned = at;
    return CONDUIT_HTTP_MORE;
}

static inline int conduit_head_read(conduit_head *head, const uint8_t *p, size_t size, const conduit_limits *limits)
{
    uint32_t end = size < limits->head ? (uint32_t)size : limits->head;
    int status = CONDUIT_HTTP_DONE;
    if (head->stage < CONDUIT_STAGE_LINE)
        status = conduit_request_line(head, p, end, limits->target);
    if (status == CONDUIT_HTTP_DONE)
        status = conduit_field_lines(head, p, end, limits->fields);
    if (status == CONDUIT_HTTP_MORE && end == limits->head)
        return conduit_refuse(&head->why, 431, "The head is too large.");
    return status;
}

#endif
