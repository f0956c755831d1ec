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
  for p in 0..<count { addScaled(from.at(p), factors.at(p), to: to.at(p), count: width) }
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
  typealias V = SIMD8<Scalar>
  let factor = V(repeating: s)
  var i = 0
  while i + 8 <= count {
    put((get(to + i) as V).addingProduct(factor, get(a + i)), to + i)
    i += 8
  }
  while i < count {
    to[i] += s * a[i]
    i += 1
  }
}

/// `to += s a ⊙ b`.
@inline(__always)
func addProduct<Scalar: NetworkScalar>(
  _ a: UnsafePointer<Scalar>, _ b: UnsafePointer<Scalar>, _ s: Scalar,
  to: UnsafeMutablePointer<Scalar>, count: Int
) {
  typealias V = SIMD8<Scalar>
  let factor = V(repeating: s)
  var i = 0
  while i + 8 <= count {
    let x: V = get(a + i), y: V = get(b + i)
    put((get(to + i) as V).addingProduct(factor * x, y), to + i)
    i += 8
  }
  while i < count {
    to[i] += s * a[i] * b[i]
    i += 1
  }
}
