/// Copies `count` adjacent rows, `width` wide, to columns `row` numbers apart.
@specialized(where Scalar == Double)
@specialized(where Scalar == Float)
func transpose<Scalar: NetworkScalar>(
  _ x: Rows<Scalar>, width: Int, count: Int, into to: UnsafeMutablePointer<Scalar>, row: Int
) {
  let rows = count / 8 * 8, columns = width / 8 * 8
  for p in stride(from: 0, to: rows, by: 8) {
    for c in stride(from: 0, to: columns, by: 8) {
      Scalar.transpose8(x.base + p * x.stride + c, row: x.stride, to: to + c * row + p, row: row)
    }
  }
  for c in 0..<width {
    for p in (c < columns ? rows : 0)..<count { to[c * row + p] = x.base[p * x.stride + c] }
  }
}
