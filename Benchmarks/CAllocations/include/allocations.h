// Counts what the process asks of the allocator, so that a benchmark can say how often its subject does.
#pragma once
#include <stdint.h>

/// How often the calling thread has asked for memory so far.
uint64_t pv_allocations(void);
