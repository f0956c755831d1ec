// c_api.h documents these functions.
// swift-format-ignore-file: AllPublicDeclarationsHaveDocumentation

import CDeepMD
import Glibc

// Models of tensors, and charges placed by them; Unsupported.swift tells what these functions do.

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
) {
  size?.pointee = 0
}
@implementation @c public func DP_DeepTensorComputeNList(
  _ dp: OpaquePointer!, _ atoms: CInt, _ coordinates: UnsafePointer<Double>!,
  _ types: UnsafePointer<CInt>!, _ cell: UnsafePointer<Double>!, _ ghosts: CInt,
  _ list: OpaquePointer!, _ tensor: UnsafeMutablePointer<Double>!,
  _ forces: UnsafeMutablePointer<Double>!, _ virial: UnsafeMutablePointer<Double>!,
  _ atomTensors: UnsafeMutablePointer<UnsafeMutablePointer<Double>?>!,
  _ atomVirials: UnsafeMutablePointer<Double>!, _ size: UnsafeMutablePointer<CInt>!
) {
  size?.pointee = 0
}
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
@implementation @c public func DP_NewDeepTensor(_ path: UnsafePointer<CChar>!) -> OpaquePointer! {
  unsupported("tensors", path)
}
@implementation @c public func DP_DeepTensorComputeTensor(
  _ dt: OpaquePointer!, _ atoms: CInt, _ coordinates: UnsafePointer<Double>!,
  _ types: UnsafePointer<CInt>!, _ cells: UnsafePointer<Double>!,
  _ tensor: UnsafeMutablePointer<UnsafeMutablePointer<Double>?>!,
  _ size: UnsafeMutablePointer<CInt>!
) {
  size?.pointee = 0
}
@implementation @c public func DP_DeepTensorComputeTensorf(
  _ dt: OpaquePointer!, _ atoms: CInt, _ coordinates: UnsafePointer<Float>!,
  _ types: UnsafePointer<CInt>!, _ cells: UnsafePointer<Float>!,
  _ tensor: UnsafeMutablePointer<UnsafeMutablePointer<Float>?>!,
  _ size: UnsafeMutablePointer<CInt>!
) {
  size?.pointee = 0
}
@implementation @c public func DP_DeepTensorComputeTensorNListf(
  _ dt: OpaquePointer!, _ atoms: CInt, _ coordinates: UnsafePointer<Float>!,
  _ types: UnsafePointer<CInt>!, _ cells: UnsafePointer<Float>!, _ ghosts: CInt,
  _ list: OpaquePointer!, _ tensor: UnsafeMutablePointer<UnsafeMutablePointer<Float>?>!,
  _ size: UnsafeMutablePointer<CInt>!
) {
  size?.pointee = 0
}
@implementation @c public func DP_DeepTensorCompute(
  _ dt: OpaquePointer!, _ atoms: CInt, _ coordinates: UnsafePointer<Double>!,
  _ types: UnsafePointer<CInt>!, _ cells: UnsafePointer<Double>!,
  _ tensor: UnsafeMutablePointer<Double>!, _ forces: UnsafeMutablePointer<Double>!,
  _ virials: UnsafeMutablePointer<Double>!,
  _ atomTensors: UnsafeMutablePointer<UnsafeMutablePointer<Double>?>!,
  _ atomVirials: UnsafeMutablePointer<Double>!, _ size: UnsafeMutablePointer<CInt>!
) {
  size?.pointee = 0
}
@implementation @c public func DP_DeepTensorComputef(
  _ dt: OpaquePointer!, _ atoms: CInt, _ coordinates: UnsafePointer<Float>!,
  _ types: UnsafePointer<CInt>!, _ cells: UnsafePointer<Float>!,
  _ tensor: UnsafeMutablePointer<Float>!, _ forces: UnsafeMutablePointer<Float>!,
  _ virials: UnsafeMutablePointer<Float>!,
  _ atomTensors: UnsafeMutablePointer<UnsafeMutablePointer<Float>?>!,
  _ atomVirials: UnsafeMutablePointer<Float>!, _ size: UnsafeMutablePointer<CInt>!
) {
  size?.pointee = 0
}
@implementation @c public func DP_DeepTensorComputeNListf(
  _ dt: OpaquePointer!, _ atoms: CInt, _ coordinates: UnsafePointer<Float>!,
  _ types: UnsafePointer<CInt>!, _ cells: UnsafePointer<Float>!, _ ghosts: CInt,
  _ list: OpaquePointer!, _ tensor: UnsafeMutablePointer<Float>!,
  _ forces: UnsafeMutablePointer<Float>!, _ virials: UnsafeMutablePointer<Float>!,
  _ atomTensors: UnsafeMutablePointer<UnsafeMutablePointer<Float>?>!,
  _ atomVirials: UnsafeMutablePointer<Float>!, _ size: UnsafeMutablePointer<CInt>!
) {
  size?.pointee = 0
}
@implementation @c public func DP_DeepTensorGetCutoff(_ dt: OpaquePointer!) -> Double { 0 }
@implementation @c public func DP_DeepTensorGetNumbTypes(_ dt: OpaquePointer!) -> CInt { 0 }
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
