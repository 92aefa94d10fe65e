// A C face for libphonenumber, which speaks C++ only.
#ifndef PV_PHONE_NUMBER_H
#define PV_PHONE_NUMBER_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

// Why a text is not a telephone number.
enum pv_phone_failure {
    PV_PHONE_MALFORMED = 0,
    PV_PHONE_NO_SPACE = -1,
    PV_PHONE_HAS_EXTENSION = -2,
    PV_PHONE_NEEDS_COUNTRY = -3,
    PV_PHONE_IMPOSSIBLE = -4
};

// Parses `text` (UTF-8, `length` bytes) as dialled in `region` (ISO 3166-1 alpha-2, upper case, or "ZZ" for
// nowhere) and writes its E.164 form without a terminating zero. Returns the number of bytes written, or
// a `pv_phone_failure`. What is written, parsed again, is always itself.
int pv_phone_e164(const char *text, size_t length, const char *region, char *out, size_t capacity);

// 1 when `region` is one that libphonenumber knows.
int pv_phone_region_known(const char *region);

#ifdef __cplusplus
}
#endif
#endif
