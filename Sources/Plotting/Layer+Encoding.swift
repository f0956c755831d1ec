extension Layer: Encodable {
  private enum Key: String, CodingKey { case kind }

  /// Encodes the members of the layer, and its case as `kind`.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    switch self {
    case .line(let line): try encode(line, "line", &container, encoder)
    case .band(let band): try encode(band, "band", &container, encoder)
    case .points(let points): try encode(points, "points", &container, encoder)
    case .histogram(let histogram): try encode(histogram, "histogram", &container, encoder)
    case .density(let grid): try encode(grid, "density", &container, encoder)
    case .bars(let bars): try encode(bars, "bars", &container, encoder)
    case .rule(let rule): try encode(rule, "rule", &container, encoder)
    }
  }

  private func encode(
    _ layer: some Encodable, _ kind: String, _ container: inout KeyedEncodingContainer<Key>,
    _ encoder: any Encoder
  ) throws {
    try container.encode(kind, forKey: .kind)
    try layer.encode(to: encoder)
  }
}
