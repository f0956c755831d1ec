import CMachine

/// One product during its computation.
struct Product<Scalar: NetworkScalar> {
  let rows: Int, columns: Int, inner: Int
  let a: MatrixOperand<Scalar>, b: MatrixOperand<Scalar>
  let c: UnsafeMutablePointer<Scalar>, cRow: Int
  let target: ProductTarget
  /// Numbers that are added to every row of `C`, if there are any.
  let bias: UnsafePointer<Scalar>?
  /// Rows that are added to those of `C`.
  let added: AddedRows<Scalar>

  /// The largest number of terms that are summed before a block is written to memory: three vectors
  /// of `B` times this number fill a part of the second-level cache.  A transposed `A` often meets
  /// copied columns, and as many of AVX2 fit into the first.
  var block: Int { a.isTransposed ? 256 : 384 }

  /// Whether the product is summed in memory of its own before it meets `C`.
  ///
  /// `C += A B` adds to each number of `C` once, so that a sum of products can be cut between any
  /// two of them without changing a bit.
  private var sumsApart: Bool { target == .add && inner > block }

  @inline(__always)
  init(
    rows: Int, columns: Int, inner: Int, _ a: MatrixOperand<Scalar>, _ b: MatrixOperand<Scalar>,
    _ c: UnsafeMutablePointer<Scalar>, _ cRow: Int, _ target: ProductTarget,
    _ bias: UnsafePointer<Scalar>?, _ added: AddedRows<Scalar>
  ) {
    (self.rows, self.columns, self.inner) = (rows, columns, inner)
    (self.a, self.b, self.c, self.cRow, self.target, self.bias) = (a, b, c, cRow, target, bias)
    self.added = added
  }

  func run() {
    guard !sumsApart else { return runApart() }
    let tile = target == .setTransposed ? 8 * tileWidth : 0, terms = min(block, inner)
    let columns = copiesColumns ? tileWidth * terms : 0
    let packed = packsRows ? (rows + 7) / 8 * 8 * terms : 0
    guard tile + columns + packed > 0 else { return run(Scratch()) }
    withUnsafeTemporaryAllocation(
      byteCount: (tile + columns + packed) * MemoryLayout<Scalar>.stride, alignment: 64
    ) { memory in
      let base = memory.bindMemory(to: Scalar.self).baseAddress
      run(
        Scratch(
          tile: tile > 0 ? base : nil, columns: columns > 0 ? base.map { $0 + tile } : nil,
          rows: packed > 0 ? base.map { $0 + tile + columns } : nil))
    }
  }

  /// Sums the product in memory of its own, and then adds it to `C`.
  private func runApart() {
    withUnsafeTemporaryAllocation(
      byteCount: rows * columns * MemoryLayout<Scalar>.stride, alignment: 64
    ) { memory in
      guard let sums = memory.bindMemory(to: Scalar.self).baseAddress else { return }
      Product(
        rows: rows, columns: columns, inner: inner, a, b, sums, columns, .set, nil,
        AddedRows()
      ).run()
      for i in 0..<rows {
        let sum = sums + i * columns, c = c + i * cRow
        for j in 0..<columns { c[j] += sum[j] }
      }
    }
  }

  /// Computes the product.
  ///
  /// It is not inlined, so that the compiler optimizes its many loops once for each format.
  @inline(never)
  private func run(_ scratch: Scratch) {
    for start in stride(from: 0, to: max(inner, 1), by: block) {
      let count = min(block, inner - start)
      let isLast = start + count >= inner
      let end = Ending(
        adds: start > 0 || target == .add, bias: isLast ? bias : nil,
        added: isLast ? added : AddedRows())
      if let packed = scratch.rows { packRows(start, count, into: packed) }
      panels(
        of: Scalar.WideVector.self, start, count, end, scratch, byHalves: !cmachine_has_avx512())
    }
  }

  /// What is added to the sums of a block before they are written: what is in `C`, the bias, and
  /// other rows.
  struct Ending {
    let adds: Bool, bias: UnsafePointer<Scalar>?, added: AddedRows<Scalar>
  }
}
