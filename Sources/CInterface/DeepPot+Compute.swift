// c_api.h documents these functions.
// swift-format-ignore-file: AllPublicDeclarationsHaveDocumentation

import CDeepMD

// The functions that compute with one model; c_api.h documents them.

@implementation @c public func DP_DeepPotCompute(
  _ dp: OpaquePointer!, _ atoms: CInt, _ coordinates: UnsafePointer<Double>!,
  _ types: UnsafePointer<CInt>!, _ cells: UnsafePointer<Double>!,
  _ energies: UnsafeMutablePointer<Double>!, _ forces: UnsafeMutablePointer<Double>!,
  _ virials: UnsafeMutablePointer<Double>!, _ atomEnergies: UnsafeMutablePointer<Double>!,
  _ atomVirials: UnsafeMutablePointer<Double>!
) {
  Call(
    atoms: atoms, coordinates: coordinates, types: types, cells: cells, energies: energies,
    forces: forces, virials: virials, atomEnergies: atomEnergies, atomVirials: atomVirials
  ).run(on: dp)
}

@implementation @c public func DP_DeepPotCompute2(
  _ dp: OpaquePointer!, _ frames: CInt, _ atoms: CInt, _ coordinates: UnsafePointer<Double>!,
  _ types: UnsafePointer<CInt>!, _ cells: UnsafePointer<Double>!,
  _ fparam: UnsafePointer<Double>!, _ aparam: UnsafePointer<Double>!,
  _ energies: UnsafeMutablePointer<Double>!, _ forces: UnsafeMutablePointer<Double>!,
  _ virials: UnsafeMutablePointer<Double>!, _ atomEnergies: UnsafeMutablePointer<Double>!,
  _ atomVirials: UnsafeMutablePointer<Double>!
) {
  Call(
    frames: frames, atoms: atoms, coordinates: coordinates, types: types, cells: cells,
    frameParameters: fparam, atomParameters: aparam, energies: energies, forces: forces,
    virials: virials, atomEnergies: atomEnergies, atomVirials: atomVirials
  ).run(on: dp)
}

@implementation @c public func DP_DeepPotCompute3(
  _ dp: OpaquePointer!, _ frames: CInt, _ atoms: CInt, _ coordinates: UnsafePointer<Double>!,
  _ types: UnsafePointer<CInt>!, _ cells: UnsafePointer<Double>!,
  _ fparam: UnsafePointer<Double>!, _ aparam: UnsafePointer<Double>!,
  _ chargeAndSpin: UnsafePointer<Double>!, _ energies: UnsafeMutablePointer<Double>!,
  _ forces: UnsafeMutablePointer<Double>!, _ virials: UnsafeMutablePointer<Double>!,
  _ atomEnergies: UnsafeMutablePointer<Double>!, _ atomVirials: UnsafeMutablePointer<Double>!
) {
  Call(
    frames: frames, atoms: atoms, coordinates: coordinates, types: types, cells: cells,
    frameParameters: fparam, atomParameters: aparam, chargeAndSpin: chargeAndSpin,
    energies: energies, forces: forces, virials: virials, atomEnergies: atomEnergies,
    atomVirials: atomVirials
  ).run(on: dp)
}

@implementation @c public func DP_DeepPotComputeNList(
  _ dp: OpaquePointer!, _ atoms: CInt, _ coordinates: UnsafePointer<Double>!,
  _ types: UnsafePointer<CInt>!, _ cells: UnsafePointer<Double>!, _ ghosts: CInt,
  _ list: OpaquePointer!, _ ago: CInt, _ energies: UnsafeMutablePointer<Double>!,
  _ forces: UnsafeMutablePointer<Double>!, _ virials: UnsafeMutablePointer<Double>!,
  _ atomEnergies: UnsafeMutablePointer<Double>!, _ atomVirials: UnsafeMutablePointer<Double>!
) {
  Call(
    atoms: atoms, coordinates: coordinates, types: types, cells: cells, list: (list, ghosts, ago),
    energies: energies, forces: forces, virials: virials, atomEnergies: atomEnergies,
    atomVirials: atomVirials
  ).run(on: dp)
}

@implementation @c public func DP_DeepPotComputeNList2(
  _ dp: OpaquePointer!, _ frames: CInt, _ atoms: CInt, _ coordinates: UnsafePointer<Double>!,
  _ types: UnsafePointer<CInt>!, _ cells: UnsafePointer<Double>!, _ ghosts: CInt,
  _ list: OpaquePointer!, _ ago: CInt, _ fparam: UnsafePointer<Double>!,
  _ aparam: UnsafePointer<Double>!, _ energies: UnsafeMutablePointer<Double>!,
  _ forces: UnsafeMutablePointer<Double>!, _ virials: UnsafeMutablePointer<Double>!,
  _ atomEnergies: UnsafeMutablePointer<Double>!, _ atomVirials: UnsafeMutablePointer<Double>!
) {
  Call(
    frames: frames, atoms: atoms, coordinates: coordinates, types: types, cells: cells,
    list: (list, ghosts, ago), frameParameters: fparam, atomParameters: aparam,
    energies: energies, forces: forces, virials: virials, atomEnergies: atomEnergies,
    atomVirials: atomVirials
  ).run(on: dp)
}

@implementation @c public func DP_DeepPotComputeNList3(
  _ dp: OpaquePointer!, _ frames: CInt, _ atoms: CInt, _ coordinates: UnsafePointer<Double>!,
  _ types: UnsafePointer<CInt>!, _ cells: UnsafePointer<Double>!, _ ghosts: CInt,
  _ list: OpaquePointer!, _ ago: CInt, _ fparam: UnsafePointer<Double>!,
  _ aparam: UnsafePointer<Double>!, _ chargeAndSpin: UnsafePointer<Double>!,
  _ energies: UnsafeMutablePointer<Double>!, _ forces: UnsafeMutablePointer<Double>!,
  _ virials: UnsafeMutablePointer<Double>!, _ atomEnergies: UnsafeMutablePointer<Double>!,
  _ atomVirials: UnsafeMutablePointer<Double>!
) {
  Call(
    frames: frames, atoms: atoms, coordinates: coordinates, types: types, cells: cells,
    list: (list, ghosts, ago), frameParameters: fparam, atomParameters: aparam,
    chargeAndSpin: chargeAndSpin, energies: energies, forces: forces, virials: virials,
    atomEnergies: atomEnergies, atomVirials: atomVirials
  ).run(on: dp)
}

@implementation @c public func DP_DeepPotComputeMixedType(
  _ dp: OpaquePointer!, _ frames: CInt, _ atoms: CInt, _ coordinates: UnsafePointer<Double>!,
  _ types: UnsafePointer<CInt>!, _ cells: UnsafePointer<Double>!,
  _ fparam: UnsafePointer<Double>!, _ aparam: UnsafePointer<Double>!,
  _ energies: UnsafeMutablePointer<Double>!, _ forces: UnsafeMutablePointer<Double>!,
  _ virials: UnsafeMutablePointer<Double>!, _ atomEnergies: UnsafeMutablePointer<Double>!,
  _ atomVirials: UnsafeMutablePointer<Double>!
) {
  Call(
    frames: frames, atoms: atoms, coordinates: coordinates, types: types, cells: cells,
    hasTypesByFrame: true, frameParameters: fparam, atomParameters: aparam, energies: energies,
    forces: forces, virials: virials, atomEnergies: atomEnergies, atomVirials: atomVirials
  ).run(on: dp)
}

@implementation @c public func DP_DeepPotComputef(
  _ dp: OpaquePointer!, _ atoms: CInt, _ coordinates: UnsafePointer<Float>!,
  _ types: UnsafePointer<CInt>!, _ cells: UnsafePointer<Float>!,
  _ energies: UnsafeMutablePointer<Double>!, _ forces: UnsafeMutablePointer<Float>!,
  _ virials: UnsafeMutablePointer<Float>!, _ atomEnergies: UnsafeMutablePointer<Float>!,
  _ atomVirials: UnsafeMutablePointer<Float>!
) {
  Call(
    atoms: atoms, coordinates: coordinates, types: types, cells: cells, energies: energies,
    forces: forces, virials: virials, atomEnergies: atomEnergies, atomVirials: atomVirials
  ).run(on: dp)
}

@implementation @c public func DP_DeepPotComputef2(
  _ dp: OpaquePointer!, _ frames: CInt, _ atoms: CInt, _ coordinates: UnsafePointer<Float>!,
  _ types: UnsafePointer<CInt>!, _ cells: UnsafePointer<Float>!, _ fparam: UnsafePointer<Float>!,
  _ aparam: UnsafePointer<Float>!, _ energies: UnsafeMutablePointer<Double>!,
  _ forces: UnsafeMutablePointer<Float>!, _ virials: UnsafeMutablePointer<Float>!,
  _ atomEnergies: UnsafeMutablePointer<Float>!, _ atomVirials: UnsafeMutablePointer<Float>!
) {
  Call(
    frames: frames, atoms: atoms, coordinates: coordinates, types: types, cells: cells,
    frameParameters: fparam, atomParameters: aparam, energies: energies, forces: forces,
    virials: virials, atomEnergies: atomEnergies, atomVirials: atomVirials
  ).run(on: dp)
}

@implementation @c public func DP_DeepPotComputef3(
  _ dp: OpaquePointer!, _ frames: CInt, _ atoms: CInt, _ coordinates: UnsafePointer<Float>!,
  _ types: UnsafePointer<CInt>!, _ cells: UnsafePointer<Float>!, _ fparam: UnsafePointer<Float>!,
  _ aparam: UnsafePointer<Float>!, _ chargeAndSpin: UnsafePointer<Float>!,
  _ energies: UnsafeMutablePointer<Double>!, _ forces: UnsafeMutablePointer<Float>!,
  _ virials: UnsafeMutablePointer<Float>!, _ atomEnergies: UnsafeMutablePointer<Float>!,
  _ atomVirials: UnsafeMutablePointer<Float>!
) {
  Call(
    frames: frames, atoms: atoms, coordinates: coordinates, types: types, cells: cells,
    frameParameters: fparam, atomParameters: aparam, chargeAndSpin: chargeAndSpin,
    energies: energies, forces: forces, virials: virials, atomEnergies: atomEnergies,
    atomVirials: atomVirials
  ).run(on: dp)
}

@implementation @c public func DP_DeepPotComputeNListf(
  _ dp: OpaquePointer!, _ atoms: CInt, _ coordinates: UnsafePointer<Float>!,
  _ types: UnsafePointer<CInt>!, _ cells: UnsafePointer<Float>!, _ ghosts: CInt,
  _ list: OpaquePointer!, _ ago: CInt, _ energies: UnsafeMutablePointer<Double>!,
  _ forces: UnsafeMutablePointer<Float>!, _ virials: UnsafeMutablePointer<Float>!,
  _ atomEnergies: UnsafeMutablePointer<Float>!, _ atomVirials: UnsafeMutablePointer<Float>!
) {
  Call(
    atoms: atoms, coordinates: coordinates, types: types, cells: cells, list: (list, ghosts, ago),
    energies: energies, forces: forces, virials: virials, atomEnergies: atomEnergies,
    atomVirials: atomVirials
  ).run(on: dp)
}

@implementation @c public func DP_DeepPotComputeNListf2(
  _ dp: OpaquePointer!, _ frames: CInt, _ atoms: CInt, _ coordinates: UnsafePointer<Float>!,
  _ types: UnsafePointer<CInt>!, _ cells: UnsafePointer<Float>!, _ ghosts: CInt,
  _ list: OpaquePointer!, _ ago: CInt, _ fparam: UnsafePointer<Float>!,
  _ aparam: UnsafePointer<Float>!, _ energies: UnsafeMutablePointer<Double>!,
  _ forces: UnsafeMutablePointer<Float>!, _ virials: UnsafeMutablePointer<Float>!,
  _ atomEnergies: UnsafeMutablePointer<Float>!, _ atomVirials: UnsafeMutablePointer<Float>!
) {
  Call(
    frames: frames, atoms: atoms, coordinates: coordinates, types: types, cells: cells,
    list: (list, ghosts, ago), frameParameters: fparam, atomParameters: aparam,
    energies: energies, forces: forces, virials: virials, atomEnergies: atomEnergies,
    atomVirials: atomVirials
  ).run(on: dp)
}

@implementation @c public func DP_DeepPotComputeNListf3(
  _ dp: OpaquePointer!, _ frames: CInt, _ atoms: CInt, _ coordinates: UnsafePointer<Float>!,
  _ types: UnsafePointer<CInt>!, _ cells: UnsafePointer<Float>!, _ ghosts: CInt,
  _ list: OpaquePointer!, _ ago: CInt, _ fparam: UnsafePointer<Float>!,
  _ aparam: UnsafePointer<Float>!, _ chargeAndSpin: UnsafePointer<Float>!,
  _ energies: UnsafeMutablePointer<Double>!, _ forces: UnsafeMutablePointer<Float>!,
  _ virials: UnsafeMutablePointer<Float>!, _ atomEnergies: UnsafeMutablePointer<Float>!,
  _ atomVirials: UnsafeMutablePointer<Float>!
) {
  Call(
    frames: frames, atoms: atoms, coordinates: coordinates, types: types, cells: cells,
    list: (list, ghosts, ago), frameParameters: fparam, atomParameters: aparam,
    chargeAndSpin: chargeAndSpin, energies: energies, forces: forces, virials: virials,
    atomEnergies: atomEnergies, atomVirials: atomVirials
  ).run(on: dp)
}

@implementation @c public func DP_DeepPotComputeMixedTypef(
  _ dp: OpaquePointer!, _ frames: CInt, _ atoms: CInt, _ coordinates: UnsafePointer<Float>!,
  _ types: UnsafePointer<CInt>!, _ cells: UnsafePointer<Float>!, _ fparam: UnsafePointer<Float>!,
  _ aparam: UnsafePointer<Float>!, _ energies: UnsafeMutablePointer<Double>!,
  _ forces: UnsafeMutablePointer<Float>!, _ virials: UnsafeMutablePointer<Float>!,
  _ atomEnergies: UnsafeMutablePointer<Float>!, _ atomVirials: UnsafeMutablePointer<Float>!
) {
  Call(
    frames: frames, atoms: atoms, coordinates: coordinates, types: types, cells: cells,
    hasTypesByFrame: true, frameParameters: fparam, atomParameters: aparam, energies: energies,
    forces: forces, virials: virials, atomEnergies: atomEnergies, atomVirials: atomVirials
  ).run(on: dp)
}
