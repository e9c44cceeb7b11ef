// The daemon's callbacks, and the deadlines that it has not of itself.
#include "internal.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

time_t http_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec;
}

// A head's first line is there; what is returned becomes the request's state.
static void *began(void *cls, const char *target, struct MHD_Connection *mhd) {
    if (!target) return NULL;
    http_exchange *e = http_exchange_new(cls, mhd, target);
    // Next, the library would make a list of what stands behind the question mark, in the memory that it has for a
    // head, and drop the connection without a word where that does not suffice. Nobody asks for the list; so the text,
    // which lies in the library's own buffer, ends there.
    char *query = strchr((char *)target, '?');
    if (query) query[1] = 0;
    return e;
}

static void set_deadline(http_exchange *e, uint32_t seconds) {
    pthread_mutex_lock(&e->server->lock);
    if (e->connection) e->connection->deadline = seconds ? http_now() + seconds : 0;
    pthread_mutex_unlock(&e->server->lock);
}

static enum MHD_Result handle(
    void *cls, struct MHD_Connection *mhd, const char *url, const char *method, const char *version, const char *bytes,
    size_t *count, void **state) {
    http_server *server = cls;
    http_exchange *e = *state;
    (void)url;
    (void)version;
    if (!e) return MHD_NO;
    switch (e->stage) {
    case AT_HEAD: {
        const union MHD_ConnectionInfo *info = MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
        e->connection = info ? info->socket_context : NULL;
        if (!http_exchange_take_head(e, method)) return MHD_NO;
        e->stage = AT_BODY;
        set_deadline(e, server->limits.body_seconds);
        e->limit = server->handlers.admit(server->handlers.context, e);
        return e->response ? http_exchange_send(e) : MHD_YES;
    }
    case AT_BODY:
        if (*count > 0) {
            bool goes_on = http_exchange_take_body(e, bytes, *count);
            *count = 0;
            return goes_on ? MHD_YES : MHD_NO;
        }
        e->stage = AT_WORK;
        set_deadline(e, 0);
        pthread_mutex_lock(&server->lock);
        if (server->stops) {
            pthread_mutex_unlock(&server->lock);
            return MHD_NO;
        }
        e->suspended = e->in_hand = true;
        MHD_suspend_connection(mhd);
        pthread_mutex_unlock(&server->lock);
        server->handlers.receive(server->handlers.context, e);
        return MHD_YES;
    case AT_WORK:
        return e->response ? http_exchange_send(e) : MHD_YES;
    case AT_ANSWER:
        return MHD_YES;
    }
    return MHD_NO;
}

static void completed(void *cls, struct MHD_Connection *mhd, void **state, enum MHD_RequestTerminationCode reason) {
    http_server *server = cls;
    http_exchange *e = *state;
    (void)mhd;
    (void)reason;
    if (!e) return;
    *state = NULL;
    pthread_mutex_lock(&server->lock);
    if (e->connection) e->connection->deadline = http_now() + server->limits.head_seconds;
    e->connection = NULL;
    e->gone = true;
    bool is_in_hand = e->in_hand;
    pthread_mutex_unlock(&server->lock);
    if (!is_in_hand) http_exchange_free(e);
}

static void connected(
    void *cls, struct MHD_Connection *mhd, void **context, enum MHD_ConnectionNotificationCode code) {
    http_server *server = cls;
    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        const union MHD_ConnectionInfo *info = MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CONNECTION_FD);
        connection *c = info ? calloc(1, sizeof *c) : NULL;
        *context = c;
        if (!c) return;
        c->socket = info->connect_fd;
        c->deadline = http_now() + server->limits.head_seconds;
        pthread_mutex_lock(&server->lock);
        c->next = server->connections;
        if (c->next) c->next->previous = c;
        server->connections = c;
        server->connection_count++;
        pthread_mutex_unlock(&server->lock);
    } else if (*context) {
        // The socket is closed after this.
        connection *c = *context;
        *context = NULL;
        pthread_mutex_lock(&server->lock);
        if (c->previous) c->previous->next = c->next; else server->connections = c->next;
        if (c->next) c->next->previous = c->previous;
        server->connection_count--;
        pthread_mutex_unlock(&server->lock);
        free(c);
    }
}

// The daemon's time-out begins anew with every byte; these do not.
static void *reap(void *cls) {
    http_server *server = cls;
    pthread_mutex_lock(&server->lock);
    while (!server->stops) {
        struct timespec until;
        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_sec++;
        pthread_cond_timedwait(&server->ending, &server->lock, &until);
        time_t now = http_now();
        for (connection *c = server->connections; c; c = c->next)
            if (c->deadline && c->deadline < now) {
                shutdown(c->socket, SHUT_RDWR);
                c->deadline = 0;
            }
        http_streams_look(server);
        if (server->stops) break;
        pthread_mutex_unlock(&server->lock);
        server->handlers.tick(server->handlers.context);
        pthread_mutex_lock(&server->lock);
    }
    pthread_mutex_unlock(&server->lock);
    return NULL;
}

void http_server_release(http_server *server) {
    pthread_mutex_lock(&server->lock);
    bool is_last = --server->holders == 0;
    pthread_mutex_unlock(&server->lock);
    if (!is_last) return;
    pthread_cond_destroy(&server->ending);
    pthread_mutex_destroy(&server->lock);
    free(server);
}

int http_listen(const char *address, uint16_t *port) {
    struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = htons(*port)};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_port = htons(*port)};
    bool is_v4 = inet_pton(AF_INET, address, &v4.sin_addr) == 1;
    if (!is_v4 && inet_pton(AF_INET6, address, &v6.sin6_addr) != 1) {
        errno = EINVAL;
        return -1;
    }
    struct sockaddr *place = is_v4 ? (struct sockaddr *)&v4 : (struct sockaddr *)&v6;
    socklen_t length = is_v4 ? sizeof v4 : sizeof v6;
    int fd = socket(is_v4 ? AF_INET : AF_INET6, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) return -1;
    int on = 1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(fd, place, length) || listen(fd, 128) || getsockname(fd, place, &length)) {
        int reason = errno;
        close(fd);
        errno = reason;
        return -1;
    }
    *port = ntohs(is_v4 ? v4.sin_port : v6.sin6_port);
    return fd;
}

http_server *http_start(int listener, http_limits limits, http_handlers handlers) {
    http_server *server = calloc(1, sizeof *server);
    if (!server) {
        close(listener);
        return NULL;
    }
    server->limits = limits;
    server->handlers = handlers;
    server->holders = 1;
    pthread_mutex_init(&server->lock, NULL);
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&server->ending, &attributes);
    pthread_condattr_destroy(&attributes);
    // What is no HTTP, or has too long a head, the library refuses of itself, in HTML or without a word: there is no
    // option for that.
    server->daemon = MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL, handle, server,
        MHD_OPTION_LISTEN_SOCKET, listener, MHD_OPTION_URI_LOG_CALLBACK, began, server,
        MHD_OPTION_NOTIFY_COMPLETED, completed, server, MHD_OPTION_NOTIFY_CONNECTION, connected, server,
        MHD_OPTION_CONNECTION_LIMIT, (unsigned int)limits.connections, MHD_OPTION_PER_IP_CONNECTION_LIMIT,
        (unsigned int)limits.connections_per_address, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)limits.head_bytes,
        MHD_OPTION_CONNECTION_TIMEOUT, (unsigned int)limits.idle_seconds, MHD_OPTION_STRICT_FOR_CLIENT, 1,
        MHD_OPTION_END);
    if (server->daemon && !pthread_create(&server->reaper, NULL, reap, server)) return server;
    int reason = errno;
    // Closes the listener.
    if (server->daemon) MHD_stop_daemon(server->daemon); else close(listener);
    http_server_release(server);
    errno = reason ? reason : EAGAIN;
    return NULL;
}

void http_stop(http_server *server) {
    // Nobody is accepted any more.
    MHD_socket listener = MHD_quiesce_daemon(server->daemon);
    pthread_mutex_lock(&server->lock);
    server->stops = true;
    pthread_cond_signal(&server->ending);
    // What is suspended has to go on before the daemon can end.
    for (http_exchange *e = server->exchanges; e; e = e->next)
        if (e->suspended) {
            if (!e->response) {
                e->response = MHD_create_response_from_buffer(0, (void *)"", MHD_RESPMEM_PERSISTENT);
                e->status = 503;
            }
            http_exchange_resume(e);
        }
    pthread_mutex_unlock(&server->lock);
    pthread_join(server->reaper, NULL);
    MHD_stop_daemon(server->daemon);
    if (listener != MHD_INVALID_SOCKET) close(listener);
    http_server_release(server);
}

uint32_t http_connections(http_server *server) {
    pthread_mutex_lock(&server->lock);
    uint32_t count = server->connection_count;
    pthread_mutex_unlock(&server->lock);
    return count;
}

uint64_t http_kept_bytes(http_server *server) {
    pthread_mutex_lock(&server->lock);
    uint64_t kept = server->kept;
    pthread_mutex_unlock(&server->lock);
    return kept;
}
