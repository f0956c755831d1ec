import Atoms
import Diagnostics

/// The options for reading one text file of LAMMPS, and the facts about the file that the user
/// should hear.
struct LAMMPSReading {
  let path: String
  let options: ReadingOptions
  /// The units of the file: the declared ones, otherwise those of the options.
  private(set) var units: DataUnits
  private var namesUnits = false
  /// Whether there are forces that the options do not ask for.
  var hasOtherForces = false
  /// Whether forces became labels.
  var hasForces = false
  /// Whether a frame does not say along which directions it is periodic.
  var lacksBoundaries = false
  /// The elements that were assigned to types by their masses, in words.
  var elementsByMass: String?

  /// Starts reading the file at `path`.
  init(_ path: String, _ options: ReadingOptions) {
    self.path = path
    self.options = options
    units = options.units
  }

  /// Sets the units to those of LAMMPS's style `style`, named at `place`; throws for a style
  /// without a unit of length.
  mutating func declare(style: Substring, place: String) throws {
    guard let named = LAMMPSUnits.units(ofStyle: String(style)) else {
      throw ToolError(
        .data, at: place, "is in LAMMPS's units '\(style.prefix(40))', which are not converted",
        remedy: "give a file in units metal, real or electron")
    }
    var declared = DataUnits()
    for (quantity, text) in named {
      try declared.declare(quantity, text, place: place, kind: .data)
    }
    units = options.units.overlaid(with: declared)
    namesUnits = true
  }

  /// Posts the notices about `frames`, and gives the notes that later steps need.
  func finish(_ frames: [LAMMPSFrame]) -> ReadingNotes {
    var notes = ReadingNotes()
    let quantities: Set<DataUnits.Quantity> = hasForces ? [.length, .force] : [.length]
    let conversions = units.conversions(of: quantities)
    if !conversions.isEmpty { notes.conversion = conversions.joined(separator: ", ") }
    if hasForces { notes.namesFound = ["fx"] }
    let derived = units.derived(of: quantities).map { "\($0.rawValue) in \(units.name($0))" }
    notes.post(path: path, derived: derived)
    for text in texts(frames) { Notices.post("\(path): \(text)") }
    return notes
  }

  private func texts(_ frames: [LAMMPSFrame]) -> [String] {
    var texts: [String] = []
    if let elementsByMass { texts.append("types are named by their masses: \(elementsByMass)") }
    if frames.contains(where: \.elements.isEmpty) {
      texts.append(
        "atoms have LAMMPS's types and no elements: type 1 is the first of the model's type map, "
          + "or of dp-convert --type-map")
    }
    if frames.contains(where: isUnnamedCarbon) {
      texts.append(
        "atoms of several types are all C, which is what LAMMPS writes without dump_modify element")
    }
    if lacksBoundaries { texts.append("does not say that its box is periodic: taken as periodic") }
    if hasOtherForces {
      texts.append("fx, fy, fz are left out; dp-convert --forces takes them as labels")
    }
    if hasForces {
      let known = namesUnits || !units.isOurs
      texts.append(
        "fx, fy, fz are taken as forces in "
          + (known ? units.name(.force) : "eV/Å (LAMMPS's units metal), the file names no units"))
    }
    return texts
  }

  private func isUnnamedCarbon(_ frame: LAMMPSFrame) -> Bool {
    guard let first = frame.types.first, frame.elements.first == "C" else { return false }
    return frame.types.contains { $0 != first } && frame.elements.allSatisfy { $0 == "C" }
  }
}

/// The units of LAMMPS's styles.
enum LAMMPSUnits {
  /// The units of energy, length and force in `style`; nil for a style whose units are not known.
  ///
  /// Source: LAMMPS manual, command `units`.
  static func units(ofStyle style: String) -> [(DataUnits.Quantity, String)]? {
    switch style {
    case "metal": [(.energy, "eV"), (.length, "Å"), (.force, "eV/Å")]
    case "real": [(.energy, "kcal/mol"), (.length, "Å"), (.force, "kcal/mol/Å")]
    case "electron": [(.energy, "hartree"), (.length, "bohr"), (.force, "hartree/bohr")]
    default: nil
    }
  }
}
