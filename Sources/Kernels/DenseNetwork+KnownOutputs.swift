extension DenseNetwork {
  /// Adds the parameters' gradient of `Σ (yBarDot · y + yBar · yDot)` over all rows of the tape,
  /// whose outputs and output tangents, `[rows][outputs]` each, are known from earlier passes.
  ///
  /// The tape has the inputs, their tangents and the adjoints of the outputs.  This is the four
  /// passes and `addGradient` in fewer steps: one product pulls both adjoints back, nothing
  /// computes the adjoints of the inputs, and the outputs spare a last layer of tanh its products.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func addGradient<Scalar: NetworkScalar>(
    _ parameters: UnsafePointer<Scalar>, on tape: NetworkTape<Scalar>,
    outputs y: UnsafePointer<Scalar>, tangents yDot: UnsafePointer<Scalar>,
    to gradient: UnsafeMutablePointer<Scalar>
  ) {
    let n = tape.rows, end = layers.count - 1
    for (l, layer) in layers.enumerated() where l < end || !layer.followsFromOutputs {
      let (x, y) = (tape.stages[l].base, tape.stages[l + 1].base)
      layer.forward(parameters, x, tape.layers[l], into: y, rows: 0..<n, forTraining: true)
      layer.tangent(
        parameters, x + n * layer.inputs, tape.layers[l], into: y + n * layer.outputs,
        rows: 0..<n, forTraining: true)
    }
    for (l, layer) in layers.enumerated().reversed() {
      let yAdjoints = tape.adjointTangent(of: l + 1)
      if l == end && layer.followsFromOutputs {
        layer.backwardWithTangent(tape.stages[l].base, y, yDot, yAdjoints, tape.layers[l], rows: n)
      } else {
        layer.backwardWithTangent(parameters, yAdjoints, tape.layers[l], rows: n)
      }
      guard l > 0 else { break }
      layer.pullBack(
        tape.layers[l].zAdjoints.base, yAdjoints, parameters, into: tape.adjointTangent(of: l),
        rows: 0..<2 * n)
    }
    addGradient(on: tape, to: gradient)
  }
}

extension DenseLayer {
  /// Whether slopes and curvatures follow from the layer's inputs and outputs without a product.
  fileprivate var followsFromOutputs: Bool { activation == .tanh && timesteps == nil }

  /// `zBar = c ⊙ f' ⊙ yBar`, `zBarDot = c ⊙ (f' ⊙ yBarDot + f'' ⊙ zDot ⊙ yBar)`, where the adjoints
  /// of `n` rows are `yBarDot`, then `yBar`, and `zBarDot`, then `zBar`.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  fileprivate func backwardWithTangent<Scalar: NetworkScalar>(
    _ p: UnsafePointer<Scalar>, _ yAdjoints: UnsafePointer<Scalar>, _ tape: LayerTape<Scalar>,
    rows n: Int
  ) {
    let count = n * outputs, yBarDot = yAdjoints, yBar = yAdjoints + count
    let zBarDot = tape.zAdjoints.base, zBar = zBarDot + count, zDot = tape.zDot.base
    let slope = tape.slope.base, curvature = tape.curvature.base
    for k in 0..<count {
      zBar[k] = slope[k] * yBar[k]
      zBarDot[k] = slope[k] * yBarDot[k] + curvature[k] * zDot[k] * yBar[k]
    }
    scale(zBarDot, by: p, into: zBarDot, rows: 2 * n)
  }

  /// The same of a layer of tanh: with `t = y - shortcut(x)` it is `f' = 1 - t²` and
  /// `f'' zDot = -2 t (yDot - shortcut(xDot))`; `x` are `n` rows, then their tangents.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  fileprivate func backwardWithTangent<Scalar: NetworkScalar>(
    _ x: UnsafePointer<Scalar>, _ y: UnsafePointer<Scalar>, _ yDot: UnsafePointer<Scalar>,
    _ yAdjoints: UnsafePointer<Scalar>, _ tape: LayerTape<Scalar>, rows n: Int
  ) {
    typealias V = Scalar.WideVector
    let count = n * outputs, yBarDot = yAdjoints, yBar = yAdjoints + count
    let zBarDot = tape.zAdjoints.base, zBar = zBarDot + count, xDot = x + n * inputs
    let parts = max(shortcutCopies, 1), width = outputs / parts
    let hasShortcut = shortcutCopies > 0
    for row in 0..<n {
      for part in 0..<parts {
        let first = row * outputs + part * width, x = x + row * inputs, xDot = xDot + row * inputs
        var o = 0
        while o + V.scalarCount <= width {
          let k = first + o
          let t = hasShortcut ? get(y + k) - get(x + o) : get(y + k) as V
          let tDot = hasShortcut ? get(yDot + k) - get(xDot + o) : get(yDot + k) as V
          let slope = V.one.addingProduct(-t, t), bar = get(yBar + k) as V
          put(slope * bar, zBar + k)
          put((slope * get(yBarDot + k)).addingProduct(-2 * t * tDot, bar), zBarDot + k)
          o += V.scalarCount
        }
        while o < width {
          let k = first + o
          let t = hasShortcut ? y[k] - x[o] : y[k]
          let tDot = hasShortcut ? yDot[k] - xDot[o] : yDot[k]
          let slope = (1 as Scalar).addingProduct(-t, t)
          zBar[k] = slope * yBar[k]
          zBarDot[k] = (slope * yBarDot[k]).addingProduct(-2 * t * tDot, yBar[k])
          o += 1
        }
      }
    }
  }
}
