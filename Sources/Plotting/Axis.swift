/// The quantity, the scale and the range of an axis.
public struct Axis: Sendable, Equatable {
  /// The quantity.
  public var title: String
  /// Its unit, "eV/Å"; empty for a pure number.
  public var unit: String
  /// The map from values to places.
  public var scale: ScaleKind
  /// The range of values; nil shows all values.
  public var range: ClosedRange<Double>?
  /// Whether zero is always shown, and no value below it.
  public var startsAtZero: Bool
  /// Names in place of numbers: the middle of name `k` is at `k`; on a vertical axis they run
  /// downward.
  public var names: [String]?

  /// Makes an axis of numbers.
  public init(
    _ title: String, unit: String = "", scale: ScaleKind = .linear,
    range: ClosedRange<Double>? = nil, startsAtZero: Bool = false
  ) {
    precondition(range.map { scale == .linear || $0.lowerBound > 0 } ?? true)
    self.title = title
    self.unit = unit
    self.scale = scale
    self.range = range
    self.startsAtZero = startsAtZero
  }

  /// Makes an axis of names.
  public init(names: [String]) {
    self.init("", range: -0.5...max(Double(names.count), 1) - 0.5)
    self.names = names
  }
}

extension Axis: Encodable {
  private enum Key: String, CodingKey { case title, unit, scale, names }

  /// Encodes the properties of the axis.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(title, forKey: .title)
    try container.encode(unit, forKey: .unit)
    try container.encode(scale, forKey: .scale)
    try container.encodeIfPresent(names, forKey: .names)
  }
}

extension Axis {
  /// The text at the axis, with the unit; `exponent` is the power of ten that the labels leave out.
  func text(exponent: Int) -> String {
    let unit = Axis.unit(unit, exponent)
    if title.isEmpty { return unit }
    return unit.isEmpty ? title : "\(title) (\(unit))"
  }

  /// A unit times a power of ten, with a prefix if there is one for this power.
  private static func unit(_ unit: String, _ exponent: Int) -> String {
    if exponent == 0 { return unit }
    let prefixes = [-12: "p", -9: "n", -6: "µ", -3: "m", 3: "k", 6: "M", 9: "G", 12: "T"]
    if let prefix = prefixes[exponent], unit.hasPrefix("eV") || unit == "s" { return prefix + unit }
    let digits = [
      "0": "⁰", "1": "¹", "2": "²", "3": "³", "4": "⁴", "5": "⁵", "6": "⁶", "7": "⁷",
      "8": "⁸", "9": "⁹", "-": "⁻",
    ]
    let factor = "10" + "\(exponent)".compactMap { digits[String($0)] }.joined()
    return unit.isEmpty ? "× \(factor)" : "\(factor) \(unit)"
  }
}
