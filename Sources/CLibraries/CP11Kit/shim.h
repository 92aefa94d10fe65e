// p11-kit needs nothing that Swift cannot say for itself; its header of PKCS#11 has the standard's own names.
#include <p11-kit/p11-kit.h>
