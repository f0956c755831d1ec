extension PanelLayout {
  /// Draws a layer; the origin is the upper left corner of the plotted area.
  func draw(_ layer: Layer, into svg: inout SVGWriter) {
    switch layer {
    case .line(let line): draw(line, into: &svg)
    case .band(let band): draw(band, into: &svg)
    case .points(let points): draw(points, into: &svg)
    case .histogram(let histogram): draw(histogram, into: &svg)
    case .density(let grid): draw(grid, into: &svg)
    case .bars(let bars): draw(bars, into: &svg)
    case .rule(let rule): draw(rule, into: &svg)
    }
  }

  /// The place of a pair of values, from the upper left corner; nil if a value has no place.
  private func point(_ px: Double, _ py: Double) -> (x: Double, y: Double)? {
    guard let across = x.place(px), let up = y.place(py) else { return nil }
    return (across, plotHeight - up)
  }

  /// The pixel column of a place, which may be far outside.
  private func column(_ x: Double) -> Int { Int(min(max(x, -1e6), 1e6).rounded()) }

  /// Draws a line with gaps at points that have no place; a single point between two gaps is a dot.
  private func draw(_ line: Line, into svg: inout SVGWriter) {
    var path = "", dots = "", run: [(x: Double, y: Double)] = []
    func end() {
      if run.count > 1 { path += commands(run) }
      if run.count == 1 {
        dots += Mark(line.style.color ?? 0).path(at: run[0].x, run[0].y, size: 3)
      }
      run = []
    }
    for (px, py) in zip(line.x, line.y) {
      if let point = point(px, py) { run.append(point) } else { end() }
    }
    end()
    svg.path(path, strokeAttributes(line.style))
    svg.path(dots, fillAttributes(line.style.color, opacity: line.style.isFaint ? "0.25" : nil))
  }

  /// The path of a line without gaps; points that cannot be seen are left out.
  private func commands(_ points: [(x: Double, y: Double)]) -> String {
    let columns = points.map { column($0.x) }
    let isAscending = zip(columns, columns.dropFirst()).allSatisfy { $0 <= $1 }
    let kept =
      isAscending && Double(points.count) > 4 * plotWidth
      ? thinned(columns: columns, points.map(\.y)) : Array(points.indices)
    let texts = kept.map { "\(coordinate(points[$0].x)) \(coordinate(points[$0].y))" }
    return "M" + texts.joined(separator: "L")
  }

  private func draw(_ band: Band, into svg: inout SVGWriter) {
    // The path follows the upper edge and returns along the lower one, through points where both
    // have a place.
    var points: [(x: Double, low: Double, high: Double)] = []
    for (place, (lower, upper)) in zip(band.x, zip(band.lower, band.upper)) {
      guard let high = point(place, upper) else { continue }
      points.append((high.x, point(place, lower)?.y ?? plotHeight, high.y))
    }
    if points.isEmpty { return }
    let columns = points.map { column($0.x) }
    let crowded = Double(points.count) > 4 * plotWidth
    func kept(_ y: [Double]) -> [Int] {
      crowded ? thinned(columns: columns, y) : Array(y.indices)
    }
    let forth = kept(points.map(\.high)).map {
      "\(coordinate(points[$0].x)) \(coordinate(points[$0].high))"
    }
    let back = kept(points.map(\.low)).reversed().map {
      "\(coordinate(points[$0].x)) \(coordinate(points[$0].low))"
    }
    svg.path(
      "M" + (forth + back).joined(separator: "L") + "z",
      fillAttributes(band.color, opacity: "0.25"))
  }

  private func draw(_ histogram: Histogram, into svg: inout SVGWriter) {
    var outline = "", area = "", isUp = false
    for (bin, height) in (histogram.heights + [0]).enumerated() {
      guard let place = x.place(histogram.edge(bin)) else { continue }
      let top = max(height > 0 ? y.place(height) ?? 0 : 0, 0)
      let corner = "\(coordinate(place)) \(coordinate(plotHeight - top))"
      if bin == 0 { outline = "M\(coordinate(place)) \(coordinate(plotHeight))" }
      outline +=
        bin == 0 || !isUp ? "L\(corner)" : "H\(coordinate(place))V\(coordinate(plotHeight - top))"
      isUp = true
    }
    if histogram.isFilled {
      area = outline + "z"
      svg.path(area, fillAttributes(histogram.style.color, opacity: "0.15"))
    }
    svg.path(outline, strokeAttributes(histogram.style))
  }

  private func draw(_ grid: DensityGrid, into svg: inout SVGWriter) {
    guard let left = x.place(grid.x.lowerBound), let right = x.place(grid.x.upperBound),
      let low = y.place(grid.y.lowerBound), let high = y.place(grid.y.upperBound)
    else { return }
    let width = (right - left) / Double(grid.columns), height = (high - low) / Double(grid.rows)
    // Coordinates count cells, and adjacent cells of one shade form one piece.
    var paths = Array(repeating: "", count: Theme.shades.count)
    for row in 0..<grid.rows {
      let cells = grid.counts[row * grid.columns..<(row + 1) * grid.columns].map {
        $0 > 0 ? grid.shade($0) : -1
      }
      var start = 0
      while start < cells.count {
        var end = start
        while end < cells.count, cells[end] == cells[start] { end += 1 }
        if cells[start] >= 0 {
          paths[cells[start]] += "M\(start) \(row)h\(end - start)v1h-\(end - start)z"
        }
        start = end
      }
    }
    let place = "translate(\(coordinate(left)) \(coordinate(plotHeight - low)))"
    let transform = "\(place) scale(\(fixed(width, 6)) \(fixed(-height, 6).replacingMinus))"
    svg.group("g", [("transform", transform), ("shape-rendering", "crispEdges")]) { svg in
      for (shade, path) in paths.enumerated() {
        svg.path(path, [("class", "d\(shade)"), ("fill", Theme.shades[shade])])
      }
    }
  }

  private func draw(_ rule: Rule, into svg: inout SVGWriter) {
    var path = ""
    switch rule.place {
    case .x(let value):
      if let place = x.place(value) { path = "M\(coordinate(place)) 0v\(coordinate(plotHeight))" }
    case .y(let value):
      if let place = y.place(value) {
        path = "M0 \(coordinate(plotHeight - place))h\(coordinate(plotWidth))"
      }
    case .diagonal:
      let low = max(xRange.lowerBound, yRange.lowerBound)
      let high = min(xRange.upperBound, yRange.upperBound)
      if low < high { path = commands([low, high].compactMap { point($0, $0) }) }
    }
    svg.path(path, strokeAttributes(rule.style))
  }
}

extension String {
  /// The text with the ASCII minus sign, for programs.
  fileprivate var replacingMinus: String { hasPrefix("−") ? "-" + dropFirst() : self }
}
