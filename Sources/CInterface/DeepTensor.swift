// c_api.h documents these functions.
// swift-format-ignore-file: AllPublicDeclarationsHaveDocumentation

import CDeepMD
import DeepPotential
import Diagnostics
import Glibc

// Models of dipoles and polarizabilities.  Without derivatives the result is the tensor of all
// atoms together, as with DeePMD-kit's PyTorch backend.

private func newTensor(_ path: UnsafePointer<CChar>?) -> OpaquePointer {
  LoadedModels {
    [
      try newModel(path) { model, name in
        if model.fitting.options.output.isTensor { return }
        throw ToolError(
          .data, at: name, "gives \(model.output.name), which is no tensor",
          remedy: "take a model whose fitting net is of type \"dipole\" or \"polar\"")
      }
    ]
  }.pointer()
}

private func model(_ pointer: OpaquePointer?) -> EnergyModel? {
  LoadedModels.at(pointer)?.models.first?.model
}

@implementation @c public func DP_NewDeepTensor(_ path: UnsafePointer<CChar>!) -> OpaquePointer! {
  newTensor(path)
}
@implementation @c public func DP_NewDeepTensorWithParam(
  _ path: UnsafePointer<CChar>!, _ rank: CInt, _ scope: UnsafePointer<CChar>!
) -> OpaquePointer! {
  newTensor(path)
}
@implementation @c public func DP_DeleteDeepTensor(_ dp: OpaquePointer!) { LoadedModels.delete(dp) }
@implementation @c public func DP_DeepTensorCheckOK(_ dp: OpaquePointer!) -> UnsafePointer<CChar>! {
  UnsafePointer(LoadedModels.problem(at: dp))
}

@implementation @c public func DP_DeepTensorComputeTensor(
  _ dt: OpaquePointer!, _ atoms: CInt, _ coordinates: UnsafePointer<Double>!,
  _ types: UnsafePointer<CInt>!, _ cells: UnsafePointer<Double>!,
  _ tensor: UnsafeMutablePointer<UnsafeMutablePointer<Double>?>!,
  _ size: UnsafeMutablePointer<CInt>!
) {
  let call = TensorCall(atoms: atoms, coordinates: coordinates, types: types, cell: cells)
  handOver(call.run(on: dt)?.tensor, at: tensor, size)
}
@implementation @c public func DP_DeepTensorComputeTensorf(
  _ dt: OpaquePointer!, _ atoms: CInt, _ coordinates: UnsafePointer<Float>!,
  _ types: UnsafePointer<CInt>!, _ cells: UnsafePointer<Float>!,
  _ tensor: UnsafeMutablePointer<UnsafeMutablePointer<Float>?>!,
  _ size: UnsafeMutablePointer<CInt>!
) {
  let call = TensorCall(atoms: atoms, coordinates: coordinates, types: types, cell: cells)
  handOver(call.run(on: dt)?.tensor, at: tensor, size)
}
@implementation @c public func DP_DeepTensorComputeTensorNList(
  _ dp: OpaquePointer!, _ atoms: CInt, _ coordinates: UnsafePointer<Double>!,
  _ types: UnsafePointer<CInt>!, _ cell: UnsafePointer<Double>!, _ ghosts: CInt,
  _ list: OpaquePointer!, _ tensor: UnsafeMutablePointer<UnsafeMutablePointer<Double>?>!,
  _ size: UnsafeMutablePointer<CInt>!
) {
  let call = TensorCall(
    atoms: atoms, coordinates: coordinates, types: types, cell: cell, list: (list, ghosts))
  handOver(call.run(on: dp)?.tensor, at: tensor, size)
}
@implementation @c public func DP_DeepTensorComputeTensorNListf(
  _ dt: OpaquePointer!, _ atoms: CInt, _ coordinates: UnsafePointer<Float>!,
  _ types: UnsafePointer<CInt>!, _ cells: UnsafePointer<Float>!, _ ghosts: CInt,
  _ list: OpaquePointer!, _ tensor: UnsafeMutablePointer<UnsafeMutablePointer<Float>?>!,
  _ size: UnsafeMutablePointer<CInt>!
) {
  let call = TensorCall(
    atoms: atoms, coordinates: coordinates, types: types, cell: cells, list: (list, ghosts))
  handOver(call.run(on: dt)?.tensor, at: tensor, size)
}

@implementation @c public func DP_DeepTensorCompute(
  _ dt: OpaquePointer!, _ atoms: CInt, _ coordinates: UnsafePointer<Double>!,
  _ types: UnsafePointer<CInt>!, _ cells: UnsafePointer<Double>!,
  _ tensor: UnsafeMutablePointer<Double>!, _ forces: UnsafeMutablePointer<Double>!,
  _ virials: UnsafeMutablePointer<Double>!,
  _ atomTensors: UnsafeMutablePointer<UnsafeMutablePointer<Double>?>!,
  _ atomVirials: UnsafeMutablePointer<Double>!, _ size: UnsafeMutablePointer<CInt>!
) {
  let call = TensorCall(
    atoms: atoms, coordinates: coordinates, types: types, cell: cells, tensor: tensor,
    forces: forces, virials: virials, atomVirials: atomVirials)
  handOver(call.run(on: dt)?.atoms, at: atomTensors, size)
}
@implementation @c public func DP_DeepTensorComputef(
  _ dt: OpaquePointer!, _ atoms: CInt, _ coordinates: UnsafePointer<Float>!,
  _ types: UnsafePointer<CInt>!, _ cells: UnsafePointer<Float>!,
  _ tensor: UnsafeMutablePointer<Float>!, _ forces: UnsafeMutablePointer<Float>!,
  _ virials: UnsafeMutablePointer<Float>!,
  _ atomTensors: UnsafeMutablePointer<UnsafeMutablePointer<Float>?>!,
  _ atomVirials: UnsafeMutablePointer<Float>!, _ size: UnsafeMutablePointer<CInt>!
) {
  let call = TensorCall(
    atoms: atoms, coordinates: coordinates, types: types, cell: cells, tensor: tensor,
    forces: forces, virials: virials, atomVirials: atomVirials)
  handOver(call.run(on: dt)?.atoms, at: atomTensors, size)
}
@implementation @c public func DP_DeepTensorComputeNList(
  _ dp: OpaquePointer!, _ atoms: CInt, _ coordinates: UnsafePointer<Double>!,
  _ types: UnsafePointer<CInt>!, _ cell: UnsafePointer<Double>!, _ ghosts: CInt,
  _ list: OpaquePointer!, _ tensor: UnsafeMutablePointer<Double>!,
  _ forces: UnsafeMutablePointer<Double>!, _ virial: UnsafeMutablePointer<Double>!,
  _ atomTensors: UnsafeMutablePointer<UnsafeMutablePointer<Double>?>!,
  _ atomVirials: UnsafeMutablePointer<Double>!, _ size: UnsafeMutablePointer<CInt>!
) {
  let call = TensorCall(
    atoms: atoms, coordinates: coordinates, types: types, cell: cell, list: (list, ghosts),
    tensor: tensor, forces: forces, virials: virial, atomVirials: atomVirials)
  handOver(call.run(on: dp)?.atoms, at: atomTensors, size)
}
@implementation @c public func DP_DeepTensorComputeNListf(
  _ dt: OpaquePointer!, _ atoms: CInt, _ coordinates: UnsafePointer<Float>!,
  _ types: UnsafePointer<CInt>!, _ cells: UnsafePointer<Float>!, _ ghosts: CInt,
  _ list: OpaquePointer!, _ tensor: UnsafeMutablePointer<Float>!,
  _ forces: UnsafeMutablePointer<Float>!, _ virials: UnsafeMutablePointer<Float>!,
  _ atomTensors: UnsafeMutablePointer<UnsafeMutablePointer<Float>?>!,
  _ atomVirials: UnsafeMutablePointer<Float>!, _ size: UnsafeMutablePointer<CInt>!
) {
  let call = TensorCall(
    atoms: atoms, coordinates: coordinates, types: types, cell: cells, list: (list, ghosts),
    tensor: tensor, forces: forces, virials: virials, atomVirials: atomVirials)
  handOver(call.run(on: dt)?.atoms, at: atomTensors, size)
}

@implementation @c public func DP_DeepTensorGetCutoff(_ dt: OpaquePointer!) -> Double {
  model(dt)?.descriptor.outerCutoff ?? 0
}
@implementation @c public func DP_DeepTensorGetNumbTypes(_ dt: OpaquePointer!) -> CInt {
  CInt(model(dt)?.typeMap.count ?? 0)
}
@implementation @c public func DP_DeepTensorGetOutputDim(_ dp: OpaquePointer!) -> CInt {
  CInt(model(dp)?.output.width ?? 0)
}
@implementation @c public func DP_DeepTensorGetSelTypes(
  _ dp: OpaquePointer!
) -> UnsafeMutablePointer<CInt>! {
  LoadedModels.at(dp)?.selectedTypes()?.baseAddress
}
@implementation @c public func DP_DeepTensorGetNumbSelTypes(_ dp: OpaquePointer!) -> CInt {
  CInt(LoadedModels.at(dp)?.selectedTypes()?.count ?? 0)
}
@implementation @c public func DP_DeepTensorGetTypeMap(
  _ dp: OpaquePointer!
) -> UnsafePointer<CChar>! {
  UnsafePointer(strdup(model(dp)?.typeMap.joined(separator: " ") ?? ""))
}
