import DeepPotential
import Diagnostics
import Files
import Foundation
import Training

/// DeePMD-kit's log of the results of dp-eval.
///
/// Source: DeePMD-kit's `deepmd/entrypoints/test.py`, `deepmd/infer/model_test` and their output,
/// Tests/Support/Fixtures/samples/dp_test.log.
struct TestLog {
  private let systems: [JSONValue], overall: JSONValue
  /// The symbol of the output.
  private let symbol: String
  /// Whether values of atoms are compared, too; of tensors instead of those of frames.
  private let atomic: Bool

  init(_ found: JSONValue, atomic: Bool) throws {
    guard case .array(let systems)? = found["systems"], let overall = found["overall"] else {
      throw ToolError(.software, at: "dp-eval", "gave no results")
    }
    (self.systems, self.overall, self.atomic) = (systems, overall, atomic)
    let name = systems.first?["output"]
    symbol = if case .string(let symbol)? = name { symbol } else { OutputDefinition.energy.symbol }
  }

  /// Whether the model gives energies.
  var isOfEnergies: Bool { symbol == OutputDefinition.energy.symbol }

  /// The lines.
  var lines: [String] {
    var lines: [String] = []
    for system in systems {
      guard case .string(let name)? = system["system"],
        case .integer(let frames)? = system["frames"]
      else { continue }
      lines.append("# ---------------output of dp test--------------- ")
      lines.append("# testing system : \(name)")
      lines.append("# number of test data : \(frames) ")
      lines += errors(of: system, isWhole: false)
      lines.append("# ----------------------------------------------- ")
    }
    lines.append("# ----------weighted average of errors----------- ")
    lines.append("# number of systems : \(systems.count)")
    return lines + errors(of: overall, isWhole: true)
      + ["# ----------------------------------------------- "]
  }

  /// The lines for one system, or for all data together.
  private func errors(of result: JSONValue, isWhole: Bool) -> [String] {
    switch symbol {
    case "dipole": tensor(result, "dipole", "Dipole  RMSE", isWhole: isWhole)
    case "polar": tensor(result, "polarizability", "Polarizability  RMSE", isWhole: isWhole)
    case "dos": densities(result, isWhole: isWhole)
    case "property": property(result)
    default: energies(result)
    }
  }

  private func energies(_ result: JSONValue) -> [String] {
    Output.energy.definition.errorQuantities.flatMap { quantity in
      ["mae", "rmse"].compactMap { kind in
        guard let title = quantity.title, let error = error(kind, quantity.key, result) else {
          return nil
        }
        let label = "\(title.before) \(kind.uppercased())\(title.behind)"
        let padding = String(repeating: " ", count: max(0, 19 - label.count))
        return "\(label)\(padding): \(text(error)) \(quantity.unit)"
      }
    }
  }

  private func tensor(
    _ result: JSONValue, _ key: String, _ title: String, isWhole: Bool
  ) -> [String] {
    var lines: [String] = []
    if let error = error("rmse", atomic ? "atomic_\(key)" : key, result) {
      lines.append("\(title)       : \(text(error))")
      if !atomic, !isWhole, case .integer(let count)? = result["compared_atoms"], count > 0 {
        lines.append("\(title)/sqrtN : \(text(error / Double(count).squareRoot()))")
        lines.append("\(title)/N     : \(text(error / Double(count)))")
      }
    }
    return lines + ["The unit of error is the same as the unit of provided label."]
  }

  private func densities(_ result: JSONValue, isWhole: Bool) -> [String] {
    let rows = [
      ("dos", "mae", "DOS MAE            "), ("dos", "rmse", "DOS RMSE           "),
      ("dos_per_atom", "mae", "DOS MAE/Natoms     "),
      ("dos_per_atom", "rmse", "DOS RMSE/Natoms    "),
    ]
    let atoms = [
      ("atom_dos", "mae", "Atomic DOS MAE     "), ("atom_dos", "rmse", "Atomic DOS RMSE    "),
    ]
    return (rows + (atomic && !isWhole ? atoms : [])).compactMap { key, kind, title in
      error(kind, key, result).map { "\(title): \(text($0)) Occupation/eV" }
    }
  }

  private func property(_ result: JSONValue) -> [String] {
    // A property has any name; that of its errors per atom is longer.
    guard case .object(let errors)? = result["errors"],
      let key = errors.keys.min(by: { $0.count < $1.count })
    else { return [] }
    return [("mae", "PROPERTY MAE            "), ("rmse", "PROPERTY RMSE           ")]
      .compactMap { kind, title in
        error(kind, key, result).map { "\(title): \(text($0)) units" }
      }
  }

  private func error(_ kind: String, _ key: String, _ result: JSONValue) -> Double? {
    switch result["errors"]?[key]?[kind] {
    case .number(let number)?: number
    case .integer(let number)?: Double(number)
    default: nil
    }
  }

  private func text(_ number: Double) -> String { String(format: "%e", number) }

  /// Gives detail files that begin with `prefix` the names that DeePMD-kit has for them: with
  /// `-a` those of tensors of atoms take the place of those of frames.
  func arrange(_ prefix: String) throws {
    guard symbol == "dipole" || symbol == "polar" else { return }
    let files = FileManager.default
    for number in systems.indices {
      let group = number == 0 ? "" : ".\(number)"
      let atoms = "\(prefix).atomic.out\(group)", frames = "\(prefix).out\(group)"
      guard files.fileExists(atPath: atoms) else { continue }
      do {
        if !atomic {
          try files.removeItem(atPath: atoms)
        } else {
          if files.fileExists(atPath: frames) { try files.removeItem(atPath: frames) }
          try files.moveItem(atPath: atoms, toPath: frames)
        }
      } catch { throw ToolError(.io, at: atoms, "cannot be renamed: \(error)") }
    }
  }
}
