/// The cube root of the number of values, at most 40; Rice's rule takes twice as many bins.
package func cubeRoot(_ count: Int) -> Int { (1...40).first { $0 * $0 * $0 >= count } ?? 40 }
