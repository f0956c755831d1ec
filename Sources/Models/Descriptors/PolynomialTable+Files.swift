import DeepPotential
import Diagnostics
import Files
import Kernels

/// The endings of descriptors' names in model files of this program that have tables and no nets.
/// DeePMD-kit, which would need the nets, refuses such a descriptor by its name.
let tabulatedEnding = "_tabulated"

/// The version of the object `descriptor` for what DeePMD-kit's PyTorch backend would evaluate to
/// other numbers: one that it refuses.
let versionOfOwnKinds = 100

extension ModelNode {
  /// Whether the object is a descriptor that has tables alone.
  var isTabulated: Bool {
    guard case .string(let type)? = members["type"] else { return false }
    return type.hasSuffix(tabulatedEnding)
  }

  /// The tables of a descriptor with `count` nets that are `width` wide (`compress`); none if it
  /// has none.
  ///
  /// A pair of types that does not see each other may have no table; it gets one of zeros.
  func tables(count: Int, width: Int, _ precision: Precision) throws -> [PolynomialTable] {
    guard has("compress") || isTabulated else { return [] }
    let node = try node("compress")
    try node.check(keys: [])
    let data = try node.arrays("compress_data"), layouts = try node.arrays("compress_info")
    guard data.count == count, layouts.count == count else {
      throw ToolError(
        .data, at: "\(node.place)/@variables/compress_data",
        "has \(counted(data.count, "table")), expected \(count)")
    }
    var tables: [PolynomialTable?] = []
    for (number, (table, layout)) in zip(data, layouts).enumerated() {
      if table.values.isEmpty {
        tables.append(nil)
        continue
      }
      guard table.shape.count == 2, table.shape[1] == 6 * width,
        let found = PolynomialTable(
          layout: layout.values, outputs: width, coefficients: table.values,
          precision: precision)
      else {
        throw ToolError(
          .data, at: "\(node.place)/@variables/compress_data[\(number)]",
          "is no table of \(width) outputs: shape \(table.shape), layout \(layout.values)")
      }
      tables.append(found)
    }
    guard let first = tables.lazy.compactMap(\.self).first else {
      throw ToolError(.data, at: node.place, "has no tables")
    }
    return tables.map { $0 ?? first.zero }
  }
}

extension ModelWriter {
  /// Makes the object `compress` of `tables`; tables that are equal are written once.
  mutating func compress(_ tables: [PolynomialTable], _ precision: Precision) -> JSONValue {
    var data: [JSONValue] = [], layouts: [JSONValue] = []
    for (number, table) in tables.enumerated() {
      if let known = tables[..<number].firstIndex(of: table) {
        data.append(data[known])
        layouts.append(layouts[known])
        continue
      }
      data.append(
        array(table.coefficients, shape: [table.rows, 6 * table.outputs], precision))
      layouts.append(array(table.layout, shape: [6], precision))
    }
    return [
      "@variables": ["compress_data": .array(data), "compress_info": .array(layouts)]
    ]
  }
}
