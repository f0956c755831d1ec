import Atoms

/// What a model takes of a frame besides its atoms: how many numbers, which ones if there are none,
/// and how they are normalized.
public struct ModelInputs: Sendable, Equatable {
  /// Numbers per frame and per atom (`numb_fparam`, `numb_aparam`).
  public var frameParameters = 0, atomParameters = 0
  /// The frame parameters of frames without, `[numb_fparam]` (`default_fparam`).
  public var defaultFrameParameters: [Double]?
  /// How frame and atom parameters are normalized.
  public var frameNormalization: Normalization, atomNormalization: Normalization

  /// Parameters in the units of the data are normalized to `(x - mean) × inverse deviation`.
  public struct Normalization: Sendable, Equatable {
    /// Means and inverse deviations, one per parameter.
    public var mean: [Double], inverseDeviation: [Double]

    /// The parameters as nets take them.
    func normalized(_ values: some Collection<Double>) -> [Double] {
      zip(values, zip(mean, inverseDeviation)).map { ($0 - $1.0) * $1.1 }
    }
  }

  /// So many parameters, which are taken as they are.
  public init(
    frameParameters: Int = 0, atomParameters: Int = 0, defaultFrameParameters: [Double]? = nil
  ) {
    self.frameParameters = frameParameters
    self.atomParameters = atomParameters
    self.defaultFrameParameters = defaultFrameParameters
    frameNormalization = .init(none: frameParameters)
    atomNormalization = .init(none: atomParameters)
  }

  /// Whether there are none.
  public var isEmpty: Bool { frameParameters + atomParameters == 0 }

  /// Whether frames may come without any: the model takes none, or has some of its own.
  public var areOptional: Bool {
    atomParameters == 0 && (frameParameters == 0 || defaultFrameParameters != nil)
  }

  /// Whether both take the same numbers of parameters.
  public func fits(_ other: ModelInputs) -> Bool {
    frameParameters == other.frameParameters && atomParameters == other.atomParameters
  }

  /// The normalized parameters of `frame`, those of each atom in turn behind those of the frame.
  func normalized(_ frame: Frame) -> NormalizedInputs {
    precondition(frame.frameParameters.count == frameParameters, "wrong number of fparam")
    precondition(
      frame.atomParameters.count == atomParameters * frame.types.count, "wrong number of aparam")
    return NormalizedInputs(
      inputs: self, frame: frameNormalization.normalized(frame.frameParameters),
      atoms: frame.atomParameters)
  }
}

/// The parameters of one frame as nets take them.
struct NormalizedInputs {
  fileprivate let inputs: ModelInputs, frame: [Double], atoms: [Double]

  /// The parameters that the net of `atom` takes: the frame's, then the atom's.
  func ofAtom(_ atom: Int) -> [Double] {
    let count = inputs.atomParameters
    return frame + inputs.atomNormalization.normalized(atoms[atom * count..<(atom + 1) * count])
  }
}

extension ModelInputs.Normalization {
  /// Leaves `count` parameters as they are.
  fileprivate init(none count: Int) {
    mean = Array(repeating: 0, count: count)
    inverseDeviation = Array(repeating: 1, count: count)
  }
}

extension FittingOptions {
  /// What the model takes besides atoms; not normalized.
  public var inputs: ModelInputs {
    ModelInputs(
      frameParameters: frameParameters, atomParameters: atomParameters,
      defaultFrameParameters: defaultFrameParameters)
  }
}

extension EnergyFitting {
  /// What the model takes besides atoms.
  public var inputs: ModelInputs {
    var inputs = options.inputs
    inputs.frameNormalization = .init(
      mean: frameParameterMean, inverseDeviation: frameParameterInverseDeviation)
    inputs.atomNormalization = .init(
      mean: atomParameterMean, inverseDeviation: atomParameterInverseDeviation)
    return inputs
  }
}

extension EnergyModel {
  /// What the model takes besides atoms.
  public var inputs: ModelInputs { fitting.inputs }
}

extension ModelOptions {
  /// What the model takes besides atoms; not normalized.
  public var inputs: ModelInputs { fitting.inputs }
}
