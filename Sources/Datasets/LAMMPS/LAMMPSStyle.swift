import Diagnostics

/// The columns of a line in a data file's section `Atoms`, by LAMMPS's atom style.
struct LAMMPSStyle: Equatable {
  /// The indices of the type and of the first coordinate.
  let type: Int, position: Int

  /// The styles that are read.  Source: LAMMPS manual, command `read_data`, section Atoms.
  static let known: [String: LAMMPSStyle] = [
    "atomic": LAMMPSStyle(type: 1, position: 2), "charge": LAMMPSStyle(type: 1, position: 3),
    "bond": LAMMPSStyle(type: 2, position: 3), "angle": LAMMPSStyle(type: 2, position: 3),
    "molecular": LAMMPSStyle(type: 2, position: 3), "full": LAMMPSStyle(type: 2, position: 4),
  ]

  /// Whether a line of `count` words can have this style; three image flags may follow the
  /// coordinates.
  func fits(_ count: Int) -> Bool { count == position + 3 || count == position + 6 }

  /// The style of the atoms whose first line has these `words` and is the last of `lines`; `hint`
  /// is the word after `Atoms #`.
  ///
  /// Without a hint, the style follows from the number of columns and from the decimal points of
  /// charges.  Throws if several styles remain.
  init(_ words: [Substring], hint: Substring?, in lines: LAMMPSLines) throws {
    if let hint {
      guard let style = Self.known[String(hint)] else {
        throw lines.damaged(
          "atoms have the style '\(hint.prefix(40))', expected "
            + Self.known.keys.sorted().joined(separator: ", "),
          remedy: "write a dump, or the data with atom_style atomic")
      }
      self = style
      return
    }
    switch words.count {
    case 5, 8: self = LAMMPSStyle(type: 1, position: 2)
    case 7, 10: self = LAMMPSStyle(type: 2, position: 4)
    case 6 where Int(words[2]) == nil, 9 where Int(words[2]) == nil:
      self = LAMMPSStyle(type: 1, position: 3)
    default:
      throw lines.damaged(
        "has \(counted(words.count, "column")) of an atom style that the file does not name",
        remedy: "name it in the section's first line, as 'Atoms # charge' or 'Atoms # molecular'")
    }
  }

  private init(type: Int, position: Int) {
    self.type = type
    self.position = position
  }
}
