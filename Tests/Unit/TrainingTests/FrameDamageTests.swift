import Atoms
import DeepPotential
import Foundation
import Random
import Testing
import Training

/// The damage of frames, and the loss of what mends it.
@Suite struct FrameDamageTests {
  private let clean = LabeledFrame(
    Frame(
      types: [0, 1, 1, 0, 1, 0, -1],
      positions: (0..<7).map { SIMD3(2 * Double($0), 0.3 * Double($0), 0) }, cell: nil),
    FrameLabels())

  private func damaged(
    by damage: FrameDamage, seed: UInt64 = 1, step: UInt64 = 0
  ) -> LabeledFrame {
    var random = CounterRandom(seed: seed, purpose: "test damage", step: step)
    return damage.applied(to: clean, maskedType: 2, &random)
  }

  /// The atoms whose label `name` is 1.
  private func marked(_ name: String, _ frame: LabeledFrame) -> [Int] {
    let marks = frame.labels.values[name] ?? []
    return marks.indices.filter { marks[$0] == 1 }
  }

  @Test(arguments: [
    (FrameDamage.Share.count(3), 3), (.count(50), 6), (.fraction(0.5), 3), (.fraction(0.01), 1),
  ])
  func `so many real atoms are damaged, and labels tell how`(
    share: FrameDamage.Share, count: Int
  ) {
    var damage = FrameDamage()
    (damage.share, damage.movesAtoms, damage.hidesTypes) = (share, true, true)
    for step in 0..<20 {
      let found = damaged(by: damage, step: UInt64(step))
      let moved = marked(DenoisingLabel.isMoved, found)
      let hidden = marked(DenoisingLabel.isHidden, found)
      #expect(moved.count == count && hidden.count == count && !(moved + hidden).contains(6))
      let noise = found.labels.values[DenoisingLabel.noise] ?? []
      for atom in clean.frame.types.indices {
        let shift = found.frame.positions[atom] - clean.frame.positions[atom]
        #expect((shift != .zero) == moved.contains(atom))
        for axis in 0..<3 { #expect(abs(shift[axis] - noise[3 * atom + axis]) <= 1e-14) }
        let type = hidden.contains(atom) ? 2 : clean.frame.types[atom]
        #expect(found.frame.types[atom] == type)
      }
      #expect(
        found.labels.values[DenoisingLabel.types] == clean.frame.types.map(Double.init))
    }
  }

  @Test func `all atoms are damaged at some time, alike or each on its own`() {
    var damage = FrameDamage()
    (damage.share, damage.movesAtoms, damage.hidesTypes) = (.count(1), true, true)
    for isSame in [true, false] {
      damage.hitsSameAtoms = isSame
      let all = (0..<200).map { damaged(by: damage, step: $0) }
      let moved = all.map { marked(DenoisingLabel.isMoved, $0) }
      let hidden = all.map { marked(DenoisingLabel.isHidden, $0) }
      #expect(Set(moved) == Set((0..<6).map { [$0] }) && (moved == hidden) == isSame)
    }
  }

  @Test(arguments: FrameDamage.Noise.allCases)
  func `displacements have the size that is asked for`(noise: FrameDamage.Noise) {
    var damage = FrameDamage()
    (damage.noise, damage.size, damage.share, damage.movesAtoms) = (noise, 0.4, .count(6), true)
    let all = (0..<400).flatMap { step in
      damaged(by: damage, step: step).labels.values[DenoisingLabel.noise]?.prefix(18) ?? []
    }
    let largest = all.map(abs).max() ?? 0, count = Double(all.count)
    let deviation = (all.reduce(0) { $0 + $1 * $1 } / count).squareRoot()
    #expect(abs(all.reduce(0, +) / count) < 0.02)
    switch noise {
    case .uniform: #expect(largest <= 0.4 && abs(deviation - 0.4 / 3.0.squareRoot()) < 0.01)
    case .normal: #expect(largest > 0.8 && abs(deviation - 0.4) < 0.015)
    case .truncatedNormal: #expect(largest == 0.8 && abs(deviation - 0.384) < 0.015)
    }
  }

  @Test func `the same numbers are drawn for a seed and a step, others for another`() {
    var damage = FrameDamage()
    (damage.share, damage.movesAtoms) = (.count(2), true)
    let one = damaged(by: damage, seed: 3, step: 7)
    #expect(damaged(by: damage, seed: 3, step: 7) == one)
    #expect(damaged(by: damage, seed: 4, step: 7) != one)
    #expect(damaged(by: damage, seed: 3, step: 8) != one)
  }

  /// Two damaged frames and predictions for them, with two logits.
  private func batch() -> (frames: [LabeledFrame], predictions: [Prediction]) {
    var damage = FrameDamage()
    (damage.share, damage.movesAtoms, damage.hidesTypes) = (.count(2), true, true)
    let frames = (0..<2).map { damaged(by: damage, step: $0) }
    var random = CounterRandom(seed: 5, purpose: "test predictions")
    let predictions = frames.map { frame in
      Prediction(
        atomValues: (0..<5 * frame.frame.types.count).map { _ in random.normal() }, frameValue: [])
    }
    return (frames, predictions)
  }

  @Test(arguments: [true, false], [0.0, 0.3, 1])
  func `the loss is its formula, and its derivatives are differences`(
    comparesDamagedOnly: Bool, beta: Double
  ) {
    var options = DenoisingLossOptions()
    (options.coordinateWeight, options.typeWeight, options.beta) = (0.7, 1.9, beta)
    options.comparesMovedOnly = comparesDamagedOnly
    options.comparesHiddenOnly = comparesDamagedOnly
    let loss = Loss.denoising(DenoisingLoss(options, of: .denoising(types: 2)))
    let (frames, predictions) = batch()
    func value(_ predictions: [Prediction]) -> LossValue {
      loss.evaluate(predictions, for: frames, learningRate: 1)
    }
    let found = value(predictions)
    var errors: [Double] = [], surprises: [Double] = []
    for (frame, prediction) in zip(frames, predictions) {
      let noise = frame.labels.values[DenoisingLabel.noise] ?? []
      let types = frame.labels.values[DenoisingLabel.types] ?? []
      for atom in 0..<6 {
        let x = prediction.atomValues[5 * atom..<5 * atom + 5].map { $0 }
        if !comparesDamagedOnly || marked(DenoisingLabel.isMoved, frame).contains(atom) {
          errors += (0..<3).map { axis in
            let r = abs(x[axis] + noise[3 * atom + axis])
            return r < beta ? r * r / (2 * beta) : r - beta / 2
          }
        }
        if !comparesDamagedOnly || marked(DenoisingLabel.isHidden, frame).contains(atom) {
          surprises.append(-log(exp(x[3 + Int(types[atom])]) / (exp(x[3]) + exp(x[4]))))
        }
      }
    }
    let means = [errors, surprises].map { $0.reduce(0, +) / Double($0.count) }
    #expect(abs(found.total - (0.7 * means[0] + 1.9 * means[1])) <= 1e-12)
    for (error, mean) in zip(found.errors, means) { #expect(abs(error - mean) <= 1e-12) }
    for (k, prediction) in predictions.enumerated() {
      for place in prediction.atomValues.indices {
        let h = 1e-5
        var (up, down) = (predictions, predictions)
        up[k].atomValues[place] += h
        down[k].atomValues[place] -= h
        let slope = (value(up).total - value(down).total) / (2 * h)
        #expect(abs(slope - found.adjoints[k].atomValues[place]) <= 1e-6)
      }
    }
  }

  @Test func `a loss of undamaged atoms alone is zero, not nan`() {
    let frames = [damaged(by: FrameDamage())]
    let loss = Loss.denoising(DenoisingLoss(DenoisingLossOptions(), of: .denoising(types: 2)))
    let prediction = Prediction(atomValues: Array(repeating: 1, count: 35), frameValue: [])
    let found = loss.evaluate([prediction], for: frames, learningRate: 1)
    #expect(found.total == 0 && found.errors == [0, 0])
    #expect(found.adjoints[0].atomValues.allSatisfy { $0 == 0 })
  }
}
