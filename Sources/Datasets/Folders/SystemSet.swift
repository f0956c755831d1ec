import Atoms
import Diagnostics
import Files

/// The arrays of one `set.*` folder of a system, flat, each with `frameCount` rows.
struct SystemSet {
  let name: String
  let frameCount: Int
  /// `coord`, `box` of a periodic system, `real_atom_types`, and labels by their first name.
  private(set) var arrays: [String: [Double]] = [:]
  /// The name under which each array is stored (`atom_ener` may be stored as `atomic_ener`).
  private(set) var storedNames: [String: String] = [:]

  /// Reads the set `name` of `tree`, a system of `atoms` atoms.
  ///
  /// Throws the errors of all arrays at once, in the order of their names; an error of `coord`
  /// alone.  Arrays that energy models do not need (`isNeeded`) are left out instead, with a
  /// notice.
  init(_ name: String, of tree: some SystemTree, atoms: Int, isPeriodic: Bool) throws {
    self.name = name
    // The first array of a kind counts; in this order, `atom_ener` comes before `atomic_ener`.
    for stored in try tree.arrayNames(inSet: name).sorted() {
      let kind = LabelKind(named: stored).name
      if storedNames[kind] == nil { storedNames[kind] = stored }
    }
    let place = tree.place(ofArray: "coord", inSet: name)
    guard storedNames["coord"] != nil else {
      throw ToolError(.data, at: place, "is missing: a set has positions")
    }
    let coord = try tree.array("coord", inSet: name)
    frameCount = try Self.frames(of: coord, atoms: atoms, place)
    arrays["coord"] = coord.values
    let others = storedNames.keys.filter { $0 != "coord" && $0 != "box" }
    _ = try collectingErrors((others + (isPeriodic ? ["box"] : [])).sorted()) { kind in
      try read(kind, of: tree, atoms: atoms)
    }
  }

  /// The number of frames of `coord`, whose rows have three numbers per atom.
  private static func frames(of coord: NumericArray, atoms: Int, _ place: String) throws -> Int {
    // A single frame may be stored without its first axis.
    let frames = coord.shape.count > 1 ? coord.shape[0] : 1
    // With zero atoms or frames there are no numbers, whatever the lengths of the other axes.
    let count = atoms == 0 ? 0 : coord.values.count / (3 * atoms)
    guard coord.values.count == count * 3 * atoms, frames == count else {
      throw ToolError(
        .data, at: place,
        "has shape \(coord.shapeText), expected frames × \(3 * atoms) "
          + "(3 for each of \(counted(atoms, "atom")) in type.raw)")
    }
    return count
  }

  /// Reads the array of `kind`; one that does not fit is left out if it is not needed.
  private mutating func read(_ kind: String, of tree: some SystemTree, atoms: Int) throws {
    let stored = storedNames[kind] ?? kind
    let place = tree.place(ofArray: stored, inSet: name)
    do {
      let shape = ExpectedShape(kind, frames: frameCount, atoms: atoms, coord: tree.coordName)
      guard storedNames[kind] != nil else {
        throw ToolError(
          .data, at: place, "is missing",
          remedy: "a system without cells has a file 'nopbc' beside type.raw")
      }
      let array = try tree.array(stored, inSet: name)
      try shape.check(array, at: place)
      if !isNeeded(kind) && !array.values.allSatisfy(\.isFinite) {
        throw ToolError(.data, at: place, "holds numbers that are not finite")
      }
      arrays[kind] = array.values
    } catch let error as ToolError where error.kind != .io && !isNeeded(kind) {
      leaveOut(kind, at: place, because: error.problem)
    }
  }

  /// Drops the array of `kind`, which is stored at `place`, and posts a notice, once for each name.
  mutating func leaveOut(_ kind: String, at place: String, because problem: String) {
    arrays[kind] = nil
    storedNames[kind] = nil
    let file = place.split(separator: "/").last.map(String.init) ?? place
    let rule =
      LabelKind.isKnown(kind)
      ? "must be \(ExpectedShape.words(kind)), finite and in every set; mend or remove it"
      : "is no label and not one row of numbers for each frame of every set; "
        + "remove it, or let its name begin with a dot"
    Notices.post(
      "\(place): \(problem): left out, as is every \(file) that does not fit: it \(rule)",
      about: "left out: \(file)")
  }
}

/// Whether an array must fit: those of positions and cells, and the labels of energy models.
///
/// Labels of other models and unknown names are left out if they do not fit.  `drdq` belongs to a
/// term of the energy loss.
func isNeeded(_ kind: String) -> Bool {
  let needed = [
    "coord", "box", "real_atom_types", "energy", "force", "virial", "atom_ener", "atom_pref",
    "atom_ener_coeff", "drdq", "fparam", "numb_copy",
  ]
  return needed.contains(kind)
}

extension NumericArray {
  /// The shape in words, `5 × 18`.
  var shapeText: String {
    shape.isEmpty ? "a single number" : shape.map(String.init).joined(separator: " × ")
  }
}
