extension TrilinearForm {
  /// `out[p] += factor[p] ∂φ/∂role (a[p], b[p])` for `count` rows, in order; `a` and `b` are the
  /// rows of the other two roles in the order x, y, z.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func add<Scalar: NetworkScalar>(
    _ role: Role, _ a: Rows<Scalar>, _ b: Rows<Scalar>, times factors: RowFactors<Scalar>,
    to out: Rows<Scalar>, count: Int
  ) {
    let nest = nest(role), (a, b) = nest.swaps ? (b, a) : (a, b)
    switch nest.inner {
    case .single:
      for p in 0..<count {
        out.at(p).pointee += factors.at(p) * a.at(p).pointee * b.at(p).pointee
      }
    case .scaled where out.mayRepeat && nest.hasOwnResults:
      out.forEachRun(count) { run, row in
        for j in 0..<nest.sizes[1] {
          let a = Rows(a.base + j * nest.a[1], stride: a.stride, index: a.index)
          let b = Rows(b.base + j * nest.b[1], stride: b.stride, index: b.index)
          addRun(a, run, to: row + j * nest.out[1], count: nest.sizes[2]) {
            factors.at($0) * b.at($0).pointee
          }
        }
      }
    case .scaled where nest.hasOneResult:
      for p in 0..<count {
        let a = Rows(a.at(p), stride: nest.a[1]), b = Rows(b.at(p), stride: nest.b[1])
        let factor = factors.at(p)
        addRun(a, 0..<nest.sizes[1], to: out.at(p), count: nest.sizes[2]) {
          factor * b.at($0).pointee
        }
      }
    case .scaled:
      nest.run(a, b, factors, out, count) { out, a, b, factor, n in
        addScaled(a, factor * b.pointee, to: out, count: n)
      }
    case .dot:
      nest.run(a, b, factors, out, count) { out, a, b, factor, n in
        out.pointee += factor * innerProduct(a, b, count: n)
      }
    case .elementwise:
      nest.run(a, b, factors, out, count) { out, a, b, factor, n in
        addProduct(a, b, factor, to: out, count: n)
      }
    case .general:
      nest.run(a, b, factors, out, count) { out, a, b, factor, n in
        for i in 0..<n {
          out[i * nest.out[2]] += factor * a[i * nest.a[2]] * b[i * nest.b[2]]
        }
      }
    }
  }
}

extension LoopNest {
  /// Whether no two iterations of the outer loops go to the same place.
  fileprivate var hasOwnResults: Bool { sizes[0] == 1 && (out[1] != 0 || sizes[1] == 1) }

  /// Whether all iterations of the outer loops go to the same place.
  fileprivate var hasOneResult: Bool { sizes[0] == 1 && out[1] == 0 }

  /// Calls `body`, the innermost loop, with the places of its beginning.
  @inline(__always)
  fileprivate func run<Scalar: NetworkScalar>(
    _ a: Rows<Scalar>, _ b: Rows<Scalar>, _ factors: RowFactors<Scalar>, _ out: Rows<Scalar>,
    _ count: Int,
    _ body: (
      UnsafeMutablePointer<Scalar>, UnsafePointer<Scalar>, UnsafePointer<Scalar>, Scalar, Int
    ) -> Void
  ) {
    let (n0, n1, n2) = (sizes[0], sizes[1], sizes[2])
    let (o0, o1) = (self.out[0], self.out[1]), (a0, a1) = (self.a[0], self.a[1])
    let (b0, b1) = (self.b[0], self.b[1])
    for p in 0..<count {
      let out = out.at(p), a = a.at(p), b = b.at(p), factor = factors.at(p)
      for i in 0..<n0 {
        for j in 0..<n1 {
          body(
            out + i * o0 + j * o1, UnsafePointer(a + i * a0 + j * a1),
            UnsafePointer(b + i * b0 + j * b1), factor, n2)
        }
      }
    }
  }
}
