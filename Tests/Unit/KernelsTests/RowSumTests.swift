import Kernels
import Random
import Testing

/// Sums of rows: runs of one place, and rows that a product adds, against one addition after the
/// other.  No bit may differ, since sums are taken in order.
@Suite struct RowSumTests {
  private let places: [Int32] = [4, 4, 4, 4, 4, 1, 0, 0, 3, 4, 4, 2, 2, 2]

  private func numbers<Scalar: NetworkScalar>(_ count: Int, _ step: UInt64) -> Buffer<Scalar> {
    var random = CounterRandom(seed: 4, purpose: "row sums", step: step)
    let buffer = Buffer<Scalar>(count)
    for k in 0..<count { buffer.base[k] = Scalar(random.normal()) }
    return buffer
  }

  private func bits<Scalar: NetworkScalar>(_ buffer: Buffer<Scalar>) -> [Double] {
    (0..<buffer.capacity).map { Double(buffer.base[$0]) }
  }

  @Test(arguments: [1, 3, 8, 31, 32, 37, 64, 100])
  func `a run is added number by number, in order`(width: Int) {
    check(width, Double.self)
    check(width, Float.self)
  }

  private func check<Scalar: NetworkScalar>(_ width: Int, _ type: Scalar.Type) {
    let count = places.count, from: Buffer<Scalar> = numbers(count * width, 1)
    let factors: Buffer<Scalar> = numbers(count, 2)
    for isOne in [false, true] {
      let (sums, plain) = (
        numbers(5 * width, 3) as Buffer<Scalar>, numbers(5 * width, 3) as Buffer<Scalar>
      )
      places.withUnsafeBufferPointer { places in
        let to =
          isOne
          ? Rows(sums.base, stride: 0)
          : Rows(sums.base, stride: width, index: places.baseAddress)
        addRows(
          Rows(from.base, stride: width), times: RowFactors(0.5, factors.base), to: to,
          width: width, count: count)
        for p in 0..<count {
          let row = plain.base + (isOne ? 0 : Int(places[p]) * width)
          for k in 0..<width {
            row[k].addProduct(Scalar(0.5) * factors.base[p], from.base[p * width + k])
          }
        }
      }
      for (a, b) in zip(bits(sums), bits(plain)) {
        #expect(abs(a - b) <= 8 * Double(Scalar.ulpOfOne) * max(1, abs(b)))
      }
    }
  }

  @Test(arguments: [0, 1, 2, 3, 4], [(14, 5), (14, 8), (3, 48), (14, 64), (13, 96), (14, 131)])
  func `a product adds rows as if one kind came after the other`(kinds: Int, size: (Int, Int)) {
    checkProduct(kinds, size.0, size.1, Double.self)
    checkProduct(kinds, size.0, size.1, Float.self)
  }

  private func checkProduct<Scalar: NetworkScalar>(
    _ kinds: Int, _ count: Int, _ width: Int, _ type: Scalar.Type
  ) {
    let inputs = width == 131 ? 400 : 7  // the former are more terms than are summed in registers
    let product = DenseProduct(inputs: inputs, outputs: width)
    let x: Buffer<Scalar> = numbers(count * inputs, 6)
    let weights: Buffer<Scalar> = numbers(inputs * width, 7)
    let found: Buffer<Scalar> = numbers(count * width, 5), plain = Buffer<Scalar>(count * width)
    let from = (0..<kinds).map { numbers(count * width, 10 + UInt64($0)) as Buffer<Scalar> }
    let input = Rows(x.base, stride: inputs), sums = Rows(plain.base, stride: width)
    product.set(input, weights.base, into: sums, count: count)
    places.withUnsafeBufferPointer { places in
      var added = AddedRows<Scalar>()
      for (k, source) in from.enumerated() {
        let index = k % 2 == 0 && count >= 5 ? places.baseAddress : nil
        let rows = Rows(source.base, stride: k == 3 ? 0 : width, index: k == 3 ? nil : index)
        added.append(rows)
        addRows(rows, times: RowFactors(1), to: sums, width: width, count: count)
      }
      product.set(
        input, weights.base, into: Rows(found.base, stride: width), count: count, adding: added)
    }
    let isSame = bits(found) == bits(plain)  // thousands of numbers that no message should show
    #expect(isSame)
  }

  @Test(arguments: [1, 5, 8, 64, 67])
  func `rows that are set are those that are added to zeros`(width: Int) {
    let count = places.count, from: Buffer<Double> = numbers(5 * width, 1)
    let factors: Buffer<Double> = numbers(count, 2)
    let sums = Buffer<Double>(count * width), found: Buffer<Double> = numbers(count * width, 3)
    places.withUnsafeBufferPointer { places in
      let from = Rows(from.base, stride: width, index: places.baseAddress)
      let factors = RowFactors(0.5, factors.base)
      setRows(
        from, times: factors, to: Rows(found.base, stride: width), width: width, count: count)
      addRows(
        from, times: factors, to: Rows(sums.base, stride: width), width: width, count: count)
    }
    #expect(bits(found) == bits(sums))
  }

  /// A layer's adjoint against its definition, number by number.
  @Test(arguments: [1, 5, 8, 67], [false, true])
  func `a layer's adjoint is what its three factors give`(width: Int, isScaled: Bool) {
    let count = places.count
    let memory: Buffer<Double> = numbers(LayerBlock<Double>.scratchCount(width: width), 1)
    let block = LayerBlock(width: width, count: count, memory.base)
    let yBar: Buffer<Double> = numbers(5 * width, 2), scale: Buffer<Double> = numbers(width, 3)
    let factors: Buffer<Double> = numbers(count, 4)
    places.withUnsafeBufferPointer { places in
      block.setAdjoint(
        Rows(yBar.base, stride: width, index: places.baseAddress),
        times: RowFactors(0.5, factors.base), scale: isScaled ? UnsafePointer(scale.base) : nil)
      for p in 0..<count {
        for k in 0..<width {
          let z = yBar.base[Int(places[p]) * width + k] * (0.5 * factors.base[p])
          let slope = block.slope[p * width + k]
          let exact = z * (isScaled ? scale.base[k] : 1) * slope
          #expect(block.adjoint[p * width + k] == exact)
        }
      }
    }
  }
}
