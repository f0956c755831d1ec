extension DenseNetwork {
  /// Computes the output rows from the tape's input rows; `forTraining` keeps what `backwardTangent` needs.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func forward<Scalar: NetworkScalar>(
    _ parameters: UnsafePointer<Scalar>, on tape: NetworkTape<Scalar>, forTraining: Bool = false
  ) {
    for (l, layer) in layers.enumerated() {
      layer.forward(
        parameters, tape.stages[l].base, tape.layers[l], into: tape.stages[l + 1].base,
        rows: tape.rows, forTraining: forTraining)
    }
  }

  /// Computes the input adjoints from the output adjoints.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func backward<Scalar: NetworkScalar>(
    _ parameters: UnsafePointer<Scalar>, on tape: NetworkTape<Scalar>
  ) {
    for (l, layer) in layers.enumerated().reversed() {
      let xBar = l == 0 ? tape.inputBar : tape.layers[l - 1].yBar
      layer.backward(parameters, tape.layers[l], into: xBar.base, rows: tape.rows)
    }
  }

  /// Computes the output tangents from the input tangents.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func tangent<Scalar: NetworkScalar>(
    _ parameters: UnsafePointer<Scalar>, on tape: NetworkTape<Scalar>
  ) {
    for (l, layer) in layers.enumerated() {
      let n = tape.rows
      layer.tangent(
        parameters, tape.stages[l].base + n * layer.inputs, tape.layers[l],
        into: tape.stages[l + 1].base + n * layer.outputs, rows: n)
    }
  }

  /// Computes the tangents of the input adjoints and adds the parameters' gradient.
  ///
  /// Needs `forward` for training, `backward` and `tangent` on the same tape before it.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func backwardTangent<Scalar: NetworkScalar>(
    _ parameters: UnsafePointer<Scalar>, on tape: NetworkTape<Scalar>,
    addingTo gradient: UnsafeMutablePointer<Scalar>
  ) {
    for (l, layer) in layers.enumerated().reversed() {
      let xBarDot = l == 0 ? tape.inputBarDot : tape.layers[l - 1].yBarDot
      layer.backwardTangent(
        parameters, tape.stages[l].base, tape.layers[l], into: xBarDot.base, addingTo: gradient,
        rows: tape.rows)
    }
  }
}
