import Atoms
import Diagnostics

/// The arrays of one `set.*` of a system, flat, each `frameCount` rows.
struct SystemSet {
  let name: String
  let frameCount: Int
  /// `coord`, `box` of a periodic system, `real_atom_types`, and labels by their first name.
  private(set) var arrays: [String: [Double]] = [:]
  /// The name under which each array is stored (`atom_ener` may be `atomic_ener`).
  private(set) var storedNames: [String: String] = [:]

  /// Reads set `name` of `tree`, a system of `atoms` atoms.
  init(_ name: String, of tree: some SystemTree, atoms: Int, isPeriodic: Bool) throws {
    self.name = name
    // Sorted, `atom_ener` comes before `atomic_ener`: the first one of a kind counts.
    for stored in try tree.arrayNames(inSet: name).sorted() {
      let kind = LabelKind(named: stored).name
      if storedNames[kind] == nil { storedNames[kind] = stored }
    }
    guard storedNames["coord"] != nil else {
      throw ToolError(
        .data, at: tree.place(ofArray: "coord", inSet: name), "is missing: a set has positions")
    }
    let coord = try tree.array("coord", inSet: name)
    let place = tree.place(ofArray: "coord", inSet: name)
    // A single frame may be stored without its first axis.
    let frames = coord.shape.count > 1 ? coord.shape[0] : 1
    // Zero atoms or frames have no numbers, whatever the lengths of the other axes.
    frameCount = atoms == 0 ? 0 : coord.values.count / (3 * atoms)
    guard coord.values.count == frameCount * 3 * atoms, frames == frameCount else {
      throw ToolError(
        .data, at: place,
        "has shape \(coord.shapeText), expected frames × \(3 * atoms) "
          + "(3 for each of \(atoms) atoms in type.raw)")
    }
    arrays["coord"] = coord.values
    if isPeriodic && storedNames["box"] == nil {
      throw ToolError(
        .data, at: tree.place(ofArray: "box", inSet: name), "is missing",
        remedy: "a system without cells has a file 'nopbc' beside type.raw")
    }
    for (kind, stored) in storedNames where kind != "coord" && (kind != "box" || isPeriodic) {
      let place = tree.place(ofArray: stored, inSet: name)
      let width = Self.width(of: kind, atoms: atoms)
      arrays[kind] = try rows(of: try tree.array(stored, inSet: name), width, place)
    }
  }

  private static func width(of array: String, atoms: Int) -> Int? {
    switch array {
    case "box": 9
    case "real_atom_types": atoms
    default: LabelKind(named: array).width(atoms: atoms)
    }
  }

  /// The values of `array` after a look at its shape: `frameCount` rows of `width` numbers.
  private func rows(of array: NumericArray, _ width: Int?, _ place: String) throws -> [Double] {
    let isSingleFrame = frameCount == 1 && array.shape.count < 2
    let isColumn = array.shape.count == 1 && width ?? 1 == 1
    let count = array.values.count
    guard isSingleFrame || ((isColumn || array.shape.count > 1) && array.shape[0] == frameCount),
      width.map({ count == frameCount * $0 }) ?? (frameCount == 0 || count > 0)
    else {
      throw ToolError(
        .data, at: place,
        "has shape \(array.shapeText), expected \(frameCount) frames"
          + (width.map { " × \($0)" } ?? ""))
    }
    return array.values
  }
}

extension NumericArray {
  /// The shape in words, `5 × 18`.
  var shapeText: String {
    shape.isEmpty ? "a single number" : shape.map(String.init).joined(separator: " × ")
  }
}
