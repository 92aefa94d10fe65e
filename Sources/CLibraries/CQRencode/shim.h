// libqrencode needs nothing that Swift cannot say for itself.
#include <qrencode.h>
