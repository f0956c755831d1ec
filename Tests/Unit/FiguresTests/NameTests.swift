import DeepPotential
import Figures
import Testing

@Suite struct NameTests {
  @Test(arguments: [
    (["a/run", "b/run"], ["a", "b"]), (["a/x.out", "b/y.out"], ["x.out", "y.out"]),
    (["one/a/run", "two/a/run"], ["one", "two"]), (["./a/../a/run"], ["run"]),
    (["run", "run"], ["run", "run"]), ([], []),
  ])
  func `paths are told apart by as few parts as that takes`(paths: [String], names: [String]) {
    #expect(shortNames(paths) == names)
  }

  @Test func `bins are as many as Rice's rule has halves, at most 40`() {
    #expect([1, 8, 9, 1000, 1001, 64_000, 1_000_000].map(cubeRoot) == [1, 2, 3, 10, 11, 40, 40])
  }
}

@Suite struct ComparisonTests {
  @Test func `errors are of finite pairs alone, prediction minus label`() {
    var values = Comparison()
    for (label, prediction) in [(1.0, 1.5), (.nan, 2), (3, .infinity), (4, 3)] {
      values.add(label, prediction)
    }
    #expect(values.errors == [0.5, -1] && values.labels.count == 4)
  }

  @Test func `components of forces stand with their element, in the order of elements' first`() {
    var all = Comparisons()
    all.add(.force, part: "O", [1, 2, 3], [1, 2, 4])
    all.add(.force, part: "H", [0, 0, 0], [1, 1, 1])
    all.add(.energy(perAtom: true), [1], [2])
    all.add(.force, part: "O", [5, 5, 5], [5, 5, 5])
    #expect(all.groups.map(\.quantity) == [.energy(perAtom: true), .force])
    let forces = all.groups[1].parts
    #expect(forces.map(\.name) == ["O", "H"])
    #expect(forces[0].values.errors == [0, 0, 1, 0, 0, 0])
    #expect(forces[1].values.errors == [1, 1, 1])
  }

  @Test func `tensors stand by axes, or by their diagonal and the rest`() {
    var all = Comparisons()
    let matrix: ArraySlice<Double> = [1, 2, 3, 4, 5, 6, 7, 8, 9]
    all.addFrame(of: .polarizability, matrix, matrix)
    all.addFrame(of: .dipole, [1, 2, 3], [1, 2, 5])
    #expect(all.groups.map(\.quantity.title) == ["Dipole", "Polarizability"])
    #expect(all.groups[0].parts.map(\.name) == ["x", "y", "z"])
    #expect(all.groups[0].parts.map(\.values.errors) == [[0], [0], [2]])
    #expect(all.groups[1].parts[0].values.labels == [1, 5, 9])
    #expect(all.groups[1].parts[1].values.labels == [2, 3, 4, 6, 7, 8])
  }
}
