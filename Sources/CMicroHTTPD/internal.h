#ifndef CMICROHTTPD_INTERNAL_H
#define CMICROHTTPD_INTERNAL_H

#define _GNU_SOURCE  // clocks, strdup, SOCK_CLOEXEC

#include "CMicroHTTPD.h"

#include <microhttpd.h>
#include <pthread.h>
#include <stdbool.h>
#include <time.h>

// A connection and until when it may be in its state.
typedef struct connection {
    struct connection *next, *previous;
    int socket;
    time_t deadline;  // 0 while work is done for it
} connection;

typedef enum { AT_HEAD, AT_BODY, AT_WORK, AT_ANSWER } stage;

struct http_exchange {
    http_exchange *next, *previous;
    http_server *server;
    struct MHD_Connection *mhd;
    connection *connection;
    char *method;
    char *target;
    http_header *headers;
    size_t header_count, header_capacity;
    uint8_t *body;
    size_t count, capacity;
    uint64_t limit, discarded;
    http_body_state body_state;
    stage stage;
    bool suspended;
    bool in_hand;    // somebody will answer
    bool gone;       // the connection has ended
    struct MHD_Response *response;
    unsigned int status;
    // An answer without an end: its connection is suspended while there is nothing to send.
    http_source source;
    bool is_stream;
    bool is_woken;  // since its source was read last
    bool is_idle;   // nothing was sent for a while
    time_t sent;    // when its source was read last
};

struct http_server {
    struct MHD_Daemon *daemon;
    http_limits limits;
    http_handlers handlers;
    // Guards everything below, and what exchanges say of themselves once they are in hand.
    pthread_mutex_t lock;
    pthread_cond_t ending;
    pthread_t reaper;
    connection *connections;
    uint32_t connection_count;
    http_exchange *exchanges;
    uint64_t kept;
    uint32_t streams;
    bool stops;
    uint32_t holders;  // exchanges that outlive the daemon, and the server's owner
};

time_t http_now(void);
void http_exchange_free(http_exchange *exchange);
http_exchange *http_exchange_new(http_server *server, struct MHD_Connection *mhd, const char *target);
bool http_exchange_take_head(http_exchange *exchange, const char *method);
// Whether the other side has closed the connection, or will send nothing more. With the lock held.
bool http_has_left(const connection *connection);
// False where the connection has to end.
bool http_exchange_take_body(http_exchange *exchange, const char *bytes, size_t count);
enum MHD_Result http_exchange_send(http_exchange *exchange);
// Lets a suspended connection go on, with the lock held.
void http_exchange_resume(http_exchange *exchange);
// Hands an answer over, or an empty one of status 500 where there is none.
void http_exchange_answer(
    http_exchange *exchange, unsigned int status, const http_header *headers, size_t header_count,
    struct MHD_Response *response);
// Wakes those that have been silent for long, or whose other side has left. With the lock held.
void http_streams_look(http_server *server);
void http_server_release(http_server *server);

#endif
