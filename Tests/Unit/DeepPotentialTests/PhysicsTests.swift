import Atoms
import DeepPotential
import Foundation
import Testing

/// What holds for any model, at sizes on both sides of a vector and at those of production.
@Suite struct PhysicsTests {
  static let shapes = ExampleShape.all + ExampleShape.hybrids + ExampleShape.messages

  /// The frame after the linear map x -> m x of positions and cell.
  func mapped(_ frame: Frame, _ m: Matrix3) -> Frame {
    var frame = frame
    frame.positions = frame.positions.map { m * $0 }
    if let (a, b, c) = frame.cell?.vectors { frame.cell = Cell(m * a, m * b, m * c) }
    return frame
  }

  @Test(arguments: shapes, [true, false])
  func `forces are differences of the energy`(shape: ExampleShape, isPeriodic: Bool) {
    let model = exampleModel(shape), h = shape.bound(1e-5, float32: 1e-2)
    let frame = exampleFrame(isPeriodic: isPeriodic)
    let forces = model.predict(frame).forces
    let scale = forces.map { norm($0) }.max() ?? 0
    for atom in frame.types.indices {
      for axis in 0..<3 {
        var (up, down) = (frame, frame)
        up.positions[atom][axis] += h
        down.positions[atom][axis] -= h
        let slope = (model.predict(up).energy - model.predict(down).energy) / (2 * h)
        #expect(
          abs(forces[atom][axis] + slope) <= shape.bound(1e-7, float32: 1e-2) * scale)
      }
    }
  }

  @Test(arguments: shapes)
  func `the virial is the difference of the energy along a strain`(shape: ExampleShape) {
    // x -> (1 + e) x with one component of e: dE/de_ab = -V_ab.
    let model = exampleModel(shape)
    let frame = exampleFrame(), h = shape.bound(1e-5, float32: 1e-2)
    let virial = model.predict(frame).virial.rows
    let scale = virial.map(abs).max() ?? 0
    for k in 0..<9 {
      func strained(_ size: Double) -> Double {
        var m = [1.0, 0, 0, 0, 1, 0, 0, 0, 1]
        m[k] += size
        return model.predict(mapped(frame, Matrix3(rows: m))).energy
      }
      let slope = (strained(h) - strained(-h)) / (2 * h)
      #expect(abs(virial[k] + slope) <= shape.bound(1e-7, float32: 1e-2) * scale)
    }
  }

  @Test(arguments: shapes, [true, false])
  func `shifting, rotating and renaming moves nothing else`(shape: ExampleShape, isPeriodic: Bool) {
    let model = exampleModel(shape), bound = shape.bound(1e-12, float32: 2e-5)
    let frame = exampleFrame(isPeriodic: isPeriodic), here = model.predict(frame)

    var shifted = frame
    for k in shifted.positions.indices { shifted.positions[k] += SIMD3(3.3, -7.1, 11.9) }
    #expect(difference(model.predict(shifted), here) <= bound)

    let (c, s) = (cos(0.7), sin(0.7))
    let rotation = Matrix3(rows: [c, -s, 0, s * c, c * c, -s, s * s, s * c, c])
    var turned = model.predict(mapped(frame, rotation))
    #expect(abs(turned.energy - here.energy) <= bound * abs(here.energy))
    turned.forces = turned.forces.map { transpose(rotation) * $0 }
    for (a, b) in zip(turned.forces, here.forces) { #expect(norm(a - b) <= bound) }

    let order = Array(frame.types.indices.reversed())
    var permuted = frame
    permuted.types = order.map { frame.types[$0] }
    permuted.positions = order.map { frame.positions[$0] }
    let there = model.predict(permuted)
    #expect(abs(there.energy - here.energy) <= bound * abs(here.energy))
    for (k, atom) in order.enumerated() {
      #expect(norm(there.forces[k] - here.forces[atom]) <= bound)
    }
  }

  func transpose(_ m: Matrix3) -> Matrix3 {
    let v = m.rows
    return Matrix3(rows: [v[0], v[3], v[6], v[1], v[4], v[7], v[2], v[5], v[8]])
  }

  /// The largest difference of any number, energies relative to their size.
  func difference(_ a: Prediction, _ b: Prediction) -> Double {
    let forces = zip(a.forces, b.forces).map { norm($0 - $1) }.max() ?? 0
    let virial = zip(a.virial.rows, b.virial.rows).map { abs($0 - $1) }.max() ?? 0
    return max(abs(a.energy - b.energy) / abs(b.energy), forces, virial)
  }

  @Test(arguments: shapes)
  func `a supercell has the energy of its cells`(shape: ExampleShape) throws {
    let model = exampleModel(shape), bound = shape.bound(1e-11, float32: 2e-5)
    let frame = exampleFrame(), cell = try #require(frame.cell)
    var big = Frame(types: [], positions: [], cell: nil)
    for k in 0..<8 {
      let n = SIMD3(Double(k & 1), Double(k >> 1 & 1), Double(k >> 2))
      big.positions += frame.positions.map { $0 + cell.vector(n) }
      big.types += frame.types
    }
    let (a, b, c) = cell.vectors
    big.cell = Cell(2 * a, 2 * b, 2 * c)
    let (small, large) = (model.predict(frame), model.predict(big))
    #expect(abs(large.energy - 8 * small.energy) <= 0.1 * bound * abs(large.energy))
    for (k, force) in large.forces.enumerated() {
      #expect(norm(force - small.forces[k % frame.types.count]) <= bound)
    }
  }

  @Test(
    arguments:
      ExampleShape.float64 + ExampleShape.hybrids.prefix(1) + ExampleShape.messages.prefix(1))
  func `energy, force and its slope are smooth where a neighbor leaves`(shape: ExampleShape) {
    let model = exampleModel(shape)
    // Two atoms around the cutoff at 4 Å: all of E, E' and E'' must meet their values beyond it.
    func energy(_ r: Double) -> Double {
      model.predict(Frame(types: [0, 1], positions: [.zero, SIMD3(r, 0, 0)], cell: nil)).energy
    }
    func force(_ r: Double) -> Double {
      model.predict(Frame(types: [0, 1], positions: [.zero, SIMD3(r, 0, 0)], cell: nil)).forces[1].x
    }
    let h = 1e-4
    #expect(abs(energy(4 - h) - energy(4 + h)) <= 1e-10)
    #expect(abs(force(4 - h) - force(4 + h)) <= 1e-6)
    #expect(abs(force(4 + h)) == 0)
    #expect(abs((force(4 - h) - force(4 - 2 * h)) / h) <= 1e-4)
    #expect(abs((force(3) - force(3 - h)) / h) > 1e-3)  // it is not flat everywhere
  }

  @Test func `what an evaluator saw before changes no bit`() {
    let frame = exampleFrame(), model = exampleModel()
    var close = frame, other = model
    // Closer than tables reach by themselves, so that they grow for it; and another model of the
    // same shape.
    close.positions[1] = close.positions[0] + SIMD3(0.3, 0.2, 0)
    other.parameters.float64[0] += 1e-9
    let evaluator = Evaluator(threads: 1)
    for (frame, model) in [
      (frame, model), (close, model), (frame, model), (frame, other), (close, other),
      (frame, model),
    ] {
      #expect(evaluator.predict([frame], with: model)[0] == model.predict(frame))
    }
    #expect(other.predict(frame) != model.predict(frame))
  }

  @Test(arguments: shapes)
  func `the number of threads changes no bit`(shape: ExampleShape) {
    let frame = exampleFrame(atoms: 21), model = exampleModel(shape)
    let one = model.predict(frame, threads: 1)
    for threads in [2, 3, 4] { #expect(model.predict(frame, threads: threads) == one) }
  }

  @Test(arguments: shapes)
  func `padding atoms are not there`(shape: ExampleShape) {
    let model = exampleModel(shape), frame = exampleFrame(), here = model.predict(frame)
    var padded = frame
    padded.types += [-1, -1]
    padded.positions += [SIMD3(0.1, 0.2, 0.3), .zero]
    let there = model.predict(padded)
    #expect(there.energy == here.energy && there.forces.prefix(14) == here.forces[...])
    #expect(there.atomEnergies.suffix(2) == [0, 0] && there.forces.suffix(2) == [.zero, .zero])
  }
}
