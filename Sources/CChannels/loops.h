// Included once per instruction set, with VARIANT(name) and TARGET defined. `e` is a constant wherever these are inlined.

#define INLINE TARGET static inline __attribute__((always_inline))

INLINE f16 VARIANT(widened)(const uint16_t *x) {
    u16 bits = __builtin_convertvector(*(const h16 *)x, u16) << 16;
    return (f16)bits;
}

INLINE h16 VARIANT(rounded)(f16 values) {
    u16 bits = (u16)values;
    u16 nearest = (bits + 0x7FFF + ((bits >> 16) & 1)) >> 16;
    u16 quiet = (bits >> 16) | 0x40;
    u16 isNumber = (u16)((bits & 0x7FFFFFFF) <= 0x7F800000);
    return __builtin_convertvector((nearest & isNumber) | (quiet & ~isNumber), h16);
}

INLINE f16 VARIANT(load)(channels_element e, const void *x, size_t i) {
    if (e == channels_f32) return *(const f16 *)((const float *)x + i);
    return VARIANT(widened)((const uint16_t *)x + i);
}

INLINE void VARIANT(store)(channels_element e, void *y, size_t i, f16 values) {
    if (e == channels_f32)
        *(f16 *)((float *)y + i) = values;
    else
        *(h16 *)((uint16_t *)y + i) = VARIANT(rounded)(values);
}

INLINE float VARIANT(load1)(channels_element e, const void *x, size_t i) {
    return e == channels_f32 ? ((const float *)x)[i] : widened1(((const uint16_t *)x)[i]);
}

INLINE void VARIANT(store1)(channels_element e, void *y, size_t i, float value) {
    if (e == channels_f32)
        ((float *)y)[i] = value;
    else
        ((uint16_t *)y)[i] = rounded1(value);
}

INLINE f16 VARIANT(activated)(channels_activation activation, f16 v) {
    const f16 six = (f16){0} + 6;
    if (activation != channels_linear) v = (f16)((u16)v & (u16)(v > 0));
    if (activation == channels_relu6) {
        u16 under = (u16)(v < 6);
        v = (f16)(((u16)v & under) | ((u16)six & ~under));
    }
    return v;
}

INLINE float VARIANT(activated1)(channels_activation activation, float v) {
    if (activation != channels_linear) v = v > 0 ? v : 0;
    if (activation == channels_relu6) v = v < 6 ? v : 6;
    return v;
}

/// The gradient where the activation was not flat, else 0; y is what it made.
INLINE f16 VARIANT(passed)(channels_activation activation, f16 gradient, f16 y) {
    u16 open = (u16)(y > 0);
    if (activation == channels_relu6) open &= (u16)(y < 6);
    return (f16)((u16)gradient & open);
}

// Statistics: four rows at a time, so that a sum of many rows is read and written less often and loses less.

INLINE void VARIANT(sums)(channels_element e, const void *x, size_t rows, size_t n, float *sum) {
    memset(sum, 0, n * sizeof *sum);
    size_t row = 0;
    for (; row + 4 <= rows; row += 4) {
        size_t a = row * n, b = a + n, c = b + n, d = c + n, i = 0;
        for (; i + 16 <= n; i += 16) {
            f16 ab = VARIANT(load)(e, x, a + i) + VARIANT(load)(e, x, b + i);
            f16 cd = VARIANT(load)(e, x, c + i) + VARIANT(load)(e, x, d + i);
            *(f16 *)(sum + i) += ab + cd;
        }
        for (; i < n; i++) {
            float ab = VARIANT(load1)(e, x, a + i) + VARIANT(load1)(e, x, b + i);
            float cd = VARIANT(load1)(e, x, c + i) + VARIANT(load1)(e, x, d + i);
            sum[i] += ab + cd;
        }
    }
    for (; row < rows; row++) {
        size_t i = 0;
        for (; i + 16 <= n; i += 16) *(f16 *)(sum + i) += VARIANT(load)(e, x, row * n + i);
        for (; i < n; i++) sum[i] += VARIANT(load1)(e, x, row * n + i);
    }
}

INLINE void VARIANT(mean_of)(channels_element e, const void *x, size_t rows, size_t n, float *mean) {
    VARIANT(sums)(e, x, rows, n, mean);
    for (size_t i = 0; i < n; i++) mean[i] /= (float)rows;
}

INLINE void VARIANT(squares_of)(
    channels_element e, const void *x, size_t rows, size_t n, const float *mean, float *squares) {
    memset(squares, 0, n * sizeof *squares);
    size_t row = 0;
    for (; row + 2 <= rows; row += 2) {
        size_t a = row * n, b = a + n, i = 0;
        for (; i + 16 <= n; i += 16) {
            f16 m = *(const f16 *)(mean + i);
            f16 p = VARIANT(load)(e, x, a + i) - m, q = VARIANT(load)(e, x, b + i) - m;
            *(f16 *)(squares + i) += p * p + q * q;
        }
        for (; i < n; i++) {
            float p = VARIANT(load1)(e, x, a + i) - mean[i], q = VARIANT(load1)(e, x, b + i) - mean[i];
            squares[i] += p * p + q * q;
        }
    }
    for (; row < rows; row++) {
        for (size_t i = 0; i < n; i++) {
            float p = VARIANT(load1)(e, x, row * n + i) - mean[i];
            squares[i] += p * p;
        }
    }
}

TARGET static void VARIANT(statistics)(
    channels_element element, const void *x, size_t rows, size_t channels, float *mean, float *squares) {
    if (element == channels_f32) {
        VARIANT(mean_of)(channels_f32, x, rows, channels, mean);
        VARIANT(squares_of)(channels_f32, x, rows, channels, mean, squares);
    } else {
        VARIANT(mean_of)(channels_bf16, x, rows, channels, mean);
        VARIANT(squares_of)(channels_bf16, x, rows, channels, mean, squares);
    }
}

TARGET static void VARIANT(mean)(channels_element element, const void *x, size_t rows, size_t channels, float *mean) {
    if (element == channels_f32)
        VARIANT(mean_of)(channels_f32, x, rows, channels, mean);
    else
        VARIANT(mean_of)(channels_bf16, x, rows, channels, mean);
}

// Forward

INLINE void VARIANT(normalize_of)(
    channels_element e, const void *x, const float *factor, const float *offset, const void *added,
    channels_activation activation, size_t rows, size_t n, void *y) {
    for (size_t row = 0; row < rows; row++) {
        size_t start = row * n, i = 0;
        for (; i + 16 <= n; i += 16) {
            f16 v = VARIANT(load)(e, x, start + i) * *(const f16 *)(factor + i) + *(const f16 *)(offset + i);
            if (added) v += VARIANT(load)(e, added, start + i);
            VARIANT(store)(e, y, start + i, VARIANT(activated)(activation, v));
        }
        for (; i < n; i++) {
            float v = VARIANT(load1)(e, x, start + i) * factor[i] + offset[i];
            if (added) v += VARIANT(load1)(e, added, start + i);
            VARIANT(store1)(e, y, start + i, VARIANT(activated1)(activation, v));
        }
    }
}

TARGET static void VARIANT(normalize)(
    channels_element element, const void *x, const float *factor, const float *offset, const void *added,
    channels_activation activation, size_t rows, size_t channels, void *y) {
    if (element == channels_f32)
        VARIANT(normalize_of)(channels_f32, x, factor, offset, added, activation, rows, channels, y);
    else
        VARIANT(normalize_of)(channels_bf16, x, factor, offset, added, activation, rows, channels, y);
}

// Backward

INLINE void VARIANT(gradient_sums_of)(
    channels_element e, void *gradient, const void *y, channels_activation activation, const void *x,
    const float *mean, size_t rows, size_t n, float *sums, float *products) {
    memset(sums, 0, n * sizeof *sums);
    memset(products, 0, n * sizeof *products);
    for (size_t row = 0; row < rows; row++) {
        size_t start = row * n, i = 0;
        for (; i + 16 <= n; i += 16) {
            f16 g = VARIANT(load)(e, gradient, start + i);
            if (activation != channels_linear) {
                g = VARIANT(passed)(activation, g, VARIANT(load)(e, y, start + i));
                VARIANT(store)(e, gradient, start + i, g);
            }
            *(f16 *)(sums + i) += g;
            *(f16 *)(products + i) += g * (VARIANT(load)(e, x, start + i) - *(const f16 *)(mean + i));
        }
        for (; i < n; i++) {
            float g = VARIANT(load1)(e, gradient, start + i);
            if (activation != channels_linear) {
                float made = VARIANT(load1)(e, y, start + i);
                if (!(made > 0) || (activation == channels_relu6 && !(made < 6))) g = 0;
                VARIANT(store1)(e, gradient, start + i, g);
            }
            sums[i] += g;
            products[i] += g * (VARIANT(load1)(e, x, start + i) - mean[i]);
        }
    }
}

TARGET static void VARIANT(gradient_sums)(
    channels_element element, void *gradient, const void *y, channels_activation activation, const void *x,
    const float *mean, size_t rows, size_t channels, float *sums, float *products) {
    if (element == channels_f32)
        VARIANT(gradient_sums_of)(
            channels_f32, gradient, y, activation, x, mean, rows, channels, sums, products);
    else
        VARIANT(gradient_sums_of)(
            channels_bf16, gradient, y, activation, x, mean, rows, channels, sums, products);
}

INLINE void VARIANT(gradient_of)(
    channels_element e, const void *gradient, const void *x, const float *a, const float *b, const float *c,
    size_t rows, size_t n, void *y) {
    for (size_t row = 0; row < rows; row++) {
        size_t start = row * n, i = 0;
        for (; i + 16 <= n; i += 16) {
            f16 g = VARIANT(load)(e, gradient, start + i) * *(const f16 *)(a + i);
            f16 v = g + (VARIANT(load)(e, x, start + i) * *(const f16 *)(b + i) + *(const f16 *)(c + i));
            VARIANT(store)(e, y, start + i, v);
        }
        for (; i < n; i++) {
            float g = VARIANT(load1)(e, gradient, start + i) * a[i];
            VARIANT(store1)(e, y, start + i, g + (VARIANT(load1)(e, x, start + i) * b[i] + c[i]));
        }
    }
}

TARGET static void VARIANT(gradient)(
    channels_element element, const void *gradient, const void *x, const float *a, const float *b, const float *c,
    size_t rows, size_t channels, void *y) {
    if (element == channels_f32)
        VARIANT(gradient_of)(channels_f32, gradient, x, a, b, c, rows, channels, y);
    else
        VARIANT(gradient_of)(channels_bf16, gradient, x, a, b, c, rows, channels, y);
}

// Elementwise

INLINE void VARIANT(add_of)(channels_element e, void *y, const void *x, size_t count) {
    size_t i = 0;
    for (; i + 16 <= count; i += 16) VARIANT(store)(e, y, i, VARIANT(load)(e, y, i) + VARIANT(load)(e, x, i));
    for (; i < count; i++) VARIANT(store1)(e, y, i, VARIANT(load1)(e, y, i) + VARIANT(load1)(e, x, i));
}

TARGET static void VARIANT(add)(channels_element element, void *y, const void *x, size_t count) {
    if (element == channels_f32)
        VARIANT(add_of)(channels_f32, y, x, count);
    else
        VARIANT(add_of)(channels_bf16, y, x, count);
}

INLINE void VARIANT(spread_of)(
    channels_element e, const float *values, float factor, size_t rows, size_t n, void *y) {
    for (size_t row = 0; row < rows; row++) {
        size_t i = 0;
        for (; i + 16 <= n; i += 16) VARIANT(store)(e, y, row * n + i, *(const f16 *)(values + i) * factor);
        for (; i < n; i++) VARIANT(store1)(e, y, row * n + i, values[i] * factor);
    }
}

TARGET static void VARIANT(spread)(
    channels_element element, const float *values, float factor, size_t rows, size_t channels, void *y) {
    if (element == channels_f32)
        VARIANT(spread_of)(channels_f32, values, factor, rows, channels, y);
    else
        VARIANT(spread_of)(channels_bf16, values, factor, rows, channels, y);
}

INLINE f16 VARIANT(nearest)(f16 values) {
    h16 upper = VARIANT(rounded)(values);
    return (f16)(__builtin_convertvector(upper, u16) << 16);
}

TARGET static void VARIANT(tree_sum)(
    const float *parts, size_t first, size_t last, size_t stride, size_t count, int rounds, float *sum) {
    // The branches that meet: of two the first one takes the sum.
    size_t pairs[8][2], pair_count = 0;
    for (size_t width = 1; width < 8; width *= 2)
        for (size_t left = 0; left + width < 8; left += 2 * width)
            if (left + width < last && left + 2 * width > first && left + width > first) {
                pairs[pair_count][0] = left < first ? first : left;
                pairs[pair_count++][1] = left + width;
            }
    size_t i = 0;
    for (; i + 16 <= count; i += 16) {
        f16 values[8];
        for (size_t part = first; part < last; part++) values[part] = *(const f16 *)(parts + part * stride + i);
        for (size_t pair = 0; pair < pair_count; pair++) {
            f16 *left = values + pairs[pair][0], right = values[pairs[pair][1]];
            *left = rounds ? VARIANT(nearest)(*left) + VARIANT(nearest)(right) : *left + right;
        }
        *(f16 *)(sum + i) = first < last ? values[first] : -(f16){0};
    }
    for (; i < count; i++) {
        float values[8];
        for (size_t part = first; part < last; part++) values[part] = parts[part * stride + i];
        for (size_t pair = 0; pair < pair_count; pair++) {
            float *left = values + pairs[pair][0], right = values[pairs[pair][1]];
            *left = rounds ? nearest1(*left) + nearest1(right) : *left + right;
        }
        sum[i] = first < last ? values[first] : -0.0f;
    }
}

TARGET static void VARIANT(add_rounded)(const uint16_t *x, size_t count, float *y) {
    size_t i = 0;
    for (; i + 16 <= count; i += 16)
        *(f16 *)(y + i) = VARIANT(nearest)(*(const f16 *)(y + i)) + VARIANT(widened)(x + i);
    for (; i < count; i++) y[i] = nearest1(y[i]) + widened1(x[i]);
}

TARGET static void VARIANT(round_in_place)(float *x, size_t count) {
    size_t i = 0;
    for (; i + 16 <= count; i += 16) *(f16 *)(x + i) = VARIANT(nearest)(*(const f16 *)(x + i));
    for (; i < count; i++) x[i] = nearest1(x[i]);
}

TARGET static void VARIANT(round)(const float *x, size_t count, uint16_t *y) {
    size_t i = 0;
    for (; i + 16 <= count; i += 16) *(h16 *)(y + i) = VARIANT(rounded)(*(const f16 *)(x + i));
    for (; i < count; i++) y[i] = rounded1(x[i]);
}

TARGET static void VARIANT(widen)(const uint16_t *x, size_t count, float *y) {
    size_t i = 0;
    for (; i + 16 <= count; i += 16) *(f16 *)(y + i) = VARIANT(widened)(x + i);
    for (; i < count; i++) y[i] = widened1(x[i]);
}

#undef INLINE
