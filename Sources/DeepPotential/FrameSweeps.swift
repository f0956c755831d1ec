import Atoms
import Kernels
import Measurement

/// The two sweeps of a model over one frame: the first predicts, the second computes the gradient
/// of the parameters.
///
/// Sweep 1 runs `forward` and `backward` and gives energy, force and virial.  Sweep 2 takes the
/// derivatives of a loss with respect to these; it runs `tangent` and `backwardTangent` along the
/// one direction `dDot_ij = v_i - v_j - W d_ij`.  Source: docs/MATH.md, "Two sweeps".
protocol ModelSweeps: AnyObject {
  /// Why nets were evaluated without tables in the last frame, although tables were wanted; nil if
  /// there was no need.
  var directReason: String? { get }
  /// Takes the statistics of `model` and `parameters`, for frames without pairs closer than
  /// `closest` Å.
  ///
  /// `model` must have the shape of the model for which the sweeps were made.  The memory of
  /// `parameters` must stay valid until the last pass.
  func prepare(_ model: EnergyModel, parameters: ParameterPointers, closest: Double)
  /// Runs sweep 1.  Forces and virial are derivatives of the output or, where that has no forces,
  /// of its `component` if there is one.
  func predict(
    _ frame: PreparedFrame, forTraining: Bool, derivativesOf component: Int?
  ) -> Prediction
  /// The virials in eV of the `atoms` atoms in the frame of the last `predict`.
  func atomVirials(_ atoms: Int) -> [Matrix3]
  /// The descriptors of all atoms, `[atoms][width]`; zeros for padding atoms and for types without
  /// an energy.
  func descriptors(_ frame: PreparedFrame) -> [Double]
  /// Runs sweep 1 over atoms of another program; gives the sums over that program's own atoms.
  /// Forces and virials are those of `predict` above.
  func predict(
    _ listed: ListedAtoms, derivativesOf component: Int?, into result: ListedPrediction
  ) -> ListedSums
  /// Runs sweep 2 over the frame of the last `predict(forTraining: true)`.
  func addGradient(_ adjoint: PredictionAdjoint, to gradient: GradientPointers)
}

extension ModelSweeps {
  /// Runs sweep 1.
  func predict(_ frame: PreparedFrame, forTraining: Bool) -> Prediction {
    predict(frame, forTraining: forTraining, derivativesOf: nil)
  }
}

/// The hand-written sweeps of a model with `se_e2_a` and fitting nets of precision `Row`.
final class FrameSweeps<Row: NetworkScalar>: ModelSweeps {
  private let tabulated: (any DescriptorSweeps<Row>)?, direct: any DescriptorSweeps<Row>
  private(set) var descriptor: any DescriptorSweeps<Row>
  private(set) var directReason: String?
  let fitting: FittingSweeps<Row>
  private(set) var model: EnergyModel, parameters: ParameterPointers?
  var slots: NeighborSlots
  let threads: Int
  let pairsBar = Buffer<SIMD3<Double>>()
  private let pairsDot = Buffer<SIMD3<Double>>()
  /// One worker per thread, which chooses the neighbors of `ListedAtoms`.
  let listWorkers: [ListWorker]

  /// Makes memory for frames of `model` on `threads` threads; `tabulates` allows tables of
  /// embedding nets, without which embeddings of up to `mostKept` bytes are kept for sweep 2.
  init(_ model: EnergyModel, _ descriptor: SeE2A, threads: Int, tabulates: Bool, mostKept: Int) {
    self.model = model
    self.threads = threads
    slots = NeighborSlots(typeCount: model.typeMap.count)
    let rule = model.neighborRule
    listWorkers = (0..<threads).map { _ in ListWorker(rule) }
    // A model that has tables is never evaluated in another way.
    let isGiven = descriptor.hasTables
    func makeSweeps(tabulated: Bool) -> any DescriptorSweeps<Row> {
      descriptor.makeSweeps(Row.self, tabulated: tabulated, threads: threads, mostKept: mostKept)
    }
    direct = makeSweeps(tabulated: isGiven)
    tabulated = tabulates && !isGiven ? makeSweeps(tabulated: true) : nil
    self.descriptor = direct
    fitting = FittingSweeps(model.fitting, width: model.descriptor.outputs, threads: threads)
  }

  func prepare(_ model: EnergyModel, parameters: ParameterPointers, closest: Double) {
    self.model = model
    self.model.parameters = Parameters()  // a second owner would make the next update copy them
    self.parameters = parameters
    prepareDescriptor(parameters, closest: closest)
  }

  /// Uses tables if they can be built for pairs no closer than `closest` Å, else the nets
  /// themselves.
  func prepareDescriptor(_ parameters: ParameterPointers, closest: Double) {
    if let tabulated,
      tabulated.prepare(model.descriptor, parameters: parameters, closest: closest)
    {
      descriptor = tabulated
      directReason = nil
    } else {
      if tabulated != nil {
        let reason = model.descriptor.reasonAgainstTables ?? EmbeddingTable<Row>.steepness
        directReason = reason
        noticeDirectWay(reason)
      }
      _ = direct.prepare(model.descriptor, parameters: parameters, closest: closest)
      descriptor = direct
    }
  }

  func predict(
    _ prepared: PreparedFrame, forTraining: Bool, derivativesOf component: Int?
  ) -> Prediction {
    guard let parameters else { preconditionFailure("prepare comes first") }
    let frame = prepared.frame, atoms = frame.types.count
    slots.begin(prepared, threads: threads)
    pairsBar.reserve(slots.pairCount)
    pairsBar.clear(slots.pairCount)
    measure(.layout) {
      fitting.begin(
        model.fitting, parameters, frame: frame, silentTypes: model.silentTypes,
        forTraining: forTraining)
      descriptor.begin(slots, types: frame.types, forTraining: forTraining)
    }
    descriptor.forwardBackward(through: fitting, into: pairsBar)
    let energies = (0..<atoms).map {
      fitting.energies.base[$0] + model.bias(of: frame.types[$0])
    }
    let (forces, virial) = measure(.forces) { gatherForces(atoms: atoms) }
    return Prediction(
      of: model.output, atomValues: energies, types: frame.types, forces: forces, virial: virial)
  }

  func descriptors(_ prepared: PreparedFrame) -> [Double] {
    // For training, sweep 1 keeps the rows of all atoms; they begin with the descriptors.
    _ = predict(prepared, forTraining: true)
    return fitting.descriptors(prepared.frame.types)
  }

  func addGradient(_ adjoint: PredictionAdjoint, to gradient: GradientPointers) {
    pairsDot.reserve(slots.pairCount)
    fillDirection(adjoint)
    fitting.seed(adjoint.atomValues)
    descriptor.tangentBackwardTangent(through: fitting, along: pairsDot, addingTo: gradient)
    fitting.addGradient(to: gradient, threads: threads)
  }

  /// Fills `pairsDot` with `dDot_ij = v_i - v_j - W d_ij`.
  private func fillDirection(_ adjoint: PredictionAdjoint) {
    let atoms = adjoint.forces.count, size = 256, slots = slots, pairsDot = pairsDot
    forEachItem(below: (atoms + size - 1) / size, workers: threads) { block, _ in
      measure(.direction) {
        for center in block * size..<min((block + 1) * size, atoms) {
          for pair in slots.pairs(of: center) {
            let neighbor = Int(slots.neighbors[pair])
            pairsDot.base[pair] =
              adjoint.forces[center] - adjoint.forces[neighbor]
              - adjoint.virial * slots.displacements[pair]
          }
        }
      }
    }
  }

  func atomVirials(_ atoms: Int) -> [Matrix3] {
    var virials = Array(repeating: Matrix3.zero, count: atoms)
    for pair in virials.indices.lazy.flatMap(slots.pairs) {
      virials[Int(slots.neighbors[pair])].addOuter(
        -pairsBar.base[pair], slots.displacements[pair])
    }
    return virials
  }

  /// Computes `F_i = Σ (pairs of center i) dE/dd - Σ (pairs ending on i) dE/dd` and
  /// `V = -Σ dE/dd ⊗ d`, summed in the order of the pairs.
  private func gatherForces(atoms: Int) -> ([SIMD3<Double>], Matrix3) {
    var forces = Array(repeating: SIMD3<Double>.zero, count: atoms), virial = Matrix3.zero
    for center in 0..<atoms {
      for pair in slots.pairs(of: center) {
        let dBar = pairsBar.base[pair]
        forces[center] += dBar
        forces[Int(slots.neighbors[pair])] -= dBar
        virial.addOuter(-dBar, slots.displacements[pair])
      }
    }
    return (forces, virial)
  }
}
