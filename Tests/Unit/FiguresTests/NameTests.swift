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
    all.addForce("O", [1, 2, 3], [1, 2, 4])
    all.addForce("H", [0, 0, 0], [1, 1, 1])
    all.addForce("O", [5, 5, 5], [5, 5, 5])
    #expect(all.forces.map(\.element) == ["O", "H"])
    #expect(all.forces[0].values.errors == [0, 0, 1, 0, 0, 0])
    #expect(all.forces[1].values.errors == [1, 1, 1])
  }
}
