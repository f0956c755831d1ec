import Measurement

/// What kind of work an operation is, for profiles.
enum WorkKind: Sendable {
  case environment, pairs, angles, attention, contraction, fitting

  /// What `operation` is among those of `builder`.
  ///
  /// Environment rows are functions of displacements.  What takes rows of pairs or of pairs of
  /// neighbors to those of atoms, and the product of such sums with themselves, is contraction;
  /// what follows on atoms is the fitting net.  Few operations are on types; they are the pairs'
  /// too.
  init(_ operation: Operation, in builder: ProgramBuilder) {
    let out = builder.values[operation.out], rows = builder.spaces[operation.rows]
    self =
      switch operation {
      case _ where out.isOfAttention: .attention
      case .geometry, .pairEnergy: .environment
      case .moments: .pairs
      case .bilinear(let op) where rows == .atom && op.x.value == op.y.value: .contraction
      default: WorkKind(rows: rows, to: out.space)
      }
  }

  private init(rows: Space, to space: Space) {
    if rows.isOfAtoms {
      self = .fitting
    } else if rows.isLocal && space == .atom {
      self = .contraction
    } else {
      self = rows.listOfAngles == nil ? .pairs : .angles
    }
  }

  var forward: Phase {
    switch self {
    case .environment: .environmentForward
    case .pairs: .pairsForward
    case .angles: .anglesForward
    case .attention: .attentionForward
    case .contraction: .contractionForward
    case .fitting: .fittingForward
    }
  }

  var backward: Phase {
    switch self {
    case .environment: .environmentBackward
    case .pairs: .pairsBackward
    case .angles: .anglesBackward
    case .attention: .attentionBackward
    case .contraction: .contractionBackward
    case .fitting: .fittingBackward
    }
  }

  var tangent: Phase {
    switch self {
    case .environment: .environmentTangent
    case .pairs: .pairsTangent
    case .angles: .anglesTangent
    case .attention: .attentionTangent
    case .contraction: .contractionTangent
    case .fitting: .fittingTangent
    }
  }

  /// Displacements depend on no parameters, so environment rows have nothing to do in this pass.
  var backwardTangent: Phase {
    switch self {
    case .environment, .pairs: .pairsBackwardTangent
    case .angles: .anglesBackwardTangent
    case .attention: .attentionBackwardTangent
    case .contraction: .contractionBackwardTangent
    case .fitting: .fittingBackwardTangent
    }
  }
}

/// Successive operations of a stage of one kind, which are measured together.
struct WorkRun: Sendable {
  let kind: WorkKind
  /// Their numbers in the stage.
  let operations: Range<Int>

  /// The runs of `operations`, in order.
  static func runs(_ operations: [Operation], in builder: ProgramBuilder) -> [WorkRun] {
    operations.indices.reduce(into: []) { runs, k in
      let kind = WorkKind(operations[k], in: builder)
      let start = runs.last?.kind == kind ? runs.removeLast().operations.lowerBound : k
      runs.append(WorkRun(kind: kind, operations: start..<k + 1))
    }
  }
}
