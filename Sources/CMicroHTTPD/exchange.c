// One request: its head and body as they come, and its answer.
#include "internal.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

http_exchange *http_exchange_new(http_server *server, struct MHD_Connection *mhd, const char *target) {
    http_exchange *e = calloc(1, sizeof *e);
    if (!e) return NULL;
    e->server = server;
    e->mhd = mhd;
    e->target = strdup(target);
    if (!e->target) {
        free(e);
        return NULL;
    }
    pthread_mutex_lock(&server->lock);
    e->next = server->exchanges;
    if (e->next) e->next->previous = e;
    server->exchanges = e;
    server->holders++;
    pthread_mutex_unlock(&server->lock);
    return e;
}

// With the lock held; the caller releases the server afterwards.
static void forget_body(http_exchange *e) {
    e->server->kept -= e->capacity;
    free(e->body);
    e->body = NULL;
    e->count = e->capacity = 0;
}

void http_exchange_free(http_exchange *e) {
    http_server *server = e->server;
    pthread_mutex_lock(&server->lock);
    if (e->previous) e->previous->next = e->next; else server->exchanges = e->next;
    if (e->next) e->next->previous = e->previous;
    forget_body(e);
    if (e->is_stream) server->streams--;
    pthread_mutex_unlock(&server->lock);
    // After this nobody wakes it.
    if (e->is_stream) e->source.release(e->source.context);
    if (e->response) MHD_destroy_response(e->response);
    for (size_t i = 0; i < e->header_count; i++) {
        free((char *)e->headers[i].name);
        free((char *)e->headers[i].value);
    }
    free(e->headers);
    free(e->method);
    free(e->target);
    free(e);
    http_server_release(server);
}

static enum MHD_Result take_header(void *cls, enum MHD_ValueKind kind, const char *name, const char *value) {
    http_exchange *e = cls;
    (void)kind;
    if (e->header_count == e->header_capacity) {
        size_t capacity = e->header_capacity ? 2 * e->header_capacity : 16;
        http_header *headers = realloc(e->headers, capacity * sizeof *headers);
        if (!headers) return MHD_NO;
        e->headers = headers;
        e->header_capacity = capacity;
    }
    http_header header = {strdup(name), strdup(value ? value : "")};
    if (!header.name || !header.value) {
        free((char *)header.name);
        free((char *)header.value);
        return MHD_NO;
    }
    e->headers[e->header_count++] = header;
    return MHD_YES;
}

bool http_exchange_take_head(http_exchange *e, const char *method) {
    e->method = strdup(method);
    if (!e->method) return false;
    int count = MHD_get_connection_values(e->mhd, MHD_HEADER_KIND, take_header, e);
    return count >= 0 && (size_t)count == e->header_count;
}

bool http_exchange_take_body(http_exchange *e, const char *bytes, size_t count) {
    http_server *server = e->server;
    if (e->body_state == HTTP_BODY_WHOLE && count > e->limit - e->count) e->body_state = HTTP_BODY_TOO_LARGE;
    if (e->body_state == HTTP_BODY_WHOLE && e->count + count > e->capacity) {
        size_t capacity = e->capacity ? 2 * e->capacity : 16 << 10;
        while (capacity < e->count + count) capacity *= 2;
        if (capacity > e->limit) capacity = e->limit;
        pthread_mutex_lock(&server->lock);
        bool fits = capacity - e->capacity <= server->limits.body_bytes - server->kept;
        uint8_t *body = fits ? realloc(e->body, capacity) : NULL;
        if (body) {
            server->kept += capacity - e->capacity;
            e->body = body;
            e->capacity = capacity;
        } else {
            e->body_state = HTTP_BODY_NO_ROOM;
        }
        pthread_mutex_unlock(&server->lock);
    }
    if (e->body_state == HTTP_BODY_WHOLE) {
        memcpy(e->body + e->count, bytes, count);
        e->count += count;
        return true;
    }
    // What is refused is read on for a while, without being kept: an answer in the middle of it would not be heard.
    if (e->capacity) {
        pthread_mutex_lock(&server->lock);
        forget_body(e);
        pthread_mutex_unlock(&server->lock);
    }
    e->discarded += count;
    return e->discarded <= server->limits.discarded_bytes;
}

enum MHD_Result http_exchange_send(http_exchange *e) {
    e->stage = AT_ANSWER;
    enum MHD_Result result = MHD_queue_response(e->mhd, e->status, e->response);
    pthread_mutex_lock(&e->server->lock);
    if (e->connection)
        e->connection->deadline = e->is_stream ? 0 : http_now() + e->server->limits.answer_seconds;
    // Where the server ends, somebody may still read it.
    if (!e->in_hand) forget_body(e);
    pthread_mutex_unlock(&e->server->lock);
    return result;
}

void http_exchange_resume(http_exchange *e) {
    e->suspended = false;
    MHD_resume_connection(e->mhd);
}

void http_exchange_answer(
    http_exchange *e, unsigned int status, const http_header *headers, size_t header_count,
    struct MHD_Response *response) {
    http_server *server = e->server;
    bool fails = !response;
    for (size_t i = 0; response && i < header_count; i++)
        if (MHD_add_response_header(response, headers[i].name, headers[i].value) != MHD_YES) fails = true;
    if (fails) {
        if (response) MHD_destroy_response(response);
        status = 500;
        response = MHD_create_response_from_buffer(0, (void *)"", MHD_RESPMEM_PERSISTENT);
    }
    pthread_mutex_lock(&server->lock);
    bool is_late = e->gone;
    e->in_hand = false;
    if (is_late || e->response) {
        // The connection or the server has ended meanwhile.
        pthread_mutex_unlock(&server->lock);
        if (response) MHD_destroy_response(response);
        if (is_late) http_exchange_free(e);
        return;
    }
    e->response = response;
    e->status = status;
    if (e->suspended) http_exchange_resume(e);
    pthread_mutex_unlock(&server->lock);
}

void http_answer(
    http_exchange *e, uint16_t status, const http_header *headers, size_t header_count, const uint8_t *bytes,
    size_t count, int descriptor) {
    struct MHD_Response *response =
        descriptor >= 0 ? MHD_create_response_from_fd64(count, descriptor)
                        : MHD_create_response_from_buffer(count, (void *)bytes, MHD_RESPMEM_MUST_COPY);
    if (!response && descriptor >= 0) close(descriptor);
    http_exchange_answer(e, status, headers, header_count, response);
}

bool http_has_left(const connection *c) {
    struct pollfd polled = {.fd = c->socket, .events = POLLRDHUP};
    return poll(&polled, 1, 0) > 0;
}

bool http_is_awaited(http_exchange *e) {
    pthread_mutex_lock(&e->server->lock);
    bool is_awaited = e->connection && !http_has_left(e->connection);
    pthread_mutex_unlock(&e->server->lock);
    return is_awaited;
}

const char *http_method(const http_exchange *e) { return e->method; }
const char *http_target(const http_exchange *e) { return e->target; }
size_t http_header_count(const http_exchange *e) { return e->header_count; }
const char *http_header_name(const http_exchange *e, size_t index) { return e->headers[index].name; }
const char *http_header_value(const http_exchange *e, size_t index) { return e->headers[index].value; }

http_body_state http_body(const http_exchange *e, const uint8_t **bytes, size_t *count) {
    *bytes = e->body;
    *count = e->count;
    return e->body_state;
}
