import Atoms
import Diagnostics

/// The names of labels in files, where they are not the usual ones.
public struct LabelNames: Sendable, Equatable {
  /// The name in the file, by the usual name of the label; for XYZ files, `stress` is a label too.
  let names: [String: String]

  /// The usual names.
  public init() { names = [:] }

  /// Takes `names`, the name in the file for each label; `place` is for messages.
  ///
  /// Throws `ToolError` of kind `.usage` for an unknown label, and if two labels have one name.
  public init(_ names: [String: String], place: String) throws {
    var known: [String: String] = [:]
    for (label, name) in names.sorted(by: { $0.key < $1.key }) {
      guard let usual = Self.label(named: label), !name.isEmpty else {
        throw ToolError(
          .usage, at: place, "'\(label)=\(name)' names no label",
          remedy: "write energy, force, virial, stress or another name of docs/FORMATS.md, then "
            + "what the file calls it")
      }
      if known.updateValue(name, forKey: usual) != nil {
        throw ToolError(.usage, at: place, "names \(usual) twice")
      }
    }
    if let (name, _) = Dictionary(grouping: known.values, by: \.self).first(where: { $1.count > 1 })
    {
      throw ToolError(.usage, at: place, "takes '\(name)' for two labels")
    }
    self.names = known
  }

  /// DeePMD-kit's name, or `stress`, for the word `name` in any case, singular or plural; nil if it
  /// is no label.
  static func label(named name: String) -> String? {
    let name = name.lowercased()
    if let usual = usual[name] { return usual }
    return LabelKind.isKnown(name) ? LabelKind(named: name).name : nil
  }

  private static let usual = [
    "forces": "force", "virials": "virial", "stress": "stress", "stresses": "stress",
    "energies": "atom_ener",
  ]

  /// The names for which `isThere` is true; the others belong to other files.
  func present(_ isThere: (String) -> Bool) -> [String: String] {
    names.filter { isThere($0.value) }
  }
}

extension AtomicSystem {
  /// The same system with its labels under the usual names; `stress` does not occur in a system.
  ///
  /// A label that has the usual name already is left out.  Throws `.data` for shapes that do not
  /// fit.
  func renamed(_ names: LabelNames) throws -> AtomicSystem {
    let found = names.present { labels[$0] != nil }.filter { $0.key != "stress" }
    if found.isEmpty { return self }
    var result = self
    for (label, name) in found {
      result.labels[label] = labels[name]
      if found[name] == nil { result.labels[name] = nil }
    }
    return try result.validated()
  }
}
