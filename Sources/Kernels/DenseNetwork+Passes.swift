extension DenseNetwork {
  /// Computes output rows from the tape's input rows, on the tape or at `output`,
  /// `[rows][outputs]` from the tape's row 0 on; `forTraining` also stores the numbers that
  /// `backwardTangent` needs.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func forward<Scalar: NetworkScalar>(
    _ parameters: UnsafePointer<Scalar>, on tape: NetworkTape<Scalar>, rows: Range<Int>,
    forTraining: Bool, into output: UnsafeMutablePointer<Scalar>? = nil
  ) {
    for (l, layer) in layers.enumerated() {
      let output = l == layers.count - 1 ? output : nil
      layer.forward(
        parameters, tape.stages[l].base, tape.layers[l], into: output ?? tape.stages[l + 1].base,
        rows: rows, forTraining: forTraining)
    }
  }

  /// Computes the input adjoints from the output adjoints.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func backward<Scalar: NetworkScalar>(
    _ parameters: UnsafePointer<Scalar>, on tape: NetworkTape<Scalar>, rows: Range<Int>
  ) {
    for (l, layer) in layers.enumerated().reversed() {
      layer.backward(
        parameters, tape.adjoint(of: l + 1), tape.layers[l], into: tape.adjoint(of: l), rows: rows,
        of: tape.rows)
    }
  }

  /// Computes the output tangents from the input tangents, on the tape or at `output` as
  /// above; `forTraining` also stores the numbers that `backwardTangent` needs.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func tangent<Scalar: NetworkScalar>(
    _ parameters: UnsafePointer<Scalar>, on tape: NetworkTape<Scalar>, rows: Range<Int>,
    forTraining: Bool, into output: UnsafeMutablePointer<Scalar>? = nil
  ) {
    for (l, layer) in layers.enumerated() {
      let n = tape.rows, output = l == layers.count - 1 ? output : nil
      layer.tangent(
        parameters, tape.stages[l].base + n * layer.inputs, tape.layers[l],
        into: output ?? tape.stages[l + 1].base + n * layer.outputs, rows: rows,
        forTraining: forTraining)
    }
  }

  /// Computes the tangents of the input adjoints, and of all adjoints between, which `addGradient`
  /// needs.
  ///
  /// `forward` for training, `backward` and `tangent` must have run on the same rows.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func backwardTangent<Scalar: NetworkScalar>(
    _ parameters: UnsafePointer<Scalar>, on tape: NetworkTape<Scalar>, rows: Range<Int>
  ) {
    for (l, layer) in layers.enumerated().reversed() {
      layer.backwardTangent(
        parameters, tape.adjoint(of: l + 1), tape.adjointTangent(of: l + 1), tape.layers[l],
        into: tape.adjointTangent(of: l), rows: rows)
    }
  }

  /// Adds the parameters' gradient over all rows of the tape, or one piece of it, or replaces the
  /// gradient by it.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func addGradient<Scalar: NetworkScalar>(
    on tape: NetworkTape<Scalar>, piece: GradientPiece? = nil,
    to gradient: UnsafeMutablePointer<Scalar>, replacing: Bool = false
  ) {
    for piece in piece.map({ [$0] }) ?? gradientPieces {
      let stage = tape.stages[piece.layer].base, layer = layers[piece.layer]
      layer.addWeightGradient(
        stage, tape.layers[piece.layer], inputs: piece.inputs, rows: tape.rows, to: gradient,
        replacing: replacing)
      if piece.inputs.lowerBound == 0 {
        layer.addVectorGradients(
          tape.adjoint(of: piece.layer + 1), tape.adjointTangent(of: piece.layer + 1),
          tape.layers[piece.layer], rows: tape.rows, to: gradient, replacing: replacing)
      }
    }
  }

  /// The pieces of the gradient for several threads; each number of it is in one piece.
  public var gradientPieces: [GradientPiece] {
    layers.indices.flatMap { layer in
      let inputs = layers[layer].inputs
      return stride(from: 0, to: inputs, by: 200).map {
        GradientPiece(layer: layer, inputs: $0..<min($0 + 200, inputs))
      }
    }
  }
}

/// Some rows of one layer's weight gradient; the first piece of a layer also has its biases and
/// timesteps.
public struct GradientPiece: Sendable {
  let layer: Int
  let inputs: Range<Int>
}
