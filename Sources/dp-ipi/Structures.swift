import Datasets
import Diagnostics

/// The structures whose positions a server may send; their numbers of atoms tell them apart.
struct Structures {
  /// The atoms of one structure.
  struct Structure {
    let place: String
    /// The index into the model's type map for each atom.
    let types: [Int]
    /// Whether the structure says that it is periodic or that it is not; nil if it says neither.
    let isPeriodic: Bool?
  }

  private var structures: [Int: Structure] = [:]

  /// Reads the structures; elements are matched with `typeMap` by name, or by `types` if that is
  /// given.
  ///
  /// Throws `.usage` if there is no structure or two have the same number of atoms, `.data` for
  /// elements that the model does not know.
  init(at paths: [String], typeMap: [String], types: [String: Int]?) throws {
    guard !paths.isEmpty else {
      throw ToolError(
        .usage, at: "", "the server does not send elements: give a '--structure <file>'",
        remedy: "an XYZ file of the same atoms in the same order, such as the server's own")
    }
    let numbers =
      types ?? Dictionary(uniqueKeysWithValues: typeMap.enumerated().map { ($1, $0) })
    if let wrong = types?.values.max(), wrong >= typeMap.count {
      throw ToolError(
        .configuration, at: "atom_type",
        "names type \(wrong), but the model has \(typeMap.joined(separator: ", ")), from 0")
    }
    for atoms in try paths.flatMap(readAtomNames) {
      let unknown = Set(atoms.names).filter { numbers[$0] == nil }.sorted()
      guard unknown.isEmpty else {
        throw ToolError(
          .data, at: atoms.place,
          "has the elements \(unknown.joined(separator: ", ")), which the "
            + (types == nil ? "model (\(typeMap.joined(separator: ", ")))" : "input's atom_type")
            + " does not know",
          remedy: "give the structure that the server has, with the model's names")
      }
      try add(
        Structure(
          place: atoms.place, types: atoms.names.compactMap { numbers[$0] },
          isPeriodic: atoms.isPeriodic))
    }
  }

  private mutating func add(_ structure: Structure) throws {
    let count = structure.types.count
    if let other = structures[count],
      other.types != structure.types || other.isPeriodic != structure.isPeriodic
    {
      throw ToolError(
        .usage, at: structure.place,
        "has \(counted(count, "atom")) like \(other.place), but others: a server's requests for one or the "
          + "other cannot be told apart",
        remedy: "start a dp-ipi for each, with sockets of their own")
    }
    structures[count] = structure
  }

  /// The structure of `count` atoms.  Throws `.data` if there is none.
  func structure(ofAtoms count: Int) throws -> Structure {
    if let structure = structures[count] { return structure }
    let known = structures.values.sorted { $0.types.count < $1.types.count }
      .map { "\($0.place) has \($0.types.count)" }
    throw ToolError(
      .data, at: "POSDATA",
      "the server sent \(counted(count, "atom")), but \(known.joined(separator: ", "))",
      remedy: "give the structure that the server has")
  }
}
