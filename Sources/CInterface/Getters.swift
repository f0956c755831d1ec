// c_api.h documents these functions.
// swift-format-ignore-file: AllPublicDeclarationsHaveDocumentation

import CDeepMD
import Glibc

// The properties of models; c_api.h documents them.  An object without a model has zeros.

private func first(_ pointer: OpaquePointer?) -> LoadedModel? {
  LoadedModels.at(pointer)?.models.first
}

private func cutoff(_ pointer: OpaquePointer?) -> Double {
  LoadedModels.at(pointer)?.models.map(\.model.outerCutoff).max() ?? 0
}

private func typeCount(_ pointer: OpaquePointer?) -> CInt {
  CInt(first(pointer)?.model.typeMap.count ?? 0)
}

private func frameParameters(_ pointer: OpaquePointer?) -> CInt {
  CInt(first(pointer)?.model.inputs.frameParameters ?? 0)
}

private func atomParameters(_ pointer: OpaquePointer?) -> CInt {
  CInt(first(pointer)?.model.inputs.atomParameters ?? 0)
}

/// Whether all models have default frame parameters, so that frames may come without them.
private func hasDefault(_ pointer: OpaquePointer?) -> Bool {
  guard let models = LoadedModels.at(pointer)?.models, !models.isEmpty else { return false }
  return models.allSatisfy { $0.model.inputs.defaultFrameParameters != nil }
}

/// The type map as a new C string.
private func typeMap(_ pointer: OpaquePointer?) -> UnsafePointer<CChar>? {
  UnsafePointer(strdup(first(pointer)?.model.typeMap.joined(separator: " ") ?? ""))
}

private func failsWithChargeAndSpin(_ pointer: OpaquePointer?) {
  LoadedModels.at(pointer)?.problem = "charge_spin: is given, but the model has no such input"
}

@implementation @c public func DP_DeepPotGetCutoff(_ dp: OpaquePointer!) -> Double { cutoff(dp) }
@implementation @c public func DP_DeepPotGetNumbTypes(_ dp: OpaquePointer!) -> CInt {
  typeCount(dp)
}
@implementation @c public func DP_DeepPotGetNumbTypesSpin(_ dp: OpaquePointer!) -> CInt { 0 }
@implementation @c public func DP_DeepPotGetDimFParam(_ dp: OpaquePointer!) -> CInt {
  frameParameters(dp)
}
@implementation @c public func DP_DeepPotGetDimAParam(_ dp: OpaquePointer!) -> CInt {
  atomParameters(dp)
}
@implementation @c public func DP_DeepPotGetDimChgSpin(_ dp: OpaquePointer!) -> CInt { 0 }
@implementation @c public func DP_DeepPotIsAParamNAll(_ dp: OpaquePointer!) -> Bool { false }
@implementation @c public func DP_DeepPotHasDefaultFParam(_ dp: OpaquePointer!) -> Bool {
  hasDefault(dp)
}
@implementation @c public func DP_DeepPotGetTypeMap(_ dp: OpaquePointer!) -> UnsafePointer<CChar>! {
  typeMap(dp)
}
@implementation @c public func DP_DeepPotSetChargeSpin(
  _ dp: OpaquePointer!, _ chargeAndSpin: UnsafePointer<Double>!, _ size: CInt
) {
  failsWithChargeAndSpin(dp)
}

@implementation @c public func DP_DeepPotModelDeviGetCutoff(_ dp: OpaquePointer!) -> Double {
  cutoff(dp)
}
@implementation @c public func DP_DeepPotModelDeviGetNumbTypes(_ dp: OpaquePointer!) -> CInt {
  typeCount(dp)
}
@implementation @c public func DP_DeepPotModelDeviGetNumbTypesSpin(_ dp: OpaquePointer!) -> CInt {
  0
}
@implementation @c public func DP_DeepPotModelDeviGetDimFParam(_ dp: OpaquePointer!) -> CInt {
  frameParameters(dp)
}
@implementation @c public func DP_DeepPotModelDeviGetDimAParam(_ dp: OpaquePointer!) -> CInt {
  atomParameters(dp)
}
@implementation @c public func DP_DeepPotModelDeviGetDimChgSpin(_ dp: OpaquePointer!) -> CInt { 0 }
@implementation @c public func DP_DeepPotModelDeviIsAParamNAll(_ dp: OpaquePointer!) -> Bool {
  false
}
@implementation @c public func DP_DeepPotModelDeviHasDefaultFParam(_ dp: OpaquePointer!) -> Bool {
  hasDefault(dp)
}
@implementation @c public func DP_DeepPotModelDeviSetChargeSpin(
  _ dp: OpaquePointer!, _ chargeAndSpin: UnsafePointer<Double>!, _ size: CInt
) {
  failsWithChargeAndSpin(dp)
}

@implementation @c public func DP_DeepBaseModelGetCutoff(_ dp: OpaquePointer!) -> Double {
  cutoff(dp)
}
@implementation @c public func DP_DeepBaseModelGetNumbTypes(_ dp: OpaquePointer!) -> CInt {
  typeCount(dp)
}
@implementation @c public func DP_DeepBaseModelGetNumbTypesSpin(_ dp: OpaquePointer!) -> CInt { 0 }
@implementation @c public func DP_DeepBaseModelGetDimFParam(_ dp: OpaquePointer!) -> CInt {
  frameParameters(dp)
}
@implementation @c public func DP_DeepBaseModelGetDimAParam(_ dp: OpaquePointer!) -> CInt {
  atomParameters(dp)
}
@implementation @c public func DP_DeepBaseModelIsAParamNAll(_ dp: OpaquePointer!) -> Bool { false }
@implementation @c public func DP_DeepBaseModelHasDefaultFParam(_ dp: OpaquePointer!) -> Bool {
  hasDefault(dp)
}
@implementation @c public func DP_DeepBaseModelGetTypeMap(_ dp: OpaquePointer!) -> UnsafePointer<
  CChar
>! {
  typeMap(dp)
}

@implementation @c public func DP_DeepBaseModelDeviGetCutoff(_ dp: OpaquePointer!) -> Double {
  cutoff(dp)
}
@implementation @c public func DP_DeepBaseModelDeviGetNumbTypes(_ dp: OpaquePointer!) -> CInt {
  typeCount(dp)
}
@implementation @c public func DP_DeepBaseModelDeviGetNumbTypesSpin(_ dp: OpaquePointer!) -> CInt {
  0
}
@implementation @c public func DP_DeepBaseModelDeviGetDimFParam(_ dp: OpaquePointer!) -> CInt {
  frameParameters(dp)
}
@implementation @c public func DP_DeepBaseModelDeviGetDimAParam(_ dp: OpaquePointer!) -> CInt {
  atomParameters(dp)
}
@implementation @c public func DP_DeepBaseModelDeviIsAParamNAll(_ dp: OpaquePointer!) -> Bool {
  false
}
@implementation @c public func DP_DeepBaseModelDeviHasDefaultFParam(_ dp: OpaquePointer!) -> Bool {
  hasDefault(dp)
}
