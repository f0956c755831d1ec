extension PanelLayout {
  /// The largest number of points with shapes; more points are drawn as dots.
  static let mostMarks = 200

  func draw(_ points: Points, into svg: inout SVGWriter) {
    var places: [(x: Double, y: Double, label: String)] = []
    for (index, (px, py)) in zip(points.x, points.y).enumerated() {
      guard let across = x.place(px), let up = y.place(py) else { continue }
      places.append((across, plotHeight - up, points.labels.isEmpty ? "" : points.labels[index]))
    }
    if places.count <= PanelLayout.mostMarks {
      let mark = Mark(points.color)
      svg.path(
        places.map { mark.path(at: $0.x, $0.y, size: 3.2) }.joined(),
        fillAttributes(points.color, opacity: places.count > 40 ? "0.7" : nil))
    } else {
      // A line of zero length has round ends, so a dot takes eight characters.
      let dots = places.map { "M\(coordinate($0.x)) \(coordinate($0.y))h0" }.joined()
      svg.path(
        dots,
        strokeAttributes(Style(points.color, width: 2.6)) + [
          ("stroke-linecap", "round"), ("stroke-opacity", "0.8"),
        ])
    }
    drawLabels(places, into: &svg)
  }

  /// Puts each label to the right of its point, or where there is room, to the left, above or
  /// below.
  private func drawLabels(
    _ places: [(x: Double, y: Double, label: String)], into svg: inout SVGWriter
  ) {
    var taken = places.map { (left: $0.x - 4, top: $0.y - 4, right: $0.x + 4, bottom: $0.y + 4) }
    for place in places where !place.label.isEmpty {
      let width = textWidth(place.label, size: Theme.small)
      let corners =
        [(6, 4), (-6 - width, 4), (-width / 2, -7), (-width / 2, 15)] as [(Double, Double)]
      let boxes = corners.map { corner in
        let left = place.x + corner.0, base = place.y + corner.1
        return (left: left, top: base - 8, right: left + width, bottom: base + 2)
      }
      let free = boxes.first { box in
        box.left >= 0 && box.right <= plotWidth && box.top >= 0 && box.bottom <= plotHeight
          && taken.allSatisfy {
            box.right <= $0.left || box.left >= $0.right || box.bottom <= $0.top
              || box.top >= $0.bottom
          }
      }
      guard let box = free ?? boxes.first else { continue }
      taken.append(box)
      svg.label(
        place.label, x: box.left, y: box.bottom - 2,
        [
          ("font-size", coordinate(Theme.small))
        ])
    }
  }

  func draw(_ bars: Bars, into svg: inout SVGWriter) {
    guard let zero = x.place(max(0, xRange.lowerBound)) else { return }
    let room = plotHeight / Double(max(panel.y.names?.count ?? 1, 1)), height = min(0.7 * room, 18)
    for (index, (row, value)) in zip(bars.rows, bars.values).enumerated() {
      guard let end = x.place(value) else { continue }
      let middle = rowMiddle(row)
      svg.element(
        "rect",
        [
          ("x", coordinate(min(zero, end))), ("y", coordinate(middle - height / 2)),
          ("width", coordinate(abs(end - zero))), ("height", coordinate(height)),
        ] + fillAttributes(bars.color))
      if !bars.labels.isEmpty, !bars.labels[index].isEmpty {
        svg.label(
          bars.labels[index], x: max(zero, end) + 5, y: middle + 3.6,
          [
            ("font-size", coordinate(Theme.small))
          ])
      }
    }
  }
}
