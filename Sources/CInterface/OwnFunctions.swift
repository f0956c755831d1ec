// c_api.h documents these functions.
// swift-format-ignore-file: AllPublicDeclarationsHaveDocumentation

import CDeepMD
import Glibc
import Models

@implementation @c public func DP_DeepPotGetDimDescriptor(_ dp: OpaquePointer!) -> CInt {
  CInt(LoadedModels.at(dp)?.models.first?.model.descriptor.outputs ?? 0)
}

@implementation @c public func DP_DeepPotComputeDescriptor(
  _ dp: OpaquePointer!, _ frames: CInt, _ atoms: CInt, _ coordinates: UnsafePointer<Double>!,
  _ types: UnsafePointer<CInt>!, _ cells: UnsafePointer<Double>!, _ hasTypesByFrame: Bool,
  _ descriptors: UnsafeMutablePointer<Double>!
) {
  var request = Request()
  (request.frames, request.atoms) = (Int(frames), Int(atoms))
  (request.coordinates, request.types, request.cells) = (coordinates, types, cells)
  request.hasTypesByFrame = hasTypesByFrame
  LoadedModels.attempt(dp) { loaded in
    guard let model = loaded.models.first else { return }
    try request.check(typeCount: model.model.typeMap.count)
    guard let descriptors = descriptors as UnsafeMutablePointer<Double>? else { return }
    try model.putDescriptors(request, at: descriptors)
  }
}

extension LoadedModel {
  /// Writes the descriptors of all frames, `[frames][atoms][width]`.
  fileprivate func putDescriptors(
    _ request: Request, at place: UnsafeMutablePointer<Double>
  ) throws {
    if request.atoms == 0 { return }
    let model = model, count = request.atoms * model.descriptor.outputs
    for k in 0..<request.frames {
      let frame = try request.frameWithoutParameters(k, for: model)
      let numbers = descriptorEvaluator.descriptors(of: frame, with: model)
      precondition(numbers.count == count, "descriptors do not fit their atoms")
      for (index, number) in numbers.enumerated() { place[k * count + index] = number }
      warn(of: descriptorEvaluator)
    }
  }
}

@implementation @c public func DP_DeepPotGetDescription(
  _ dp: OpaquePointer!
) -> UnsafePointer<CChar>! {
  UnsafePointer(strdup(LoadedModels.at(dp)?.models.first?.stored.propertiesInJSON ?? ""))
}
