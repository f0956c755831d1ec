extension OutputDefinition {
  /// The density of states at `points` energies, in the unit of the data: the sum over atoms.
  public static func densityOfStates(points: Int) -> OutputDefinition {
    OutputDefinition(
      name: "dos", atomName: "atom_dos", shape: [points], perAtom: true, isReduced: true,
      symbol: "dos", details: .frames)
  }

  /// A property as `options` define it, in the unit of the data.
  public static func property(_ options: PropertyOptions) -> OutputDefinition {
    OutputDefinition(
      name: options.name, atomName: "atom_\(options.name)", shape: [options.width], perAtom: false,
      isReduced: true, isIntensive: options.isIntensive,
      distinguishesTypes: options.distinguishesTypes, symbol: "property",
      details: .frames)
  }
}

/// The options of a property.
public struct PropertyOptions: Sendable, Equatable {
  /// The name of its labels (`property_name`).
  public var name: String
  /// How many numbers it has (`task_dim`).
  public var width = 1
  /// Whether the value of a frame is the mean over its atoms instead of the sum (`intensive`).
  public var isIntensive = false
  /// Whether types differ in bias and deviation (`distinguish_types`).
  public var distinguishesTypes = true

  /// Makes a single extensive number called `name`.
  public init(name: String) { self.name = name }
}
