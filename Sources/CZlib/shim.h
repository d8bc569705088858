#ifndef LOCKBOX_CZLIB_SHIM_H
#define LOCKBOX_CZLIB_SHIM_H

#include <zlib.h>

#endif
