/// The places of a `Covariance`'s blocks, each a symmetric matrix whose lower triangle is stored in
/// square tiles.
///
/// Blocks are padded to whole tiles, and vectors are padded alike.
public struct CovarianceLayout: Sendable, Equatable {
  /// The number of rows and columns of a tile; its vectors fit into the first-level cache beside
  /// it.
  public static let tile = 64

  /// One block.
  public struct Block: Sendable, Equatable {
    /// The number of rows and columns without padding.
    public let size: Int
    /// The number of rows of tiles.
    let tileRows: Int
    /// The index of the block's first number among the tiles, and in a padded vector.
    let start: Int, vectorStart: Int
    /// The block's places in a padded vector, without padding.
    public var places: Range<Int> { vectorStart..<vectorStart + size }

    /// The index of the tile in row `i` and column `j <= i` of tiles.
    func tile(_ i: Int, _ j: Int) -> Int {
      start + (i * (i + 1) / 2 + j) * CovarianceLayout.tile * CovarianceLayout.tile
    }
  }

  /// The blocks, in order.
  public let blocks: [Block]
  /// The count of numbers in all tiles, and in a padded vector.
  public let count: Int, vectorCount: Int

  /// Lays out blocks with `sizes` rows.
  public init(sizes: [Int]) {
    var blocks: [Block] = [], count = 0, vectorCount = 0
    for size in sizes {
      let rows = (size + Self.tile - 1) / Self.tile
      blocks.append(
        Block(size: size, tileRows: rows, start: count, vectorStart: vectorCount))
      count += rows * (rows + 1) / 2 * Self.tile * Self.tile
      vectorCount += rows * Self.tile
    }
    self.blocks = blocks
    self.count = count
    self.vectorCount = vectorCount
  }

  /// The places of some adjacent blocks among the tiles, and in padded vectors.
  public func places(of blocks: Range<Int>) -> (tiles: Range<Int>, vector: Range<Int>) {
    func start(_ block: Int) -> (Int, Int) {
      block == self.blocks.count
        ? (count, vectorCount) : (self.blocks[block].start, self.blocks[block].vectorStart)
    }
    let (low, high) = (start(blocks.lowerBound), start(blocks.upperBound))
    return (low.0..<high.0, low.1..<high.1)
  }
}
