/* What is written: status lines, what may stand in a header, and the clock of deadlines. */
#ifndef CONDUIT_WIRE_H
#define CONDUIT_WIRE_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <Python.h>

/* The phrases of RFC 9110, section 15, and of the registry it names. */
static const char *conduit_phrase(int status) {
    switch (status) {
        case 100: return "Continue";
        case 101: return "Switching Protocols";
        case 103: return "Early Hints";
        case 200: return "OK";
        case 201: return "Created";
        case 202: return "Accepted";
        case 203: return "Non-Authoritative Information";
        case 204: return "No Content";
        case 205: return "Reset Content";
        case 206: return "Partial Content";
        case 207: return "Multi-Status";
        case 208: return "Already Reported";
        case 226: return "IM Used";
        case 300: return "Multiple Choices";
        case 301: return "Moved Permanently";
        case 302: return "Found";
        case 303: return "See Other";
        case 304: return "Not Modified";
        case 305: return "Use Proxy";
        case 307: return "Temporary Redirect";
        case 308: return "Permanent Redirect";
        case 400: return "Bad Request";
        case 401: return "Unauthorized";
        case 402: return "Payment Required";
        case 403: return "Forbidden";
        case 404: return "Not Found";
        case 405: return "Method Not Allowed";
        case 406: return "Not Acceptable";
        case 407: return "Proxy Authentication Required";
        case 408: return "Request Timeout";
        case 409: return "Conflict";
        case 410: return "Gone";
        case 411: return "Length Required";
        case 412: return "Precondition Failed";
        case 413: return "Content Too Large";
        case 414: return "URI Too Long";
        case 415: return "Unsupported Media Type";
        case 416: return "Range Not Satisfiable";
        case 417: return "Expectation Failed";
        case 421: return "Misdirected Request";
        case 422: return "Unprocessable Content";
        case 423: return "Locked";
        case 424: return "Failed Dependency";
        case 425: return "Too Early";
        case 426: return "Upgrade Required";
        case 428: return "Precondition Required";
        case 429: return "Too Many Requests";
        case 431: return "Request Header Fields Too Large";
        case 451: return "Unavailable For Legal Reasons";
        case 500: return "Internal Server Error";
        case 501: return "Not Implemented";
        case 502: return "Bad Gateway";
        case 503: return "Service Unavailable";
        case 504: return "Gateway Timeout";
        case 505: return "HTTP Version Not Supported";
        case 507: return "Insufficient Storage";
        case 508: return "Loop Detected";
        case 511: return "Network Authentication Required";
        default: return "";
    }
}

/* The status line of 100 to 999, with its end; made when it is first needed, under the GIL. */
static const char *conduit_status_line(int status, size_t *size) {
    static char lines[900][56];
    static uint8_t sizes[900];
    int at = status - 100;
    if (at < 0 || at >= 900) {
        *size = 0;
        return NULL;
    }
    if (sizes[at] == 0) {
        sizes[at] = (uint8_t)snprintf(lines[at], sizeof lines[at], "HTTP/1.1 %d %s\r\n", status, conduit_phrase(status));
    }
    *size = sizes[at];
    return lines[at];
}

/* Whether bytes may stand in a field: a name is a token (RFC 9110, 5.6.2), a value has no control but HTAB. */
static int conduit_sendable(const char *text, size_t size, int name) {
    size_t at;
    if (name && size == 0) return 0;
    for (at = 0; at < size; at++) {
        uint8_t byte = (uint8_t)text[at];
        if (name) {
            if ((byte >= 'a' && byte <= 'z') || byte == '-') continue;
            if (byte <= ' ' || byte >= 127 || strchr("\"(),/:;<=>?@[\\]{}", byte)) return 0;
        } else if ((byte < ' ' && byte != '\t') || byte == 127) {
            return 0;
        }
    }
    return 1;
}

static int conduit_has_upper(const char *text, size_t size) {
    size_t at;
    for (at = 0; at < size; at++)
        if (text[at] >= 'A' && text[at] <= 'Z') return 1;
    return 0;
}

/* Seconds, as exact as there are. */
static double conduit_clock(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

/* Seconds; a few milliseconds coarse where that costs less. */
static double conduit_now(void) {
    struct timespec now;
#ifdef CLOCK_MONOTONIC_COARSE
    clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
#else
    (void)now;
    return conduit_clock();
#endif
}

#endif
