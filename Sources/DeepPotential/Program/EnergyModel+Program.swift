import Kernels

extension EnergyModel {
  /// The model as a program.  All its networks must have one precision.
  public func program(tileSize: Int? = nil) -> Program {
    rowsAndProgram(tileSize: tileSize).program
  }

  /// The program with the views that are an atom's descriptor side by side; they stay readable if
  /// `keepsRows`.
  func rowsAndProgram(
    tileSize: Int? = nil, keepsRows: Bool = false
  ) -> (rows: [View], program: Program) {
    var builder = ProgramBuilder(typeCount: typeMap.count)
    precondition(descriptor.options.precision == fitting.options.precision)
    let sources = descriptor.emit(into: &builder)
    let energy = fitting.emit(into: &builder, on: sources, silentTypes: silentTypes)
    let program = Program(
      builder, of: output, result: energy, cutoff: descriptor.outerCutoff,
      neighborLimit: descriptor.options.slotCount, excludedPairs: excludedPairs,
      biases: typeMap.indices.map(bias), inputs: inputs,
      kept: keepsRows ? sources : [], tileSize: tileSize ?? descriptor.tileSize)
    return (sources, program)
  }
}
