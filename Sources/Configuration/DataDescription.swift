import Atoms
import Diagnostics
import Files

/// The properties of training data on which a suggested `input.json` depends.
public struct DataDescription: Sendable, Equatable {
  /// The size of one system.
  public struct Part: Sendable, Equatable {
    /// Number of frames, and number of atoms in each frame.
    public var frames: Int, atoms: Int

    /// Makes the size of a system of `frames` frames with `atoms` atoms each.
    public init(frames: Int, atoms: Int) {
      self.frames = frames
      self.atoms = atoms
    }
  }

  /// The elements of the atoms, sorted.
  public var elements: [String]
  /// The sizes of the systems.
  public var parts: [Part]
  /// The labels among `energy`, `force` and `virial` that at least one system has.
  public var labels: Set<String>
  /// Number of frames for validation.
  public var validationFrames: Int

  /// Makes a description from its parts.
  public init(elements: [String], parts: [Part], labels: Set<String>, validationFrames: Int) {
    self.elements = elements
    self.parts = parts
    self.labels = labels
    self.validationFrames = validationFrames
  }

  /// Number of training frames.
  public var frames: Int { parts.reduce(0) { $0 + $1.frames } }

  /// Number of energies and components of forces in the training frames.
  public var numbersToLearn: Int {
    let perAtom = labels.contains("force") ? 3 : 0, perFrame = labels.contains("energy") ? 1 : 0
    return parts.reduce(0) { $0 + $1.frames * (perFrame + perAtom * $1.atoms) }
  }

  /// Describes the training data `systems`; validation has `validationFrames` other frames.
  ///
  /// Throws `.data` for systems that do not name their elements, and if there are neither energies
  /// nor forces.
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

  /// The elements of the atoms of `system`, in all frames if each frame has its own types.
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
