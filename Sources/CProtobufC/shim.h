#ifndef LOCKBOX_CPROTOBUFC_SHIM_H
#define LOCKBOX_CPROTOBUFC_SHIM_H

#include <protobuf-c/protobuf-c.h>

#endif
