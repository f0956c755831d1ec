import Atoms
import DeepPotential
import Diagnostics

/// The change of the bias of a model's output, and of energies the model's errors before and after
/// it.
public struct BiasChange: Sendable, Equatable {
  /// What the model predicts.
  public let output: OutputDefinition
  /// The name of each type.
  public let typeMap: [String]
  /// Value of an atom by type, before and after, `[types][width]`; energies in eV.
  public let before: [Double], after: [Double]
  /// Which types the data have, `[types]`.
  public fileprivate(set) var isPresent: [Bool] = []
  /// The number of frames that were evaluated.
  public fileprivate(set) var frameCount = 0
  /// Errors of the energy per atom, in eV, before and after.
  public fileprivate(set) var energyBefore = ErrorSum(), energyAfter = ErrorSum()
  /// Errors of the components of the forces, in eV/Å, which do not depend on the bias.
  public fileprivate(set) var force = ErrorSum()

  /// Describes a change for which no data were evaluated.
  public init(
    of output: OutputDefinition = .energy, typeMap: [String], before: [Double], after: [Double]
  ) {
    let count = typeMap.count * output.width
    precondition(before.count == count && after.count == count)
    (self.output, self.typeMap) = (output, typeMap)
    self.before = before
    self.after = after
    isPresent = typeMap.map { _ in true }
  }
}

/// Gives `model` a new bias of its output, and measures its errors on the given `frames` of each of
/// `systems`.
///
/// The least squares have a row for each labeled frame; atoms of excluded types do not count.
/// Where the frames leave the solution open, the smallest one is taken.  Types with a `preset`
/// energy keep it.  Of a property, the deviation stays, because it is a factor of the nets'
/// numbers.  Throws `.data` if no frame has a label and the rule needs one.
/// Source: DeePMD-kit's `change_out_bias` and `compute_output_stats`.
public func changeBias(
  of model: inout EnergyModel, by rule: BiasRule, on systems: [LabeledSystem],
  frames: [some Collection<Int>], preset: [Double?] = [], threads: Int
) throws -> BiasChange {
  let rows = try BiasRows(of: model, on: systems, frames: frames, threads: threads)
  let name = model.output.name
  if rows.labels.isEmpty, rule == .set || rule == .change {
    throw ToolError(
      .data, at: systems.first?.place ?? "the data",
      "has no \(name), which a new \(name) bias is fitted to",
      remedy: "give data with \(name).npy, or give the bias itself")
  }
  let before = model.bias
  model.bias = rule.bias(instead: before, rows, preset, model)
  var change = BiasChange(
    of: model.output, typeMap: model.typeMap, before: before, after: model.bias)
  rows.report(to: &change, excluded: model.excludedAtomTypes)
  return change
}

extension BiasRule {
  /// Computes the new bias by type.
  fileprivate func bias(
    instead old: [Double], _ rows: BiasRows, _ preset: [Double?], _ model: EnergyModel
  ) -> [Double] {
    func fit(_ rows: OutputRows, _ preset: [Double?]) -> [Double] {
      rows.bias(
        excluded: model.excludedAtomTypes, preset: preset.map { $0.map { [$0] } },
        singularCutoff: model.fitting.options.singularCutoff
      ).values
    }
    switch self {
    case .set: return fit(rows.labels, preset)
    case .change:
      return zip(old, fit(rows.errors, preset.map { $0.map { _ in 0 } })).map { $0 + $1 }
    case .given(let values): return zip(old, values).map { $1 ?? $0 }
    case .shifted(let values): return zip(old, values).map { $0 + ($1 ?? 0) }
    }
  }
}

/// The rows of the least squares: one for each labeled frame.
private struct BiasRows {
  /// Values as labelled, and what the model is short of them.
  private(set) var labels: OutputRows, errors: OutputRows
  /// Atoms of each frame with a label.
  private var atoms: [Double] = []
  private var found: EvaluationErrors
  private var isPresent: [Bool]

  init(
    of model: EnergyModel, on systems: [LabeledSystem], frames: [some Collection<Int>],
    threads: Int
  ) throws {
    labels = OutputRows(of: model.output, typeCount: model.typeMap.count)
    errors = labels
    found = EvaluationErrors(of: model.output)
    isPresent = model.typeMap.map { _ in false }
    let evaluator = Evaluator(threads: threads)
    try evaluate([model], on: systems, frames: frames, with: [evaluator]) {
      add($0.predictions[0], of: $0.frame)
    }
  }

  private mutating func add(_ prediction: Prediction, of frame: LabeledFrame) {
    let types = frame.frame.types
    for type in types where type >= 0 { isPresent[type] = true }
    found.add(prediction, of: frame.frame, against: frame.labels)
    let output = found.output
    labels.add(types: types, frame.labels, of: output)
    var rests = FrameLabels()
    rests.values[output.name] = frame.labels.values[output.name].map {
      zip($0, prediction.frameValue).map { $0 - $1 }
    }
    rests.values[output.atomName] = frame.labels.values[output.atomName].map {
      zip($0, prediction.atomValues).map { $0 - $1 }
    }
    errors.add(types: types, rests, of: output)
    guard frame.labels.values[output.name] != nil else { return }
    atoms.append(Double(max(frame.frame.realAtomCount, 1)))
  }

  /// Adds the numbers of the rows to the report of a change.
  func report(to change: inout BiasChange, excluded: [Int]) {
    change.isPresent = isPresent
    change.frameCount = found.frameCount
    guard found.output == .energy else { return }
    change.energyBefore = found.sums[.energyPerAtom] ?? ErrorSum()
    change.force = found.sums[.force] ?? ErrorSum()
    let shift = zip(change.before, change.after).enumerated().map {
      excluded.contains($0) ? 0 : $1.1 - $1.0
    }
    for (frame, error) in errors.values.enumerated() {
      let counts = errors.counts[frame * shift.count..<(frame + 1) * shift.count]
      let moved = zip(counts, shift).reduce(-error) { $0 + $1.0 * $1.1 }
      change.energyAfter.add(moved / atoms[frame])
    }
  }
}
