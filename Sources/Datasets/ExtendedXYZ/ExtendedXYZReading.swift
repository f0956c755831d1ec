import Atoms
import Diagnostics

/// The options for reading one extended XYZ file, and the facts about the file that the user should
/// hear.
struct ExtendedXYZReading {
  /// A column of the file that holds numbers of a label.
  struct Column {
    let name: String
    let start: Int, count: Int
    /// DeePMD-kit's name of the label.
    let label: String
    /// The component of the label, if the column holds only one.
    let component: Int?
  }

  let path: String
  let options: ReadingOptions
  /// The names of labels that the options give and the file has.
  let names: [String: String]
  /// The number of frames that say nothing about a cell.
  var framesWithoutCell = 0
  /// The notice about columns that no header names.
  private var surplus: String?
  private var conversions: [String] = [], derived: [String] = []
  private var otherNames = OtherNames()
  /// The labels that could not be used, with the reasons.
  private var unusable: [String: String] = [:]

  /// Starts reading the file at `path`, whose frames have these `headers`.
  init(_ path: String, _ headers: [ExtendedXYZHeader], _ options: ReadingOptions) {
    self.path = path
    self.options = options
    names = options.labels.names.filter { label, name in
      headers.contains { header in
        LabelKind(named: label).isPerAtom
          ? header.columns.contains { $0.name == name } : header.item(named: name) != nil
      }
    }
  }

  /// The units of a frame: the declared ones, otherwise those of the options.
  func units(_ header: ExtendedXYZHeader) throws -> DataUnits {
    options.units.overlaid(with: try header.declaredUnits())
  }

  /// The columns of `header` that hold labels; records the columns that look like labels but are
  /// not read.
  mutating func columns(of header: ExtendedXYZHeader) -> [Column] {
    var wanted: [Column] = []
    for column in header.columns {
      if let label = names.first(where: { $1 == column.name && LabelKind(named: $0).isPerAtom }) {
        wanted.append(Column(column, label.key))
        continue
      }
      switch column.meaning {
      case .label(let label): if names[label] == nil { wanted.append(Column(column, label)) }
      case .forceComponent(let component):
        if names["force"] == nil { wanted.append(Column(column, "force", component)) }
      case .other: otherNames.look(at: column)
      case .species, .number, .position: break
      }
    }
    return wanted
  }

  /// The value of the label whose usual keys are `keys`; if the options name a key, only that one
  /// is used.
  func item(
    _ label: String, _ keys: [String], in header: ExtendedXYZHeader
  ) throws -> HeaderItem? {
    if let name = names[label] { return header.item(named: name) }
    return try header.item(keys)
  }

  /// Records values of `header` that look like labels but are not read.
  mutating func lookForOtherLabels(in header: ExtendedXYZHeader) {
    for item in header.items where !names.values.contains(item.key) { otherNames.look(at: item) }
  }

  /// Records that `label` is left out because of `error`.
  mutating func leaveOut(_ label: String, _ error: ToolError) {
    if unusable[label] == nil { unusable[label] = "\(error.place): \(error.problem)" }
  }

  /// Records that lines of atoms have `count` columns more than the header names.
  mutating func noteSurplus(_ count: Int, _ place: String) {
    if surplus != nil { return }
    surplus =
      "\(place): atoms have \(counted(count, "column")) more than Properties names: left out; name "
      + "them there, as in Properties=species:S:1:pos:R:3:forces:R:3"
  }

  /// Records that these `quantities` were converted.
  mutating func noteConversion(_ units: DataUnits, of quantities: Set<DataUnits.Quantity>) {
    if units.isOurs { return }
    for text in units.conversions(of: quantities) where !conversions.contains(text) {
      conversions.append(text)
    }
    for quantity in units.derived(of: quantities) {
      let text = "\(quantity.rawValue) in \(units.name(quantity))"
      if !derived.contains(text) { derived.append(text) }
    }
  }

  /// Posts the notices, and gives the notes that later steps need.
  func finish() -> ReadingNotes {
    var notes = ReadingNotes()
    notes.namesFound = Set(names.values)
    notes.otherNames = otherNames.names
    if !conversions.isEmpty { notes.conversion = conversions.joined(separator: ", ") }
    notes.post(path: path, derived: derived)
    if let surplus { Notices.post(surplus) }
    if let text = otherNames.notice { Notices.post("\(path): \(text)") }
    for (label, reason) in unusable.sorted(by: { $0.key < $1.key }) {
      Notices.post("\(label) is left out: \(reason)")
    }
    if framesWithoutCell > 0 {
      let frames = counted(framesWithoutCell, "frame has", "frames have")
      Notices.post(
        "\(path): \(frames) no cell: taken as isolated molecules; give --cell or --no-pbc to "
          + "dp-convert")
    }
    return notes
  }
}

extension ExtendedXYZReading.Column {
  fileprivate init(_ column: ExtendedXYZColumn, _ label: String, _ component: Int? = nil) {
    self.init(
      name: column.name, start: column.start, count: column.count, label: label,
      component: component)
  }
}

extension ReadingNotes {
  /// Posts the conversions, and names the units that follow from other units.
  func post(path: String, derived: [String]) {
    guard let conversion else { return }
    Notices.post("\(path): converted to eV and Å: \(conversion)")
    if derived.isEmpty { return }
    Notices.post(
      "\(path): taken as the units of energy and length have it: "
        + "\(derived.joined(separator: ", ")); if that is wrong say so, as --units force=eV/Å or "
        + "in the file as force-unit=eV/Å")
  }
}
