import Atoms
import DeepPotential
import Files
import TestSupport
import Testing
import Training

/// One option set of loss_terms.json with its predictions and labels.
struct LossCase {
  let name: String
  let options: EnergyLossOptions, loss: Loss
  var predictions: [Prediction]
  let frames: [LabeledFrame]
  let learningRate: Double
  let expected: JSONValue

  static func all() throws -> [LossCase] {
    let fixture = try TestSupport.fixture("loss_terms.json")
    let predicted = try #require(fixture["pred"]), labels = try #require(fixture["label"])
    return try (try #require(fixture["cases"])).elements.map {
      try LossCase($0, predicted: predicted, labels: labels)
    }
  }

  init(_ recorded: JSONValue, predicted: JSONValue, labels: JSONValue) throws {
    let given = try #require(recorded["options"])
    name = "\(given) \(recorded["atype"] ?? .null)"
    options = LossCase.options(given)
    loss = .energy(
      EnergyLoss(
        options, startLearningRate: try #require(given["starter_learning_rate"]?.double)))
    learningRate = try #require(recorded["learning_rate"]?.double)
    expected = recorded
    let types = try #require(recorded["atype"]).elements.map { $0.elements.compactMap(\.int) }
    frames = types.enumerated().map { index, types in
      LabeledFrame(
        Frame(types: types, positions: types.map { _ in .zero }, cell: nil),
        LossCase.labels(labels, index))
    }
    predictions = types.indices.map { index in
      Prediction(
        energy: predicted["energy"]?.elements[index].numbers[0] ?? .nan,
        atomEnergies: predicted["atom_energy"]?.elements[index].numbers ?? [],
        forces: vectors(predicted["force"]?.elements[index].numbers ?? []),
        virial: Matrix3(rows: predicted["virial"]?.elements[index].numbers ?? []))
    }
  }

  private static func options(_ given: JSONValue) -> EnergyLossOptions {
    var options = EnergyLossOptions(prefactors: [:])
    for term in EnergyLossTerm.allCases {
      options.prefactors[term] = .init(
        start: given["start_pref_\(term.rawValue)"]?.double ?? 0,
        limit: given["limit_pref_\(term.rawValue)"]?.double ?? 0)
    }
    if given["loss_func"]?.text == "mae" { options.measure = .absolute }
    if given["use_huber"] == .bool(true) {
      let deltas = given["huber_delta"]?.numbers ?? [0.01]
      options.measure = .huber(
        energy: deltas[0], force: deltas[deltas.count / 2], virial: deltas[deltas.count - 1])
    }
    options.usesForceNorm = given["f_use_norm"] == .bool(true)
    options.relativeForce = given["relative_f"]?.double
    options.isIntensive = given["intensive_ener_virial"] == .bool(true)
    options.usesAtomEnergyCoefficients = given["enable_atom_ener_coeff"] == .bool(true)
    options.generalizedCoordinates = given["numb_generalized_coord"]?.int ?? 0
    return options
  }

  private static func labels(_ given: JSONValue, _ index: Int) -> FrameLabels {
    func numbers(_ name: String) -> [Double] { given[name]?.elements[index].numbers ?? [] }
    var labels = FrameLabels()
    labels.energy = numbers("energy")[0]
    labels.forces = vectors(numbers("force"))
    labels.virial = Matrix3(rows: numbers("virial"))
    labels.atomEnergies = numbers("atom_ener")
    labels.forceWeights = numbers("atom_pref")
    labels.generalizedDirections = numbers("drdq")
    labels.atomEnergyCoefficients = numbers("atom_ener_coeff")
    return labels
  }
}

/// `x1 y1 z1 x2 ...` as vectors.
func vectors(_ numbers: [Double]) -> [SIMD3<Double>] {
  stride(from: 0, to: numbers.count, by: 3).map {
    SIMD3(numbers[$0], numbers[$0 + 1], numbers[$0 + 2])
  }
}
