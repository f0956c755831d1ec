import Kernels

extension EnergyModel {
  /// The model as a program.  All its networks must have one precision.
  public func program(tileSize: Int = 16) -> Program {
    var builder = ProgramBuilder(typeCount: typeMap.count)
    switch descriptor {
    case .seE2A(let part): precondition(part.options.precision == fitting.options.precision)
    }
    let sources =
      switch descriptor {
      case .seE2A(let part): part.emit(into: &builder)
      }
    let energy = fitting.emit(into: &builder, on: sources, silentTypes: silentTypes)
    return Program(
      builder, of: output, result: energy, cutoff: descriptor.outerCutoff,
      neighborLimit: descriptor.slots.reduce(0, +), excludedPairs: excludedPairs,
      biases: typeMap.indices.map(bias), inputs: inputs, tileSize: tileSize)
  }
}
