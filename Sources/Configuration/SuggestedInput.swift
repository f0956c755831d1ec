import Diagnostics

/// A suggested `input.json` for a first training on some data.
///
/// docs/PIPELINE.md, "The suggested input.json", has the rule and its reasons.
public struct SuggestedInput: Sendable, Equatable {
  /// The data.
  public let data: DataDescription
  /// Layer widths of the embedding nets, the axis width, and layer widths of the fitting nets.
  public let embedding: [Int], axis: Int, fitting: [Int]
  /// The smallest number of atoms in a batch.
  public let batchAtoms: Int
  /// Number of training steps, and number of steps between decays of the learning rate.
  public let steps: Int, decaySteps: Int
  /// The learning rate at the beginning and at the end, as written in the file.
  public let startRate: String, stopRate: String

  /// Makes an input for `data`; without `steps`, the number of steps follows from the data.
  public init(for data: DataDescription, steps: Int? = nil) {
    self.data = data
    switch data.numbersToLearn {
    case ..<200_000: (embedding, axis, fitting) = ([10, 20, 40], 8, [64, 64, 64])
    case ..<2_000_000: (embedding, axis, fitting) = ([25, 50, 100], 16, [120, 120, 120])
    default: (embedding, axis, fitting) = ([25, 50, 100], 16, [240, 240, 240])
    }
    let atoms = max(32, 8 * data.elements.count)
    batchAtoms = atoms
    let batches = data.parts.reduce(0) { sum, part in
      let size = max(1, min(part.frames, (atoms + part.atoms - 1) / max(part.atoms, 1)))
      return sum + (part.frames + size - 1) / size
    }
    self.steps = steps ?? SuggestedInput.round(min(max(50 * batches, 10_000), 400_000))
    decaySteps = max(1, self.steps / 200)
    (startRate, stopRate) = self.steps < 100_000 ? ("0.005", "1e-4") : ("0.001", "3.5e-8")
  }

  /// The smallest number among 1, 2, 4, 10, 20, 40, ... that is not below `number`.
  private static func round(_ number: Int) -> Int {
    var scale = 1
    while 10 * scale <= number { scale *= 10 }
    return [1, 2, 4, 10].map { $0 * scale }.first { $0 >= number } ?? number
  }

  /// Two lines for the user: a description of the data, and the suggested networks, steps and
  /// learning rates.
  public var summary: String {
    let sizes = data.parts.map(\.atoms), least = sizes.min() ?? 0, most = sizes.max() ?? 0
    let atoms = least == most ? counted(least, "atom") : "\(least) to \(most) atoms"
    let labels = ["energy", "force", "virial"].filter(data.labels.contains)
    return "an input.json for \(counted(data.frames, "frame")) of \(atoms), "
      + "\(data.elements.joined(separator: " ")), with \(labels.joined(separator: ", ")):\n"
      + "networks \(widths(embedding)) and \(widths(fitting)), \(counted(steps, "step")) of "
      + "\(batchAtoms) atoms or more, learning rate \(startRate) to \(stopRate), "
      + "lower every \(decaySteps == 1 ? "step" : counted(decaySteps, "step"))"
  }

  private func widths(_ widths: [Int]) -> String {
    widths.map(String.init).joined(separator: "-")
  }
}
