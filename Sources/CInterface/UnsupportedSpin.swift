// c_api.h documents these functions.
// swift-format-ignore-file: AllPublicDeclarationsHaveDocumentation

import CDeepMD
import Glibc

// Models with spins; Unsupported.swift tells what these functions do.

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
