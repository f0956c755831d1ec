import DeepPotential
import Diagnostics
import Files
import HDF5

/// What the descriptor takes, at the top, or what each of its lists of neighbors takes if there are
/// several, in groups `/list/0` and so on; see docs/FORMATS.md, "Statistics".
extension StatisticsFile {
  /// The groups of `count` lists.
  static func places(_ count: Int) -> [String] {
    count == 1 ? [""] : (0..<count).map { "/list/\($0)" }
  }

  static func write(
    _ list: ListStatistics, to file: borrowing HDF5File, at place: String
  ) throws {
    let types = list.typeCount, slotCount = list.slots.reduce(0, +)
    let shape = [types, slotCount, list.mean.count / max(1, types * slotCount)]
    try file.write(list.slots, shape: [list.slots.count], to: "\(place)/sel")
    // Some lists only have slots.
    if shape[2] == 0 && slotCount > 0 { return }
    try file.write(list.mean, shape: shape, to: "\(place)/davg")
    try file.write(list.deviation, shape: shape, to: "\(place)/dstd")
    for (name, moments) in [
      ("radial", list.environment.radial), ("angular", list.environment.angular),
    ] {
      let rows = moments.flatMap { [Double($0.count), $0.sum, $0.squares] }
      try file.write(rows, shape: [types, 3], to: "\(place)/sums/\(name)")
    }
  }

  /// Reads what there is for models of `types` types.
  static func lists(
    _ file: borrowing HDF5File, types: Int, at path: String
  ) throws -> [ListStatistics] {
    var places: [String] = []
    while try file.kind(of: "/list/\(places.count)") != nil {
      places.append("/list/\(places.count)")
    }
    if places.isEmpty { places = [""] }
    var lists: [ListStatistics] = []
    for place in places { lists.append(try list(file, place, types: types, at: path)) }
    return lists
  }

  private static func list(
    _ file: borrowing HDF5File, _ place: String, types: Int, at path: String
  ) throws -> ListStatistics {
    let slots = try file.integers("\(place)/sel")
    guard slots.allSatisfy((0...largestSize).contains), slots.count <= largestSize else {
      throw ToolError(
        .data, at: "\(path)#\(place)/sel", "holds \(slots), expected neighbor slots per type")
    }
    guard slots.count == types || slots.count == 1 else {
      throw ToolError(
        .data, at: "\(path)#\(place)/sel", "holds \(slots) for \(counted(types, "type"))")
    }
    guard try file.kind(of: "\(place)/davg") != nil else {
      return ListStatistics(
        slots: slots, environment: EnvironmentMoments(typeCount: types), mean: [], deviation: [])
    }
    // Rows are 4 wide, or 1 if only distances count; slots of all types together are one number.
    let width = try file.shape(of: "\(place)/davg").last == 1 ? 1 : 4
    let count = types * slots.reduce(0, +) * width
    return ListStatistics(
      slots: slots,
      environment: EnvironmentMoments(
        radial: try moments(file, "\(place)/sums/radial", types, at: path),
        angular: try moments(file, "\(place)/sums/angular", types, at: path)),
      mean: try numbers(file, "\(place)/davg", count, at: path),
      deviation: try numbers(file, "\(place)/dstd", count, at: path))
  }

  private static func moments(
    _ file: borrowing HDF5File, _ dataset: String, _ types: Int, at path: String
  ) throws -> [Moments] {
    let values = try numbers(file, dataset, 3 * types, at: path)
    return try (0..<types).map { type in
      guard let count = Int(exactly: values[3 * type]) else {
        throw ToolError(.data, at: "\(path)#\(dataset)", "counts \(values[3 * type]) as its rows")
      }
      return Moments(count: count, sum: values[3 * type + 1], squares: values[3 * type + 2])
    }
  }
}
