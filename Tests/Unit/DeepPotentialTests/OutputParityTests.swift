import Atoms
import DeepPotential
import Files
import Foundation
import Models
import TestSupport
import Testing

/// Every model of another output than energies, recorded from DeePMD-kit 3.2.
@Suite struct OutputParityTests {
  /// The models, and DeePMD-kit's names of the values of a frame and of its atoms.
  static let models = [
    ("dipole", "global_dipole", "dipole"), ("dipole_bias", "global_dipole", "dipole"),
    ("dipole_dpa1", "global_dipole", "dipole"), ("polar_diag", "global_polar", "polar"),
    ("polar_full", "global_polar", "polar"), ("polar_constmat", "global_polar", "polar"),
    ("polar_hybrid", "global_polar", "polar"), ("dos", "dos", "atom_dos"),
    ("dos_e3", "dos", "atom_dos"), ("property_intensive", "gap", "atom_gap"),
    ("property_r", "gap", "atom_gap"),
  ]

  private func model(_ name: String) throws -> EnergyModel {
    try StoredModel.read(fixtures.appending(path: "outputs/\(name).dp").path).model
  }

  private func configurations(_ name: String) throws -> [(frame: Frame, out: JSONValue)] {
    let elements = try fixture("outputs/\(name).json")["configs"]?.elements ?? []
    #expect(elements.count >= 3)
    return try elements.map { (try Frame(fixture: $0), try #require($0["out"])) }
  }

  @Test(arguments: models)
  func `values of frames and atoms are DeePMD-kit's`(
    name: String, frameKey: String, atomKey: String
  ) throws {
    let model = try model(name)
    for (frame, out) in try configurations(name) {
      for tabulates in [true, false] {
        let evaluator = Evaluator(threads: 2, tabulates: tabulates)
        let prediction = try #require(evaluator.predict([frame], with: model).first)
        expectEqual(prediction.atomValues, out[atomKey], 1e-9)
        expectEqual(prediction.frameValue, out[frameKey], 1e-9 * Double(frame.types.count))
        #expect(prediction.forces.isEmpty)
      }
    }
  }

  @Test(arguments: ["dipole", "dipole_bias", "dipole_dpa1"])
  func `derivatives of dipoles are DeePMD-kit's`(name: String) throws {
    let model = try model(name)
    for (frame, out) in try configurations(name) {
      let found = Evaluator(threads: 1).derivatives(of: [frame], with: model)[0]
      let atoms = frame.types.indices
      expectEqual(
        atoms.flatMap { atom in
          found.flatMap { [$0.forces[atom].x, $0.forces[atom].y, $0.forces[atom].z] }
        }, out["force"], 1e-9)
      expectEqual(found.flatMap(\.virial.rows), out["virial"], 1e-9)
      expectEqual(
        atoms.flatMap { atom in found.flatMap { $0.atomVirials[atom].rows } }, out["atom_virial"],
        1e-9)
    }
  }

  @Test(arguments: models.map(\.0))
  func `vectors and matrices turn with the frame, other values stay`(name: String) throws {
    let model = try model(name), frame = try configurations(name)[0].frame
    let (c, s) = (cos(0.7), sin(0.7))
    let rotation = Matrix3(rows: [c, -s, 0, s * c, c * c, -s, s * s, s * c, c])
    var turned = frame
    turned.positions = frame.positions.map { rotation * $0 }
    if let (a, b, c) = frame.cell?.vectors {
      turned.cell = Cell(rotation * a, rotation * b, rotation * c)
    }
    let found = Evaluator(threads: 1, tabulates: false).predict([frame, turned], with: model)
    let here = found[0].atomValues, there = found[1].atomValues
    let scale = here.map(abs).max() ?? 0
    let expected: [Double] =
      switch model.output.shape.first == 3 ? model.output.shape.count : 0 {
      case 1 where model.output == .dipole: turnedVectors(here, rotation)
      case 2: turnedMatrices(here, rotation)
      default: here
      }
    let worst = zip(there, expected).map { abs($0 - $1) }.max() ?? .infinity
    #expect(worst <= 1e-12 * max(scale, 1))
  }

  @Test(arguments: models.map(\.0))
  func `a model that is written and read again is the same`(name: String) throws {
    let model = try model(name)
    try withTemporaryFolder { folder in
      let path = folder.appending(path: "model.h5").path
      try StoredModel(model: model).write(to: path)
      #expect(try StoredModel.read(path).model == model)
    }
  }

  @Test(arguments: models.map(\.0))
  func `types in another order give the same values`(name: String) throws {
    let model = try model(name), frame = try configurations(name)[0].frame
    let turned = model.reordered(to: model.typeMap.reversed())
    var renamed = frame
    renamed.types = frame.types.map { model.typeMap.count - 1 - $0 }
    let evaluator = Evaluator(threads: 1, tabulates: false)
    let here = evaluator.predict([frame], with: model)[0].atomValues
    let there = evaluator.predict([renamed], with: turned)[0].atomValues
    #expect(zip(here, there).allSatisfy { abs($0 - $1) <= 1e-12 })
  }

  private func turnedVectors(_ x: [Double], _ rotation: Matrix3) -> [Double] {
    stride(from: 0, to: x.count, by: 3).flatMap { k in
      let y = rotation * SIMD3(x[k], x[k + 1], x[k + 2])
      return [y.x, y.y, y.z]
    }
  }

  /// `R P Rᵀ` for each matrix P.
  private func turnedMatrices(_ x: [Double], _ rotation: Matrix3) -> [Double] {
    let r = rotation.rows
    return stride(from: 0, to: x.count, by: 9).flatMap { start in
      (0..<9).map { k in
        var sum = 0.0
        for a in 0..<3 {
          for b in 0..<3 { sum += r[3 * (k / 3) + a] * x[start + 3 * a + b] * r[3 * (k % 3) + b] }
        }
        return sum
      }
    }
  }
}
