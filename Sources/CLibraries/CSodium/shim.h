// Only what Swift cannot say for itself.
#include <sodium.h>

// crypto_generichash_state is aligned to 64 bytes, which Swift does not import: it passes raw memory of
// crypto_generichash_statebytes() bytes at that alignment instead.
static inline void pv_blake2b_init(void *state, const unsigned char *key, size_t key_length, size_t length) {
    crypto_generichash_init((crypto_generichash_state *)state, key, key_length, length);
}
static inline void pv_blake2b_update(void *state, const unsigned char *bytes, size_t count) {
    crypto_generichash_update((crypto_generichash_state *)state, bytes, count);
}
static inline void pv_blake2b_final(void *state, unsigned char *digest, size_t length) {
    crypto_generichash_final((crypto_generichash_state *)state, digest, length);
}
