import Measurement

/// The products of one dense layer over some rows, as a training step asks for them.
struct ProductShape {
  /// Which of the three products; a training step has two of the first, two of the second and one
  /// of the third.
  enum Kind: String, CaseIterable {
    /// `X W`, also `XDot W`.
    case forward
    /// `ZBar Wᵀ`, also `ZBarDot Wᵀ`.
    case pullBack = "pull-back"
    /// `WBar += Xᵀ ZBarDot + XDotᵀ ZBar`, one product over twice the rows.
    case gradient

    /// How often it is in a training step.
    var callsPerStep: Double { self == .gradient ? 1 : 2 }
  }

  let kind: Kind, rows: Int, inputs: Int, outputs: Int

  /// The fitting net's layers in water's model: the last, one output wide, is too small to count.
  static let layers = [(inputs: 1600, outputs: 240), (inputs: 240, outputs: 240)]
  /// How many layers of each of those shapes there are.
  static let layerCounts = [1.0, 2.0]

  /// Layers of models that pass messages: one whose weights are rows of 256 or 512 bytes, and a
  /// narrow one about angles.
  static let message = [(128, 64), (32, 32)].flatMap { inputs, outputs in
    Kind.allCases.map { ProductShape(kind: $0, rows: 512, inputs: inputs, outputs: outputs) }
  }

  /// The shapes over so many rows.
  static func all(rows: Int) -> [ProductShape] {
    layers.flatMap { layer in
      Kind.allCases.map {
        ProductShape(kind: $0, rows: rows, inputs: layer.inputs, outputs: layer.outputs)
      }
    }
  }

  var name: String { "\(inputs) × \(outputs) \(kind.rawValue), \(rows) rows" }

  /// How often it is in a training step of the fitting net.
  var callsPerStep: Double {
    kind.callsPerStep
      * zip(Self.layers, Self.layerCounts).reduce(0) { $0 + ($1.0.inputs == inputs ? $1.1 : 0) }
  }

  func work(size: Int) -> Work {
    switch kind {
    case .forward: .product(rows: rows, columns: outputs, inner: inputs, size: size)
    case .pullBack: .product(rows: rows, columns: inputs, inner: outputs, size: size)
    case .gradient: .product(rows: inputs, columns: outputs, inner: 2 * rows, size: size)
    }
  }
}
