import Atoms
import DeepPotential

/// The value of a measure at a residual, and its slope.
private typealias Measured = (value: Double, slope: Double)

/// `r²`, `|r|`, or Huber's `r²/2` up to `delta` and `delta (|r| - delta/2)` beyond it.
private func measure(
  _ r: Double, _ kind: EnergyLossOptions.Measure, delta: Double = 0
) -> Measured {
  switch kind {
  case .squared: return (r * r, 2 * r)
  case .absolute: return (abs(r), r == 0 ? 0 : r.sign == .minus ? -1 : 1)
  case .huber:
    if abs(r) <= delta { return (r * r / 2, r) }
    return (delta * (abs(r) - delta / 2), r < 0 ? -delta : delta)
  }
}

extension EnergyLoss {
  /// The residuals up to which Huber's measure is quadratic; the other measures do not use them.
  private var deltas: (energy: Double, force: Double, virial: Double) {
    if case .huber(let energy, let force, let virial) = options.measure {
      return (energy, force, virial)
    }
    return (0, 0, 0)
  }

  /// Adds to `adjoint` the derivatives of `weight` times the contribution of one frame to `term`;
  /// gives this contribution without the weight.
  func add(
    _ term: EnergyLossTerm, _ batch: LabeledCount, _ weight: Double, _ prediction: Prediction,
    _ frame: LabeledFrame, _ adjoint: inout PredictionAdjoint
  ) -> TermSum {
    switch term {
    case .energy: addEnergy(batch, weight, prediction, frame, &adjoint)
    case .force: addForce(batch, weight, prediction, frame, &adjoint)
    case .virial: addVirial(batch, weight, prediction, frame, &adjoint)
    case .atomEnergy: addAtomEnergy(batch, weight, prediction, frame, &adjoint)
    case .weightedForce: addWeightedForce(batch, weight, prediction, frame, &adjoint)
    case .generalizedForce: addGeneralizedForce(batch, weight, prediction, frame, &adjoint)
    }
  }

  /// `mean_f dE²/N`, `mean_f |dE|/N` or `mean_f h(dE/N)`; displayed: `mean_f dE²/N²` or
  /// `mean_f |dE|/N`.
  private func addEnergy(
    _ batch: LabeledCount, _ weight: Double, _ prediction: Prediction, _ frame: LabeledFrame,
    _ adjoint: inout PredictionAdjoint
  ) -> TermSum {
    guard let label = frame.labels.energy else { return TermSum() }
    let coefficients =
      options.usesAtomEnergyCoefficients ? frame.labels.atomEnergyCoefficients : nil
    let energy =
      coefficients.map { zip($0, prediction.atomValues).reduce(0) { $0 + $1.0 * $1.1 } }
      ?? prediction.energy
    let (part, slopes) = extensive(
      [energy - label], atoms: frame.frame.realAtomCount, delta: deltas.energy, batch)
    let slope = weight * slopes[0]
    if let coefficients {
      for (i, c) in coefficients.enumerated() { adjoint.atomValues[i] += slope * c }
    } else {
      adjoint.addFrameSlopes([slope], of: .energy, types: frame.frame.types)
    }
    return part
  }

  /// The same formula for the virial, as a mean over its nine components.
  private func addVirial(
    _ batch: LabeledCount, _ weight: Double, _ prediction: Prediction, _ frame: LabeledFrame,
    _ adjoint: inout PredictionAdjoint
  ) -> TermSum {
    guard let label = frame.labels.virial else { return TermSum() }
    let residuals = zip(prediction.virial.rows, label.rows).map { $0 - $1 }
    let (part, slopes) = extensive(
      residuals, atoms: frame.frame.realAtomCount, delta: deltas.virial, batch)
    adjoint.virial = adjoint.virial + Matrix3(rows: slopes.map { weight * $0 })
    return part
  }

  /// The mean, over the frames of the batch and the components, of the measure of quantities that
  /// grow with N; and its slopes.
  private func extensive(
    _ residuals: [Double], atoms: Int, delta: Double, _ batch: LabeledCount
  ) -> (part: TermSum, slopes: [Double]) {
    let n = Double(atoms), mean = 1 / Double(batch.frames * residuals.count)
    var part = TermSum()
    var slopes: [Double] = []
    for residual in residuals {
      if options.measure == .squared {
        let (value, slope) = measure(residual, .squared)
        let scale = mean / (options.isIntensive ? n * n : n)
        part.loss += scale * value
        slopes.append(scale * slope)
      } else {
        let (value, slope) = measure(residual / n, options.measure, delta: delta)
        part.loss += mean * value
        slopes.append(mean * slope / n)
      }
      let shown = residual / n
      part.display += mean * (options.measure == .absolute ? abs(shown) : shown * shown)
    }
    return (part, slopes)
  }

  /// The mean over real atoms of the measure of `E_i - label_i`.
  private func addAtomEnergy(
    _ batch: LabeledCount, _ weight: Double, _ prediction: Prediction, _ frame: LabeledFrame,
    _ adjoint: inout PredictionAdjoint
  ) -> TermSum {
    guard let labels = frame.labels.atomEnergies else { return TermSum() }
    let mean = 1 / Double(batch.atoms)
    var part = TermSum()
    for i in labels.indices where frame.frame.types[i] >= 0 {
      let residual = prediction.atomValues[i] - labels[i]
      let (value, slope) = measure(residual, options.measure, delta: deltas.energy)
      part.loss += mean * value
      part.display += mean * (options.measure == .absolute ? value : residual * residual)
      adjoint.atomValues[i] += weight * mean * slope
    }
    return part
  }
}

extension EnergyLoss {
  /// The mean over real atoms, and components, of the measure of the force residual or of its
  /// length.
  private func addForce(
    _ batch: LabeledCount, _ weight: Double, _ prediction: Prediction, _ frame: LabeledFrame,
    _ adjoint: inout PredictionAdjoint
  ) -> TermSum {
    guard let labels = frame.labels.forces else { return TermSum() }
    let usesNorm = options.usesForceNorm
    let mean = 1 / Double(batch.atoms * (usesNorm ? 1 : 3))
    var part = TermSum()
    for i in labels.indices where frame.frame.types[i] >= 0 {
      let scale = forceScale(labels[i])
      let residual = (prediction.forces[i] - labels[i]) * scale
      if usesNorm {
        let length = norm(residual)
        let (value, slope) = measure(length, options.measure, delta: deltas.force)
        part.loss += mean * value
        part.display += options.measure == .absolute ? mean * value : mean * length * length / 3
        if length > 0 { adjoint.forces[i] += residual * (weight * mean * slope * scale / length) }
      } else {
        for c in 0..<3 {
          let (value, slope) = measure(residual[c], options.measure, delta: deltas.force)
          part.loss += mean * value
          part.display += mean * (options.measure == .absolute ? value : residual[c] * residual[c])
          adjoint.forces[i][c] += weight * mean * slope * scale
        }
      }
    }
    return part
  }

  /// The mean over real atoms and components of `w_i dF²`, or of `w_i |dF|`.
  private func addWeightedForce(
    _ batch: LabeledCount, _ weight: Double, _ prediction: Prediction, _ frame: LabeledFrame,
    _ adjoint: inout PredictionAdjoint
  ) -> TermSum {
    guard let labels = frame.labels.forces else { return TermSum() }
    let kind = options.measure == .absolute ? options.measure : .squared
    let weights = frame.labels.forceWeights
    var part = TermSum()
    for i in labels.indices where frame.frame.types[i] >= 0 {
      let scale = forceScale(labels[i])
      let mean = (weights?[i] ?? 1) / Double(3 * batch.atoms)
      let residual = (prediction.forces[i] - labels[i]) * scale
      for c in 0..<3 {
        let (value, slope) = measure(residual[c], kind)
        part.loss += mean * value
        adjoint.forces[i][c] += weight * mean * slope * scale
      }
    }
    part.display = part.loss
    return part
  }

  /// The mean over frames and generalized coordinates of `(Σ_i dF_i · dr_i/dq)²`.
  private func addGeneralizedForce(
    _ batch: LabeledCount, _ weight: Double, _ prediction: Prediction, _ frame: LabeledFrame,
    _ adjoint: inout PredictionAdjoint
  ) -> TermSum {
    guard let labels = frame.labels.forces, let directions = frame.labels.generalizedDirections
    else { return TermSum() }
    let count = options.generalizedCoordinates, atoms = labels.count
    precondition(directions.count == atoms * 3 * count)
    let mean = 1 / Double(batch.frames * count)
    var part = TermSum()
    for q in 0..<count {
      let direction = (0..<atoms).map { i in
        SIMD3(
          directions[(3 * i) * count + q], directions[(3 * i + 1) * count + q],
          directions[(3 * i + 2) * count + q])
      }
      var residual = 0.0
      for i in 0..<atoms where frame.frame.types[i] >= 0 {
        residual += dot(prediction.forces[i] - labels[i], direction[i])
      }
      part.loss += mean * residual * residual
      for i in 0..<atoms where frame.frame.types[i] >= 0 {
        adjoint.forces[i] += direction[i] * (weight * mean * 2 * residual)
      }
    }
    part.display = part.loss
    return part
  }

  /// The factor of a force residual: 1, or 1 / (|label| + `relative_f`).
  private func forceScale(_ label: SIMD3<Double>) -> Double {
    options.relativeForce.map { 1 / (norm(label) + $0) } ?? 1
  }
}
