// libsodium needs nothing that Swift cannot say for itself.
#include <sodium.h>
