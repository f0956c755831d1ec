import BLAS

extension OutputRows {
  /// Fits the bias to the rows.
  ///
  /// If the data have values of atoms of a type, the bias of the type is their mean.  Otherwise it
  /// is the least squares solution for the values of frames, with minimum norm if the frames do not
  /// determine the solution; without rows it is zero.  If the output does not distinguish types,
  /// the bias of all of them is the mean of the values of frames, of an extensive output divided
  /// by their atoms; then nothing below counts.
  ///
  /// Atoms of `excluded` types do not count.  Types with a `preset` value, `[width]`, keep that
  /// value.  Singular values up to `singularCutoff` (`rcond`) times the largest one are dropped; by
  /// default the cutoff is the rounding error of a double times the larger dimension of the matrix,
  /// as in numpy's `lstsq`.
  /// Source: docs/FORMATS.md, "Statistics"; DeePMD-kit's `compute_stats_from_redu` and
  /// `compute_stats_from_atomic`.
  public func bias(
    excluded: [Int] = [], preset: [[Double]?] = [], singularCutoff: Double? = nil
  ) -> OutputBias {
    if !distinguishesTypes { return commonBias }
    let fixed = (0..<typeCount).map { type in preset.indices.contains(type) ? preset[type] : nil }
    let fits = (0..<width).map { k in
      fit(component: k, excluded: excluded, fixed.map { $0?[k] }, singularCutoff)
    }
    let types = 0..<typeCount, deviations = fits.map(\.deviation)
    var bias = OutputBias(
      values: types.flatMap { type in fits.map { $0.values[type] } },
      deviations: atoms.isEmpty ? deviations : types.flatMap { _ in deviations })
    for (place, moments) in atoms.enumerated() where moments.count > 0 {
      bias.values[place] = moments.mean
      bias.deviations[place] = moments.deviation(atLeast: 0)
    }
    return bias
  }

  /// The mean of the values per atom, for each type.
  private var commonBias: OutputBias {
    let rows = (0..<frameCount).map { frame in
      let atoms = counts[frame * typeCount..<(frame + 1) * typeCount].reduce(0, +)
      return values[frame * width..<(frame + 1) * width].map { isIntensive ? $0 : $0 / atoms }
    }
    let means = (0..<width).map { k in
      rows.isEmpty ? 0 : rows.reduce(0) { $0 + $1[k] } / Double(rows.count)
    }
    return OutputBias(
      values: (0..<typeCount).flatMap { _ in means },
      deviations: (0..<width).map { k in Self.deviation(rows.map { $0[k] }) })
  }

  /// The least squares solution for component `k`, and the deviation of the residuals.
  private func fit(
    component k: Int, excluded: [Int], _ fixed: [Double?], _ singularCutoff: Double?
  ) -> (values: [Double], deviation: Double) {
    var matrix = counts
    var y = (0..<frameCount).map { values[$0 * width + k] }
    for frame in y.indices {
      for type in 0..<typeCount {
        let place = frame * typeCount + type
        if excluded.contains(type) { matrix[place] = 0 }
        if let value = fixed[type] {
          y[frame] -= matrix[place] * value
          matrix[place] = 0
        }
      }
    }
    let cutoff = singularCutoff ?? Double.ulpOfOne * Double(max(y.count, typeCount))
    guard
      let fitted = minimumNormLeastSquares(
        matrix, rows: y.count, columns: typeCount, y, singularCutoff: cutoff)
    else { preconditionFailure("labels must be finite") }
    let rests = y.indices.map { frame in
      y[frame] - (0..<typeCount).reduce(0) { $0 + matrix[frame * typeCount + $1] * fitted[$1] }
    }
    return (zip(fixed, fitted).map { $0 ?? $1 }, Self.deviation(rests))
  }

  /// The population deviation of `x`; it is computed in two passes to stay accurate if all numbers
  /// have a large part in common.
  private static func deviation(_ x: [Double]) -> Double {
    guard !x.isEmpty else { return 0 }
    let mean = x.reduce(0, +) / Double(x.count)
    return (x.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(x.count)).squareRoot()
  }
}
