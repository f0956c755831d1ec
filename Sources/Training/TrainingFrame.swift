import Atoms
import DeepPotential

/// A frame with its labels and neighbors, which do not depend on the parameters.
package struct TrainingFrame: Sendable {
  /// The frame, with its atoms moved into the cell, and its labels.
  package let labeled: LabeledFrame
  /// The frame and its neighbors.
  package let input: PreparedFrame

  /// Prepares `frame` on `threads` threads.
  package init(_ frame: LabeledFrame, _ preparation: FramePreparation, threads: Int) {
    input = preparation.prepare(frame.frame, threads: threads)
    labeled = LabeledFrame(input.frame, frame.labels)
  }

  /// The approximate number of bytes that it takes.
  package var memory: Int { input.memory + labeled.labels.memory }
}

extension FrameLabels {
  /// The approximate number of bytes that the labels take.
  fileprivate var memory: Int {
    let perAtom = [atomEnergies, forceWeights, generalizedDirections, atomEnergyCoefficients]
    return 32 * (forces?.count ?? 0) + 8 * perAtom.reduce(0) { $0 + ($1?.count ?? 0) } + 256
  }
}
