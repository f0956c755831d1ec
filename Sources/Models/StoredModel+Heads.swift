import DeepPotential
import Files
import HDF5

/// Files with the models of several tasks, which DeePMD-kit's layout of `.dp` cannot hold.
///
/// Source: docs/FORMATS.md, "Models of several tasks".
extension StoredModel {
  /// Writes the `models` of the tasks `names` into `file`; throws `.io`.
  ///
  /// A descriptor or fitting net that several of them have in common is written once.  DeePMD-kit
  /// refuses the file, since it knows no model of its type.
  package static func write(
    _ models: [StoredModel], of names: [String], into file: borrowing HDF5File
  ) throws {
    precondition(models.count == names.count && Set(names).count == names.count)
    var writer = ModelWriter(), heads: [String: JSONValue] = [:]
    for (number, stored) in models.enumerated() {
      func earlier(_ part: ParameterTensor.Part) -> JSONValue? {
        models[..<number].firstIndex { $0.model.has(part, of: stored.model) }.flatMap {
          heads[names[$0]]?["model"]?[part.rawValue]
        }
      }
      heads[names[number]] = .object(
        stored.members(earlier(.descriptor), earlier(.fitting), with: &writer))
    }
    var root = models[0].origin
    root["model"] = ["@class": "Model", "@version": 2, "type": "several_tasks"]
    root[headsKey] = .object(heads)
    try writer.write(.object(root), into: file)
  }
}

extension EnergyModel {
  /// Whether this model and `other` have the same `part`, to the last bit.
  fileprivate func has(_ part: ParameterTensor.Part, of other: EnergyModel) -> Bool {
    guard typeMap == other.typeMap else { return false }
    switch part {
    case .descriptor:
      let isSame =
        descriptor.options == other.descriptor.options
        && descriptor.parts.map(\.normalizations) == other.descriptor.parts.map(\.normalizations)
      if !isSame { return false }
    case .fitting:
      let theirs = other.fitting
      let isSame =
        fitting.options == theirs.options && fitting.bias == theirs.bias
        && fitting.isShared == theirs.isShared
        && fitting.frameParameterMean == theirs.frameParameterMean
        && fitting.frameParameterInverseDeviation == theirs.frameParameterInverseDeviation
        && fitting.atomParameterMean == theirs.atomParameterMean
        && fitting.atomParameterInverseDeviation == theirs.atomParameterInverseDeviation
        && descriptor.options == other.descriptor.options
      if !isSame { return false }
    }
    let mine = tensors.filter { $0.name.part == part }
    let theirs = other.tensors.filter { $0.name.part == part }
    return mine.count == theirs.count
      && zip(mine, theirs).allSatisfy { a, b in
        a.precision == b.precision
          && parameters[a.precision, a.range].map(\.bitPattern)
            == other.parameters[b.precision, b.range].map(\.bitPattern)
      }
  }
}
