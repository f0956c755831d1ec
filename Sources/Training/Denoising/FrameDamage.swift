import Atoms
import Random

/// The damage of frames that a model learns to mend: some atoms are moved, or hide their types.
///
/// Source: docs/MATH.md, "Denoising"; deepmd-pytorch's `noise_settings`.
public struct FrameDamage: Sendable, Equatable {
  /// The distribution of each component of a displacement (`noise_type`).
  public enum Noise: String, Sendable, CaseIterable {
    /// Between `-size` and `size`.
    case uniform
    /// Normal, of deviation `size`.
    case normal
    /// The same, cut off at twice `size`.
    case truncatedNormal = "trunc_normal"
  }

  /// How many atoms of a frame are damaged (`noise_mode`).
  public enum Share: Sendable, Equatable {
    /// So many, or all if there are fewer (`fix_num`, `mask_num`).
    case count(Int)
    /// Such a part of them, rounded down, but at least one (`prob`, `mask_prob`).
    case fraction(Double)
  }

  /// The distribution of displacements, and its size in Å (`noise`).
  public var noise = Noise.uniform, size = 1.0
  /// How many atoms are damaged.
  public var share = Share.count(1)
  /// Whether atoms are moved (`mask_coord`), and whether they hide their types (`mask_type`).
  public var movesAtoms = false, hidesTypes = false
  /// Whether both happen to the same atoms (`same_mask`).
  public var hitsSameAtoms = false
  /// How often a frame is damaged anew if atoms lie upon each other (`max_fail_num`).
  public var tries = 10

  /// Makes deepmd-pytorch's defaults, which damage nothing yet.
  public init() {}

  /// `frame` with drawn damage, and labels that tell what it was; hidden types become `maskedType`.
  ///
  /// All random numbers are drawn from `random` in an order that depends on the frame alone.
  public func applied(
    to clean: LabeledFrame, maskedType: Int, _ random: inout CounterRandom
  ) -> LabeledFrame {
    let types = clean.frame.types, real = types.indices.filter { types[$0] >= 0 }
    var damaged = LabeledFrame(clean.frame, FrameLabels())
    var noise = Array(repeating: 0.0, count: 3 * types.count)
    var isMoved = Array(repeating: 0.0, count: types.count), isHidden = isMoved
    let moved = chosen(of: real, &random)
    let hidden = hitsSameAtoms ? moved : chosen(of: real, &random)
    if movesAtoms {
      for atom in moved {
        isMoved[atom] = 1
        for axis in 0..<3 {
          noise[3 * atom + axis] = displacement(&random)
          damaged.frame.positions[atom][axis] += noise[3 * atom + axis]
        }
      }
    }
    if hidesTypes {
      for atom in hidden {
        isHidden[atom] = 1
        damaged.frame.types[atom] = maskedType
      }
    }
    damaged.labels.values = [
      DenoisingLabel.noise: noise, DenoisingLabel.isMoved: isMoved,
      DenoisingLabel.isHidden: isHidden, DenoisingLabel.types: types.map(Double.init),
    ]
    return damaged
  }

  /// The atoms of `real` that are damaged, ascending.
  private func chosen(of real: [Int], _ random: inout CounterRandom) -> [Int] {
    let count =
      switch share {
      case .count(let count): count
      case .fraction(let fraction): max(1, Int(fraction * Double(real.count)))
      }
    var order = real
    random.shuffle(&order)
    return order.prefix(count).sorted()
  }

  private func displacement(_ random: inout CounterRandom) -> Double {
    switch noise {
    case .uniform: size * (2 * random.uniform() - 1)
    case .normal: size * random.normal()
    case .truncatedNormal: size * min(max(random.normal(), -2), 2)
    }
  }
}

/// The labels of damaged frames, by names that no data have.
package enum DenoisingLabel {
  /// What was added to each position in Å, `[atoms][3]`, and the type of each atom before.
  package static let noise = "damage/noise", types = "damage/types"
  /// 1 for atoms that were moved, or hide their types; 0 for others.
  package static let isMoved = "damage/moved", isHidden = "damage/hidden"
}
