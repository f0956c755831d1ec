import Diagnostics
import Plotting
import Testing

/// Numbers as they stand in pictures.
struct NumberTests {
  @Test(arguments: [
    (0.0, 2, "0.00"), (-0.004, 2, "0.00"), (1.005e3, 0, "1005"), (0.5, 0, "1"), (-1.25, 1, "−1.3"),
    (1e15, 2, "1.00e15"), (.nan, 1, "nan"), (-.infinity, 1, "−inf"), (123.456, 3, "123.456"),
  ])
  func `decimals are fixed, and zero has no sign`(x: Double, decimals: Int, text: String) {
    #expect(fixed(x, decimals) == text)
  }

  @Test(arguments: [
    (0.0, "0"), (9.996, "10.0"), (0.00123456, "0.00123"), (1234.5, "1230"), (-45678.0, "−45,700"),
    (1.23456e-7, "1.23e−7"), (9.999e-5, "0.000100"), (6.02214e23, "6.02e23"),
    (.leastNonzeroMagnitude, "4.94e−324"),
    (1.7976931348623157e308, "1.80e308"),
  ])
  func `three significant digits are three, whatever the size`(x: Double, text: String) {
    #expect(significant(x) == text)
  }

  @Test func `thousands are parted from ten thousand on`() {
    #expect(
      [0, 999, 9999, 10000, 1_234_567].map { grouped($0) }
        == ["0", "999", "9999", "10,000", "1,234,567"])
  }

  @Test(arguments: [
    (0, "0 frames"), (1, "1 frame"), (2, "2 frames"), (-1, "−1 frames"), (10_000, "10,000 frames"),
    (123_456_789, "123,456,789 frames"), (Int.min, "−9,223,372,036,854,775,808 frames"),
  ])
  func `only one is singular`(count: Int, text: String) {
    #expect(counted(count, "frame") == text)
    #expect(counted(count, "mini-batch", "mini-batches").hasSuffix("batches") == (count != 1))
  }

  @Test func `a list of names is cut after five, and says how many there are`() {
    #expect(listed(["a", "b"]) == "a, b" && listed([]).isEmpty)
    #expect(listed((1...5).map(String.init)) == "1, 2, 3, 4, 5")
    #expect(listed((1...17).map(String.init)) == "1, 2, 3, 4, 5 and 12 more")
  }

  @Test func `a text that is too wide loses its middle`() {
    let name = "a-run-with-a-long-name-17"
    let short = fitted(name, width: 80, size: 11)
    #expect(short.hasPrefix("a-run") && short.hasSuffix("17") && short.contains("…"))
    #expect(textWidth(short, size: 11) <= 80)
    #expect(fitted(name, width: 800, size: 11) == name)
    #expect(fitted(name, width: 1, size: 11) == "…")
  }
}
