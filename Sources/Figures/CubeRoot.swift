/// The cube root of a number of values, at most 40: by Rice's rule twice that many bins show how
/// they are spread.
package func cubeRoot(_ count: Int) -> Int { (1...40).first { $0 * $0 * $0 >= count } ?? 40 }
