import Kernels

extension EnergyModel {
  /// The model as a program, which `tabulates` networks of one number where it can or computes them
  /// `atOnce` for many rows, and `fuses` chains of operations.  All networks must have one
  /// precision.
  public func program(
    tileSize: Int? = nil, tabulates: Bool = false, atOnce: Bool = false, fuses: Bool = true
  ) -> Program {
    rowsAndProgram(tileSize: tileSize, tabulates: tabulates, atOnce: atOnce, fuses: fuses).program
  }

  /// Whether tables stand for embedding nets: all but those whose functions have kinks, or whose
  /// statistics differ from slot to slot.
  public var usesTables: Bool {
    if case .seE2A(let descriptor) = descriptor, !isProgram { return descriptor.canBeTabulated }
    return program(tabulates: true).hasTables
  }

  /// The program with the views that are an atom's descriptor side by side; they stay readable if
  /// `keepsRows`.
  func rowsAndProgram(
    tileSize: Int? = nil, keepsRows: Bool = false, tabulates: Bool = false,
    atOnce: Bool = false, fuses: Bool = true
  ) -> (rows: [View], program: Program) {
    var builder = ProgramBuilder(typeMap: typeMap)
    precondition(descriptor.options.precision == fitting.options.precision)
    let (sources, ofNets) =
      mixture.map { emitNets(of: $0, into: &builder) } ?? emitNet(into: &builder)
    let result =
      pairPotentials.isEmpty ? ofNets : emitPairPotentials(into: &builder, adding: ofNets)
    let program = Program(
      builder, of: output, result: result, cutoff: outerCutoff,
      neighborLimit: neighborLimit, excludedPairs: excludedPairs,
      biases: typeMap.indices.flatMap(biases), inputs: inputs,
      kept: keepsRows ? sources : [], tileSize: tileSize ?? descriptor.tileSize,
      tabulates: tabulates, atOnce: atOnce, fuses: fuses)
    return (sources, program)
  }

  /// Adds the descriptor and the fitting net to a program; gives the views that are the descriptor,
  /// and the output.
  private func emitNet(into builder: inout ProgramBuilder) -> (sources: [View], result: View) {
    let sources = descriptor.emit(into: &builder)
    let kind = fitting.options.output
    if kind.mendsFrames { return (sources, fitting.emitDenoising(into: &builder, on: sources)) }
    let net = fitting.emit(
      into: &builder, on: sources, silentTypes: silentTypes, addsBiases: !pairPotentials.isEmpty)
    let vectors = kind.needsVectors ? builder.vectorsSideBySide() : nil
    let energy = fitting.ofEnergy?.emit(into: &builder, on: sources, silentTypes: silentTypes)
    let result = kind.emit(
      into: &builder, net: net, energy: energy, vectors: vectors, deviations: outputDeviation)
    return (sources, result)
  }
}
