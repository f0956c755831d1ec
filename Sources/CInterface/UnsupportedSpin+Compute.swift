// c_api.h documents these functions.
// swift-format-ignore-file: AllPublicDeclarationsHaveDocumentation

import CDeepMD
import Glibc

// Models with spins for programs in C++; Unsupported.swift tells what these functions do.

@implementation @c public func DP_DeepSpinCompute2(
  _ dp: OpaquePointer!, _ frames: CInt, _ atoms: CInt, _ coordinates: UnsafePointer<Double>!,
  _ spins: UnsafePointer<Double>!, _ types: UnsafePointer<CInt>!, _ cells: UnsafePointer<Double>!,
  _ fparam: UnsafePointer<Double>!, _ aparam: UnsafePointer<Double>!,
  _ energies: UnsafeMutablePointer<Double>!, _ forces: UnsafeMutablePointer<Double>!,
  _ spinForces: UnsafeMutablePointer<Double>!, _ virials: UnsafeMutablePointer<Double>!,
  _ atomEnergies: UnsafeMutablePointer<Double>!, _ atomVirials: UnsafeMutablePointer<Double>!
) {}
@implementation @c public func DP_DeepSpinComputef2(
  _ dp: OpaquePointer!, _ frames: CInt, _ atoms: CInt, _ coordinates: UnsafePointer<Float>!,
  _ spins: UnsafePointer<Float>!, _ types: UnsafePointer<CInt>!, _ cells: UnsafePointer<Float>!,
  _ fparam: UnsafePointer<Float>!, _ aparam: UnsafePointer<Float>!,
  _ energies: UnsafeMutablePointer<Double>!, _ forces: UnsafeMutablePointer<Float>!,
  _ spinForces: UnsafeMutablePointer<Float>!, _ virials: UnsafeMutablePointer<Float>!,
  _ atomEnergies: UnsafeMutablePointer<Float>!, _ atomVirials: UnsafeMutablePointer<Float>!
) {}
@implementation @c public func DP_DeepSpinComputeNListf2(
  _ dp: OpaquePointer!, _ frames: CInt, _ atoms: CInt, _ coordinates: UnsafePointer<Float>!,
  _ spins: UnsafePointer<Float>!, _ types: UnsafePointer<CInt>!, _ cells: UnsafePointer<Float>!,
  _ ghosts: CInt, _ list: OpaquePointer!, _ ago: CInt, _ fparam: UnsafePointer<Float>!,
  _ aparam: UnsafePointer<Float>!, _ energies: UnsafeMutablePointer<Double>!,
  _ forces: UnsafeMutablePointer<Float>!, _ spinForces: UnsafeMutablePointer<Float>!,
  _ virials: UnsafeMutablePointer<Float>!, _ atomEnergies: UnsafeMutablePointer<Float>!,
  _ atomVirials: UnsafeMutablePointer<Float>!
) {}
@implementation @c public func DP_DeepSpinCompute3(
  _ dp: OpaquePointer!, _ frames: CInt, _ atoms: CInt, _ coordinates: UnsafePointer<Double>!,
  _ spins: UnsafePointer<Double>!, _ types: UnsafePointer<CInt>!, _ cells: UnsafePointer<Double>!,
  _ fparam: UnsafePointer<Double>!, _ aparam: UnsafePointer<Double>!,
  _ chargeAndSpin: UnsafePointer<Double>!, _ energies: UnsafeMutablePointer<Double>!,
  _ forces: UnsafeMutablePointer<Double>!, _ spinForces: UnsafeMutablePointer<Double>!,
  _ virials: UnsafeMutablePointer<Double>!, _ atomEnergies: UnsafeMutablePointer<Double>!,
  _ atomVirials: UnsafeMutablePointer<Double>!
) {}
@implementation @c public func DP_DeepSpinComputef3(
  _ dp: OpaquePointer!, _ frames: CInt, _ atoms: CInt, _ coordinates: UnsafePointer<Float>!,
  _ spins: UnsafePointer<Float>!, _ types: UnsafePointer<CInt>!, _ cells: UnsafePointer<Float>!,
  _ fparam: UnsafePointer<Float>!, _ aparam: UnsafePointer<Float>!,
  _ chargeAndSpin: UnsafePointer<Float>!, _ energies: UnsafeMutablePointer<Double>!,
  _ forces: UnsafeMutablePointer<Float>!, _ spinForces: UnsafeMutablePointer<Float>!,
  _ virials: UnsafeMutablePointer<Float>!, _ atomEnergies: UnsafeMutablePointer<Float>!,
  _ atomVirials: UnsafeMutablePointer<Float>!
) {}
@implementation @c public func DP_DeepSpinComputeNListf3(
  _ dp: OpaquePointer!, _ frames: CInt, _ atoms: CInt, _ coordinates: UnsafePointer<Float>!,
  _ spins: UnsafePointer<Float>!, _ types: UnsafePointer<CInt>!, _ cells: UnsafePointer<Float>!,
  _ ghosts: CInt, _ list: OpaquePointer!, _ ago: CInt, _ fparam: UnsafePointer<Float>!,
  _ aparam: UnsafePointer<Float>!, _ chargeAndSpin: UnsafePointer<Float>!,
  _ energies: UnsafeMutablePointer<Double>!, _ forces: UnsafeMutablePointer<Float>!,
  _ spinForces: UnsafeMutablePointer<Float>!, _ virials: UnsafeMutablePointer<Float>!,
  _ atomEnergies: UnsafeMutablePointer<Float>!, _ atomVirials: UnsafeMutablePointer<Float>!
) {}
@implementation @c public func DP_DeepSpinComputeCanonicalGraphGPU(
  _ dp: OpaquePointer!, _ atomEnergy: UnsafeMutablePointer<Double>!,
  _ force: UnsafeMutablePointer<Double>!, _ forceMag: UnsafeMutablePointer<Double>!,
  _ atomVirial: UnsafeMutablePointer<Double>!, _ atype: UnsafePointer<Int64>!,
  _ source: UnsafePointer<UInt32>!, _ edgeVec: UnsafePointer<Float>!,
  _ destinationRowPtr: UnsafePointer<Int64>!, _ sourceRowPtr: UnsafePointer<Int64>!,
  _ sourceOrder: UnsafePointer<UInt32>!, _ spin: UnsafePointer<Float>!, _ nloc: CInt,
  _ nallNodes: CInt, _ edgeStorage: Int64
) {}
@implementation @c public func DP_DeepSpinUsesCanonicalGraphInference(
  _ dp: OpaquePointer!
) -> Bool {
  false
}
@implementation @c public func DP_DeepSpinModelDeviCompute2(
  _ dp: OpaquePointer!, _ frames: CInt, _ atoms: CInt, _ coordinates: UnsafePointer<Double>!,
  _ spins: UnsafePointer<Double>!, _ types: UnsafePointer<CInt>!, _ cells: UnsafePointer<Double>!,
  _ fparam: UnsafePointer<Double>!, _ aparam: UnsafePointer<Double>!,
  _ energies: UnsafeMutablePointer<Double>!, _ forces: UnsafeMutablePointer<Double>!,
  _ spinForces: UnsafeMutablePointer<Double>!, _ virials: UnsafeMutablePointer<Double>!,
  _ atomEnergies: UnsafeMutablePointer<Double>!, _ atomVirials: UnsafeMutablePointer<Double>!
) {}
@implementation @c public func DP_DeepSpinModelDeviComputef2(
  _ dp: OpaquePointer!, _ frames: CInt, _ atoms: CInt, _ coordinates: UnsafePointer<Float>!,
  _ spins: UnsafePointer<Float>!, _ types: UnsafePointer<CInt>!, _ cells: UnsafePointer<Float>!,
  _ fparam: UnsafePointer<Float>!, _ aparam: UnsafePointer<Float>!,
  _ energies: UnsafeMutablePointer<Double>!, _ forces: UnsafeMutablePointer<Float>!,
  _ spinForces: UnsafeMutablePointer<Float>!, _ virials: UnsafeMutablePointer<Float>!,
  _ atomEnergies: UnsafeMutablePointer<Float>!, _ atomVirials: UnsafeMutablePointer<Float>!
) {}
@implementation @c public func DP_DeepSpinModelDeviComputeNListf2(
  _ dp: OpaquePointer!, _ frames: CInt, _ atoms: CInt, _ coordinates: UnsafePointer<Float>!,
  _ spins: UnsafePointer<Float>!, _ types: UnsafePointer<CInt>!, _ cells: UnsafePointer<Float>!,
  _ ghosts: CInt, _ list: OpaquePointer!, _ ago: CInt, _ fparam: UnsafePointer<Float>!,
  _ aparam: UnsafePointer<Float>!, _ energies: UnsafeMutablePointer<Double>!,
  _ forces: UnsafeMutablePointer<Float>!, _ spinForces: UnsafeMutablePointer<Float>!,
  _ virials: UnsafeMutablePointer<Float>!, _ atomEnergies: UnsafeMutablePointer<Float>!,
  _ atomVirials: UnsafeMutablePointer<Float>!
) {}
@implementation @c public func DP_DeepSpinModelDeviCompute3(
  _ dp: OpaquePointer!, _ frames: CInt, _ atoms: CInt, _ coordinates: UnsafePointer<Double>!,
  _ spins: UnsafePointer<Double>!, _ types: UnsafePointer<CInt>!, _ cells: UnsafePointer<Double>!,
  _ fparam: UnsafePointer<Double>!, _ aparam: UnsafePointer<Double>!,
  _ chargeAndSpin: UnsafePointer<Double>!, _ energies: UnsafeMutablePointer<Double>!,
  _ forces: UnsafeMutablePointer<Double>!, _ spinForces: UnsafeMutablePointer<Double>!,
  _ virials: UnsafeMutablePointer<Double>!, _ atomEnergies: UnsafeMutablePointer<Double>!,
  _ atomVirials: UnsafeMutablePointer<Double>!
) {}
@implementation @c public func DP_DeepSpinModelDeviComputef3(
  _ dp: OpaquePointer!, _ frames: CInt, _ atoms: CInt, _ coordinates: UnsafePointer<Float>!,
  _ spins: UnsafePointer<Float>!, _ types: UnsafePointer<CInt>!, _ cells: UnsafePointer<Float>!,
  _ fparam: UnsafePointer<Float>!, _ aparam: UnsafePointer<Float>!,
  _ chargeAndSpin: UnsafePointer<Float>!, _ energies: UnsafeMutablePointer<Double>!,
  _ forces: UnsafeMutablePointer<Float>!, _ spinForces: UnsafeMutablePointer<Float>!,
  _ virials: UnsafeMutablePointer<Float>!, _ atomEnergies: UnsafeMutablePointer<Float>!,
  _ atomVirials: UnsafeMutablePointer<Float>!
) {}
@implementation @c public func DP_DeepSpinModelDeviComputeNListf3(
  _ dp: OpaquePointer!, _ frames: CInt, _ atoms: CInt, _ coordinates: UnsafePointer<Float>!,
  _ spins: UnsafePointer<Float>!, _ types: UnsafePointer<CInt>!, _ cells: UnsafePointer<Float>!,
  _ ghosts: CInt, _ list: OpaquePointer!, _ ago: CInt, _ fparam: UnsafePointer<Float>!,
  _ aparam: UnsafePointer<Float>!, _ chargeAndSpin: UnsafePointer<Float>!,
  _ energies: UnsafeMutablePointer<Double>!, _ forces: UnsafeMutablePointer<Float>!,
  _ spinForces: UnsafeMutablePointer<Float>!, _ virials: UnsafeMutablePointer<Float>!,
  _ atomEnergies: UnsafeMutablePointer<Float>!, _ atomVirials: UnsafeMutablePointer<Float>!
) {}
@implementation @c public func DP_DeepSpinGetCutoff(_ dp: OpaquePointer!) -> Double { 0 }
@implementation @c public func DP_DeepSpinGetNumbTypes(_ dp: OpaquePointer!) -> CInt { 0 }
@implementation @c public func DP_DeepSpinGetNumbTypesSpin(_ dp: OpaquePointer!) -> CInt { 0 }
@implementation @c public func DP_DeepSpinGetTypeMap(
  _ dp: OpaquePointer!
) -> UnsafePointer<CChar>! {
  UnsafePointer(strdup(""))
}
@implementation @c public func DP_DeepSpinModelDeviGetCutoff(_ dp: OpaquePointer!) -> Double { 0 }
@implementation @c public func DP_DeepSpinModelDeviGetNumbTypes(_ dp: OpaquePointer!) -> CInt { 0 }
@implementation @c public func DP_DeepSpinModelDeviGetNumbTypesSpin(_ dp: OpaquePointer!) -> CInt {
  0
}
