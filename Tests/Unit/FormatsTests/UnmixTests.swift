import Atoms
import Diagnostics
import Testing

/// Mixed-type systems as systems of one set of atoms.
struct UnmixTests {
  private func mixed(
    _ frameTypes: [Int], atoms: Int, _ labels: [String: [Double]] = [:]
  ) -> AtomicSystem {
    let frames = frameTypes.count / atoms
    return AtomicSystem(
      place: "m", typeNames: ["A", "B"], types: Array(repeating: 0, count: atoms),
      frameTypes: frameTypes, isPeriodic: true, frameCount: frames,
      positions: (0..<frames * atoms * 3).map(Double.init),
      cells: (0..<frames).flatMap { [Double($0 + 1), 0, 0, 0, 1, 0, 0, 0, 1] }, labels: labels)
  }

  @Test func `another order of the atoms is another system, frames keep theirs`() throws {
    let systems = try mixed([0, 1, 1, 0, 0, 1], atoms: 2, ["energy": [1, 2, 3]]).unmixed()
    #expect(systems.map(\.types) == [[0, 1], [1, 0]])
    #expect(systems.map { $0.labels["energy"] } == [[1, 3], [2]])
    #expect(systems.map { $0.cells.first } == [1, 2])
    #expect(systems.map(\.place) == ["m/A1B1", "m/A1B1"])
  }

  @Test func `the rows and columns of padding atoms leave a Hessian`() throws {
    let hessian = (0..<36).map(Double.init)
    let systems = try mixed([-1, 1], atoms: 2, ["hessian": hessian]).unmixed()
    #expect(systems.first?.labels["hessian"] == [21, 22, 23, 27, 28, 29, 33, 34, 35])
    #expect(systems.first?.positions == [3, 4, 5])
  }

  @Test func `a frame without atoms and a label of selected atoms beside padding are errors`() {
    #expect(throws: ToolError.self) { try mixed([0, 1, -1, -1], atoms: 2).unmixed() }
    let labels = ["atomic_dipole": [1.0, 2, 3]]
    #expect(throws: ToolError.self) { try mixed([0, -1], atoms: 2, labels).unmixed() }
    #expect(throws: Never.self) { try mixed([0, 1], atoms: 2, labels).unmixed() }
  }

  @Test func `a system that is not mixed stays as it is`() throws {
    var plain = mixed([0, 1], atoms: 2)
    plain.frameTypes = nil
    #expect(try plain.unmixed() == [plain])
  }
}
