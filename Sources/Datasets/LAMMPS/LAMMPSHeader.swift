import Diagnostics

/// The header of a LAMMPS data file: the text before its first section.
struct LAMMPSHeader {
  /// The number of atoms, 1 or more.
  let atomCount: Int
  let box: LAMMPSBox

  private struct Found {
    var atomCount: Int?
    var bounds: [String: [Double]] = [:]
  }

  /// Reads the header; the next of `lines` then begins the first section.
  ///
  /// Throws `ToolError` of kind `.data` if the header is damaged or has no box.
  init(_ lines: inout LAMMPSLines) throws {
    var found = Found()
    while let words = lines.words(withComment: false) {
      if words[0].first?.isLetter == true {
        lines.stepBack()
        break
      }
      try Self.read(words, &found, lines)
    }
    guard let count = found.atomCount else {
      throw ToolError(.data, at: lines.path, "does not say how many atoms it has")
    }
    atomCount = count
    box = try Self.box(found.bounds, lines)
  }

  /// The keywords of the box, and how many numbers each has.
  private static let boxWords = [
    (["xlo", "xhi"], 2), (["ylo", "yhi"], 2), (["zlo", "zhi"], 2), (["xy", "xz", "yz"], 3),
    (["avec"], 3), (["bvec"], 3), (["cvec"], 3), (["abc", "origin"], 3),
  ]

  private static func read(
    _ words: [Substring], _ found: inout Found, _ lines: LAMMPSLines
  ) throws {
    if words.count == 2, words[1] == "atoms" {
      found.atomCount = try lines.integer(words[0], "the number of atoms, 1 or more", least: 1)
    }
    for (keyword, count) in boxWords
    where words.suffix(keyword.count).elementsEqual(keyword, by: ==) {
      guard words.count == count + keyword.count else {
        throw lines.damaged(
          "'\(words.joined(separator: " ").prefix(60))' found, expected "
            + "\(counted(count, "number")) and "
            + keyword.joined(separator: " "))
      }
      let numbers = try lines.finite(words.prefix(count))
      if count == 2 && numbers[0] >= numbers[1] {
        throw lines.damaged("the box has no width: \(words.joined(separator: " "))")
      }
      found.bounds[keyword[0]] = numbers
    }
  }

  private static func box(_ bounds: [String: [Double]], _ lines: LAMMPSLines) throws -> LAMMPSBox {
    func vector(_ key: String) -> SIMD3<Double>? { bounds[key].map { SIMD3($0[0], $0[1], $0[2]) } }
    if let a = vector("avec"), let b = vector("bvec"), let c = vector("cvec") {
      return LAMMPSBox(origin: vector("abc") ?? .zero, a, b, c)
    }
    guard let x = bounds["xlo"], let y = bounds["ylo"], let z = bounds["zlo"] else {
      throw ToolError(
        .data, at: lines.path,
        "has no whole box: expected xlo xhi, ylo yhi and zlo zhi, or avec, bvec and cvec")
    }
    return LAMMPSBox(
      low: SIMD3(x[0], y[0], z[0]), high: SIMD3(x[1], y[1], z[1]), tilts: vector("xy") ?? .zero)
  }
}
