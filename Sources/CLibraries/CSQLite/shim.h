// Only what Swift cannot say for itself.
#include <sqlite3.h>

// Swift cannot import the cast macros SQLITE_STATIC and SQLITE_TRANSIENT.
static inline sqlite3_destructor_type pv_sqlite_transient(void) { return SQLITE_TRANSIENT; }
static inline sqlite3_destructor_type pv_sqlite_static(void) { return SQLITE_STATIC; }

// sqlite3_db_config is variadic, which Swift cannot call.
static inline int pv_sqlite_configure(sqlite3 *db, int option, int value) {
    return sqlite3_db_config(db, option, value, (int *)0);
}

// sqlite3_config is variadic. Without the statistics every allocation is spared a lock all threads share.
static inline int pv_sqlite_drop_memory_statistics(void) { return sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); }
