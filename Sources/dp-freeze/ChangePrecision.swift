import Datasets
import Diagnostics
import Files
import Models
import Runs
import Toolkit
import Training

extension DPFreeze {
  /// Gives the networks of `model` the format that the options ask for, and notes in `provenance`
  /// what that changes; nil if they ask for none.
  ///
  /// Throws `.data` if it changes too much.
  func changePrecision(
    of model: inout StoredModel, recordingIn provenance: inout Provenance
  ) throws -> PrecisionChange? {
    guard let format = precision.precision else { return nil }
    try model.model.requireEnergies(for: "a change of precision", at: source)
    let systems = try readSystems(at: precision.check.flatMap(Self.paths))
    let labeled = try collectingErrors(systems) { [options = model.model.options] in
      try LabeledSystem($0, for: options)
    }
    let changed = try model.computing(in: format, name: source)
    let change = try PrecisionChange(
      from: model.model, to: changed.model, in: format, on: labeled, threads: common.threads)
    try change.require(precision.tolerance, of: source)
    for (name, value) in change.provenance { provenance.record(name, value) }
    provenance.record("precision_data_sha256", contentDigest(of: systems))
    model = changed
    return change
  }
}
