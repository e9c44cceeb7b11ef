// Included once per instruction set, with VARIANT(name), TARGET and AT_MOST(vector, limit) defined.

TARGET static inline float VARIANT(sum)(const f16 *lanes) {
    const float *l = (const float *)lanes;
    float eight[8], four[4];
    for (int i = 0; i < 8; i++) eight[i] = l[i] + l[i + 8];
    for (int i = 0; i < 4; i++) four[i] = eight[i] + eight[i + 4];
    return (four[0] + four[2]) + (four[1] + four[3]);
}

TARGET static float VARIANT(squared_distance)(const void *a, const void *b, size_t width) {
    const f16 *x = a, *y = b;
    f16 lanes = {0};
    for (size_t i = 0; i < width; i++) {
        f16 difference = x[i] - y[i];
        lanes += difference * difference;
    }
    return VARIANT(sum)(&lanes);
}

TARGET static void VARIANT(measure)(
    const void *query, const void *rows, size_t width, const uint32_t *positions, size_t count, const int64_t *order,
    uint64_t *keys) {
    const f16 *base = rows;
    for (size_t i = 0; i < count; i++) {
        // A row is several cache lines: ask for those of the one after next.
        if (i + 2 < count)
            for (size_t line = 0; line < width; line++) __builtin_prefetch(base + positions[i + 2] * width + line);
        float distance = VARIANT(squared_distance)(query, base + positions[i] * width, width);
        uint32_t bits;
        memcpy(&bits, &distance, sizeof bits);
        uint32_t index = order ? (uint32_t)order[positions[i]] : positions[i];
        keys[i] = (uint64_t)bits << 32 | index;
    }
}

TARGET static uint32_t VARIANT(block)(const void *block, const float *point, size_t width, float limit) {
    const f16 *coordinates = block;
    f16 bounds = {0};
    uint32_t open = 0;
    // The first sixteen coordinates vary most: often they suffice.
    for (size_t step = 0; step < width; step++) {
        for (size_t c = step * 16; c < step * 16 + 16; c++) {
            f16 difference = coordinates[c] - point[c];
            bounds += difference * difference;
        }
        open = AT_MOST(bounds, limit);
        if (open == 0) return 0;
    }
    return open;
}

TARGET static float VARIANT(box_distance)(const void *point, const void *box, size_t width) {
    const f16 *p = point, *low = box, *high = low + width;
    f16 lanes = {0};
    const f16 zero = {0};
    for (size_t i = 0; i < width; i++) {
        f16 under = low[i] - p[i], over = p[i] - high[i];
        // At most one of them is positive.
        f16 outside = __builtin_elementwise_max(under, over);
        outside = __builtin_elementwise_max(outside, zero);
        lanes += outside * outside;
    }
    return VARIANT(sum)(&lanes);
}

TARGET static size_t VARIANT(collect)(
    const float *products, const float *offsets, size_t count, uint32_t first, float limit, uint64_t *keys, size_t room,
    size_t *written) {
    size_t used = 0, found = 0;
    while (used + 16 <= count && found + 16 <= room) {
        f16 sums = *(const f16 *)(products + used) + *(const f16 *)(offsets + used);
        uint32_t lanes = AT_MOST(sums, limit);
        while (lanes) {
            uint32_t lane = (uint32_t)__builtin_ctz(lanes);
            lanes &= lanes - 1;
            keys[found++] = ordered(products[used + lane] + offsets[used + lane], first + (uint32_t)used + lane);
        }
        used += 16;
    }
    if (found + 16 <= room)
        for (; used < count; used++) {
            float sum = products[used] + offsets[used];
            if (sum <= limit) keys[found++] = ordered(sum, first + (uint32_t)used);
        }
    *written = found;
    return used;
}
