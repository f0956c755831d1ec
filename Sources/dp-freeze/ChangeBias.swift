import Datasets
import Diagnostics
import Files
import Foundation
import Models
import Training

extension DPFreeze {
  /// Gives `model` the energy bias that the options ask for; returns the change, and the digest of
  /// the data if data were used.
  func changeBias(of model: inout StoredModel) throws -> (change: BiasChange, data: String?) {
    let output = model.model.output
    // Where another net gives the forces, the energy has a bias, too.
    if output.forces != .direct || !output.isReduced {
      try model.model.requireEnergies(for: "a change of the energy bias", at: source)
    }
    let rule = try bias.rule(for: model.model.typeMap)
    let systems = try readSystems(at: bias.changeBias.flatMap(Self.paths))
    let labeled = try collectingErrors(systems) { [options = model.model.options] in
      try LabeledSystem($0, for: options)
    }
    let frames = labeled.map { system in
      0..<(bias.biasFrames > 0 ? min(bias.biasFrames, system.frameCount) : system.frameCount)
    }
    let change = try Training.changeBias(
      of: &model.model, by: rule, on: labeled, frames: frames,
      preset: model.presetEnergies(of: model.model.typeMap), threads: common.threads)
    for (name, isPresent) in zip(change.typeMap, change.isPresent) where !isPresent {
      guard rule == .set else { continue }
      console.warn("\(name) is not in the data: its bias is 0 now")
    }
    return (change, systems.isEmpty ? nil : contentDigest(of: systems))
  }

  /// The path itself, or the lines of the file `@path`.
  static func paths(_ argument: String) throws -> [String] {
    guard argument.hasPrefix("@") else { return [argument] }
    return try text(ofFile: String(argument.dropFirst())).split(whereSeparator: \.isNewline).map {
      $0.trimmingCharacters(in: .whitespaces)
    }
    .filter { !$0.isEmpty }
  }
}
