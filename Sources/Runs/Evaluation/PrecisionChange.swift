import Atoms
import DeepPotential
import Diagnostics
import Files
import Models
import Training

/// What other number formats of a model's networks do to its energies and forces.
public struct PrecisionChange: Sendable {
  /// The formats after the change, and before: of the descriptor, and of the fitting nets if that
  /// is another one.
  public let after: NetworkPrecision, before: String
  /// Number of frames that were compared.
  public private(set) var frameCount = 0
  /// The largest change of an energy per atom, in eV, and of a force, in eV/Å.
  public private(set) var largestEnergy = 0.0, largestForce = 0.0
  private var squares = 0.0, components = 0

  /// The root mean square of the change of the components of forces, in eV/Å.
  public var force: Double { components == 0 ? 0 : (squares / Double(components)).squareRoot() }

  /// Compares the predictions of `new`, which computes in `precision`, with those of `old` for all
  /// frames of `systems`, on `threads` threads.
  ///
  /// Throws the errors of reading frames.
  public init(
    from old: EnergyModel, to new: EnergyModel, in precision: NetworkPrecision,
    on systems: [LabeledSystem], threads: Int
  ) throws {
    let formats = [old.descriptor.options.precision, old.fitting.options.precision]
    before = Set(formats.map(\.rawValue)).sorted(by: >).joined(separator: " and ")
    after = precision
    let evaluators = (Evaluator(threads: threads), Evaluator(threads: threads))
    for system in systems {
      for index in 0..<system.frameCount {
        let frames = [try system.frame(index).frame]
        let one = evaluators.0.predict(frames, with: old)[0]
        let other = evaluators.1.predict(frames, with: new)[0]
        add(one, other, atoms: frames[0].types.count { $0 >= 0 })
      }
    }
  }

  private mutating func add(_ one: Prediction, _ other: Prediction, atoms: Int) {
    frameCount += 1
    components += 3 * atoms
    largestEnergy = largest(largestEnergy, abs(other.energy - one.energy) / Double(max(atoms, 1)))
    for (a, b) in zip(one.forces, other.forces) {
      let square = ((b - a) * (b - a)).sum()
      squares += square
      largestForce = largest(largestForce, square.squareRoot())
    }
  }

  /// Throws `.data` about the model `name` if a force changes by more than `tolerance` eV/Å.
  public func require(_ tolerance: Double, of name: String) throws {
    if largestForce <= tolerance { return }
    throw ToolError(
      .data, at: name,
      "in \(after.rawValue) a force changes by \(short(largestForce)) eV/Å, more than "
        + "\(short(tolerance)); nothing is written",
      remedy: after == .mixed
        ? "if that does not matter, give --tolerance"
        : "try --precision mixed, or if that does not matter give --tolerance")
  }

  /// What the file of the new model says of the change.
  public var provenance: [(name: String, value: String)] {
    [
      ("precision", "\(after.rawValue), made from \(before)"),
      ("precision.frames", "\(frameCount)"),
      ("precision.energy_per_atom_max", "\(short(largestEnergy)) eV"),
      ("precision.force_max", "\(short(largestForce)) eV/Å"),
      ("precision.force_rms", "\(short(force)) eV/Å"),
    ]
  }

  /// The change in a few lines.
  public var text: String {
    """
    \(after.rawValue) against \(before), \(counted(frameCount, "frame"))
      energy per atom, largest change   \(short(largestEnergy)) eV
      force, largest change             \(short(largestForce)) eV/Å
      force, root mean square           \(short(force)) eV/Å

    """
  }

  /// The change as JSON.
  public var json: JSONValue {
    [
      "precision": .string(after.rawValue), "frames": .integer(frameCount),
      "energy_per_atom_max": .number(largestEnergy), "force_max": .number(largestForce),
      "force_rms": .number(force), "unit_energy": "eV", "unit_force": "eV/Å",
    ]
  }
}

/// The larger of two numbers; not a number if one of them is not.
private func largest(_ a: Double, _ b: Double) -> Double { a.isNaN || b.isNaN ? .nan : max(a, b) }
