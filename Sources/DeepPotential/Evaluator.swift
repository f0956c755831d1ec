import Atoms
import Kernels
import Measurement

/// Predicts energy, force and virial of frames, and computes gradients of losses.
///
/// An evaluator owns the memory of the passes and keeps it from call to call, so that each calling
/// thread needs its own evaluator.  The results do not depend on the number of threads on which
/// the evaluator works.
public final class Evaluator {
  private let threads: Int, tabulates: Bool, mostKept: Int
  private var shape: ModelShape?
  private var sweeps: (any ModelSweeps)?
  private var gradients: [Parameters] = []
  /// Number of atoms in the last call that have more neighbors than the model has slots.
  public private(set) var truncatedCenters = 0

  /// The smallest distance in Å of two atoms in the last call if it is zero, or below that at which
  /// a pair potential begins; what was predicted are then no numbers.
  public private(set) var tooClose: Double?

  /// Why the last call evaluated embedding nets without tables although it wanted tables; nil if
  /// there was no need.
  public var directReason: String? { sweeps?.directReason }

  /// Makes an evaluator that works on `threads` threads.
  ///
  /// If `tabulates`, tables replace the embedding nets of models for which they are close enough;
  /// otherwise the nets are evaluated for every neighbor.
  public convenience init(threads: Int, tabulates: Bool = true) {
    self.init(threads: threads, tabulates: tabulates, mostKept: SeE2A.mostKept)
  }

  /// Makes an evaluator that keeps up to `mostKept` bytes of embeddings for a gradient, where there
  /// are no tables.
  package init(threads: Int, tabulates: Bool, mostKept: Int) {
    precondition(threads > 0)
    self.mostKept = mostKept
    self.threads = threads
    self.tabulates = tabulates
  }

  /// The predictions of `model` for `frames`, in order; atoms stay in the frames' order.
  ///
  /// Types are indices into the model's type map, or -1 for padding atoms.
  public func predict(_ frames: [Frame], with model: EnergyModel) -> [Prediction] {
    predict(prepare(frames, for: model), with: model)
  }

  /// The predictions for frames that were prepared for `model`, or for a model with the same
  /// definition and statistics.
  public func predict(_ frames: [PreparedFrame], with model: EnergyModel) -> [Prediction] {
    withSweeps(of: model, for: frames) { sweeps in
      frames.map { sweeps.predict($0, forTraining: false) }
    }
  }

  /// The predictions for `frames` with the virials of single atoms.
  public func predictWithAtomVirials(_ frames: [Frame], with model: EnergyModel) -> [Prediction] {
    let prepared = prepare(frames, for: model)
    return withSweeps(of: model, for: prepared) { sweeps in
      prepared.map {
        var prediction = sweeps.predict($0, forTraining: false)
        prediction.atomVirials = sweeps.atomVirials($0.frame.types.count)
        return prediction
      }
    }
  }

  /// The derivatives of `components` of the output, by default of all, for `frames`,
  /// `[frames][components]`: forces, `-dy/dx`, virials and virials of atoms of one component each.
  public func derivatives(
    of frames: [Frame], with model: EnergyModel, components: Range<Int>? = nil
  ) -> [[Prediction]] {
    let prepared = prepare(frames, for: model)
    return withSweeps(of: model, for: prepared) { sweeps in
      prepared.map { frame in
        (components ?? 0..<model.output.width).map {
          var prediction = sweeps.predict(frame, forTraining: false, derivativesOf: $0)
          prediction.atomVirials = sweeps.atomVirials(frame.frame.types.count)
          return prediction
        }
      }
    }
  }

  /// The descriptors of the atoms of `frame`, `[atoms][width]`, zeros for padding atoms.
  ///
  /// Atoms of types without an energy have descriptors, too.
  public func descriptors(of frame: Frame, with model: EnergyModel) -> [Double] {
    var model = model
    model.excludedAtomTypes = []
    model.fitting.options.excludedTypes = []
    let prepared = model.prepare(frame, threads: threads)
    return withSweeps(of: model, for: [prepared]) { $0.descriptors(prepared) }
  }

  /// Predicts for atoms of another program and writes into the memory of `result`; gives the sums
  /// over that program's own atoms.
  ///
  /// The prediction replaces the forces and virials in that memory; it is not added to them.  They
  /// are those of the output or, where that has no forces, of its `component` if there is one.
  public func predict(
    _ listed: ListedAtoms, with model: EnergyModel, derivativesOf component: Int? = nil,
    into result: ListedPrediction
  ) -> ListedSums {
    withSweeps(of: model, closest: model.descriptor.outerCutoff) { sweeps in
      let sums = sweeps.predict(listed, derivativesOf: component, into: result)
      truncatedCenters = sums.truncatedCenters
      tooClose = model.isTooClose(sums.closest) ? sums.closest : nil
      return sums
    }
  }

  /// Computes the gradient dL/dθ of a loss L of the predictions for `frames`.
  ///
  /// `adjoint` is called for one frame after the other with the frame's index and prediction, and
  /// gives the derivatives of the loss with respect to the prediction.  The memory holds the
  /// activations of one frame at a time.  The gradients of the frames are summed in a fixed binary
  /// tree: if the numbers of frames and of processes are powers of two, each process sums a
  /// subtree.
  public func gradient(
    of frames: [PreparedFrame], with model: EnergyModel, into gradient: inout Parameters,
    adjoint: (Int, Prediction) -> PredictionAdjoint
  ) {
    // The caller's memory takes the first vector of the tree, which ends as the sum.
    if gradients.isEmpty { gradients.append(Parameters()) }
    swap(&gradient, &gradients[0])
    defer { swap(&gradient, &gradients[0]) }
    withSweeps(of: model, for: frames) { sweeps in
      addGradient(of: frames.indices, depth: 0, sweeps, frames, model, adjoint)
    }
  }

  /// Gives back the memory of partial sums, which the next `gradient` takes anew.
  package func releaseGradients() { gradients = [] }

  /// Computes the gradient of the frames in `range` and leaves it in `gradients[depth]`.
  private func addGradient(
    of range: Range<Int>, depth: Int, _ sweeps: any ModelSweeps, _ frames: [PreparedFrame],
    _ model: EnergyModel, _ adjoint: (Int, Prediction) -> PredictionAdjoint
  ) {
    if range.count <= 2 {  // a frame adds to each number once, so two may share a vector
      reserveGradient(depth, like: model.parameters)
      for index in range {
        let adjoint = adjoint(index, sweeps.predict(frames[index], forTraining: true))
        gradients[depth].withGradientPointers(replacing: index == range.lowerBound) {
          sweeps.addGradient(adjoint, to: $0)
        }
      }
      return
    }
    var half = 1
    while 2 * half < range.count { half *= 2 }
    let middle = range.lowerBound + half
    addGradient(of: range.lowerBound..<middle, depth: depth, sweeps, frames, model, adjoint)
    addGradient(of: middle..<range.upperBound, depth: depth + 1, sweeps, frames, model, adjoint)
    measure(.gradientSum) { [threads] in
      gradients.withUnsafeMutableBufferPointer { $0[depth].add($0[depth + 1], threads: threads) }
    }
  }

  private func reserveGradient(_ depth: Int, like parameters: Parameters) {
    while gradients.count <= depth { gradients.append(Parameters()) }
    if !gradients[depth].hasShape(of: parameters) {
      gradients[depth] = Parameters(zerosLike: parameters)
    }
  }

  private func prepare(_ frames: [Frame], for model: EnergyModel) -> [PreparedFrame] {
    let preparation = FramePreparation(model)
    return frames.map { preparation.prepare($0, threads: threads) }
  }

  private func withSweeps<Result>(
    of model: EnergyModel, for frames: [PreparedFrame], _ body: (any ModelSweeps) -> Result
  ) -> Result {
    truncatedCenters = frames.reduce(0) { $0 + $1.truncatedCenters }
    let closest = frames.map(\.closest).min() ?? model.descriptor.outerCutoff
    tooClose = model.isTooClose(closest) ? closest : nil
    return withSweeps(of: model, closest: closest, body)
  }

  private func withSweeps<Result>(
    of model: EnergyModel, closest: Double, _ body: (any ModelSweeps) -> Result
  ) -> Result {
    if shape != ModelShape(model) {
      shape = ModelShape(model)
      sweeps = nil
    }
    let sweeps =
      sweeps ?? model.makeSweeps(threads: threads, tabulates: tabulates, mostKept: mostKept)
    self.sweeps = sweeps
    return model.parameters.withPointers { parameters in
      sweeps.prepare(model, parameters: parameters, closest: closest)
      return body(sweeps)
    }
  }
}

/// The properties of a model on which the memory of its sweeps depends.
///
/// Models of one shape can use the same sweeps.
private enum ModelShape: Equatable {
  /// For hand-written sweeps: the nets and tables and the axis width.
  case seE2A(
    [DenseNetwork], tables: [PolynomialTable], axisWidth: Int, fitting: [DenseNetwork])
  /// For a program: the model without its parameters.
  case program(EnergyModel)

  init(_ model: EnergyModel) {
    if case .seE2A(let part) = model.descriptor, !model.isProgram {
      self = .seE2A(
        part.embeddings, tables: part.options.tables, axisWidth: part.options.axisWidth,
        fitting: model.fitting.networks)
    } else {
      var model = model
      model.parameters = Parameters()
      self = .program(model)
    }
  }
}
