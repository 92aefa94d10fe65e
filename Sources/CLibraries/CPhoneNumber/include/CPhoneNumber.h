// A C face for libphonenumber, which speaks C++ only.
#ifndef PV_PHONE_NUMBER_H
#define PV_PHONE_NUMBER_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

// Parses `text` (UTF-8, `length` bytes) as dialled in `region` (ISO 3166-1 alpha-2, upper case, or "ZZ")
// and writes its E.164 form without a terminating zero. Returns the number of bytes written; 0 when
// the text is not a possible telephone number; -1 when `capacity` is too small.
int pv_phone_e164(const char *text, size_t length, const char *region, char *out, size_t capacity);

// 1 when `region` is one that libphonenumber knows.
int pv_phone_region_known(const char *region);

#ifdef __cplusplus
}
#endif
#endif
