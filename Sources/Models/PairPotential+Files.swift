import DeepPotential
import Diagnostics
import Files
import Kernels

extension NearnessSwitch {
  /// The keys of a table that takes the place of the nets at short range.
  package static var keys: [Key<NearnessSwitch>] {
    [
      Key(
        "sw_rmin", \.inner, .nonNegative,
        "Å; an atom whose nearest neighbor is nearer has the energy of the table"
      ).required,
      Key(
        "sw_rmax", \.outer, .positive,
        "Å, above `sw_rmin`; an atom whose nearest neighbor is farther has that of the nets"
      ).required,
      Key(
        "smin_alpha", \.decay, .positive,
        "Å; how sharply the nearest of several neighbors counts alone"),
    ]
  }

  /// DeePMD-kit's `smin_alpha`, and distances that a file has to give.
  package static let usual = NearnessSwitch(inner: 0, outer: 1, decay: 0.1)
}

extension PairPotential {
  /// The key of the path of a table that takes the place of the nets at short range.
  package static let pathKey = "use_srtab"

  /// The members of an input's section `model`; none of a table that is added.
  package var definition: [String: JSONValue] {
    guard let nearness else { return [:] }
    return NearnessSwitch.keys.members(of: nearness, forModels: false)
      .merging([Self.pathKey: .string(path)]) { $1 }
  }
}

extension PairTable {
  /// Makes the object `tab` of a model file.
  func tree(with writer: inout ModelWriter) -> JSONValue {
    let width = 1 + Self.pairCount(typeCount), intervals = rows.count / width - 1
    return [
      "@class": "PairTab", "@version": 1, "rmin": .number(first), "rmax": .number(lastGiven),
      "hh": .number(spacing), "ntypes": .integer(typeCount), "rcut": .number(cutoff),
      "nspline": .integer(intervals),
      "@variables": [
        "vdata": writer.array(rows, shape: [intervals + 1, width]),
        "tab_info": writer.array(
          [first, spacing, Double(intervals), Double(typeCount)], shape: [4]),
        "tab_data": writer.array(coefficients, shape: [coefficients.count]),
      ],
    ]
  }

  /// Reads the object `tab` of a model file, whose potential reaches to `cutoff` Å; throws `.data`.
  init(_ node: ModelNode, types: Int, cutoff: Double) throws {
    try node.check(class: "PairTab", versions: 1...1)
    try node.check(keys: ["rmin", "rmax", "hh", "ntypes", "rcut", "nspline"])
    guard try node.integer("ntypes") == types else { throw node.wrong("ntypes", "\(types)") }
    let info = try node.array("tab_info", shape: [4])
    guard
      let table = PairTable(
        typeCount: types, first: info[0], spacing: info[1], cutoff: cutoff,
        lastGiven: try node.number("rmax"), rows: try node.array("vdata").values,
        coefficients: try node.array("tab_data").values),
      info[2] == Double(try node.array("vdata").shape[0] - 1), info[3] == Double(types)
    else {
      throw ToolError(
        .data, at: "\(node.place)/@variables", "vdata, tab_info and tab_data do not fit each other")
    }
    self = table
  }
}

extension PairTable {
  /// The SHA-256 of its numbers.
  package var digest: String {
    var digest = Digest()
    for numbers in [[first, spacing, cutoff], rows, coefficients] {
      numbers.withUnsafeBytes { digest.update($0) }
    }
    return digest.hexadecimal
  }
}

extension PairPotential {
  /// The path in the definition of a model whose file does not name the table's.
  static let unknownPath = "table.txt"
}

extension ModelSummary.Table {
  /// Describes `potential`.
  init(_ potential: PairPotential) {
    let table = potential.table
    (first, cutoff, spacing) = (table.first, table.cutoff, table.spacing)
    intervals = table.rows.count / (1 + PairTable.pairCount(table.typeCount)) - 1
    use =
      switch potential.use {
      case .blended(let nearness):
        "in place of the nets where the nearest neighbor is nearer than \(nearness.inner) Å, "
          + "blended up to \(nearness.outer) Å"
      case .added(let weight, _): "added, times \(weight)"
      }
  }

  /// One line about it.
  package var text: String {
    "table from \(first) to \(cutoff) Å, \(counted(intervals, "interval")), \(use)"
  }
}

extension MixtureOptions {
  /// The type of such models in inputs and in model files.
  package static let type = "linear_ener"

  /// The weights that `value`, "mean", "sum" or a list of numbers, gives `count` parts; nil if it
  /// gives none.
  package static func weights(_ value: JSONValue, of count: Int) -> [Double]? {
    switch value {
    case "mean": return Array(repeating: 1 / Double(count), count: count)
    case "sum": return Array(repeating: 1, count: count)
    default:
      let list = ValueKind<Double>.number.list("").take(value)
      return list.flatMap { $0.count == count && $0.allSatisfy(\.isFinite) ? $0 : nil }
    }
  }

  /// What messages call the weights of `count` parts.
  package static func weightsName(_ count: Int) -> String {
    "\"mean\", \"sum\", or a list of \(counted(count, "number")), one per model"
  }
}
