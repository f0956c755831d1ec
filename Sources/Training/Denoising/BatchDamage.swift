import Atoms
import DeepPotential
import Diagnostics
import Random

/// The damage of the frames in batches: what is drawn depends on the seed, the batch and the place
/// of the frame in it alone.
package struct BatchDamage: Sendable {
  private let damage: FrameDamage, maskedType: Int
  private let seed: UInt64, purpose: BatchSampler.Purpose

  /// Damages frames in batches for `purpose`; hidden types become `maskedType`.
  package init(
    _ damage: FrameDamage, maskedType: Int, seed: UInt64, purpose: BatchSampler.Purpose
  ) {
    (self.damage, self.maskedType, self.seed, self.purpose) = (damage, maskedType, seed, purpose)
  }

  /// Atoms closer than this, in Å, lie upon each other.
  private static let smallestDistance = 1e-6

  /// The damaged frame number `place` of batch number `batch`, of the clean one, which messages
  /// call `name`.
  ///
  /// Throws `.data` if each try puts atoms upon each other, and for atoms whose type is that of
  /// hidden ones.
  package func frame(
    _ clean: LabeledFrame, batch: Int, place: Int, named name: String,
    _ preparation: FramePreparation, threads: Int
  ) throws -> TrainingFrame {
    if clean.frame.types.contains(maskedType) {
      throw ToolError(
        .data, at: name, "has atoms of the type that stands for hidden ones",
        remedy: "give data without it")
    }
    let key = UInt64(truncatingIfNeeded: batch) << 24 | UInt64(place)
    var random =
      switch purpose {
      case .training: CounterRandom(seed: seed, purpose: "training damage", step: key)
      case .validation: CounterRandom(seed: seed, purpose: "validation damage", step: key)
      }
    for _ in 0..<damage.tries {
      let frame = TrainingFrame(
        damage.applied(to: clean, maskedType: maskedType, &random), preparation, threads: threads)
      if frame.input.closest >= Self.smallestDistance { return frame }
    }
    throw ToolError(
      .data, at: name,
      "has atoms upon each other, whatever its damage: \(counted(damage.tries, "try", "tries"))",
      remedy: "look at the frame with dp-stat, or raise loss/max_fail_num")
  }
}
