// Stands between the tests' process and the C library, so that a test sees every change that the process makes to the
// files of a folder, whoever makes it (ProfileVault, SQLite, Foundation), and says what comes of it.
#pragma once
#include <stdint.h>

/// One thing that is about to be done to a file or folder.
typedef enum {
    PV_OPEN,
    /// Has been opened: `descriptor` stands for `path` from now on.
    PV_OPENED,
    PV_WRITE,
    PV_TRUNCATE,
    PV_SYNCHRONISE,
    PV_RENAME,
    PV_LINK,
    PV_REMOVE,
    PV_MAKE_FOLDER,
    PV_CLOSED,
} pv_step;

typedef struct {
    pv_step step;
    /// Which watch the path or descriptor belongs to.
    int watch;
    int descriptor;
    /// As `open` takes them.
    int flags;
    const char *path;
    /// The new name of a renaming or a link.
    const char *other;
    const void *bytes;
    int64_t count;
    /// Where a write begins; the length that a truncation leaves.
    int64_t offset;
} pv_call;

/// What comes of it: done when `error` is 0; else it fails with that number, a write after `written` bytes.
typedef struct {
    int error;
    int64_t written;
} pv_answer;

typedef pv_answer (*pv_observer)(const pv_call *call);

/// Watches everything under `root`, which has no links in it; the answer is the watch's number.
int pv_watch(const char *root, pv_observer observer);
/// From now on what happens under the watch's folder is nobody's business.
void pv_forget(int watch);

/// The `count`th request for guarded memory from now on is refused, in the whole process; 0 refuses none.
void pv_refuse_secret_memory(int count);
/// Whether the refusal has come.
int pv_has_refused_secret_memory(void);
/// Refuses to guard pages, so that no new slab of key slots can be had.
void pv_refuse_slabs(int refused);
