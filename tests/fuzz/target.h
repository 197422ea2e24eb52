/* Between the driver and what it drives. */
#ifndef CONDUIT_TARGET_H
#define CONDUIT_TARGET_H

#include <stddef.h>
#include <stdint.h>

/* How many bytes more are seen next, of `left` that there are: 1 to left. */
typedef size_t (*cutter)(void *cuts, size_t left);

size_t cut_nowhere(void *cuts, size_t left);

/* Coverage from here on is that of reading in cuts. */
void cut_begins(void);

/* Reads an input whole and in cuts; aborts with a line on stderr where something does not hold. */
void target(const uint8_t *input, size_t size, cutter next, void *cuts);

#endif
