// libfido2 needs nothing that Swift cannot say for itself.
#include <fido.h>
#include <fido/eddsa.h>
#include <fido/es256.h>
