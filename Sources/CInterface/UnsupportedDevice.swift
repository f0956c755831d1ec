// c_api.h documents these functions.
// swift-format-ignore-file: AllPublicDeclarationsHaveDocumentation

import CDeepMD

// Computations in the memory of a GPU; they are an error of the model.

private func failsOnDevice(_ pointer: OpaquePointer?) {
  guard let loaded = LoadedModels.at(pointer), !loaded.models.isEmpty else { return }
  loaded.problem = "GPU: this library computes on the CPU; use DeePMD-kit's own library"
}

@implementation @c public func DP_DeepPotComputeEdgesGPU(
  _ dp: OpaquePointer!, _ atomEnergy: UnsafeMutablePointer<Double>!,
  _ force: UnsafeMutablePointer<Double>!, _ atomVirial: UnsafeMutablePointer<Double>!,
  _ coord: UnsafePointer<Double>!, _ atype: UnsafePointer<CInt>!,
  _ edgeIndex: UnsafePointer<CInt>!, _ edgeVec: UnsafePointer<Double>!, _ nloc: CInt,
  _ nedge: CInt, _ fparam: UnsafePointer<Double>!, _ fparamSize: Int64,
  _ aparam: UnsafePointer<Double>!, _ aparamSize: Int64, _ nallNodes: CInt,
  _ commNlist: OpaquePointer!
) {
  failsOnDevice(dp)
}
@implementation @c public func DP_DeepPotComputeEdgesGPUFloat32(
  _ dp: OpaquePointer!, _ atomEnergy: UnsafeMutablePointer<Double>!,
  _ force: UnsafeMutablePointer<Double>!, _ atomVirial: UnsafeMutablePointer<Double>!,
  _ coord: UnsafePointer<Double>!, _ atype: UnsafePointer<CInt>!,
  _ edgeIndex: UnsafePointer<CInt>!, _ edgeVec: UnsafePointer<Float>!, _ nloc: CInt,
  _ nedge: CInt, _ fparam: UnsafePointer<Double>!, _ fparamSize: Int64,
  _ aparam: UnsafePointer<Double>!, _ aparamSize: Int64, _ nallNodes: CInt,
  _ commNlist: OpaquePointer!
) {
  failsOnDevice(dp)
}
@implementation @c public func DP_DeepPotComputeCanonicalGraphGPU(
  _ dp: OpaquePointer!, _ atomEnergy: UnsafeMutablePointer<Double>!,
  _ force: UnsafeMutablePointer<Double>!, _ atomVirial: UnsafeMutablePointer<Double>!,
  _ atype: UnsafePointer<Int64>!, _ source: UnsafePointer<UInt32>!,
  _ edgeVec: UnsafePointer<Float>!, _ destinationRowPtr: UnsafePointer<Int64>!,
  _ sourceRowPtr: UnsafePointer<Int64>!, _ sourceOrder: UnsafePointer<UInt32>!, _ nloc: CInt,
  _ nallNodes: CInt, _ edgeStorage: Int64
) {
  failsOnDevice(dp)
}
@implementation @c public func DP_DeepPotSupportsDeviceEdgeInference(_ dp: OpaquePointer!) -> Bool {
  false
}
@implementation @c public func DP_DeepPotUsesFP32EdgeVectors(_ dp: OpaquePointer!) -> Bool { false }
@implementation @c public func DP_DeepPotUsesCanonicalGraphInference(_ dp: OpaquePointer!) -> Bool {
  false
}
