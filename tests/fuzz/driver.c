/* A fuzzer: driver RUNS SEED KEPT < CORPUS. Reads inputs as escaped lines, runs them and RUNS mutants of them, keeps
   those that reach something new, and writes a small set that reaches every edge to the file KEPT ("-": nowhere).
   A finding is told on stderr with the input that led to it, and ends the run. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <sanitizer/common_interface_defs.h>

#include "coverage.h"
#include "mutate.h"

enum { MOST = 20000 };

static input *corpus[MOST], now;
static size_t corpus_size;

static void print(FILE *to, const input *one)
{
    for (size_t i = 0; i < one->size; i++) {
        uint8_t byte = one->bytes[i];
        if (byte >= ' ' && byte < 0x7f && byte != '\\')
            fputc(byte, to);
        else
            fprintf(to, byte == '\r' ? "\\r" : byte == '\n' ? "\\n" : byte == '\\' ? "\\\\" : "\\x%02x", byte);
    }
    fputc('\n', to);
}

static void died(void)
{
    fputs("INPUT ", stderr);
    print(stderr, &now);
}

static int hex(int c) { return c <= '9' ? c - '0' : c - 'a' + 10; }

/* One line of the corpus, unescaped. */
static int scan(FILE *from, input *to)
{
    int c;
    to->size = 0;
    while ((c = getc(from)) != EOF && c != '\n') {
        if (c == '\\') {
            c = getc(from);
            if (c == 'x') {
                c = hex(getc(from)) << 4;
                c |= hex(getc(from));
            } else {
                c = c == 'r' ? '\r' : c == 'n' ? '\n' : c;
            }
        }
        if (to->size < LONGEST)
            to->bytes[to->size++] = (uint8_t)c;
    }
    return c != EOF || to->size;
}

size_t cut_nowhere(void *cuts, size_t left)
{
    (void)cuts;
    return left;
}

/* At every byte, or at random steps; it follows from the input alone, so that a replay cuts at the same places. */
static size_t cut_somewhere(void *cuts, size_t left)
{
    uint64_t *state = cuts;
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    size_t step = 1 + (*state >> 40) % (*state & 8 ? 3 : 60);
    return step < left ? step : left;
}

static size_t cut_everywhere(void *cuts, size_t left)
{
    (void)cuts;
    (void)left;
    return 1;
}

static void run(const input *one)
{
    uint64_t state = one->size;
    if (one != &now)
        now = *one;
    for (size_t i = 0; i < one->size; i++)
        state = (state ^ one->bytes[i]) * 0x100000001b3u;
    coverage_clear();
    target(one->bytes, one->size, state >> 33 & 3 ? cut_somewhere : cut_everywhere, &state);
}

/* Takes blocks out of an input as long as what is new in it stays. */
static void trim(input *one)
{
    static uint32_t edges[EDGES];
    static uint8_t bits[EDGES];
    uint32_t count = 0;
    input shorter;
    for (uint32_t i = 0; i < touched_count; i++)
        if (!(known[touched[i]] & feature(touched[i], 0))) {
            edges[count] = touched[i];
            bits[count++] = feature(touched[i], 0);
        }
    for (size_t block = one->size / 2; block; block /= 2)
        for (size_t at = 0; at + block <= one->size;) {
            shorter = *one;
            put(&shorter, at, block, shorter.bytes, 0);
            run(&shorter);
            if (coverage_has(edges, bits, count))
                *one = shorter;
            else
                at += block;
        }
}

static void consider(const input *one)
{
    run(one);
    if (!coverage_new(known, 0, 0) || corpus_size == MOST)
        return;
    input *kept = malloc(sizeof *kept);
    *kept = *one;
    trim(kept);
    run(kept);
    coverage_new(known, 0, 1);
    corpus[corpus_size++] = kept;
}

static int by_size(const void *a, const void *b)
{
    const input *one = *(input *const *)a, *two = *(input *const *)b;
    if (one->size != two->size)
        return one->size < two->size ? -1 : 1;
    return memcmp(one->bytes, two->bytes, one->size);
}

/* Writes the shortest inputs that still reach every edge; returns how many. */
static size_t keep(const char *path)
{
    static uint8_t reached[EDGES];
    FILE *to = strcmp(path, "-") ? fopen(path, "w") : NULL;
    size_t kept = 0;
    qsort(corpus, corpus_size, sizeof *corpus, by_size);
    for (size_t i = 0; i < corpus_size; i++) {
        run(corpus[i]);
        if (!coverage_new(reached, 1, 1))
            continue;
        kept++;
        if (to)
            print(to, corpus[i]);
    }
    if (to)
        fclose(to);
    return kept;
}

int main(int count, char **arguments)
{
    input one;
    clock_t start = clock();
    if (count != 4)
        return 2;
    long runs = atol(arguments[1]);
    dice = strtoull(arguments[2], NULL, 10) * 2 + 1;
    __sanitizer_set_death_callback(died);
    one.size = 0;
    consider(&one);
    while (scan(stdin, &one))
        consider(&one);
    for (long i = 0; i < runs; i++) {
        uint32_t all = (uint32_t)corpus_size, recent = (all + 9) / 10;
        one = *corpus[roll(4) ? roll(all) : all - 1 - roll(recent)];
        for (uint32_t times = 1 << roll(4); times; times--)
            mutate(&one, corpus[roll((uint32_t)corpus_size)]);
        consider(&one);
    }
    size_t kept = keep(arguments[3]);
    printf("runs %ld edges %u corpus %zu kept %zu seconds %.1f\n", runs, coverage_edges(known), corpus_size, kept,
           (double)(clock() - start) / CLOCKS_PER_SEC);
    return 0;
}
