import DeepPotential
import Diagnostics
import Files
import Training

/// The results of an evaluation for one system.
public struct EvaluatedSystem: Sendable {
  /// The place of the system.
  public var place: String
  /// Number of atoms in each frame.
  public var atomCount: Int
  /// Number of atoms in each frame that have values of their own; nil for all.
  public var comparedCount: Int?
  /// The model's errors.
  public var errors: EvaluationErrors
  /// Atoms, over all frames, that have more neighbors than the model has slots.
  public var truncatedCenters = 0
  /// The deviations between the models, frame by frame; empty if there is one model.
  public var deviations: [ModelDeviation] = []

  /// Nothing found yet of what a model says of `output` in the system at `place`.
  public init(place: String, atomCount: Int, of output: OutputDefinition) {
    self.place = place
    self.atomCount = atomCount
    errors = EvaluationErrors(of: output)
  }

  /// The errors of all `systems`, of which there is at least one, together.
  private static func all(_ systems: [EvaluatedSystem]) -> EvaluationErrors {
    precondition(!systems.isEmpty, "nothing was evaluated")
    return systems.dropFirst().reduce(systems[0].errors) { $0 + $1.errors }
  }

  /// The errors as text: a heading, then for each quantity the mean absolute and the root mean
  /// square error.
  public var text: String {
    "\(place): \(counted(errors.frameCount, "frame")), \(counted(atomCount, "atom"))\n"
      + EvaluatedSystem.table(errors)
  }

  /// The errors of several systems, of each and of all together; of many systems only the first
  /// ones, unless `showingAll`.
  public static func text(_ systems: [EvaluatedSystem], showingAll: Bool = true) -> String {
    let all = all(systems)
    let shown = systems.prefix(showingAll ? systems.count : 100)
    let hidden = systems.count - shown.count
    return shown.map { $0.text + "\n" }.joined()
      + (hidden > 0 ? "\(counted(hidden, "more system")) (--verbose shows all)\n\n" : "")
      + "All: \(counted(systems.count, "system")), \(counted(all.frameCount, "frame"))\n"
      + table(all)
  }

  private static func table(_ errors: EvaluationErrors) -> String {
    var text = NumberText()
    let rows = errors.rows.filter { $0.1.weight > 0 }
    let width = rows.reduce(16) { max($0, $1.0.name.count + 2) }
    text.append("  \(padded("", width))\(padded("MAE", 16))RMSE\n")
    for (quantity, sum) in rows {
      text.append("  \(padded(quantity.name, width))")
      text.append(sum.meanAbsolute, digits: 6)
      text.append("    ")
      text.append(sum.rootMeanSquare, digits: 6)
      text.append(quantity.unit.isEmpty ? "\n" : "  \(quantity.unit)\n")
    }
    if errors.sums.isEmpty { text.append("  no labels\n") }
    return String(decoding: text.bytes, as: UTF8.self)
  }

  private static func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }
}

extension EvaluatedSystem {
  /// The results as JSON, for each system and for all together; types are called `typeMap`.
  ///
  /// `offset` is given if the energies are off by a constant for each element.
  public static func json(
    _ systems: [EvaluatedSystem], typeMap: [String], offset: JSONValue? = nil
  ) -> JSONValue {
    let all = all(systems)
    var overall: [String: JSONValue] = [
      "frames": .integer(all.frameCount), "errors": errors(all),
      "force_by_element": forces(all, typeMap),
      "truncated_atoms": .integer(systems.reduce(0) { $0 + $1.truncatedCenters }),
    ]
    overall["energy_offset"] = offset
    return .object([
      "systems": .array(systems.map { $0.json(typeMap) }), "overall": .object(overall),
    ])
  }

  private func json(_ typeMap: [String]) -> JSONValue {
    var members: [String: JSONValue] = [
      "system": .string(place), "frames": .integer(errors.frameCount),
      "atoms": .integer(atomCount), "errors": EvaluatedSystem.errors(errors),
      "force_by_element": EvaluatedSystem.forces(errors, typeMap),
      "truncated_atoms": .integer(truncatedCenters),
    ]
    if errors.output != .energy {
      members["output"] = .string(errors.output.symbol)
      members["compared_atoms"] = .integer(comparedCount ?? atomCount)
    }
    if !deviations.isEmpty { members["deviations"] = .array(deviations.map(EvaluatedSystem.json)) }
    return .object(members)
  }

  private static func errors(_ errors: EvaluationErrors) -> JSONValue {
    var members: [String: JSONValue] = [:]
    for (quantity, sum) in errors.sums where sum.weight > 0 {
      members[quantity.key] = json(sum, quantity.unit)
    }
    return .object(members)
  }

  /// The errors of forces by element.
  private static func forces(_ errors: EvaluationErrors, _ typeMap: [String]) -> JSONValue {
    var members: [String: JSONValue] = [:]
    for (type, sum) in errors.forcesByType {
      members[typeMap[type]] = json(sum, ErrorQuantity.force.unit)
    }
    return .object(members)
  }

  private static func json(_ sum: ErrorSum, _ unit: String) -> JSONValue {
    [
      "mae": .number(sum.meanAbsolute), "rmse": .number(sum.rootMeanSquare),
      "weight": .number(sum.weight), "unit": .string(unit),
    ]
  }

  private static func json(_ deviation: ModelDeviation) -> JSONValue {
    .object([
      "max_devi_v": .number(deviation.virial.largest),
      "min_devi_v": .number(deviation.virial.smallest),
      "avg_devi_v": .number(deviation.virial.average),
      "max_devi_f": .number(deviation.force.largest),
      "min_devi_f": .number(deviation.force.smallest),
      "avg_devi_f": .number(deviation.force.average),
      "devi_e": .number(deviation.energy),
      "atm_devi_f": .array(deviation.atomForces.map(JSONValue.number)),
    ])
  }
}
