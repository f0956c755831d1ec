import Atoms
import Diagnostics

extension ExtendedXYZFrame {
  /// Reads the labels of the header and of the label columns, in eV and Å.
  ///
  /// Labels that the options need must be right; any other label that cannot be used is left out,
  /// with a notice.
  mutating func readLabels(
    _ header: ExtendedXYZHeader, _ wanted: [ExtendedXYZReading.Column], _ units: DataUnits,
    _ reading: inout ExtendedXYZReading
  ) throws {
    try takeColumns(wanted, &reading)
    reading.lookForOtherLabels(in: header)
    try attempt("energy", &reading) { try $0.energy(header, $1) }
    var quantities: Set<DataUnits.Quantity> = []
    try attempt("virial", &reading) { frame, reading in
      try frame.virial(header, units, reading, &quantities)
    }
    let cataloged = LabelKind.catalog.filter {
      !$0.isPerAtom && !["energy", "virial"].contains($0.name)
    }
    for kind in cataloged {
      try attempt(kind.name, &reading) { try $0.frameLabel(kind, header, $1) }
    }
    for name in labels.keys where name != "virial" {
      let factor = units.factor(ofLabel: name)
      if factor != 1 { labels[name] = labels[name]?.map { $0 * factor } }
    }
    quantities.formUnion(Datasets.quantities(of: labels.keys.filter { $0 != "virial" }))
    reading.noteConversion(units, of: quantities)
  }

  /// Reads the label `name` by `body`; an error leaves the label out unless the options need it.
  private mutating func attempt(
    _ name: String, _ reading: inout ExtendedXYZReading,
    _ body: (ExtendedXYZFrame, ExtendedXYZReading) throws -> [Double]?
  ) throws {
    do {
      guard let values = try body(self, reading) else { return }
      // `AtomicSystem.validated` would refuse numbers that are not finite, also in labels that
      // nobody needs.
      if !reading.options.needs(name), let wrong = values.first(where: { !$0.isFinite }) {
        throw ToolError(.data, at: place, "\(name) is \(wrong), expected a finite number")
      }
      labels[name] = values
    } catch let error as ToolError {
      if reading.options.needs(name) { throw error }
      reading.leaveOut(name, error)
    }
  }

  // MARK: Columns

  private mutating func takeColumns(
    _ wanted: [ExtendedXYZReading.Column], _ reading: inout ExtendedXYZReading
  ) throws {
    for label in Set(wanted.map(\.label)).sorted() {
      let ours = wanted.filter { $0.label == label }
      try attempt(label, &reading) { frame, _ in try frame.joined(ours, label) }
    }
  }

  /// The numbers of a label from the columns that hold it; several such columns must agree.
  private func joined(_ columns: [ExtendedXYZReading.Column], _ label: String) throws -> [Double]? {
    var found: (name: String, values: [Double])?
    for (name, values) in try sources(columns, label) {
      if let first = found, !nearlyEqual(first.values, values) {
        throw ToolError(
          .data, at: place, "the columns \(first.name) and \(name) differ",
          remedy: "say which one is right with --labels \(label)=\(first.name), or remove the other"
        )
      }
      found = found ?? (name, values)
    }
    return found?.values
  }

  private func sources(
    _ columns: [ExtendedXYZReading.Column], _ label: String
  ) throws -> [(name: String, values: [Double])] {
    var sources: [(name: String, values: [Double])] = []
    for column in columns where column.component == nil {
      if let wrong = self.broken[column.name] { throw wrong }
      let width = LabelKind(named: label).width(atoms: 1)
      guard width == nil || width == column.count else {
        throw ToolError(
          .data, at: place,
          "the column \(column.name) has \(counted(column.count, "number")), "
            + "expected \(width ?? 0)")
      }
      sources.append((column.name, self.columns[column.name] ?? []))
    }
    let parts = columns.filter { $0.component != nil }
      .sorted { ($0.component ?? 0) < ($1.component ?? 0) }
    if parts.isEmpty { return sources }
    if let wrong = parts.lazy.compactMap({ self.broken[$0.name] }).first { throw wrong }
    guard parts.count == 3 else {
      throw ToolError(
        .data, at: place, "the columns have \(parts.map(\.name).joined(separator: ", ")) only",
        remedy: "give fx, fy and fz")
    }
    let values = parts.map { self.columns[$0.name] ?? [] }
    let joined = species.indices.flatMap { atom in values.map { $0[atom] } }
    return sources + [(parts.map(\.name).joined(separator: ", "), joined)]
  }

  // MARK: The header

  private func energy(_ header: ExtendedXYZHeader, _ reading: ExtendedXYZReading) throws
    -> [Double]?
  {
    guard
      let item = try reading.item("energy", ["energy"], in: header)
        ?? (reading.names["energy"] == nil ? header.item("free_energy") : nil)
    else { return nil }
    let energy = try header.numbers(item).values
    guard energy.count == 1 else {
      throw header.damaged(
        "\(item.key)=\(short(item.value)) is \(counted(energy.count, "number")), expected 1")
    }
    try header.requireNoUnit(after: item, .energy)
    return energy
  }

  /// The virial in eV, from `virial` or `stress`; adds the quantities that were converted to
  /// `quantities`.
  ///
  /// ASE's stress is in eV/Å³ and positive under tension: virial = -stress × volume.
  private func virial(
    _ header: ExtendedXYZHeader, _ units: DataUnits, _ reading: ExtendedXYZReading,
    _ quantities: inout Set<DataUnits.Quantity>
  ) throws -> [Double]? {
    // If the user names one of the two keys, the other one's usual key is ignored.
    let named = reading.names
    var virial: [Double]?, derived: [Double]?
    if named["virial"] != nil || named["stress"] == nil,
      let item = try reading.item("virial", ["virial", "virials"], in: header)
    {
      try header.requireNoUnit(after: item, .virial)
      virial = try matrix(item, header).map { $0 * units.factor(.virial) }
      quantities.insert(.virial)
    }
    if named["stress"] != nil || named["virial"] == nil,
      let item = try reading.item("stress", ["stress", "stresses"], in: header)
    {
      try header.requireNoUnit(after: item, .stress)
      let stress = try matrix(item, header)
      if let cell, let cell = Cell(rows: cell) {
        derived = stress.map { -$0 * units.factor(.stress) * cell.volume }
        quantities.insert(.stress)
      }
    }
    guard let virial, let derived else { return virial ?? derived }
    let scale = max(1, virial.map(abs).max() ?? 0)
    guard zip(virial, derived).allSatisfy({ abs($0 - $1) <= 1e-3 * scale }) else {
      throw ToolError(
        .data, at: header.place, "virial and stress disagree: expected virial = -stress × volume",
        remedy: "keep the one that is right and remove the other")
    }
    return virial
  }

  private func frameLabel(
    _ kind: LabelKind, _ header: ExtendedXYZHeader, _ reading: ExtendedXYZReading
  ) throws -> [Double]? {
    guard
      let item = try reading.item(kind.name, [kind.name] + kind.alternatives, in: header)
    else { return nil }
    let values = try header.numbers(item).values
    if kind.name == "polarizability", values.count == 6 { return symmetric(values) }
    if let width = kind.width(atoms: species.count), width != values.count {
      throw header.damaged(
        "\(item.key)=\(short(item.value)) is \(values.count) "
          + "\(values.count == 1 ? "number" : "numbers"), "
          + "expected \(width)")
    }
    return values
  }

  /// Nine numbers row by row.  ASE writes matrices column by column unless inner brackets mark the
  /// rows, and symmetric matrices also as xx, yy, zz, yz, xz, xy.
  private func matrix(_ item: HeaderItem, _ header: ExtendedXYZHeader) throws -> [Double] {
    let numbers = try header.numbers(item), x = numbers.values
    switch (x.count, numbers.rows) {
    case (9, 3): return x
    case (9, nil), (9, 1):
      return [x[0], x[3], x[6], x[1], x[4], x[7], x[2], x[5], x[8]]
    case (6, nil), (6, 1): return symmetric(x)
    default:
      throw header.damaged("\(item.key)=\(short(item.value)) is not nine or six numbers")
    }
  }

  private func symmetric(_ x: [Double]) -> [Double] {
    [x[0], x[5], x[4], x[5], x[1], x[3], x[4], x[3], x[2]]
  }
}
