import DeepPotential
import Files

extension FittingOptions {
  /// The keys of a fitting net for `output`; `types` is the number of types, nil if it is not
  /// known.
  package static func keys(types: Int?, of output: Output) -> [Key<FittingOptions>] {
    if output == .energy { return keys(types: types) }
    let ofDenoising: Set = ["activation_function", "precision", "trainable"]
    let common = keys(types: types).filter {
      output.mendsFrames ? ofDenoising.contains($0.name) : $0.name != "atom_ener"
    }.map { key in
      output.inputsLack.contains(key.name) ? key.inModelsOnly : key
    }
    return common + ownKeys(types: types, of: output)
  }

  /// The keys that only fitting nets for `output` have.
  package static func ownKeys(types: Int?, of output: Output) -> [Key<FittingOptions>] {
    switch output {
    case .energy, .dipole, .directForces, .denoising: []
    case .polarizability: polarizabilityKeys(types: types)
    case .densityOfStates:
      [
        Key(
          "numb_dos", \.densityPoints, .size(from: 1), in: .inputsOnly,
          "number of energies at which the density is given")
      ]
    case .property: propertyKeys
    }
  }

  private static func polarizabilityKeys(types: Int?) -> [Key<FittingOptions>] {
    [
      Key(
        "fit_diag", \.polarizability.fitsDiagonal, .bool,
        "whether the nets give one number per vector of an atom, instead of one per pair of vectors"
      ),
      Key(
        "scale", \.scales, .scales(types: types), in: .inputsOnly,
        "factor of the values, a number or one per type"),
      Key(
        "shift_diag", \.polarizability.shiftsDiagonal, .bool,
        "whether the mean diagonal of the data's bias is added, times `scale`"),
    ]
  }

  private static var propertyKeys: [Key<FittingOptions>] {
    [
      Key(
        "property_name", \.property.name, .fileName, in: .inputsOnly,
        "name of the labels: `<name>.npy`; must be there"),
      Key("task_dim", \.property.width, .size(from: 1), "how many numbers a frame has"),
      Key(
        "intensive", \.property.isIntensive, .bool,
        "whether the value of a frame is the mean over its atoms instead of the sum"),
      Key(
        "distinguish_types", \.property.distinguishesTypes, .bool, in: .allButOldModels,
        "whether types have biases of their own"),
    ]
  }

  /// The options of the output, if it is of the kind; a new value makes it so.
  private var densityPoints: Int {
    get { if case .densityOfStates(let points) = output { points } else { 0 } }
    set { output = .densityOfStates(points: newValue) }
  }
  private var polarizability: PolarizabilityOptions {
    get { if case .polarizability(let options) = output { options } else { .init() } }
    set { output = .polarizability(newValue) }
  }
  private var scales: TypeFactors {
    get { TypeFactors(numbers: polarizability.scale) }
    set { polarizability.scale = newValue.numbers }
  }
  private var property: PropertyOptions {
    get { if case .property(let options) = output { options } else { .init(name: "") } }
    set { output = .property(newValue) }
  }
}

extension Output {
  /// The output of kind `type` with its usual options; nil if there is no such kind.
  package init?(type: String) {
    guard let kind = Output.kinds.first(where: { $0.type == type }) else { return nil }
    self = kind
  }

  /// The common keys that inputs do not have for this kind.
  fileprivate var inputsLack: [String] {
    switch self {
    case .energy, .densityOfStates, .directForces(withEnergy: true), .denoising: []
    case .property, .directForces: ["rcond"]
    case .dipole, .polarizability: ["rcond", "trainable"]
    }
  }
}

extension String: KeyValue {
  package var json: JSONValue { .string(self) }
}

extension ValueKind<String> {
  /// A name that a file can have.
  fileprivate static var fileName: ValueKind {
    text.whereIs("a name of letters, digits, \"_\" and \"-\"") { name in
      !name.isEmpty
        && name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == "-") }
    }
  }
}

/// A factor for each type: none for 1, one for all types, or one for each of them.
private struct TypeFactors: KeyValue {
  var numbers: [Double]

  var json: JSONValue {
    numbers.count > 1 ? .array(numbers.map(JSONValue.number)) : .number(numbers.first ?? 1)
  }
}

extension ValueKind<TypeFactors> {
  /// `scale`: a number, or a list of one for each type.
  fileprivate static func scales(types: Int?) -> ValueKind {
    let count = types.map(String.init) ?? ""
    let list = ValueKind<Double>.number.list("")
    return ValueKind(name: "a number, or a list of \(count) numbers, one per type") { value in
      if let one = ValueKind<Double>.number.take(value) {
        return TypeFactors(numbers: one == 1 ? [] : [one])
      }
      guard let all = list.take(value), types.map({ $0 == all.count }) ?? true else { return nil }
      return TypeFactors(numbers: all.allSatisfy { $0 == 1 } ? [] : all)
    }
  }
}
