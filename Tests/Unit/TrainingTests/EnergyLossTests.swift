import Atoms
import DeepPotential
import TestSupport
import Testing
import Training

@Suite struct EnergyLossTests {
  @Test func `every option set gives the loss and the errors that DeePMD-kit recorded`() throws {
    let cases = try LossCase.all()
    #expect(cases.count == 30)
    for one in cases {
      let value = one.loss.evaluate(
        one.predictions, for: one.frames, learningRate: one.learningRate)
      let expected = try #require(one.expected["loss"]?.double)
      #expect(abs(value.total - expected) <= 1e-12 * expected, "\(one.name)")
      for (column, error) in zip(one.loss.columns, value.errors) {
        // Recorded as `dp test` shows it, by components; training shows the mean length itself.
        if column == "mae_f" && one.options.usesForceNorm { continue }
        let shown = try #require(one.expected["more"]?[column]?.double, "\(column) of \(one.name)")
        #expect(abs(error - shown) <= 1e-12 * shown, "\(column) of \(one.name)")
      }
    }
  }

  @Test func `adjoints are the differences of the loss`() throws {
    for one in try LossCase.all() {
      let adjoints = one.loss.evaluate(
        one.predictions, for: one.frames, learningRate: one.learningRate
      ).adjoints
      for frame in one.frames.indices {
        // The energy moves with its parts, as a model's does.
        for atom in one.frames[frame].frame.types.indices {
          let isReal = one.frames[frame].frame.types[atom] >= 0
          let slope = one.difference {
            $0[frame].atomEnergies[atom] += $1
            if isReal { $0[frame].energy += $1 }
          }
          expectClose(adjoints[frame].atomValues[atom], slope, one)
          for axis in 0..<3 {
            let slope = one.difference { $0[frame].forces[atom][axis] += $1 }
            expectClose(adjoints[frame].forces[atom][axis], slope, one)
          }
        }
        for component in 0..<9 {
          let slope = one.difference {
            var rows = $0[frame].virial.rows
            rows[component] += $1
            $0[frame].virial = Matrix3(rows: rows)
          }
          expectClose(adjoints[frame].virial.rows[component], slope, one)
        }
      }
    }
  }

  @Test func `a missing label gives nan in its column and nothing else`() throws {
    var one = try #require(try LossCase.all().first)
    let frames = one.frames.map { frame in
      var frame = frame
      frame.labels.virial = nil
      return frame
    }
    let value = one.loss.evaluate(one.predictions, for: frames, learningRate: one.learningRate)
    for (column, error) in zip(one.loss.columns, value.errors) {
      #expect(error.isNaN == (column == "rmse_v"))
    }
    #expect(value.adjoints.allSatisfy { $0.virial == .zero })
    one.predictions[0].virial = Matrix3(rows: Array(repeating: 1e9, count: 9))
    let moved = one.loss.evaluate(one.predictions, for: frames, learningRate: one.learningRate)
    #expect(moved.total == value.total)
  }

  @Test func `a term is active only if it has weight at the start and at the limit`() {
    var options = EnergyLossOptions(prefactors: [:])
    options.prefactors[.force] = .init(start: 1000, limit: 0)
    options.prefactors[.energy] = .init(start: 1, limit: 1)
    let loss = Loss.energy(EnergyLoss(options, startLearningRate: 1e-3))
    #expect(loss.columns == ["rmse", "rmse_e"])
  }
}

/// The central difference is good to about 1e-9 of the largest weights (1000) of the option sets.
private func expectClose(_ slope: Double, _ difference: Double, _ one: LossCase) {
  #expect(abs(slope - difference) <= 2e-6 * max(1, abs(slope)), "\(one.name)")
}

extension LossCase {
  /// The central difference of the loss when `move` adds a small number somewhere.
  fileprivate func difference(_ move: (inout [Prediction], Double) -> Void) -> Double {
    let step = 1e-6
    func total(_ amount: Double) -> Double {
      var moved = predictions
      move(&moved, amount)
      return loss.evaluate(moved, for: frames, learningRate: learningRate).total
    }
    return (total(step) - total(-step)) / (2 * step)
  }
}
