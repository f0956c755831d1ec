import Atoms
import DeepPotential
import Files

/// The detail files of `dp test -d PREFIX`, with labels beside predictions.
///
/// Each file begins with one header, which names the first system; the other systems follow without
/// headers.  A missing label is written as zero, but rows of stress are written only for periodic
/// frames with a virial label.
/// Source: docs/FORMATS.md, "Evaluation"; DeePMD-kit's `_write_energy_test_details`.
public struct DetailText {
  private var texts: [String: NumberText] = [:]

  /// Starts with no rows.
  public init() {}

  /// The files in order: the text to append to the prefix, and the content.
  public var files: [(suffix: String, content: [UInt8])] {
    texts.keys.sorted().compactMap { suffix in
      texts[suffix].map { (suffix, $0.bytes) }
    }
  }

  /// Adds the rows for the prediction of `frame`, which belongs to the system named `system`.
  public mutating func add(
    _ prediction: Prediction, of frame: Frame, against labels: FrameLabels, system: String
  ) {
    let atoms = Double(max(frame.realAtomCount, 1))
    let energies = [labels.energy ?? 0, prediction.energy]
    add(energies, to: ".e.out", "\(system): data_e pred_e")
    add(energies.map { $0 / atoms }, to: ".e_peratom.out", "\(system): data_e pred_e")
    for (atom, force) in prediction.forces.enumerated() {
      let label = labels.forces?[atom] ?? .zero
      add(
        [label.x, label.y, label.z, force.x, force.y, force.z], to: ".f.out",
        "\(system): \(DetailText.columns("f", DetailText.axes))")
    }
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

  /// Adds a row to the file with `suffix`; if it is the first one, adds `header` before it.
  private mutating func add(
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
