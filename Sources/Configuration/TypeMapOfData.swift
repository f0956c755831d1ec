import Atoms
import Datasets
import Diagnostics
import Files

extension JSONValue {
  /// The input with all keys in their present places, and with a `type_map`.
  ///
  /// If the input has no `type_map`, it gets the elements of data, and a notice is posted.  The
  /// data are those at `paths`, by default the training data, whose relative paths begin in
  /// `folder`.  The elements are in the order of their first appearance.  Throws the errors of
  /// opening the data, and `.configuration` for data that name no elements.
  func withTypeMap(of paths: [String], in folder: String, place: String) throws -> JSONValue {
    let input = try modernized(withoutComments, place: place)
    guard input.lacksTypeMap else { return input }
    let systems = input["training"]?["training_data"]?["systems"].flatMap(ValueKind.systems.take)
    let own = (systems ?? []).map {
      $0.hasPrefix("/") || folder.isEmpty ? $0 : "\(folder)/\($0)"
    }
    let data = paths.isEmpty ? own : paths
    // Missing or wrong paths are reported later, with all other errors.
    if data.isEmpty { return input }
    var cache = DataCache(limit: 0)
    let maps = try openSystems(at: data, cache: &cache).map { system in
      guard let names = system.typeNames else {
        throw ToolError(
          .configuration, at: "\(place): model/type_map",
          "is missing, and \(system.place) names no elements",
          remedy: "list the elements of the data, for example [\"O\", \"H\"]")
      }
      return names
    }
    let elements = Self.joined(maps)
    let source =
      maps.allSatisfy { $0 == elements }
      ? "the data's is taken" : "the data's are joined, each element where it first appears"
    return input.with(typeMap: elements, from: source, place: place)
  }

  /// The input with all keys in their present places, and with a `type_map`.
  ///
  /// If the input has no `type_map`, it gets `typeMap`, that of the model at `path`, and a notice
  /// is posted.  Throws `.configuration` for inputs of DeePMD-kit 0.x.
  package func withTypeMap(_ typeMap: [String], of path: String, place: String) throws -> JSONValue
  {
    let input = try modernized(withoutComments, place: place)
    return input.lacksTypeMap
      ? input.with(typeMap: typeMap, from: "that of \(path) is taken", place: place) : input
  }

  private var lacksTypeMap: Bool {
    guard case .object(let model)? = self["model"] else { return false }
    return model["type_map"] == nil && model["model_dict"] == nil
  }

  private func with(typeMap: [String], from source: String, place: String) -> JSONValue {
    Notices.post(
      "\(place): model/type_map is missing; \(source): \(typeMap.joined(separator: " "))")
    var input = self
    input.set(["model", "type_map"], to: .strings(typeMap))
    return input
  }

  /// All names of `maps`, each once, in the order of their first appearance.
  private static func joined(_ maps: [[String]]) -> [String] {
    maps.joined().reduce(into: []) { names, name in
      if !names.contains(name) { names.append(name) }
    }
  }
}
