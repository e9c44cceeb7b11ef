import CCairo
import Imaging

/// A drawing surface on Cairo, measured in page pixels and rendered at a higher density.
///
/// The origin is the top left corner. A canvas owns its surface and context and hands out finished `Image`s; it is a
/// class only for that and is not shared between threads.
package final class Canvas {
    package struct Point: Sendable, Hashable {
        package var x: Double
        package var y: Double

        package init(_ x: Double, _ y: Double) {
            self.x = x
            self.y = y
        }
    }

    package enum Dash: Sendable { case solid, dashed }
    /// Where a text's given point lies on its baseline.
    package enum Anchor: Sendable { case start, middle, end }
    package enum Weight: Sendable { case regular, bold }

    /// In page pixels; the image has `scale` times as many.
    package let width: Int
    package let height: Int
    package let scale: Int
    // Both change while a layer is drawn, and only then: see Layers.swift.
    var surface: OpaquePointer
    var context: OpaquePointer

    /// A canvas filled with `background`.
    ///
    /// Sides are limited to 16,384 image pixels: a canvas is a diagram, never a data-sized array.
    package init(width: Int, height: Int, scale: Int = 2, background: Color) {
        precondition(width > 0 && height > 0 && scale > 0 && width * scale <= 16384 && height * scale <= 16384)
        guard
            let surface = cairo_image_surface_create(
                CAIRO_FORMAT_RGB24, Int32(width * scale), Int32(height * scale)),
            let context = cairo_create(surface)
        else { preconditionFailure("Cairo returns an object even when it is out of memory") }
        precondition(cairo_status(context) == CAIRO_STATUS_SUCCESS, "no memory for a canvas")
        self.width = width
        self.height = height
        self.scale = scale
        self.surface = surface
        self.context = context
        cairo_scale(context, Double(scale), Double(scale))
        setUpText()
        setSource(background)
        cairo_paint(context)
    }

    deinit {
        cairo_destroy(context)
        cairo_surface_destroy(surface)
    }

    package func fill(x: Double, y: Double, width: Double, height: Double, color: Color, opacity: Double = 1) {
        setSource(color, opacity)
        cairo_rectangle(context, x, y, width, height)
        cairo_fill(context)
    }

    package func stroke(
        x: Double, y: Double, width: Double, height: Double, color: Color, lineWidth: Double = 1, dash: Dash = .solid
    ) {
        setPen(color, lineWidth, dash)
        cairo_rectangle(context, x, y, width, height)
        cairo_stroke(context)
    }

    package func line(from a: Point, to b: Point, color: Color, lineWidth: Double = 1, dash: Dash = .solid) {
        path([a, b], color: color, lineWidth: lineWidth, dash: dash)
    }

    /// An open path through the points, with round joins.
    package func path(_ points: [Point], color: Color, lineWidth: Double = 1, dash: Dash = .solid) {
        guard let first = points.first, points.count > 1 else { return }
        setPen(color, lineWidth, dash)
        cairo_move_to(context, first.x, first.y)
        for point in points.dropFirst() { cairo_line_to(context, point.x, point.y) }
        cairo_stroke(context)
    }

    /// A closed, filled polygon.
    package func fill(_ points: [Point], color: Color, opacity: Double = 1) {
        guard let first = points.first, points.count > 2 else { return }
        setSource(color, opacity)
        cairo_move_to(context, first.x, first.y)
        for point in points.dropFirst() { cairo_line_to(context, point.x, point.y) }
        cairo_close_path(context)
        cairo_fill(context)
    }

    /// A disc, with an outline when `outline` is given.
    package func disc(at center: Point, radius: Double, fill: Color, outline: Color? = nil, lineWidth: Double = 1) {
        setSource(fill)
        cairo_arc(context, center.x, center.y, radius, 0, 2 * Double.pi)
        cairo_fill_preserve(context)
        if let outline {
            setPen(outline, lineWidth, .solid)
            cairo_stroke(context)
        } else {
            cairo_new_path(context)
        }
    }

    /// Draws what `body` draws inside a rectangle only.
    package func clipped(
        x: Double, y: Double, width: Double, height: Double, _ body: () throws -> Void
    ) rethrows {
        cairo_save(context)
        cairo_rectangle(context, x, y, width, height)
        cairo_clip(context)
        defer { cairo_restore(context) }
        try body()
    }

    /// One line of text with its baseline through `point`.
    ///
    /// - Parameter room: a text that is wider is drawn smaller; nil: it is as wide as it is.
    package func text(
        _ string: String, at point: Point, size: Double, color: Color, anchor: Anchor = .start,
        weight: Weight = .regular, halo: Color? = nil, room: Double? = nil
    ) {
        let size = room.map { size * min(1, max($0, 1) / measure(string, size: size, weight: weight)) } ?? size
        let width = anchor == .start ? 0 : measure(string, size: size, weight: weight)
        let x = anchor == .start ? point.x : anchor == .middle ? point.x - width / 2 : point.x - width
        select(size, weight)
        if let halo {
            setPen(halo, 3, .solid)
            cairo_move_to(context, x, point.y)
            cairo_text_path(context, string)
            cairo_stroke(context)
        }
        setSource(color)
        cairo_move_to(context, x, point.y)
        cairo_show_text(context, string)
        cairo_new_path(context)
    }

    /// One line of text that runs upwards, its baseline beginning at `point`.
    package func upright(_ string: String, at point: Point, size: Double, color: Color) {
        cairo_save(context)
        defer { cairo_restore(context) }
        cairo_translate(context, point.x, point.y)
        cairo_rotate(context, -Double.pi / 2)
        text(string, at: Point(0, 0), size: size, color: color)
    }

    /// The width of one line of text, in page pixels.
    package func measure(_ string: String, size: Double, weight: Weight = .regular) -> Double {
        select(size, weight)
        var extents = cairo_text_extents_t()
        cairo_text_extents(context, string, &extents)
        return extents.x_advance
    }

    /// The finished drawing: RGB, `scale` times the canvas's size.
    package func image() -> Image {
        cairo_surface_flush(surface)
        let columns = width * scale
        let rows = height * scale
        let stride = Int(cairo_image_surface_get_stride(surface))
        guard let data = cairo_image_surface_get_data(surface) else {
            preconditionFailure("an image surface that was never finished has data")
        }
        let pixels = [UInt8](unsafeUninitializedCapacity: columns * rows * 3) { target, count in
            var out = 0
            for y in 0..<rows {
                let row = UnsafeRawPointer(data + y * stride)
                for x in 0..<columns {
                    // A pixel is a native-endian 32-bit word 0x00RRGGBB.
                    let pixel = row.load(fromByteOffset: 4 * x, as: UInt32.self)
                    target[out] = UInt8(truncatingIfNeeded: pixel >> 16)
                    target[out + 1] = UInt8(truncatingIfNeeded: pixel >> 8)
                    target[out + 2] = UInt8(truncatingIfNeeded: pixel)
                    out += 3
                }
            }
            count = out
        }
        return Image(width: columns, height: rows, channels: 3, pixels: pixels)
    }

    // Hinting would make widths depend on the density; gray antialiasing keeps the bytes equal on every screen setting.
    private func setUpText() {
        guard let options = cairo_font_options_create() else { return }
        cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY)
        cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE)
        cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF)
        cairo_set_font_options(context, options)
        cairo_font_options_destroy(options)
        cairo_set_line_join(context, CAIRO_LINE_JOIN_ROUND)
    }

    private func select(_ size: Double, _ weight: Weight) {
        cairo_select_font_face(
            context, "DejaVu Sans", CAIRO_FONT_SLANT_NORMAL,
            weight == .bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL)
        cairo_set_font_size(context, size)
    }

    private func setSource(_ color: Color, _ opacity: Double = 1) {
        cairo_set_source_rgba(
            context, Double(color.red) / 255, Double(color.green) / 255, Double(color.blue) / 255, opacity)
    }

    private func setPen(_ color: Color, _ lineWidth: Double, _ dash: Dash) {
        setSource(color)
        cairo_set_line_width(context, lineWidth)
        cairo_set_line_cap(context, dash == .solid ? CAIRO_LINE_CAP_ROUND : CAIRO_LINE_CAP_BUTT)
        switch dash {
        case .solid: cairo_set_dash(context, nil, 0, 0)
        case .dashed:
            let pattern = [5.0, 4.0]
            cairo_set_dash(context, pattern, 2, 0)
        }
    }
}
