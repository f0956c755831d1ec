import CMachine

/// The innermost loops of every matrix product: `acc[r] = Σ_k a[r, k] b[k, ·]` for eight rows r at
/// once.
///
/// `a[r, k]` is where `TileRows` says, `b[k, ·]` at `b + k * bInner`.  Each number of the result is
/// summed in the order of k at any place in the matrix, so another cut of a matrix changes no bit.

/// Eight rows of one vector each, for the edges of a matrix.
struct NarrowTile<V: FusedVector> {
  var r0 = V.zero, r1 = V.zero, r2 = V.zero, r3 = V.zero
  var r4 = V.zero, r5 = V.zero, r6 = V.zero, r7 = V.zero

  @inline(__always)
  init(_ a: TileRows<V.Scalar>, _ b: UnsafePointer<V.Scalar>, bInner: Int, count: Int) {
    let step = bInner * MemoryLayout<V.Scalar>.stride
    a.forEachTerm(from: 0, count: count, UnsafeRawPointer(b), step: step) { a, row, b in
      let x = b.loadUnaligned(as: V.self), upper = a + 4 * row
      r0.addProduct(V(repeating: a[0]), x)
      r1.addProduct(V(repeating: a[row]), x)
      r2.addProduct(V(repeating: a[2 * row]), x)
      r3.addProduct(V(repeating: a[3 * row]), x)
      r4.addProduct(V(repeating: upper[0]), x)
      r5.addProduct(V(repeating: upper[row]), x)
      r6.addProduct(V(repeating: upper[2 * row]), x)
      r7.addProduct(V(repeating: upper[3 * row]), x)
    }
  }

  /// Calls `body` with each row.
  @inline(__always)
  func forEachRow(_ body: (Int, V) -> Void) {
    body(0, r0)
    body(1, r1)
    body(2, r2)
    body(3, r3)
    body(4, r4)
    body(5, r5)
    body(6, r6)
    body(7, r7)
  }
}

/// Eight rows of two vectors each, for the columns that wide tiles leave; see `WideTile`.
struct MiddleTile<V: FusedVector> {
  var r00 = V.zero, r01 = V.zero, r10 = V.zero, r11 = V.zero
  var r20 = V.zero, r21 = V.zero, r30 = V.zero, r31 = V.zero
  var r40 = V.zero, r41 = V.zero, r50 = V.zero, r51 = V.zero
  var r60 = V.zero, r61 = V.zero, r70 = V.zero, r71 = V.zero

  @inline(__always)
  init(
    _ rows: TileRows<V.Scalar>, _ b: UnsafePointer<V.Scalar>, bInner: Int, count: Int,
    byHalves: Bool, needed: Range<Int>
  ) {
    /// Calls `body` with each term's column of `A`, from row `first` on, how far its next rows are,
    /// and the row of `B`.
    @inline(__always)
    func forEachTerm(from first: Int, _ body: (UnsafePointer<V.Scalar>, Int, Row) -> Void) {
      let step = bInner * MemoryLayout<V.Scalar>.stride
      rows.forEachTerm(from: first, count: count, UnsafeRawPointer(b), step: step) {
        body($0, $1, Row($2))
      }
    }
    if byHalves {
      if needed.lowerBound < 4 {
        forEachTerm(from: 0) { a, row, x in
          x.add(a[0], to: &r00, &r01)
          x.add(a[row], to: &r10, &r11)
          x.add(a[2 * row], to: &r20, &r21)
          x.add(a[3 * row], to: &r30, &r31)
        }
      }
      if needed.upperBound > 4 {
        forEachTerm(from: 4) { upper, row, x in
          x.add(upper[0], to: &r40, &r41)
          x.add(upper[row], to: &r50, &r51)
          x.add(upper[2 * row], to: &r60, &r61)
          x.add(upper[3 * row], to: &r70, &r71)
        }
      }
    } else {
      forEachTerm(from: 0) { a, row, x in
        let upper = a + 4 * row
        x.add(a[0], to: &r00, &r01)
        x.add(a[row], to: &r10, &r11)
        x.add(a[2 * row], to: &r20, &r21)
        x.add(a[3 * row], to: &r30, &r31)
        x.add(upper[0], to: &r40, &r41)
        x.add(upper[row], to: &r50, &r51)
        x.add(upper[2 * row], to: &r60, &r61)
        x.add(upper[3 * row], to: &r70, &r71)
      }
    }
  }

  /// A row of `B`.
  private struct Row {
    let x0: V, x1: V

    @inline(__always)
    init(_ b: UnsafeRawPointer) {
      x0 = b.loadUnaligned(as: V.self)
      x1 = b.loadUnaligned(fromByteOffset: MemoryLayout<V>.size, as: V.self)
    }

    /// Adds a term to some row's sums.
    @inline(__always)
    func add(_ a: V.Scalar, to c0: inout V, _ c1: inout V) {
      let factor = V(repeating: a)
      c0.addProduct(factor, x0)
      c1.addProduct(factor, x1)
    }
  }

  /// Calls `body` with each row.
  @inline(__always)
  func forEachRow(_ body: (Int, V, V) -> Void) {
    body(0, r00, r01)
    body(1, r10, r11)
    body(2, r20, r21)
    body(3, r30, r31)
    body(4, r40, r41)
    body(5, r50, r51)
    body(6, r60, r61)
    body(7, r70, r71)
  }
}

/// Eight rows of three vectors each, which take 24 of the 32 vector registers of AVX-512; where
/// there are 16, four rows and then the other four take 12, if both are `needed`.
struct WideTile<V: FusedVector> {
  var r00 = V.zero, r01 = V.zero, r02 = V.zero, r10 = V.zero, r11 = V.zero, r12 = V.zero
  var r20 = V.zero, r21 = V.zero, r22 = V.zero, r30 = V.zero, r31 = V.zero, r32 = V.zero
  var r40 = V.zero, r41 = V.zero, r42 = V.zero, r50 = V.zero, r51 = V.zero, r52 = V.zero
  var r60 = V.zero, r61 = V.zero, r62 = V.zero, r70 = V.zero, r71 = V.zero, r72 = V.zero

  @inline(__always)
  init(
    _ rows: TileRows<V.Scalar>, _ b: UnsafePointer<V.Scalar>, bInner: Int, count: Int,
    byHalves: Bool, needed: Range<Int>
  ) {
    /// Calls `body` with each term's column of `A`, from row `first` on, how far its next rows are,
    /// and the row of `B`.
    @inline(__always)
    func forEachTerm(from first: Int, _ body: (UnsafePointer<V.Scalar>, Int, Row) -> Void) {
      let step = bInner * MemoryLayout<V.Scalar>.stride
      rows.forEachTerm(from: first, count: count, UnsafeRawPointer(b), step: step) {
        body($0, $1, Row($2))
      }
    }
    if byHalves {
      if needed.lowerBound < 4 {
        forEachTerm(from: 0) { a, row, x in
          x.prefetchNext()
          x.add(a[0], to: &r00, &r01, &r02)
          x.add(a[row], to: &r10, &r11, &r12)
          x.add(a[2 * row], to: &r20, &r21, &r22)
          x.add(a[3 * row], to: &r30, &r31, &r32)
        }
      }
      if needed.upperBound > 4 {
        forEachTerm(from: 4) { upper, row, x in
          x.add(upper[0], to: &r40, &r41, &r42)
          x.add(upper[row], to: &r50, &r51, &r52)
          x.add(upper[2 * row], to: &r60, &r61, &r62)
          x.add(upper[3 * row], to: &r70, &r71, &r72)
        }
      }
    } else {
      forEachTerm(from: 0) { a, row, x in
        let upper = a + 4 * row
        x.prefetchNext()
        x.add(a[0], to: &r00, &r01, &r02)
        x.add(a[row], to: &r10, &r11, &r12)
        x.add(a[2 * row], to: &r20, &r21, &r22)
        x.add(a[3 * row], to: &r30, &r31, &r32)
        x.add(upper[0], to: &r40, &r41, &r42)
        x.add(upper[row], to: &r50, &r51, &r52)
        x.add(upper[2 * row], to: &r60, &r61, &r62)
        x.add(upper[3 * row], to: &r70, &r71, &r72)
      }
    }
  }

  /// A row of `B`.
  private struct Row {
    let x0: V, x1: V, x2: V
    private let end: UnsafeRawPointer

    @inline(__always)
    init(_ b: UnsafeRawPointer) {
      end = b + 3 * MemoryLayout<V>.size
      x0 = b.loadUnaligned(as: V.self)
      x1 = b.loadUnaligned(fromByteOffset: MemoryLayout<V>.size, as: V.self)
      x2 = b.loadUnaligned(fromByteOffset: 2 * MemoryLayout<V>.size, as: V.self)
    }

    /// Asks for what the next columns need of this row.
    ///
    /// The CPU itself foresees only what follows in memory, and the next row is far away.  (Columns
    /// that were copied do follow each other; then this asks for what is at hand.)
    @inline(__always)
    func prefetchNext() {
      // Three vectors of AVX-512 take three lines of 64 bytes.  Those of AVX2 lie in two: their
      // middle and their end meet both, whether they begin at a line or halfway.
      if cmachine_has_avx512() {
        cmachine_prefetch(end)
        cmachine_prefetch(end + 64)
        cmachine_prefetch(end + 128)
      } else {
        cmachine_prefetch(end + 32)
        cmachine_prefetch(end + 96)
      }
    }

    /// Adds a term to some row's sums.
    @inline(__always)
    func add(_ a: V.Scalar, to c0: inout V, _ c1: inout V, _ c2: inout V) {
      let factor = V(repeating: a)
      c0.addProduct(factor, x0)
      c1.addProduct(factor, x1)
      c2.addProduct(factor, x2)
    }
  }

  /// Calls `body` with each row.
  @inline(__always)
  func forEachRow(_ body: (Int, V, V, V) -> Void) {
    body(0, r00, r01, r02)
    body(1, r10, r11, r12)
    body(2, r20, r21, r22)
    body(3, r30, r31, r32)
    body(4, r40, r41, r42)
    body(5, r50, r51, r52)
    body(6, r60, r61, r62)
    body(7, r70, r71, r72)
  }
}
