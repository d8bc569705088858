// SQLite for Swift: the header, and the destructor constant that the importer cannot read.
#ifndef LOCKBOX_CSQLITE_SHIM_H
#define LOCKBOX_CSQLITE_SHIM_H

#include <sqlite3.h>

/// `SQLITE_TRANSIENT`: SQLite copies the bound bytes before the call returns.
static inline sqlite3_destructor_type lockbox_sqlite_transient(void) { return SQLITE_TRANSIENT; }

#endif
