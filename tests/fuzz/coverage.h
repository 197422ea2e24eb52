/* Coverage: the compiler calls __sanitizer_cov_trace_pc in every block of the target; edges are kept as a map.

   Of reading whole, an edge taken once, twice, … 128 times are different features; of reading in cuts, only that it
   was taken. */
#ifndef CONDUIT_COVERAGE_H
#define CONDUIT_COVERAGE_H

#include <stdint.h>
#include <string.h>

#include "target.h"

enum { EDGES = 1 << 16, HALF = EDGES / 2 };

static uint8_t counts[EDGES]; /* how often each edge was taken by this input */
static uint8_t known[EDGES];  /* the features that were ever seen: a bit for each of eight counts */
static uint32_t touched[EDGES], touched_count;
static uintptr_t before;
static uint32_t half;

void __sanitizer_cov_trace_pc(void)
{
    uintptr_t here = (uintptr_t)__builtin_return_address(0) - (uintptr_t)&target;
    uint32_t edge = (uint32_t)(((here * 0x9e3779b1u) ^ (before * 0x85ebca6bu)) >> 7) % HALF + half;
    before = here;
    if (!counts[edge])
        touched[touched_count++] = edge;
    if (counts[edge] < 255)
        counts[edge]++;
}

void cut_begins(void)
{
    half = HALF;
    before = 0;
}

static void coverage_clear(void)
{
    for (uint32_t i = 0; i < touched_count; i++)
        counts[touched[i]] = 0;
    touched_count = half = 0;
    before = 0;
}

/* The bit of a feature. With `edges`, it does not matter how often an edge is taken. */
static uint8_t feature(uint32_t edge, int edges)
{
    uint8_t n = counts[edge];
    if (edges || edge >= HALF)
        return 1;
    return n <= 3 ? 1 << (n - 1) : n < 8 ? 8 : n < 16 ? 16 : n < 32 ? 32 : n < 128 ? 64 : 128;
}

/* How many features of this input are new to the map; with `keep`, they no longer are. */
static uint32_t coverage_new(uint8_t *map, int edges, int keep)
{
    uint32_t found = 0;
    for (uint32_t i = 0; i < touched_count; i++) {
        uint8_t bit = feature(touched[i], edges);
        if (map[touched[i]] & bit)
            continue;
        found++;
        if (keep)
            map[touched[i]] |= bit;
    }
    return found;
}

/* Whether this input has every feature of a list. */
static int coverage_has(const uint32_t *edges, const uint8_t *bits, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        if (!counts[edges[i]] || feature(edges[i], 0) != bits[i])
            return 0;
    return 1;
}

static uint32_t coverage_edges(const uint8_t *map)
{
    uint32_t found = 0;
    for (uint32_t i = 0; i < EDGES; i++)
        found += map[i] != 0;
    return found;
}

#endif
