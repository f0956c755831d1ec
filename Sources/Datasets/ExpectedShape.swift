import Atoms
import Diagnostics
import Files

/// The shape that an array of a set must have, and the numbers of frames and atoms that it follows
/// from.
struct ExpectedShape {
  private let kind: String
  private let frames: Int
  private let atoms: Int
  private let coord: String

  /// The shape of an array of `kind` in a set with as many `frames` as the array `coord`.
  init(_ kind: String, frames: Int, atoms: Int, coord: String) {
    self.kind = kind
    self.frames = frames
    self.atoms = atoms
    self.coord = coord
  }

  /// The number of numbers per frame; nil if the array itself decides.
  private var width: Int? {
    switch kind {
    case "box": 9
    case "real_atom_types": atoms
    default: LabelKind(named: kind).width(atoms: atoms)
    }
  }

  /// Throws `.data` unless `array` has a row for each frame and each row has the width of this
  /// kind.
  func check(_ array: NumericArray, at place: String) throws {
    let isSingleFrame = frames == 1 && array.shape.count < 2
    let isColumn = array.shape.count == 1 && width ?? 1 == 1
    let hasRows =
      isSingleFrame || ((isColumn || array.shape.count > 1) && array.shape[0] == frames)
    if hasRows && fits(array.values.count) { return }
    let isEmpty = array.values.isEmpty && frames > 0
    throw ToolError(
      .data, at: place,
      (isEmpty ? "is empty (\(array.shapeText))" : "has shape \(array.shapeText)")
        + ", expected \(text)",
      remedy: isEmpty
        ? "remove it, the frames then have no \(kind == "force" ? "forces" : kind)"
        : hint(array))
  }

  private func fits(_ count: Int) -> Bool {
    if let width { return count == frames * width }
    if frames == 0 { return true }
    let isWhole = !LabelKind(named: kind).isPerAtom || (count / frames) % max(atoms, 1) == 0
    return count > 0 && count % frames == 0 && isWhole
  }

  /// The advice for an array with the right count of numbers but another shape.
  private func hint(_ array: NumericArray) -> String? {
    guard let width, frames > 0, array.values.count == frames * width else { return nil }
    return "reshape it to (\(frames), \(width))"
  }

  private var text: String {
    let label = LabelKind(named: kind)
    var parts = "\(frames) \(frames == 1 ? "frame" : "frames") of \(coord)"
    if kind == "real_atom_types" || label.isPerAtom, let width, atoms > 0 {
      parts += ", \(width / atoms) for each of \(counted(atoms, "atom"))"
    }
    let anyWidth = label.isPerAtom ? "a multiple of the \(atoms) atoms" : "any number"
    return "\(frames) × \(width.map(String.init) ?? anyWidth) (\(parts))"
  }

  /// The expected content of a frame's row for the label `kind`, in words that fit any system.
  static func words(_ kind: String) -> String {
    switch LabelKind(named: kind).shape {
    case .frame(nil): "one row of numbers for each frame"
    case .frame(let count?): "\(count) \(count == 1 ? "number" : "numbers") for each frame"
    case .atom(nil): "numbers for each atom of each frame"
    case .atom(let count?):
      "\(count) \(count == 1 ? "number" : "numbers") for each atom of each frame"
    case .atomPairs: "9 numbers for each pair of atoms of each frame"
    }
  }
}
