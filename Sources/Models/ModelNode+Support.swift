import Diagnostics
import Files
import Kernels

/// Checks that refuse everything in a model that this program does not support.
///
/// Nothing in a model is ignored: each error names the part that is refused.
extension ModelNode {
  /// Throws unless this is an object of class `name` in one of `versions`.
  func check(class name: String, versions: ClosedRange<Int>) throws {
    guard try string("@class") == name else { throw wrong("@class", "'\(name)'") }
    let version = try integer("@version")
    guard versions.contains(version) else {
      let known = versions.count == 1 ? "\(versions.lowerBound)" : "\(versions)"
      throw ToolError(
        .data, at: "\(place)/@version", "version \(version) of \(name) is not supported",
        remedy: "this program knows \(known); write the model with DeePMD-kit 3.2 or with dp-freeze"
      )
    }
  }

  /// Throws unless `type` is one of `supported`.
  func check(type supported: [String], of what: String) throws {
    let type = try string("type")
    guard supported.contains(type) else {
      throw unsupported(type, of: what, among: supported)
    }
  }

  /// Makes the error for a `type` that is not among those `supported`; `what` names the part.
  func unsupported(_ type: String, of what: String, among supported: [String]) -> ToolError {
    ToolError(
      .data, at: "\(place)/type", "\(what) '\(type)' is not supported",
      remedy: "supported: \(supported.joined(separator: ", "))")
  }

  /// Throws if there is a member that is neither `known` nor a member of all objects.
  func check(keys known: [String]) throws {
    let all = known + ["@class", "@version", "@variables", "type"]
    guard let unknown = members.keys.filter({ !all.contains($0) }).min() else { return }
    throw ToolError(.data, at: "\(place)/\(unknown)", "is not known and may change the model")
  }

  /// Throws unless `key` is missing, null, or one of the `harmless` values.
  func refuse(_ key: String, unless harmless: JSONValue...) throws {
    guard let value = members[key], value != .null, !harmless.contains(value) else { return }
    throw ToolError(.data, at: "\(place)/\(key)", "\(value.serialized) is not supported")
  }

  /// The number format that the member `key` names; DeePMD-kit's "default" is float64.
  func precision(_ key: String) throws -> Precision {
    switch try string(key) {
    case "default", "float64", "double": return .float64
    case "float32", "single": return .float32
    case let other:
      throw ToolError(
        .data, at: "\(place)/\(key)", "precision '\(other)' is not supported",
        remedy: "supported: float64, float32")
    }
  }

  /// The activation function that the member `key` names.
  func activation(_ key: String) throws -> Activation {
    let name = try string(key)
    guard let activation = Activation(name: name) else {
      throw ToolError(
        .data, at: "\(place)/\(key)", "activation function '\(name)' is not supported",
        remedy: "supported: \(Activation.names.joined(separator: ", "))")
    }
    return activation
  }
}
