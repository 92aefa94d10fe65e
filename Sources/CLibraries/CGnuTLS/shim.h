// Only what Swift cannot say for itself.
#include <gnutls/abstract.h>
#include <gnutls/crypto.h>
#include <gnutls/x509.h>

// gnutls_free is a variable, which Swift 6 takes for shared state.
static inline void pv_gnutls_free(gnutls_datum_t *datum) {
    gnutls_free(datum->data);
    datum->data = NULL;
}
