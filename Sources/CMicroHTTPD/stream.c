// Answers without an end. Nobody waits for their bytes: a connection with nothing to send is suspended until its source
// is woken, and whoever takes nothing is left after the time that any silent connection has.
#include "internal.h"

#include <string.h>

// Bytes that are asked for at once where an answer is not sent in chunks.
enum { BLOCK = 4096 };

// Called by the library whenever the connection takes bytes.
static ssize_t read_stream(void *cls, uint64_t position, char *bytes, size_t capacity) {
    http_exchange *e = cls;
    http_server *server = e->server;
    (void)position;
    while (true) {
        pthread_mutex_lock(&server->lock);
        bool is_idle = e->is_idle, is_over = server->stops;
        bool is_left = !e->connection || http_has_left(e->connection);
        e->is_woken = e->is_idle = false;
        pthread_mutex_unlock(&server->lock);
        if (is_left) return MHD_CONTENT_READER_END_WITH_ERROR;
        if (is_over) return MHD_CONTENT_READER_END_OF_STREAM;
        // Without the lock: the source has one of its own, under which it wakes.
        ptrdiff_t count = e->source.read(e->source.context, (uint8_t *)bytes, capacity, is_idle);
        if (count < 0) return MHD_CONTENT_READER_END_OF_STREAM;
        pthread_mutex_lock(&server->lock);
        if (count > 0) e->sent = http_now();
        bool waits = count == 0 && !e->is_woken && !server->stops;
        if (waits) {
            e->suspended = true;
            MHD_suspend_connection(e->mhd);
        }
        pthread_mutex_unlock(&server->lock);
        if (waits || count > 0) return count;
    }
}

bool http_answer_stream(
    http_exchange *e, uint16_t status, const http_header *headers, size_t header_count, http_source source) {
    http_server *server = e->server;
    bool is_head = strcmp(e->method, "HEAD") == 0;
    pthread_mutex_lock(&server->lock);
    bool is_refused = !is_head && server->streams >= server->limits.streams;
    bool is_read = !is_head && !is_refused;
    if (is_read) {
        e->source = source;
        e->sent = http_now();
        e->is_stream = true;
        server->streams++;
    }
    pthread_mutex_unlock(&server->lock);
    if (!is_read) source.release(source.context);
    if (is_refused) return false;
    struct MHD_Response *response =
        MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, BLOCK, read_stream, e, NULL);
    // In chunks, the library would send the last one even where there is no body.
    if (response && is_head) MHD_set_response_options(response, MHD_RF_HTTP_1_0_COMPATIBLE_STRICT, MHD_RO_END);
    http_exchange_answer(e, status, headers, header_count, response);
    return true;
}

void http_wake(http_exchange *e) {
    pthread_mutex_lock(&e->server->lock);
    e->is_woken = true;
    // What is not answered yet is suspended as well.
    if (e->is_stream && e->suspended && e->response) http_exchange_resume(e);
    pthread_mutex_unlock(&e->server->lock);
}

void http_streams_look(http_server *server) {
    time_t now = http_now();
    for (http_exchange *e = server->exchanges; e; e = e->next) {
        if (!e->is_stream || !e->suspended || !e->response) continue;
        e->is_idle = now - e->sent >= (time_t)server->limits.stream_idle_seconds;
        if (e->is_idle || !e->connection || http_has_left(e->connection)) http_exchange_resume(e);
    }
}

uint32_t http_streams(http_server *server) {
    pthread_mutex_lock(&server->lock);
    uint32_t count = server->streams;
    pthread_mutex_unlock(&server->lock);
    return count;
}
