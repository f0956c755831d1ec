// c_api.h documents these functions.
// swift-format-ignore-file: AllPublicDeclarationsHaveDocumentation

import CDeepMD
import Glibc

// Charges placed by dipoles; Unsupported.swift tells what these functions do.

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
@implementation @c public func DP_NewDipoleChargeModifier(
  _ path: UnsafePointer<CChar>!
) -> OpaquePointer! {
  unsupported("dipoles and charges", path)
}
@implementation @c public func DP_DipoleChargeModifierComputeNListf(
  _ dcm: OpaquePointer!, _ atoms: CInt, _ coordinates: UnsafePointer<Float>!,
  _ types: UnsafePointer<CInt>!, _ cells: UnsafePointer<Float>!, _ pairs: UnsafePointer<CInt>!,
  _ pairCount: CInt, _ field: UnsafePointer<Float>!, _ ghosts: CInt, _ list: OpaquePointer!,
  _ forces: UnsafeMutablePointer<Float>!, _ virial: UnsafeMutablePointer<Float>!
) {}
@implementation @c public func DP_DipoleChargeModifierGetCutoff(_ dt: OpaquePointer!) -> Double {
  0
}
@implementation @c public func DP_DipoleChargeModifierGetNumbTypes(_ dt: OpaquePointer!) -> CInt {
  0
}
@implementation @c public func DP_DipoleChargeModifierGetSelTypes(
  _ dt: OpaquePointer!
) -> UnsafeMutablePointer<CInt>! {
  nil
}
