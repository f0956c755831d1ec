import DeepPotential
import Files

/// The text that `dp model-devi` writes: one line per frame, and a header of two lines per system.
///
/// Source: docs/FORMATS.md, "Model deviation"; DeePMD-kit's `write_model_devi_out`.
public struct DeviationText {
  private var text = NumberText()
  private let frequency: Int, withAtoms: Bool
  private var step = 0

  /// Starts with no lines.  Frames are numbered in steps of `frequency`; `withAtoms` adds the
  /// deviation of the force on each atom.
  public init(frequency: Int, withAtoms: Bool) {
    self.frequency = frequency
    self.withAtoms = withAtoms
  }

  /// The content of the file.
  public var content: [UInt8] { text.bytes }

  /// Starts the system named `system`, whose frames are numbered from zero.
  public mutating func begin(_ system: String) {
    step = 0
    var names: [String] = []
    for letter in ["v", "f"] { names += ["max", "min", "avg"].map { "\($0)_devi_\(letter)" } }
    names += ["devi_e"] + (withAtoms ? ["atm_devi_f(N)"] : [])
    text.append("# \(system)\n# \(DeviationText.padded("step", 10))")
    for name in names { text.append(DeviationText.padded(name, 19)) }
    text.append("\n")
  }

  /// Adds the line of the next frame.
  public mutating func add(_ deviation: ModelDeviation) {
    text.append(DeviationText.padded("\(step)", -12))
    step += frequency
    for spread in [deviation.virial, deviation.force] {
      for value in [spread.largest, spread.smallest, spread.average] { append(value) }
    }
    append(deviation.energy)
    if withAtoms { for value in deviation.atomForces { append(value) } }
    text.append("\n")
  }

  private mutating func append(_ value: Double) { text.append(value, digits: 6, width: 19) }

  /// `text` padded with blanks to `width`: after it, or before it if `width` is negative.
  private static func padded(_ text: String, _ width: Int) -> String {
    let blanks = String(repeating: " ", count: max(0, abs(width) - text.count))
    return width < 0 ? blanks + text : text + blanks
  }
}
