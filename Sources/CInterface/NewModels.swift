// c_api.h documents these functions.
// swift-format-ignore-file: AllPublicDeclarationsHaveDocumentation

import CDeepMD
import DeepPotential
import Diagnostics
import Glibc
import Models

/// Reads a model from a file, or from the bytes of one if they are given; `check` throws if it is
/// of the wrong kind.
func newModel(
  _ path: UnsafePointer<CChar>?, _ bytes: UnsafePointer<CChar>? = nil, count: CInt = 0,
  check: (EnergyModel, String) throws -> Void = {
    try $0.requireForces(for: "a potential", at: $1)
  }
) throws -> LoadedModel {
  guard let path else { throw ToolError(.usage, at: "model", "has no name: the pointer is NULL") }
  let name = String(cString: path)
  let stored: StoredModel
  if let bytes, count > 0 {
    let content = Array(UnsafeRawBufferPointer(start: bytes, count: Int(count)))
    stored = try StoredModel.read(content, name: name)
  } else {
    stored = try StoredModel.read(name)
  }
  try check(stored.model, name)
  return LoadedModel(try inPrecisionAsked(stored, name), name: name)
}

/// The model in the number format that the environment asks for (`DP_PRECISION`), or as it is.
private func inPrecisionAsked(_ stored: StoredModel, _ name: String) throws -> StoredModel {
  guard let value = getenv("DP_PRECISION"), value.pointee != 0 else { return stored }
  let text = String(cString: value)
  guard let precision = NetworkPrecision(rawValue: text) else {
    throw ToolError(
      .usage, at: "DP_PRECISION=\(text)", "is no number format",
      remedy: "take \(NetworkPrecision.allCases.map(\.rawValue).joined(separator: ", "))")
  }
  say("\(name): computes in \(text), as DP_PRECISION asks for")
  return try stored.computing(in: precision, name: name)
}

private func newModels(
  _ paths: UnsafeMutablePointer<UnsafePointer<CChar>?>?, _ count: CInt,
  _ contents: UnsafeMutablePointer<UnsafePointer<CChar>?>? = nil, _ contentCount: CInt = 0,
  _ sizes: UnsafePointer<CInt>? = nil
) throws -> [LoadedModel] {
  guard let paths, count > 0 else { throw ToolError(.usage, at: "models", "there are none") }
  let models = try (0..<Int(count)).map { k in
    k < contentCount
      ? try newModel(paths[k], contents?[k], count: sizes?[k] ?? 0) : try newModel(paths[k])
  }
  for (k, other) in models.enumerated() where other.model.typeMap != models[0].model.typeMap {
    throw ToolError(
      .data, at: paths[k].map(String.init(cString:)) ?? "",
      "has types \(other.model.typeMap.joined(separator: " ")), the first model has "
        + models[0].model.typeMap.joined(separator: " "))
  }
  let inputs = models.map(\.model.inputs)
  for (k, other) in inputs.enumerated() where !other.fits(inputs[0]) {
    throw ToolError(
      .data, at: paths[k].map(String.init(cString:)) ?? "",
      "takes \(other.frameParameters) frame and \(other.atomParameters) atom parameters, the first "
        + "model takes \(inputs[0].frameParameters) and \(inputs[0].atomParameters)")
  }
  return models
}

@implementation @c public func DP_NewDeepPot(_ path: UnsafePointer<CChar>!) -> OpaquePointer! {
  LoadedModels { [try newModel(path)] }.pointer()
}

@implementation @c public func DP_NewDeepPotWithParam(
  _ path: UnsafePointer<CChar>!, _ rank: CInt, _ bytes: UnsafePointer<CChar>!
) -> OpaquePointer! {
  LoadedModels { [try newModel(path)] }.pointer()
}

@implementation @c public func DP_NewDeepPotWithParam2(
  _ path: UnsafePointer<CChar>!, _ rank: CInt, _ bytes: UnsafePointer<CChar>!, _ count: CInt
) -> OpaquePointer! {
  LoadedModels { [try newModel(path, bytes, count: count)] }.pointer()
}

@implementation @c public func DP_NewDeepPotModelDevi(
  _ paths: UnsafeMutablePointer<UnsafePointer<CChar>?>!, _ count: CInt
) -> OpaquePointer! {
  LoadedModels { try newModels(paths, count) }.pointer()
}

@implementation @c public func DP_NewDeepPotModelDeviWithParam(
  _ paths: UnsafeMutablePointer<UnsafePointer<CChar>?>!, _ count: CInt, _ rank: CInt,
  _ contents: UnsafeMutablePointer<UnsafePointer<CChar>?>!, _ contentCount: CInt,
  _ sizes: UnsafePointer<CInt>!
) -> OpaquePointer! {
  LoadedModels { try newModels(paths, count, contents, contentCount, sizes) }.pointer()
}

@implementation @c public func DP_DeleteDeepPot(_ pointer: OpaquePointer!) {
  LoadedModels.delete(pointer)
}
@implementation @c public func DP_DeleteDeepPotModelDevi(_ pointer: OpaquePointer!) {
  LoadedModels.delete(pointer)
}
@implementation @c public func DP_DeleteDeepBaseModel(_ pointer: OpaquePointer!) {
  LoadedModels.delete(pointer)
}
@implementation @c public func DP_DeleteDeepBaseModelDevi(_ pointer: OpaquePointer!) {
  LoadedModels.delete(pointer)
}

@implementation @c public func DP_DeepPotCheckOK(
  _ pointer: OpaquePointer!
) -> UnsafePointer<CChar>! {
  UnsafePointer(LoadedModels.problem(at: pointer))
}
@implementation @c public func DP_DeepPotModelDeviCheckOK(
  _ pointer: OpaquePointer!
) -> UnsafePointer<CChar>! {
  UnsafePointer(LoadedModels.problem(at: pointer))
}
@implementation @c public func DP_DeepBaseModelCheckOK(
  _ pointer: OpaquePointer!
) -> UnsafePointer<CChar>! {
  UnsafePointer(LoadedModels.problem(at: pointer))
}
@implementation @c public func DP_DeepBaseModelDeviCheckOK(
  _ pointer: OpaquePointer!
) -> UnsafePointer<CChar>! {
  UnsafePointer(LoadedModels.problem(at: pointer))
}
