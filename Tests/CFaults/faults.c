// The functions here have the C library's names. A program's own functions go before those of its libraries, also for
// the calls that the libraries make, so no call of SQLite or Foundation passes by.
#define _GNU_SOURCE
#include "CFaults.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define WATCHES 64
#define DESCRIPTORS 65536

static pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
static struct {
    int number;
    pv_observer observer;
    char root[PATH_MAX];
} watches[WATCHES];
static atomic_int active;
static int newest;
/// The watch that an open descriptor belongs to.
static atomic_int owners[DESCRIPTORS];

#define REAL(type, name, ...)                                            \
    static _Atomic(void *) found;                                        \
    void *function = atomic_load(&found);                                \
    if (!function) {                                                     \
        function = dlsym(RTLD_NEXT, name);                               \
        atomic_store(&found, function);                                  \
    }                                                                    \
    type(*real)(__VA_ARGS__) = (type(*)(__VA_ARGS__))function

int pv_watch(const char *root, pv_observer observer) {
    int number = 0;
    pthread_rwlock_wrlock(&lock);
    for (int place = 0; place < WATCHES; place++) {
        if (watches[place].number) continue;
        number = watches[place].number = ++newest;
        watches[place].observer = observer;
        snprintf(watches[place].root, PATH_MAX, "%s", root);
        atomic_fetch_add(&active, 1);
        break;
    }
    pthread_rwlock_unlock(&lock);
    return number;
}

void pv_forget(int watch) {
    pthread_rwlock_wrlock(&lock);
    for (int place = 0; place < WATCHES; place++) {
        if (watches[place].number != watch) continue;
        watches[place].number = 0;
        atomic_fetch_sub(&active, 1);
    }
    pthread_rwlock_unlock(&lock);
}

/// The path without doubled or closing slashes.
static void tidy(const char *path, char *tidied) {
    size_t length = 0;
    for (; *path && length < PATH_MAX - 1; path++) {
        if (*path == '/' && length && tidied[length - 1] == '/') continue;
        tidied[length++] = *path;
    }
    if (length > 1 && tidied[length - 1] == '/') length--;
    tidied[length] = 0;
}

static int owner_of(const char *path, char *tidied) {
    if (!atomic_load(&active) || !path || path[0] != '/') return 0;
    tidy(path, tidied);
    int number = 0;
    pthread_rwlock_rdlock(&lock);
    for (int place = 0; place < WATCHES && !number; place++) {
        size_t length = strlen(watches[place].root);
        if (watches[place].number && !strncmp(tidied, watches[place].root, length)
            && (tidied[length] == '/' || !tidied[length]))
            number = watches[place].number;
    }
    pthread_rwlock_unlock(&lock);
    return number;
}

static int owner(int descriptor) {
    return descriptor >= 0 && descriptor < DESCRIPTORS ? atomic_load(&owners[descriptor]) : 0;
}

static pv_answer ask(pv_call call) {
    pv_observer observer = 0;
    pthread_rwlock_rdlock(&lock);
    for (int place = 0; place < WATCHES; place++)
        if (watches[place].number == call.watch) observer = watches[place].observer;
    pthread_rwlock_unlock(&lock);
    pv_answer done = {0, 0};
    if (!observer) return done;
    int kept = errno;
    pv_answer answer = observer(&call);
    errno = answer.error ? answer.error : kept;
    return answer;
}

// MARK: Names

static int watched_open(int (*real)(const char *, int, ...), const char *path, int flags, mode_t mode) {
    char tidied[PATH_MAX];
    int watch = owner_of(path, tidied);
    if (watch && ask((pv_call){.step = PV_OPEN, .watch = watch, .flags = flags, .path = tidied}).error) return -1;
    int descriptor = real(path, flags, mode);
    if (descriptor >= 0 && descriptor < DESCRIPTORS) {
        atomic_store(&owners[descriptor], watch);
        if (watch)
            ask((pv_call){
                .step = PV_OPENED, .watch = watch, .descriptor = descriptor, .flags = flags, .path = tidied});
    }
    return descriptor;
}

#define OPEN(name)                                                       \
    int name(const char *path, int flags, ...) {                         \
        REAL(int, #name, const char *, int, ...);                        \
        mode_t mode = 0;                                                 \
        if (flags & (O_CREAT | O_TMPFILE)) {                             \
            va_list rest;                                                \
            va_start(rest, flags);                                       \
            mode = va_arg(rest, mode_t);                                 \
            va_end(rest);                                                \
        }                                                                \
        return watched_open(real, path, flags, mode);                    \
    }

OPEN(open)
OPEN(open64)

#define NAMED(name, kind)                                                \
    int name(const char *path) {                                         \
        REAL(int, #name, const char *);                                  \
        char tidied[PATH_MAX];                                           \
        int watch = owner_of(path, tidied);                              \
        if (watch && ask((pv_call){.step = kind, .watch = watch, .path = tidied}).error) return -1; \
        return real(path);                                               \
    }

NAMED(unlink, PV_REMOVE)
NAMED(rmdir, PV_REMOVE)
NAMED(remove, PV_REMOVE)

int mkdir(const char *path, mode_t mode) {
    REAL(int, "mkdir", const char *, mode_t);
    char tidied[PATH_MAX];
    int watch = owner_of(path, tidied);
    if (watch && ask((pv_call){.step = PV_MAKE_FOLDER, .watch = watch, .path = tidied}).error) return -1;
    return real(path, mode);
}

#define TWO_NAMES(name, kind)                                            \
    int name(const char *path, const char *other) {                      \
        REAL(int, #name, const char *, const char *);                    \
        char tidied[PATH_MAX], tidied_other[PATH_MAX];                   \
        int watch = owner_of(path, tidied);                              \
        if (watch && owner_of(other, tidied_other) == watch              \
            && ask((pv_call){.step = kind, .watch = watch, .path = tidied, .other = tidied_other}).error) \
            return -1;                                                   \
        return real(path, other);                                        \
    }

TWO_NAMES(rename, PV_RENAME)
TWO_NAMES(link, PV_LINK)

// MARK: Content

#define WRITE_AT(name, number)                                           \
    ssize_t name(int descriptor, const void *bytes, size_t count, number offset) { \
        REAL(ssize_t, #name, int, const void *, size_t, number);         \
        int watch = owner(descriptor);                                   \
        if (!watch) return real(descriptor, bytes, count, offset);       \
        pv_answer answer = ask((pv_call){.step = PV_WRITE, .watch = watch, .descriptor = descriptor, \
            .bytes = bytes, .count = (int64_t)count, .offset = offset}); \
        if (!answer.error) return real(descriptor, bytes, count, offset); \
        if (answer.written > 0) real(descriptor, bytes, (size_t)answer.written, offset); \
        errno = answer.error;                                            \
        return -1;                                                       \
    }

WRITE_AT(pwrite, off_t)
WRITE_AT(pwrite64, off64_t)

ssize_t write(int descriptor, const void *bytes, size_t count) {
    REAL(ssize_t, "write", int, const void *, size_t);
    int watch = owner(descriptor);
    if (!watch) return real(descriptor, bytes, count);
    pv_answer answer = ask((pv_call){.step = PV_WRITE, .watch = watch, .descriptor = descriptor, .bytes = bytes,
        .count = (int64_t)count, .offset = lseek(descriptor, 0, SEEK_CUR)});
    if (!answer.error) return real(descriptor, bytes, count);
    if (answer.written > 0) real(descriptor, bytes, (size_t)answer.written);
    errno = answer.error;
    return -1;
}

#define TRUNCATE(name, number)                                           \
    int name(int descriptor, number length) {                            \
        REAL(int, #name, int, number);                                   \
        int watch = owner(descriptor);                                   \
        if (watch && ask((pv_call){.step = PV_TRUNCATE, .watch = watch, .descriptor = descriptor, \
            .offset = length}).error)                                    \
            return -1;                                                   \
        return real(descriptor, length);                                 \
    }

TRUNCATE(ftruncate, off_t)
TRUNCATE(ftruncate64, off64_t)

#define SYNCHRONISE(name)                                                \
    int name(int descriptor) {                                           \
        REAL(int, #name, int);                                           \
        int watch = owner(descriptor);                                   \
        if (!watch) return real(descriptor);                             \
        /* What survives is the test's to say; the disk need not work for it. */ \
        return ask((pv_call){.step = PV_SYNCHRONISE, .watch = watch, .descriptor = descriptor}).error ? -1 : 0; \
    }

SYNCHRONISE(fsync)
SYNCHRONISE(fdatasync)

int close(int descriptor) {
    REAL(int, "close", int);
    int watch = owner(descriptor);
    if (watch) {
        atomic_store(&owners[descriptor], 0);
        ask((pv_call){.step = PV_CLOSED, .watch = watch, .descriptor = descriptor});
    }
    return real(descriptor);
}

// MARK: Memory

static atomic_int until_refusal;
static atomic_int refusals;
static atomic_int slabs_refused;

void pv_refuse_secret_memory(int count) {
    atomic_store(&refusals, 0);
    atomic_store(&until_refusal, count);
}

int pv_has_refused_secret_memory(void) { return atomic_load(&refusals); }

void pv_refuse_slabs(int refused) { atomic_store(&slabs_refused, refused); }

void *sodium_malloc(size_t count) {
    REAL(void *, "sodium_malloc", size_t);
    if (atomic_load(&until_refusal) > 0 && atomic_fetch_sub(&until_refusal, 1) == 1) {
        atomic_fetch_add(&refusals, 1);
        errno = ENOMEM;
        return 0;
    }
    return real(count);
}

int mprotect(void *address, size_t count, int protection) {
    REAL(int, "mprotect", void *, size_t, int);
    if (protection == PROT_NONE && atomic_load(&slabs_refused)) {
        errno = ENOMEM;
        return -1;
    }
    return real(address, count, protection);
}
