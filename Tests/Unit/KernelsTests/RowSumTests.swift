import Kernels
import Random
import Testing

/// Sums of rows: runs of one place, and several rows at a time, against one addition after the
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

  @Test(arguments: [0, 1, 2, 3, 4, 5, 9], [5, 8, 64])
  func `a queue adds its rows as if one came after the other`(sources: Int, width: Int) {
    let count = places.count, to: Buffer<Double> = numbers(count * width, 5)
    let plain: Buffer<Double> = numbers(count * width, 5)
    let from = (0..<sources).map { numbers(count * width, 10 + UInt64($0)) as Buffer<Double> }
    places.withUnsafeBufferPointer { places in
      var queue = RowQueue(to: Rows(to.base, stride: width), width: width, count: count)
      for (k, source) in from.enumerated() {
        let index = k % 2 == 0 ? places.baseAddress : nil
        let rows = Rows(source.base, stride: k == 3 ? 0 : width, index: k == 3 ? nil : index)
        queue.add(rows)
        addRows(
          rows, times: RowFactors(1), to: Rows(plain.base, stride: width), width: width,
          count: count)
      }
      queue.finish()
    }
    #expect(bits(to) == bits(plain))
  }
}
