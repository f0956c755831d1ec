import Atoms
import Kernels
import Measurement

/// A frame and its neighbors, in the form that a model's sweeps read.
///
/// Neighbors do not change while a model is trained, so each frame is prepared once.
public struct PreparedFrame: Sendable {
  /// The neighbors of the atoms, in one of two forms.
  enum Neighbors {
    /// Neighbors in slots, for hand-written sweeps.
    case slots(PackedSlots)
    /// Index tables of neighbors, for a program.
    case program(ProgramFrame)
  }

  /// The frame, its atoms moved into the cell.
  public let frame: Frame
  let neighbors: Neighbors
  /// The smallest distance between two atoms, in Å; the cutoff if no atom has neighbors.
  public let closest: Double

  /// The neighbors in slots; the frame must be prepared for a model with hand-written sweeps.
  public var slots: PackedSlots {
    guard case .slots(let slots) = neighbors else {
      preconditionFailure("a frame that was prepared for a program")
    }
    return slots
  }

  /// Number of atoms that have more neighbors than there are slots.
  public var truncatedCenters: Int {
    switch neighbors {
    case .slots(let slots): slots.truncatedCenters
    case .program(let frame): frame.truncatedCenters
    }
  }

  /// Bytes of memory, estimated.
  public var memory: Int {
    let numbers = 40 * frame.types.count + 8 * frame.atomParameters.count + 512
    switch neighbors {
    case .slots(let slots): return slots.memory + numbers
    case .program(let frame): return frame.memory + numbers
    }
  }
}

/// Prepares frames for a model, without the model's parameters.
public struct FramePreparation: Sendable {
  private let rule: NeighborRule, program: Program?

  /// Prepares frames for `model`, and for every model with the same definition and statistics.
  public init(_ model: EnergyModel) {
    rule = model.neighborRule
    program = model.isProgram ? model.program(tabulates: true) : nil
  }

  /// Prepares frames for slots that are filled by `rule`.
  public init(_ rule: NeighborRule) { (self.rule, program) = (rule, nil) }

  /// Finds the neighbors of the atoms of `frame`.
  ///
  /// The frame's types are indices into the type map, or -1 for padding atoms.  The result does not
  /// depend on the number of threads.
  public func prepare(_ frame: Frame, threads: Int = 1) -> PreparedFrame {
    if let program {
      let prepared = measure(.neighborList) { ProgramFrame(frame, program, threads: threads) }
      return PreparedFrame(
        frame: prepared.frame, neighbors: .program(prepared),
        closest: prepared.closest ?? rule.cutoff)
    }
    let search = measure(.neighborList) { NeighborSearch(frame, cutoff: rule.cutoff) }
    let parts = fill(search, types: frame.types, parts: threads == 1 ? 1 : 4 * threads, threads)
    var frame = frame
    frame.positions = search.positions
    let closest = parts.map(\.closestSquared).min() ?? .infinity
    let slots = measure(.neighborList) {
      PackedSlots(parts, atoms: frame.types.count, rule: rule, images: search.images)
    }
    return PreparedFrame(
      frame: frame, neighbors: .slots(slots),
      closest: closest.isFinite ? closest.squareRoot() : rule.cutoff)
  }

  /// Fills the slots of all atoms; each of `count` parts takes some boxes of `search`.
  private func fill(
    _ search: NeighborSearch, types: [Int], parts count: Int, _ threads: Int
  ) -> [SlotPart] {
    var parts = Array(repeating: SlotPart(), count: count)
    parts.withUnsafeMutableBufferPointer { buffer in
      nonisolated(unsafe) let places = buffer  // each thread writes parts of its own
      forEachItem(below: count, workers: threads) { part, _ in
        let found = FoundNeighbors(), filler = SlotFiller(rule)
        var filled = SlotPart()
        measure(.neighborList) {
          for box in search.boxCount * part / count..<search.boxCount * (part + 1) / count {
            search.forEachCenter(inBox: box, found) { center in
              filled.add(center, found, types: types, search.images, filler)
            }
          }
        }
        places[part] = filled
      }
    }
    return parts
  }
}

extension EnergyModel {
  /// Finds the neighbors of the atoms of `frame`, as `FramePreparation.prepare` does.
  public func prepare(_ frame: Frame, threads: Int = 1) -> PreparedFrame {
    FramePreparation(self).prepare(frame, threads: threads)
  }

  /// The types whose atoms get nothing from the fitting nets.
  public var silentTypes: Set<Int> { options.silentTypes }

  /// The part of the atom energy in eV that depends on `type` alone; 0 for padding atoms (type -1)
  /// and for types without an energy.
  func bias(of type: Int) -> Double {
    if type < 0 || excludedAtomTypes.contains(type) { return 0 }
    return outputBias[type]
      + (fitting.options.excludedTypes.contains(type) ? 0 : fitting.bias[type])
  }

  /// Makes sweeps over frames for this model and for all models of the same shape.
  func makeSweeps(threads: Int, tabulates: Bool, mostKept: Int) -> any ModelSweeps {
    let precision = fitting.options.precision
    guard !isProgram, case .seE2A(let part) = descriptor else {
      return precision == .float64
        ? ProgramModelSweeps<Double>(self, threads: threads, tabulates: tabulates)
        : ProgramModelSweeps<Float>(self, threads: threads, tabulates: tabulates)
    }
    return precision == .float64
      ? FrameSweeps<Double>(
        self, part, threads: threads, tabulates: tabulates, mostKept: mostKept)
      : FrameSweeps<Float>(self, part, threads: threads, tabulates: tabulates, mostKept: mostKept)
  }
}
