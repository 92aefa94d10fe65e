// libidn2 needs nothing that Swift cannot say for itself.
#include <idn2.h>
