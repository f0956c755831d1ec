import ArgumentParser
import Runs

/// The options for comparing models with each other.
struct ComparisonOptions: ParsableArguments {
  @Option(
    name: [.customShort("m"), .long], parsing: .upToNextOption,
    help: ArgumentHelp("More models of the same type map.", valueName: "model"))
  var models: [String] = []
  @Option(help: ArgumentHelp("Write the deviation to this file.", valueName: "file"))
  var deviation: String?
  @Option(help: ArgumentHelp("Number frames in steps of n.", valueName: "n")) var frequency = 1
  @Option(
    help: ArgumentHelp(
      "Divide deviations of forces by their size plus this level in eV/Å.", valueName: "level"))
  var relative: Double?
  @Option(
    help: ArgumentHelp(
      "Divide deviations of virials per atom by their size plus this level in eV.",
      valueName: "level"))
  var relativeVirial: Double?
  @Flag(help: "Add the deviation of the force on each atom.") var atomic = false
  @Flag(help: "Root mean square error against the labels instead of the deviation.")
  var realError = false

  /// Whether a deviation is asked for.
  var isWanted: Bool { !models.isEmpty || deviation != nil }

  /// How deviations are found; nil if none are wanted.
  var deviationOptions: EvaluationOptions.Deviation? {
    if !isWanted { return nil }
    return .init(
      frequency: frequency, withAtoms: atomic, againstLabels: realError, relative: relative,
      relativeVirial: relativeVirial)
  }

  func validate() throws {
    if frequency < 1 { throw ValidationError("'--frequency \(frequency)': give 1 or more.") }
    if let relative, !(relative >= 0 && relative.isFinite) {
      throw ValidationError("'--relative \(relative)': give a level of 0 or more, in eV/Å.")
    }
    if let relativeVirial, !(relativeVirial >= 0 && relativeVirial.isFinite) {
      throw ValidationError(
        "'--relative-virial \(relativeVirial)': give a level of 0 or more, in eV.")
    }
    let isRelative = relative != nil || relativeVirial != nil
    if !isWanted && (isRelative || atomic || realError || frequency != 1) {
      throw ValidationError("deviations need '--models' or '--deviation'.")
    }
  }
}
