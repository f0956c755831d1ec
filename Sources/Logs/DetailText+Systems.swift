import Atoms
import DeepPotential

/// The files of outputs without forces, by system and frame.
///
/// Source: DeePMD-kit's `deepmd/infer/model_test` for tensors, densities of states and properties.
extension DetailText {
  /// Adds what is compared in the next frame of system number `number`, called `system`.
  ///
  /// Frames without a label have no rows.
  mutating func add(
    _ prediction: Prediction, _ labels: FrameLabels, of types: [Int], _ system: String, number: Int
  ) {
    if number != self.system { (self.system, frameCount) = (number, 0) }
    // The first system has no number in the names of its files.
    let group = number == 0 ? "" : ".\(number)"
    if let label = labels.values[output.name] {
      add(label, prediction.frameValue, atoms: nil, to: "", group, system)
    }
    if output.perAtom, let label = labels.values[output.atomName] {
      let labeled = types.indices.filter { !label[$0 * output.width].isNaN }
      func numbers(_ all: [Double]) -> [Double] {
        labeled.flatMap { all[$0 * output.width..<($0 + 1) * output.width] }
      }
      add(
        numbers(label), numbers(prediction.atomValues), atoms: labeled.count, to: "a", group,
        system)
    }
    frameCount += 1
  }

  /// Adds the values of a frame, or of its `atoms`, to files whose names have `prefix`.
  private mutating func add(
    _ label: [Double], _ value: [Double], atoms: Int?, to prefix: String, _ group: String,
    _ system: String
  ) {
    if output.details == .frames {
      let name = prefix + output.symbol, suffix = ".\(name).out\(group).\(frameCount)"
      let header = "\(system) - \(frameCount): data_\(name) pred_\(name)"
      for (a, b) in zip(label, value) { add([a, b], to: suffix, header) }
    } else {
      let header = columns(atoms: atoms)
      add(label + value, to: (atoms == nil ? ".out" : ".atomic.out") + group, header)
    }
  }

  /// The names of the columns: all labels, then all predictions.
  private func columns(atoms: Int?) -> String {
    let numbers = atoms.map { $0 == 0 ? [] : (1...$0).map(String.init) } ?? [""]
    return ["data", "pred"].flatMap { kind in
      numbers.flatMap { number in output.components.map { "\(kind)_\($0)\(number)" } }
    }.joined(separator: " ")
  }
}
