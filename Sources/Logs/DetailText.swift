import Atoms
import DeepPotential
import Files

/// The detail files of `dp test -d PREFIX`, with labels beside predictions.
///
/// Each file begins with one header that names the first system; later systems follow without one.
/// A missing label is written as zero, but stress rows are written for periodic frames with a
/// virial label only. Source: docs/FORMATS.md, "Evaluation"; DeePMD-kit's
/// `_write_energy_test_details`.
public struct DetailText {
  let output: OutputDefinition
  private var texts: [String: NumberText] = [:]
  /// The system of the last frame, and the number of its frames so far.
  var system = -1, frameCount = 0

  /// No details of predictions of `output`.
  public init(of output: OutputDefinition) { self.output = output }

  /// The files in order: the text to append to the prefix, and the content.
  public var files: [(suffix: String, content: [UInt8])] {
    texts.keys.sorted().compactMap { suffix in
      texts[suffix].map { (suffix, $0.bytes) }
    }
  }

  /// Adds the rows for the prediction of `frame`, which belongs to the system named `system`,
  /// number `number` of the data.
  public mutating func add(
    _ prediction: Prediction, of frame: Frame, against labels: FrameLabels, system: String,
    number: Int = 0
  ) {
    if output.details != .rows {
      return add(prediction, labels, of: frame.types, system, number: number)
    }
    let atoms = Double(max(frame.realAtomCount, 1))
    if output.isReduced { addFrame(prediction, labels, atoms: atoms, system) }
    if output.perAtom { addAtoms(prediction, labels, system) }
    guard output.hasForces else { return }
    for (atom, force) in prediction.forces.enumerated() {
      let label = labels.forces?[atom] ?? .zero
      add(
        [label.x, label.y, label.z, force.x, force.y, force.z], to: ".f.out",
        "\(system): \(DetailText.columns("f", DetailText.axes))")
    }
    guard output.isDifferentiated else { return }
    let virials = (labels.virial ?? .zero).rows + prediction.virial.rows
    let names = DetailText.columns("v", DetailText.axisPairs)
    add(virials, to: ".v.out", "\(system): \(names)")
    add(virials.map { $0 / atoms }, to: ".v_peratom.out", "\(system): \(names)")
    if let cell = frame.cell, labels.virial != nil {
      add(
        virials.map { -$0 / cell.volume }, to: ".s.out",
        "\(system) (eV/Å³): \(DetailText.columns("s", DetailText.axisPairs))")
    }
  }

  /// Adds the value of a frame of so many atoms, and its part of each atom unless that means
  /// nothing.
  private mutating func addFrame(
    _ prediction: Prediction, _ labels: FrameLabels, atoms: Double, _ system: String
  ) {
    let label = labels.values[output.name] ?? Array(repeating: 0, count: output.width)
    let row = label + prediction.frameValue
    let names = "\(system): \(DetailText.columns(output.symbol, output.components))"
    add(row, to: ".\(output.symbol).out", names)
    if output.isIntensive { return }
    add(row.map { $0 / atoms }, to: ".\(output.symbol)_peratom.out", names)
  }

  /// Adds the values of atoms, one a row.
  private mutating func addAtoms(
    _ prediction: Prediction, _ labels: FrameLabels, _ system: String
  ) {
    let width = output.width
    let label =
      labels.values[output.atomName] ?? Array(repeating: 0, count: prediction.atomValues.count)
    let names = "\(system): \(DetailText.columns(output.symbol, output.components))"
    for first in stride(from: 0, to: label.count, by: width) {
      let range = first..<first + width
      add(
        Array(label[range] + prediction.atomValues[range]), to: ".a\(output.symbol).out", names)
    }
  }

  /// Adds a row to the file with `suffix`, below `header` if it is the file's first.
  mutating func add(
    _ row: [Double], to suffix: String, _ header: @autoclosure () -> String
  ) {
    if texts[suffix] == nil {
      texts[suffix] = NumberText()
      texts[suffix]?.append("# \(header())\n")
    }
    texts[suffix]?.appendRow(row)
  }

  private static let axes = ["x", "y", "z"]
  private static let axisPairs = axes.flatMap { row in axes.map { row + $0 } }

  /// The names of the columns: first of all labels, then of all predictions.
  private static func columns(_ letter: String, _ components: [String]) -> String {
    ["data", "pred"].flatMap { kind in components.map { "\(kind)_\(letter)\($0)" } }
      .joined(separator: " ")
  }
}
