import Atoms
import Diagnostics
import Files

/// What training data are, as far as a suggested `input.json` depends on it.
public struct DataDescription: Sendable, Equatable {
  /// The systems of one shape: so many frames of so many atoms.
  public struct Part: Sendable, Equatable {
    /// Number of frames, and of atoms in each of them.
    public var frames: Int, atoms: Int

    /// So many frames of so many atoms.
    public init(frames: Int, atoms: Int) {
      self.frames = frames
      self.atoms = atoms
    }
  }

  /// The elements of the atoms, sorted.
  public var elements: [String]
  /// The systems.
  public var parts: [Part]
  /// Which of `energy`, `force` and `virial` some system has.
  public var labels: Set<String>
  /// Number of frames for validation.
  public var validationFrames: Int

  /// Puts the numbers together.
  public init(elements: [String], parts: [Part], labels: Set<String>, validationFrames: Int) {
    self.elements = elements
    self.parts = parts
    self.labels = labels
    self.validationFrames = validationFrames
  }

  /// Number of frames to train on.
  public var frames: Int { parts.reduce(0) { $0 + $1.frames } }

  /// Number of energies and components of forces to train on.
  public var numbersToLearn: Int {
    let perAtom = labels.contains("force") ? 3 : 0, perFrame = labels.contains("energy") ? 1 : 0
    return parts.reduce(0) { $0 + $1.frames * (perFrame + perAtom * $1.atoms) }
  }

  /// Describes `systems`, with so many frames for validation beside them.
  ///
  /// Throws `.data` for systems that do not name their elements, and if there is nothing to train
  /// on.
  public init(_ systems: [OpenSystem], validationFrames: Int) throws {
    let names = try collectingErrors(systems) { try DataDescription.elements(of: $0) }
    let labels = Set(systems.flatMap { $0.labelWidths.keys })
    self.init(
      elements: Set(names.joined()).sorted(),
      parts: systems.map { Part(frames: $0.frameCount, atoms: $0.atomCount) },
      labels: labels.intersection(["energy", "force", "virial"]),
      validationFrames: validationFrames)
    guard numbersToLearn > 0 else {
      throw ToolError(
        .data, at: systems.first?.place ?? "", "has neither energies nor forces to train on",
        remedy: "dp-convert --check shows what is read of the data")
    }
  }

  /// The elements that atoms of `system` have; of mixed types, which frames have of their own, in
  /// all frames.
  private static func elements(of system: OpenSystem) throws -> Set<String> {
    guard let names = system.typeNames else {
      throw ToolError(
        .data, at: system.place, "does not name the elements of its types",
        remedy: "add type_map.raw, one name per line")
    }
    let types = system.isMixed ? try system.whole().frameTypes ?? [] : system.types
    return Set(Set(types).filter(names.indices.contains).map { names[$0] })
  }
}
