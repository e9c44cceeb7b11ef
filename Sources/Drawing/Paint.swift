import CCairo

/// What a shape is filled or drawn with.
package enum Paint: Sendable {
    /// A colour at a place of a gradient, 0 to 1 along it, with its opacity.
    package struct Stop: Sendable {
        package var offset: Double
        package var color: Color
        package var opacity: Double

        package init(_ offset: Double, _ color: Color, _ opacity: Double = 1) {
            self.offset = offset
            self.color = color
            self.opacity = opacity
        }
    }

    case solid(Color, opacity: Double = 1)
    case linear(from: Canvas.Point, to: Canvas.Point, [Stop])
    case radial(center: Canvas.Point, from: Double = 0, to: Double, [Stop])
}

extension Canvas {
    /// Fills a shape.
    package func fill(_ path: Path, _ paint: Paint) {
        trace(path)
        setSource(paint)
        cairo_fill(context)
    }

    /// Draws along a shape with a round pen.
    package func stroke(_ path: Path, _ paint: Paint, width: Double) {
        trace(path)
        setSource(paint)
        cairo_set_line_width(context, width)
        cairo_set_line_cap(context, CAIRO_LINE_CAP_ROUND)
        cairo_set_dash(context, nil, 0, 0)
        cairo_stroke(context)
    }

    /// A soft spot: an ellipse of colour that fades to nothing at its edge.
    package func glow(
        at center: Point, _ rx: Double, _ ry: Double, angle: Double = 0, _ color: Color, _ opacity: Double
    ) {
        guard rx > 0, ry > 0, opacity > 0 else { return }
        cairo_save(context)
        cairo_translate(context, center.x, center.y)
        cairo_rotate(context, angle)
        cairo_scale(context, rx, ry)
        // Close to a bell curve.
        setSource(
            .radial(
                center: Point(0, 0), to: 1,
                [
                    .init(0, color, opacity), .init(0.35, color, opacity * 0.74), .init(0.7, color, opacity * 0.2),
                    .init(1, color, 0),
                ]))
        cairo_rectangle(context, -1, -1, 2, 2)
        cairo_fill(context)
        cairo_restore(context)
    }

    /// Draws what `body` draws inside a shape only.
    package func clipped(to path: Path, _ body: () throws -> Void) rethrows {
        cairo_save(context)
        trace(path)
        cairo_clip(context)
        defer { cairo_restore(context) }
        try body()
    }

    /// Draws what `body` draws moved, then turned clockwise, then enlarged, about the origin.
    package func transformed(
        move: Point = Point(0, 0), turn: Double = 0, scale: Double = 1, _ body: () throws -> Void
    ) rethrows {
        cairo_save(context)
        cairo_translate(context, move.x, move.y)
        cairo_rotate(context, turn)
        cairo_scale(context, scale, scale)
        defer { cairo_restore(context) }
        try body()
    }

    private func trace(_ path: Path) {
        cairo_new_path(context)
        for step in path.steps {
            switch step {
            case .move(let p): cairo_move_to(context, p.x, p.y)
            case .line(let p): cairo_line_to(context, p.x, p.y)
            case .curve(let a, let b, let p): cairo_curve_to(context, a.x, a.y, b.x, b.y, p.x, p.y)
            case .close: cairo_close_path(context)
            }
        }
    }

    private func setSource(_ paint: Paint) {
        func add(_ stops: [Paint.Stop], to pattern: OpaquePointer?) {
            for stop in stops {
                let color = stop.color
                cairo_pattern_add_color_stop_rgba(
                    pattern, stop.offset, Double(color.red) / 255, Double(color.green) / 255, Double(color.blue) / 255,
                    stop.opacity)
            }
            cairo_set_source(context, pattern)
            cairo_pattern_destroy(pattern)
        }
        switch paint {
        case .solid(let color, let opacity):
            cairo_set_source_rgba(
                context, Double(color.red) / 255, Double(color.green) / 255, Double(color.blue) / 255, opacity)
        case .linear(let a, let b, let stops): add(stops, to: cairo_pattern_create_linear(a.x, a.y, b.x, b.y))
        case .radial(let center, let from, let to, let stops):
            add(stops, to: cairo_pattern_create_radial(center.x, center.y, from, center.x, center.y, to))
        }
    }
}
