import Atoms
import Files
import Testing

/// Expects that `found` are the `expected` numbers, nested or not, within `tolerance`.
public func expectEqual(
  _ found: [Double], _ expected: JSONValue?, _ tolerance: Double,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  let expected = expected?.numbers ?? []
  #expect(found.count == expected.count, sourceLocation: sourceLocation)
  let worst = zip(found, expected).map { abs($0 - $1) }.max() ?? 0
  #expect(worst <= tolerance, sourceLocation: sourceLocation)
}

extension Frame {
  /// A configuration of a model fixture.
  public init(fixture: JSONValue) throws {
    let x = fixture["coord"]?.numbers ?? []
    let box = fixture["box"]?.numbers ?? []
    self.init(
      types: fixture["types"]?.numbers.map { Int($0) } ?? [],
      positions: stride(from: 0, to: x.count, by: 3).map { SIMD3(x[$0], x[$0 + 1], x[$0 + 2]) },
      cell: try box.isEmpty ? nil : #require(Cell(rows: box) as Cell?),
      frameParameters: fixture["fparam"]?.numbers ?? [],
      atomParameters: fixture["aparam"]?.numbers ?? [])
  }
}
