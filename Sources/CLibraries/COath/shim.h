// liboath needs nothing that Swift cannot say for itself.
#include <liboath/oath.h>
