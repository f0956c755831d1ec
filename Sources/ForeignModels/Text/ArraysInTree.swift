import Files

extension ForeignModel {
  /// Takes the arrays out of `tree`, which has them as objects of the class `np.ndarray`.
  init(arraysInside tree: JSONValue) throws {
    var builder = TreeBuilder()
    self.init(tree: try Self.moveArrays(of: tree, to: &builder), arrays: builder.arrays)
  }

  private static func moveArrays(
    of value: JSONValue, to builder: inout TreeBuilder
  ) throws -> JSONValue {
    switch value {
    case .object(let members):
      if members["@class"] == "np.ndarray" { return builder.array(try Tensor(members)) }
      var moved: [String: JSONValue] = [:]
      for (key, member) in members { moved[key] = try moveArrays(of: member, to: &builder) }
      return .object(moved)
    case .array(let elements):
      var moved: [JSONValue] = []
      for element in elements { moved.append(try moveArrays(of: element, to: &builder)) }
      return .array(moved)
    // JSON, in which messages and model files show options, has no such numbers.
    case .number(let number) where !number.isFinite: throw Unreadable.notFinite
    default: return value
    }
  }
}

extension Tensor {
  /// Makes an array of an object of the class `np.ndarray`, whose `value` is a list of lists.
  fileprivate init(_ members: [String: JSONValue]) throws {
    let type = members["dtype"]?.text ?? "float64"
    guard !["float16", "bfloat16"].contains(type) else { throw Unreadable.halfPrecision }
    var values: [Double] = [], shape: [Int] = []
    var level = [members["value"] ?? .null]
    while case .array? = level.first, shape.count < 8 {
      let lists = level.compactMap(\.elements), extent = lists[0].count
      guard lists.count == level.count, lists.allSatisfy({ $0.count == extent }) else {
        throw Unreadable("has an array whose rows have different lengths")
      }
      shape.append(extent)
      level = lists.flatMap(\.self)
    }
    values = level.compactMap(\.number)
    guard values.count == level.count, elementCount(shape) == values.count else {
      throw Unreadable("has an array that holds something else than numbers")
    }
    self.init(shape: shape, values: values, isSingle: type == "float32")
  }
}
