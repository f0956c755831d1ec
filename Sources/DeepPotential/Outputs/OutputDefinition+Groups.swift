extension OutputDefinition {
  /// The components of a value in groups that are looked at together: the name of each group, and
  /// the group of each component, `[width]`.
  ///
  /// The axes of a vector and a few numbers are groups of their own, a matrix has its diagonal and
  /// the rest; of other outputs all components are in one group without a name.
  public var componentGroups: (names: [String], places: [Int]) {
    switch shape {
    case [3, 3]: (["diagonal", "off the diagonal"], (0..<9).map { $0 % 4 == 0 ? 0 : 1 })
    case _ where width > 1 && width <= 6: (components, Array(0..<width))
    default: ([""], Array(repeating: 0, count: width))
    }
  }

  /// The output whose labels of frames have this name and so many numbers; any name that is not the
  /// one of another output is that of a property.
  public init(ofLabel name: String, width: Int) {
    if name == OutputDefinition.energy.name && width == 1 {
      self = .energy
    } else if let known = [OutputDefinition.dipole, .polarizability].first(where: {
      $0.name == name && $0.width == width
    }) {
      self = known
    } else if name == OutputDefinition.densityOfStates(points: 1).name {
      self = .densityOfStates(points: width)
    } else {
      var options = PropertyOptions(name: name)
      options.width = width
      self = .property(options)
    }
  }
}
