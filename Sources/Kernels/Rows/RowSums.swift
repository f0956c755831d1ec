/// `to[p] = factor[p] · from[p]` for `count` rows `width` wide; no two of `to` are the same.
@specialized(where Scalar == Double)
@specialized(where Scalar == Float)
public func setRows<Scalar: NetworkScalar>(
  _ from: Rows<Scalar>, times factors: RowFactors<Scalar>, to: Rows<Scalar>, width: Int, count: Int
) {
  for p in 0..<count {
    let from = from.at(p), to = to.at(p), factor = factors.at(p)
    var i = setScaled(of: Scalar.BlockVector.self, from, factor, to: to, 0..<width)
    i = setScaled(of: SIMD8<Scalar>.self, from, factor, to: to, i..<width)
    while i < width {
      to[i] = factor * from[i]
      i += 1
    }
  }
}

/// `to = s a` from the first number of the range on, vector by vector; returns the first number
/// that is left.
@inline(__always)
private func setScaled<V: FusedVector>(
  of vector: V.Type, _ a: UnsafePointer<V.Scalar>, _ s: V.Scalar,
  to: UnsafeMutablePointer<V.Scalar>, _ numbers: Range<Int>
) -> Int {
  var i = numbers.lowerBound
  while i + V.scalarCount <= numbers.upperBound {
    put(s * (get(a + i) as V), to + i)
    i += V.scalarCount
  }
  return i
}

/// `to[p] += factor[p] · from[p]` for `count` rows `width` wide, in order.
@specialized(where Scalar == Double)
@specialized(where Scalar == Float)
public func addRows<Scalar: NetworkScalar>(
  _ from: Rows<Scalar>, times factors: RowFactors<Scalar>, to: Rows<Scalar>, width: Int, count: Int
) {
  if width == 1 {
    for p in 0..<count { to.at(p).pointee += factors.at(p) * from.at(p).pointee }
    return
  }
  to.forEachRun(count) { run, row in
    let p = run.lowerBound
    if run.count == 1 {
      addScaled(from.at(p), factors.at(p), to: row, count: width)
    } else {
      addRun(from, run, to: row, count: width) { factors.at($0) }
    }
  }
}

/// `to += Σ_p factor(p) · from[p]` of the rows `run`, in order, with each number of the sum in a
/// register until it is whole.
@inline(__always)
func addRun<Scalar: NetworkScalar>(
  _ from: Rows<Scalar>, _ run: Range<Int>, to: UnsafeMutablePointer<Scalar>, count: Int,
  factor: (Int) -> Scalar
) {
  typealias V = Scalar.BlockVector
  let n = V.scalarCount
  var i = 0
  while i + 4 * n <= count {
    var a: V = get(to + i), b: V = get(to + i + n)
    var c: V = get(to + i + 2 * n), d: V = get(to + i + 3 * n)
    for p in run {
      let x = from.at(p) + i, factor = V(repeating: factor(p))
      a = a.addingProduct(factor, get(x))
      b = b.addingProduct(factor, get(x + n))
      c = c.addingProduct(factor, get(x + 2 * n))
      d = d.addingProduct(factor, get(x + 3 * n))
    }
    put(a, to + i)
    put(b, to + i + n)
    put(c, to + i + 2 * n)
    put(d, to + i + 3 * n)
    i += 4 * n
  }
  while i + 2 * n <= count {
    var a: V = get(to + i), b: V = get(to + i + n)
    for p in run {
      let x = from.at(p) + i, factor = V(repeating: factor(p))
      a = a.addingProduct(factor, get(x))
      b = b.addingProduct(factor, get(x + n))
    }
    put(a, to + i)
    put(b, to + i + n)
    i += 2 * n
  }
  if i == count { return }
  for p in run { addScaled(from.at(p) + i, factor(p), to: to + i, count: count - i) }
}

/// `to[p] += value`, in every column.
@specialized(where Scalar == Double)
@specialized(where Scalar == Float)
public func addConstant<Scalar: NetworkScalar>(
  _ value: Scalar, to: Rows<Scalar>, width: Int, count: Int
) {
  for p in 0..<count {
    let row = to.at(p)
    for k in 0..<width { row[k] += value }
  }
}

/// `to[p] += a[p] ⊙ b[p]`, times `c[p]` if it is given.
@specialized(where Scalar == Double)
@specialized(where Scalar == Float)
public func addProducts<Scalar: NetworkScalar>(
  _ a: Rows<Scalar>, _ b: Rows<Scalar>, _ c: Rows<Scalar>? = nil, to: Rows<Scalar>, width: Int,
  count: Int
) {
  for p in 0..<count {
    let a = a.at(p), b = b.at(p), to = to.at(p)
    if let c = c?.at(p) {
      for k in 0..<width { to[k] += a[k] * b[k] * c[k] }
    } else {
      addProduct(a, b, 1, to: to, count: width)
    }
  }
}

/// `Σ a`, in eight partial sums.
@inline(__always)
func sum<Scalar: NetworkScalar>(_ a: UnsafePointer<Scalar>, count: Int) -> Scalar {
  typealias V = SIMD8<Scalar>
  var sums = V.zero, i = 0
  while i + 8 <= count {
    sums += get(a + i) as V
    i += 8
  }
  let pairs = sums.evenHalf + sums.oddHalf, quads = pairs.evenHalf + pairs.oddHalf
  var total = quads.x + quads.y
  while i < count {
    total += a[i]
    i += 1
  }
  return total
}

/// `to += s a`.
@inline(__always)
func addScaled<Scalar: NetworkScalar>(
  _ a: UnsafePointer<Scalar>, _ s: Scalar, to: UnsafeMutablePointer<Scalar>, count: Int
) {
  var i = addScaled(of: Scalar.BlockVector.self, a, s, to: to, 0..<count)
  i = addScaled(of: SIMD8<Scalar>.self, a, s, to: to, i..<count)
  while i < count {
    to[i] += s * a[i]
    i += 1
  }
}

/// The same vector by vector; returns the first number that is left.
@inline(__always)
private func addScaled<V: FusedVector>(
  of vector: V.Type, _ a: UnsafePointer<V.Scalar>, _ s: V.Scalar,
  to: UnsafeMutablePointer<V.Scalar>, _ numbers: Range<Int>
) -> Int {
  let factor = V(repeating: s)
  var i = numbers.lowerBound
  while i + V.scalarCount <= numbers.upperBound {
    put((get(to + i) as V).addingProduct(factor, get(a + i)), to + i)
    i += V.scalarCount
  }
  return i
}

/// `to += s a ⊙ b`.
@inline(__always)
func addProduct<Scalar: NetworkScalar>(
  _ a: UnsafePointer<Scalar>, _ b: UnsafePointer<Scalar>, _ s: Scalar,
  to: UnsafeMutablePointer<Scalar>, count: Int
) {
  var i = addProduct(of: Scalar.BlockVector.self, a, b, s, to: to, 0..<count)
  i = addProduct(of: SIMD8<Scalar>.self, a, b, s, to: to, i..<count)
  while i < count {
    to[i] += s * a[i] * b[i]
    i += 1
  }
}

/// The same vector by vector; returns the first number that is left.
@inline(__always)
private func addProduct<V: FusedVector>(
  of vector: V.Type, _ a: UnsafePointer<V.Scalar>, _ b: UnsafePointer<V.Scalar>, _ s: V.Scalar,
  to: UnsafeMutablePointer<V.Scalar>, _ numbers: Range<Int>
) -> Int {
  let factor = V(repeating: s)
  var i = numbers.lowerBound
  while i + V.scalarCount <= numbers.upperBound {
    let x: V = get(a + i), y: V = get(b + i)
    put((get(to + i) as V).addingProduct(factor * x, y), to + i)
    i += V.scalarCount
  }
  return i
}
