// A bounded HTTP/1.1 server on one thread: whole requests out, whole answers in. Nothing of libmicrohttpd shows
// through.
#ifndef CMICROHTTPD_H
#define CMICROHTTPD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct http_server http_server;
// One request and its answer.
typedef struct http_exchange http_exchange;

typedef struct {
    uint32_t connections;              // at once; more are closed
    uint32_t connections_per_address;
    uint32_t head_bytes;               // of a request's line and headers
    uint32_t idle_seconds;             // without a byte either way
    uint32_t head_seconds;             // from a connection's start, or its last answer, to the end of a head
    uint32_t body_seconds;             // from there to the end of the body
    uint32_t answer_seconds;           // for the answer to be taken
    uint64_t body_bytes;               // of all bodies that are kept at once
    uint64_t discarded_bytes;          // of a body that is too large are read to the end, so that its sender hears why
    uint32_t streams;                  // answers without an end at once
    uint32_t stream_idle_seconds;      // after which a source is told that it has been silent
} http_limits;

typedef struct {
    void *context;
    // Called on the server's thread once a head is whole. Returns how many bytes its body may have; may answer at
    // once instead, and the connection then ends.
    uint64_t (*admit)(void *context, http_exchange *exchange);
    // Called on the server's thread once a request is whole, or has turned out too large. Whoever gets it answers it
    // once, on any thread; until then it can be read.
    void (*receive)(void *context, http_exchange *exchange);
    // Called about once a second, on a thread of its own.
    void (*tick)(void *context);
} http_handlers;

typedef enum {
    HTTP_BODY_WHOLE = 0,
    HTTP_BODY_TOO_LARGE,  // more than was admitted
    HTTP_BODY_NO_ROOM     // no memory for it beside the others
} http_body_state;

// Takes a numeric address; port 0 takes a free one, and `port` is told which. A socket, or -1 and errno.
int http_listen(const char *address, uint16_t *port);
// Serves who comes to that socket, which is the server's from then on. NULL and errno where that fails.
http_server *http_start(int listener, http_limits limits, http_handlers handlers);
// Ends every connection, and what is not answered yet never will be. Later answers are dropped.
void http_stop(http_server *server);
// Connections at present, and bytes of bodies.
uint32_t http_connections(http_server *server);
uint64_t http_kept_bytes(http_server *server);
// Answers without an end at present.
uint32_t http_streams(http_server *server);

const char *http_method(const http_exchange *exchange);
// As it was sent: path and query, not decoded.
const char *http_target(const http_exchange *exchange);
size_t http_header_count(const http_exchange *exchange);
const char *http_header_name(const http_exchange *exchange, size_t index);
const char *http_header_value(const http_exchange *exchange, size_t index);
// Whether somebody waits for the answer. Who closes the sending half of a connection behind a request counts as gone:
// the two cannot be told apart, and the library ends such a connection without an answer anyway.
bool http_is_awaited(http_exchange *exchange);
http_body_state http_body(const http_exchange *exchange, const uint8_t **bytes, size_t *count);

typedef struct {
    const char *name;
    const char *value;
} http_header;

// Answers with bytes, which are copied, or, where `descriptor` is not -1, with a file's first `count` bytes; the
// descriptor is then the server's.
void http_answer(
    http_exchange *exchange, uint16_t status, const http_header *headers, size_t header_count, const uint8_t *bytes,
    size_t count, int descriptor);

// Where an answer without an end comes from.
typedef struct {
    void *context;
    // Called on the server's thread, which must not be kept waiting: writes at most `capacity` bytes and returns how
    // many; 0 where there is nothing now, and it is called again once it is woken; -1 at the end. `is_idle` where
    // nothing has been sent for a while: any byte then shows whether somebody is still there.
    ptrdiff_t (*read)(void *context, uint8_t *bytes, size_t capacity, bool is_idle);
    // Called once, on any thread, when it is not read any more. Until then the exchange may be woken.
    void (*release)(void *context);
} http_source;

// Answers without an end, or, to HEAD, with the headers of such an answer. False, and nothing is answered, where there
// are too many of them. The source is released in any case.
bool http_answer_stream(
    http_exchange *exchange, uint16_t status, const http_header *headers, size_t header_count, http_source source);
// There is something to read again. On any thread.
void http_wake(http_exchange *exchange);

#endif
