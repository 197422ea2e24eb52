"""Faults of the kinds the fuzzer is there for: header, what stands there, what is put in its place."""

_FRAMING = 'if (head->chunked)\n        return conduit_refuse(&head->why, 400, "Content-Length and'
_PROGRESS = "    head->scanned = at;\n    return CONDUIT_HTTP_MORE"

PLANTED = {
    "reads beyond the end": (
        "head.h",
        "if (at == end || (p[at] == '\\r' && end - at == 1))",
        "if (at == end)",
    ),
    "a cut in a line end": ("request.h", "return size < 10 ?", "return size < 9 ?"),
    "a number that overflows": ("fields.h", "length > (INT64_MAX - 9) / 10", "length > INT64_MAX"),
    "bare CR in a value": ("head.h", "p[at] != '\\r' || p[at + 1] != '\\n'", "p[at] != '\\r'"),
    "two framings": ("fields.h", _FRAMING, _FRAMING.replace("head->chunked", "0")),
    "a stage that is forgotten": ("head.h", _PROGRESS, _PROGRESS.partition("\n")[2]),
    "a piece that is too long": (
        "chunks.h",
        "there < chunks->left ? there",
        "there <= chunks->left + 1 ? there",
    ),
}
#: Found within 20,000 mutants; the others are looked for in the soak.
SAMPLE = ["bare CR in a value", "two framings"]
