#define _GNU_SOURCE
#include <sched.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

// OpenBLAS starts its threads while the program is loaded, and ends the process by SIGINT where it gets none, before a
// line of it could say why. So the number of threads is asked for before any library begins: where there are too few, the
// program starts itself once more with OpenBLAS on one thread, and says the rest when it computes.

/// Whether so many more processes could live at once. Each borrows this one's memory until it ends, without a copy.
static int can_start(int count) {
    if (count == 0) return 1;
    static volatile int is_possible;
    is_possible = 0;
    pid_t child = vfork();
    if (child == 0) {
        is_possible = can_start(count - 1);
        _exit(0);
    }
    if (child < 0) return 0;
    (void)waitpid(child, NULL, 0);
    return is_possible;
}

static int decides_itself(char *const *environment) {
    static const char *const names[] = {"OPENBLAS_NUM_THREADS=", "GOTO_NUM_THREADS=", "OMP_NUM_THREADS="};
    for (; *environment; environment++) {
        for (size_t i = 0; i < 3; i++) {
            if (strncmp(*environment, names[i], strlen(names[i])) == 0) return 1;
        }
    }
    return 0;
}

static void provide_threads(int count, char **arguments, char **environment) {
    (void)count;
    cpu_set_t cores;
    if (sched_getaffinity(0, sizeof cores, &cores) != 0 || decides_itself(environment)) return;
    if (can_start(CPU_COUNT(&cores) - 1)) return;
    size_t variables = 0;
    while (environment[variables]) variables++;
    char *extended[variables + 2];
    static char alone[] = "OPENBLAS_NUM_THREADS=1";
    memcpy(extended, environment, variables * sizeof *environment);
    extended[variables] = alone;
    extended[variables + 1] = NULL;
    (void)execve("/proc/self/exe", arguments, extended);
}

__attribute__((section(".preinit_array"), used)) static void (*const provide)(int, char **, char **) = provide_threads;
