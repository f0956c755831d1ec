import Diagnostics

/// The names of a panel's layers, in rows above its plotted area.
struct Legend {
  /// A name and the style of its layer.
  struct Entry {
    let layer: Layer
    let name: String
    let width: Double
  }

  let rows: [[Entry]]

  static let rowHeight = 17.0, swatch = 22.0, gap = 14.0

  /// Lays out the names of `layers` in rows of `width` pixels.
  init(_ layers: [Layer], width: Double) {
    var rows: [[Entry]] = [], used = 0.0, names: Set<String> = []
    for layer in layers {
      guard let label = Legend.label(layer), names.insert(label).inserted else { continue }
      let swatch = Legend.swatchWidth(layer) + 6
      let name = fitted(label, width: max(width - swatch, 20), size: Theme.text)
      let entry = Entry(
        layer: layer, name: name, width: swatch + textWidth(name, size: Theme.text))
      if rows.isEmpty || used + Legend.gap + entry.width > width {
        rows.append([])
        used = -Legend.gap
      }
      rows[rows.count - 1].append(entry)
      used += Legend.gap + entry.width
    }
    self.rows = rows
  }

  var height: Double { Double(rows.count) * Legend.rowHeight }

  private static func label(_ layer: Layer) -> String? {
    if case .density(let grid) = layer {
      return grid.largest > 1 ? "1–\(grouped(grid.largest)) per cell" : nil
    }
    if case .line(let line) = layer, line.style.isFaint { return nil }
    return layer.name.isEmpty ? nil : layer.name
  }

  private static func swatchWidth(_ layer: Layer) -> Double {
    switch layer {
    case .density: 8 * Double(Theme.shades.count)
    case .points, .bars: 10
    default: swatch
    }
  }

  /// Draws the legend with its upper left corner at (`x`, `y`).
  func draw(x: Double, y: Double, into svg: inout SVGWriter) {
    for (row, entries) in rows.enumerated() {
      var left = x
      let middle = y + (Double(row) + 0.5) * Legend.rowHeight
      for entry in entries {
        Legend.drawSwatch(entry.layer, x: left, middle: middle, into: &svg)
        let text = left + Legend.swatchWidth(entry.layer) + 6
        svg.label(entry.name, x: text, y: middle + 4)
        left += entry.width + Legend.gap
      }
    }
  }

  private static func drawSwatch(
    _ layer: Layer, x: Double, middle: Double, into svg: inout SVGWriter
  ) {
    let line = "M\(coordinate(x)) \(coordinate(middle))h\(coordinate(swatch))"
    func box(_ x: Double, _ width: Double) -> [(String, String)] {
      [
        ("x", coordinate(x)), ("y", coordinate(middle - 4.5)), ("width", coordinate(width)),
        ("height", "9"),
      ]
    }
    switch layer {
    case .line(let drawn): svg.path(line, strokeAttributes(drawn.style))
    case .rule(let drawn): svg.path(line, strokeAttributes(drawn.style))
    case .band(let band):
      svg.element("rect", box(x, swatch) + fillAttributes(band.color, opacity: "0.25"))
    case .histogram(let drawn):
      if drawn.isFilled {
        svg.element(
          "rect", box(x, swatch) + fillAttributes(drawn.style.color, opacity: "0.15"))
      }
      let top = "M\(coordinate(x)) \(coordinate(middle - 4.5))h\(coordinate(swatch))"
      svg.path(drawn.isFilled ? top : line, strokeAttributes(drawn.style))
    case .points(let points):
      svg.path(
        Mark(points.color).path(at: x + 5, middle, size: 4), fillAttributes(points.color))
    case .bars(let bars): svg.element("rect", box(x, 10) + fillAttributes(bars.color))
    case .density:
      for (shade, color) in Theme.shades.enumerated() {
        svg.element(
          "rect", box(x + 8 * Double(shade), 8) + [("class", "d\(shade)"), ("fill", color)])
      }
    }
  }
}

/// The shape of a point; each color has its own.
struct Mark {
  private let corners: [SIMD2<Double>]

  /// The shape for a color of the palette.
  init(_ color: Int) {
    switch color % 6 {
    case 1: corners = [[-0.9, -0.9], [0.9, -0.9], [0.9, 0.9], [-0.9, 0.9]]
    case 2: corners = [[0, -1.2], [1.1, 0.8], [-1.1, 0.8]]
    case 3: corners = [[0, -1.3], [1.3, 0], [0, 1.3], [-1.3, 0]]
    case 4: corners = [[-1.1, -0.8], [1.1, -0.8], [0, 1.2]]
    case 5:
      let (a, b) = (0.4, 1.2)
      corners = [
        [-a, -b], [a, -b], [a, -a], [b, -a], [b, a], [a, a], [a, b], [-a, b], [-a, a], [-b, a],
        [-b, -a], [-a, -a],
      ]
    default: corners = []
    }
  }

  /// The outline around (`x`, `y`), about `size` pixels from it.
  func path(at x: Double, _ y: Double, size: Double) -> String {
    if corners.isEmpty {
      let r = coordinate(size), d = coordinate(2 * size)
      return "M\(coordinate(x - size)) \(coordinate(y))"
        + "a\(r) \(r) 0 1 1 \(d) 0a\(r) \(r) 0 1 1 -\(d) 0z"
    }
    let points = corners.map { "\(coordinate(x + $0.x * size)) \(coordinate(y + $0.y * size))" }
    return "M" + points.joined(separator: "L") + "z"
  }
}
