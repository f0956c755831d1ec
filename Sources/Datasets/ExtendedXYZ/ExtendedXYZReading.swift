import Atoms
import Diagnostics

/// What is asked of one extended XYZ file, and what was found in it that its user should know.
struct ExtendedXYZReading {
  /// A column of the file whose numbers are a label's.
  struct Column {
    let name: String
    let start: Int, count: Int
    /// DeePMD-kit's name of the label.
    let label: String
    /// Which component of the label it is, if it is one alone.
    let component: Int?
  }

  let path: String
  let options: ReadingOptions
  /// The names of labels, of those in the options, that the file has.
  let names: [String: String]
  /// Frames that say nothing of cells.
  var framesWithoutCell = 0
  /// What is said of columns that no header names.
  private var surplus: String?
  private var conversions: [String] = [], derived: [String] = []
  private var otherNames = OtherNames()
  /// Labels that could not be used, with the reason.
  private var unusable: [String: String] = [:]

  /// Begins the file at `path`, whose frames have these `headers`.
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

  /// The units of a frame: those it declares, then those of the options.
  func units(_ header: ExtendedXYZHeader) throws -> DataUnits {
    options.units.overlaid(with: try header.declaredUnits())
  }

  /// The columns of `header` that hold labels; notes those that only look like labels.
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

  /// The value of the label whose usual keys are `keys`: the option's key, if it names one, else
  /// one of these.
  func item(
    _ label: String, _ keys: [String], in header: ExtendedXYZHeader
  ) throws -> HeaderItem? {
    if let name = names[label] { return header.item(named: name) }
    return try header.item(keys)
  }

  /// Notes values of `header` that look like labels and are none that are read.
  mutating func lookForOtherLabels(in header: ExtendedXYZHeader) {
    for item in header.items where !names.values.contains(item.key) { otherNames.look(at: item) }
  }

  /// Notes that `label` is left out; `error` says why.
  mutating func leaveOut(_ label: String, _ error: ToolError) {
    if unusable[label] == nil { unusable[label] = "\(error.place): \(error.problem)" }
  }

  /// Notes that lines of atoms have `count` columns more than their header names.
  mutating func noteSurplus(_ count: Int, _ place: String) {
    if surplus != nil { return }
    surplus =
      "\(place): atoms have \(counted(count, "column")) more than Properties names: left out; name "
      + "them there, as in Properties=species:S:1:pos:R:3:forces:R:3"
  }

  /// Notes what was converted of these `quantities`.
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

  /// Tells the user, and gives what later steps want to know.
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
  /// Tells the user what was converted, and which units only follow from others.
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
