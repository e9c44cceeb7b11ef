#define _GNU_SOURCE
#include "CLimits.h"
#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

// What is written here may be written within an allocation or a signal's handler: by hand, and with system calls alone.

typedef struct {
    char text[512];
    size_t count;
} line;

static void add(line *line, const char *text) {
    while (*text && line->count < sizeof line->text) line->text[line->count++] = *text++;
}

static void add_number(line *line, uint64_t number) {
    char digits[24];
    size_t count = sizeof digits - 1;
    digits[count] = 0;
    do digits[--count] = (char)('0' + number % 10);
    while (number /= 10);
    add(line, digits + count);
}

/// As `byteCount` in the command: tenths of the unit that fits.
static void add_bytes(line *line, uint64_t bytes) {
    static const struct {
        uint64_t size;
        const char *name;
    } units[] = {{1000000000, " GB"}, {1000000, " MB"}, {1000, " kB"}};
    for (size_t i = 0; i < 3; i++) {
        if (bytes < units[i].size) continue;
        uint64_t tenths = bytes / (units[i].size / 10);
        add_number(line, tenths / 10);
        add(line, ".");
        add_number(line, tenths % 10);
        add(line, units[i].name);
        return;
    }
    add_number(line, bytes);
    add(line, " bytes");
}

/// ` (ulimit -v 1100000, ulimit -d 600000)`, or nothing where memory is not limited.
static int add_limits(line *line) {
    static const struct {
        int resource;
        const char *name;
    } limits[] = {{RLIMIT_AS, "ulimit -v "}, {RLIMIT_DATA, "ulimit -d "}};
    int found = 0;
    for (size_t i = 0; i < 2; i++) {
        struct rlimit limit;
        if (getrlimit(limits[i].resource, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) continue;
        add(line, found ? ", " : " (");
        add(line, limits[i].name);
        add_number(line, limit.rlim_cur >> 10);
        found = 1;
    }
    if (found) add(line, ")");
    return found;
}

/// Ends the process; whoever comes second waits for that.
static _Noreturn void end(line *line) {
    static atomic_flag ending = ATOMIC_FLAG_INIT;
    while (atomic_flag_test_and_set(&ending)) pause();
    add(line, "; raise the limit, or use fewer cores (taskset) or a smaller batch\n");
    // What progress stands on the last line of a terminal.
    if (isatty(STDERR_FILENO)) (void)!write(STDERR_FILENO, "\r\033[K", 4);
    (void)!write(STDERR_FILENO, line->text, line->count);
    _exit(1);
}

static _Noreturn void refuse(uint64_t bytes) {
    line line = {.count = 0};
    add(&line, "error: ");
    add_bytes(&line, bytes);
    add(&line, " more memory are needed than this process may use");
    (void)add_limits(&line);
    end(&line);
}

static void crashed(int signal) {
    line line = {.count = 0};
    add(&line, "error: a library broke (signal ");
    add_number(&line, (uint64_t)signal);
    add(&line, "), most likely for want of memory: this process may use no more");
    (void)add_limits(&line);
    end(&line);
}

enum watch { NOBODY, FIRST_THREAD, EVERYBODY };

static atomic_int watched = NOBODY;

static int is_watching(void) {
    int watch = atomic_load_explicit(&watched, memory_order_relaxed);
    return watch == EVERYBODY || (watch == FIRST_THREAD && syscall(SYS_gettid) == getpid());
}

void limits_watch(int everywhere) {
    atomic_store(&watched, everywhere ? EVERYBODY : FIRST_THREAD);
    line line = {.count = 0};
    if (!add_limits(&line)) return;
    // A stack that cannot grow is no place for a handler.
    static _Alignas(16) char room[64 << 10];
    stack_t stack = {.ss_sp = room, .ss_size = sizeof room};
    (void)sigaltstack(&stack, NULL);
    static const int signals[] = {SIGSEGV, SIGBUS, SIGABRT, SIGILL, SIGTRAP};
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
        struct sigaction action;
        memset(&action, 0, sizeof action);
        action.sa_handler = crashed;
        action.sa_flags = SA_ONSTACK | (int)SA_RESETHAND;
        (void)sigaction(signals[i], &action, NULL);
    }
}

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
#define IS_SANITIZED 1
#endif
#endif

#if defined(__GLIBC__) && !defined(IS_SANITIZED)

// The program's own symbols are found before the C library's, by every library that it loads. What they return is the C
// library's, and is freed by it.

extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);

void *malloc(size_t size) {
    void *memory = __libc_malloc(size);
    if (!memory && is_watching()) refuse(size);
    return memory;
}

void *calloc(size_t count, size_t size) {
    void *memory = __libc_calloc(count, size);
    uint64_t bytes;
    if (!memory && is_watching()) refuse(__builtin_mul_overflow(count, size, &bytes) ? UINT64_MAX : bytes);
    return memory;
}

void *realloc(void *former, size_t size) {
    void *memory = __libc_realloc(former, size);
    if (!memory && size > 0 && is_watching()) refuse(size);
    return memory;
}

static void *aligned(size_t alignment, size_t size) {
    void *memory = __libc_memalign(alignment, size);
    if (!memory && is_watching()) refuse(size);
    return memory;
}

void *memalign(size_t alignment, size_t size) { return aligned(alignment, size); }

void *aligned_alloc(size_t alignment, size_t size) { return aligned(alignment, size); }

int posix_memalign(void **memory, size_t alignment, size_t size) {
    if (alignment < sizeof(void *) || (alignment & (alignment - 1)) != 0) return EINVAL;
    void *found = aligned(alignment, size);
    if (!found) return ENOMEM;
    *memory = found;
    return 0;
}

/// OpenBLAS asks for its buffers again and again, for ever.
static void *map(void *place, size_t size, int protection, int flags, int file, off_t offset) {
    long memory = syscall(SYS_mmap, place, size, protection, flags, file, offset);
    if (memory == -1 && errno == ENOMEM && size >= 1 << 20 && (flags & MAP_ANONYMOUS) && is_watching()) refuse(size);
    return (void *)memory;
}

void *mmap(void *place, size_t size, int protection, int flags, int file, off_t offset) {
    return map(place, size, protection, flags, file, offset);
}

void *mmap64(void *place, size_t size, int protection, int flags, int file, off_t offset) {
    return map(place, size, protection, flags, file, offset);
}

#endif
