// c_api.h documents these functions.
// swift-format-ignore-file: AllPublicDeclarationsHaveDocumentation

import CDeepMD
import Diagnostics
import Glibc

// Kinds of models that this library does not have.  Creating one gives an object whose problem says so; the other
// functions give zeros and do nothing, and leave that problem as it is.

private func unsupported(_ kind: String, _ path: UnsafePointer<CChar>?) -> OpaquePointer? {
  LoadedModels {
    throw ToolError(
      .data, at: path.map(String.init(cString:)) ?? "model",
      "is to be used as a model of \(kind), which this library does not support",
      remedy: "use pair_style deepmd with a model of energies, or DeePMD-kit's own library")
  }.pointer()
}

@implementation @c public func DP_NewDeepSpin(_ path: UnsafePointer<CChar>!) -> OpaquePointer! {
  unsupported("spins", path)
}
@implementation @c public func DP_NewDeepSpinWithParam2(
  _ path: UnsafePointer<CChar>!, _ rank: CInt, _ bytes: UnsafePointer<CChar>!, _ count: CInt
) -> OpaquePointer! {
  unsupported("spins", path)
}
@implementation @c public func DP_NewDeepSpinModelDevi(
  _ paths: UnsafeMutablePointer<UnsafePointer<CChar>?>!, _ count: CInt
) -> OpaquePointer! {
  unsupported("spins", paths?.pointee)
}
@implementation @c public func DP_NewDeepSpinModelDeviWithParam(
  _ paths: UnsafeMutablePointer<UnsafePointer<CChar>?>!, _ count: CInt, _ rank: CInt,
  _ contents: UnsafeMutablePointer<UnsafePointer<CChar>?>!, _ contentCount: CInt,
  _ sizes: UnsafePointer<CInt>!
) -> OpaquePointer! {
  unsupported("spins", paths?.pointee)
}
@implementation @c public func DP_DeleteDeepSpin(_ dp: OpaquePointer!) { LoadedModels.delete(dp) }
@implementation @c public func DP_DeepSpinCheckOK(_ dp: OpaquePointer!) -> UnsafePointer<CChar>! {
  UnsafePointer(LoadedModels.problem(at: dp))
}
@implementation @c public func DP_DeepSpinComputeNList2(
  _ dp: OpaquePointer!, _ frames: CInt, _ atoms: CInt, _ coordinates: UnsafePointer<Double>!,
  _ spins: UnsafePointer<Double>!, _ types: UnsafePointer<CInt>!, _ cells: UnsafePointer<Double>!,
  _ ghosts: CInt, _ list: OpaquePointer!, _ ago: CInt, _ fparam: UnsafePointer<Double>!,
  _ aparam: UnsafePointer<Double>!, _ energies: UnsafeMutablePointer<Double>!,
  _ forces: UnsafeMutablePointer<Double>!, _ spinForces: UnsafeMutablePointer<Double>!,
  _ virials: UnsafeMutablePointer<Double>!, _ atomEnergies: UnsafeMutablePointer<Double>!,
  _ atomVirials: UnsafeMutablePointer<Double>!
) {}
@implementation @c public func DP_DeepSpinComputeNList3(
  _ dp: OpaquePointer!, _ frames: CInt, _ atoms: CInt, _ coordinates: UnsafePointer<Double>!,
  _ spins: UnsafePointer<Double>!, _ types: UnsafePointer<CInt>!, _ cells: UnsafePointer<Double>!,
  _ ghosts: CInt, _ list: OpaquePointer!, _ ago: CInt, _ fparam: UnsafePointer<Double>!,
  _ aparam: UnsafePointer<Double>!, _ chargeAndSpin: UnsafePointer<Double>!,
  _ energies: UnsafeMutablePointer<Double>!, _ forces: UnsafeMutablePointer<Double>!,
  _ spinForces: UnsafeMutablePointer<Double>!, _ virials: UnsafeMutablePointer<Double>!,
  _ atomEnergies: UnsafeMutablePointer<Double>!, _ atomVirials: UnsafeMutablePointer<Double>!
) {}
@implementation @c public func DP_DeepSpinGetDimFParam(_ dp: OpaquePointer!) -> CInt { 0 }
@implementation @c public func DP_DeepSpinGetDimAParam(_ dp: OpaquePointer!) -> CInt { 0 }
@implementation @c public func DP_DeepSpinGetDimChgSpin(_ dp: OpaquePointer!) -> CInt { 0 }
@implementation @c public func DP_DeepSpinIsAParamNAll(_ dp: OpaquePointer!) -> Bool { false }
@implementation @c public func DP_DeepSpinHasDefaultFParam(_ dp: OpaquePointer!) -> Bool { false }
@implementation @c public func DP_DeepSpinSetChargeSpin(
  _ dp: OpaquePointer!, _ chargeAndSpin: UnsafePointer<Double>!, _ size: CInt
) {}
@implementation @c public func DP_DeleteDeepSpinModelDevi(_ dp: OpaquePointer!) {
  LoadedModels.delete(dp)
}
@implementation @c public func DP_DeepSpinModelDeviCheckOK(
  _ dp: OpaquePointer!
) -> UnsafePointer<CChar>! {
  UnsafePointer(LoadedModels.problem(at: dp))
}
@implementation @c public func DP_DeepSpinModelDeviComputeNList2(
  _ dp: OpaquePointer!, _ frames: CInt, _ atoms: CInt, _ coordinates: UnsafePointer<Double>!,
  _ spins: UnsafePointer<Double>!, _ types: UnsafePointer<CInt>!, _ cells: UnsafePointer<Double>!,
  _ ghosts: CInt, _ list: OpaquePointer!, _ ago: CInt, _ fparam: UnsafePointer<Double>!,
  _ aparam: UnsafePointer<Double>!, _ energies: UnsafeMutablePointer<Double>!,
  _ forces: UnsafeMutablePointer<Double>!, _ spinForces: UnsafeMutablePointer<Double>!,
  _ virials: UnsafeMutablePointer<Double>!, _ atomEnergies: UnsafeMutablePointer<Double>!,
  _ atomVirials: UnsafeMutablePointer<Double>!
) {}
@implementation @c public func DP_DeepSpinModelDeviComputeNList3(
  _ dp: OpaquePointer!, _ frames: CInt, _ atoms: CInt, _ coordinates: UnsafePointer<Double>!,
  _ spins: UnsafePointer<Double>!, _ types: UnsafePointer<CInt>!, _ cells: UnsafePointer<Double>!,
  _ ghosts: CInt, _ list: OpaquePointer!, _ ago: CInt, _ fparam: UnsafePointer<Double>!,
  _ aparam: UnsafePointer<Double>!, _ chargeAndSpin: UnsafePointer<Double>!,
  _ energies: UnsafeMutablePointer<Double>!, _ forces: UnsafeMutablePointer<Double>!,
  _ spinForces: UnsafeMutablePointer<Double>!, _ virials: UnsafeMutablePointer<Double>!,
  _ atomEnergies: UnsafeMutablePointer<Double>!, _ atomVirials: UnsafeMutablePointer<Double>!
) {}
@implementation @c public func DP_DeepSpinModelDeviGetDimFParam(_ dp: OpaquePointer!) -> CInt { 0 }
@implementation @c public func DP_DeepSpinModelDeviGetDimAParam(_ dp: OpaquePointer!) -> CInt { 0 }
@implementation @c public func DP_DeepSpinModelDeviGetDimChgSpin(_ dp: OpaquePointer!) -> CInt { 0 }
@implementation @c public func DP_DeepSpinModelDeviIsAParamNAll(_ dp: OpaquePointer!) -> Bool {
  false
}
@implementation @c public func DP_DeepSpinModelDeviHasDefaultFParam(_ dp: OpaquePointer!) -> Bool {
  false
}
@implementation @c public func DP_DeepSpinModelDeviSetChargeSpin(
  _ dp: OpaquePointer!, _ chargeAndSpin: UnsafePointer<Double>!, _ size: CInt
) {}
@implementation @c public func DP_DeepSpinUsesNativeSpinScheme(_ dp: OpaquePointer!) -> Bool {
  false
}

@implementation @c public func DP_NewDeepTensorWithParam(
  _ path: UnsafePointer<CChar>!, _ rank: CInt, _ scope: UnsafePointer<CChar>!
) -> OpaquePointer! {
  unsupported("tensors", path)
}
@implementation @c public func DP_DeleteDeepTensor(_ dp: OpaquePointer!) { LoadedModels.delete(dp) }
@implementation @c public func DP_DeepTensorCheckOK(_ dp: OpaquePointer!) -> UnsafePointer<CChar>! {
  UnsafePointer(LoadedModels.problem(at: dp))
}
@implementation @c public func DP_DeepTensorComputeTensorNList(
  _ dp: OpaquePointer!, _ atoms: CInt, _ coordinates: UnsafePointer<Double>!,
  _ types: UnsafePointer<CInt>!, _ cell: UnsafePointer<Double>!, _ ghosts: CInt,
  _ list: OpaquePointer!, _ tensor: UnsafeMutablePointer<UnsafeMutablePointer<Double>?>!,
  _ size: UnsafeMutablePointer<CInt>!
) {}
@implementation @c public func DP_DeepTensorComputeNList(
  _ dp: OpaquePointer!, _ atoms: CInt, _ coordinates: UnsafePointer<Double>!,
  _ types: UnsafePointer<CInt>!, _ cell: UnsafePointer<Double>!, _ ghosts: CInt,
  _ list: OpaquePointer!, _ tensor: UnsafeMutablePointer<Double>!,
  _ forces: UnsafeMutablePointer<Double>!, _ virial: UnsafeMutablePointer<Double>!,
  _ atomTensors: UnsafeMutablePointer<UnsafeMutablePointer<Double>?>!,
  _ atomVirials: UnsafeMutablePointer<Double>!, _ size: UnsafeMutablePointer<CInt>!
) {}
@implementation @c public func DP_DeepTensorGetOutputDim(_ dp: OpaquePointer!) -> CInt { 0 }
@implementation @c public func DP_DeepTensorGetSelTypes(
  _ dp: OpaquePointer!
) -> UnsafeMutablePointer<CInt>! {
  nil
}
@implementation @c public func DP_DeepTensorGetNumbSelTypes(_ dp: OpaquePointer!) -> CInt { 0 }
@implementation @c public func DP_DeepTensorGetTypeMap(
  _ dp: OpaquePointer!
) -> UnsafePointer<CChar>! {
  UnsafePointer(strdup(""))
}

@implementation @c public func DP_NewDipoleChargeModifierWithParam(
  _ path: UnsafePointer<CChar>!, _ rank: CInt, _ scope: UnsafePointer<CChar>!
) -> OpaquePointer! {
  unsupported("dipoles and charges", path)
}
@implementation @c public func DP_DeleteDipoleChargeModifier(_ dp: OpaquePointer!) {
  LoadedModels.delete(dp)
}
@implementation @c public func DP_DipoleChargeModifierCheckOK(
  _ dp: OpaquePointer!
) -> UnsafePointer<CChar>! {
  UnsafePointer(LoadedModels.problem(at: dp))
}
@implementation @c public func DP_DipoleChargeModifierComputeNList(
  _ dp: OpaquePointer!, _ atoms: CInt, _ coordinates: UnsafePointer<Double>!,
  _ types: UnsafePointer<CInt>!, _ cell: UnsafePointer<Double>!, _ pairs: UnsafePointer<CInt>!,
  _ pairCount: CInt, _ field: UnsafePointer<Double>!, _ ghosts: CInt, _ list: OpaquePointer!,
  _ forces: UnsafeMutablePointer<Double>!, _ virial: UnsafeMutablePointer<Double>!
) {}
@implementation @c public func DP_DipoleChargeModifierGetNumbSelTypes(
  _ dp: OpaquePointer!
) -> CInt {
  0
}
