import Atoms

/// The frame and atom parameters of a model: their numbers, default values and normalization.
public struct ModelInputs: Sendable, Equatable {
  /// Number of parameters per frame and per atom (`numb_fparam`, `numb_aparam`).
  public var frameParameters = 0, atomParameters = 0
  /// The parameters of a frame that comes without parameters, `[numb_fparam]` (`default_fparam`).
  public var defaultFrameParameters: [Double]?
  /// The normalization of frame parameters and of atom parameters.
  public var frameNormalization: Normalization, atomNormalization: Normalization

  /// The normalization `(x - mean) × inverse deviation` of parameters x in the units of the data.
  public struct Normalization: Sendable, Equatable {
    /// Means and inverse deviations, one per parameter.
    public var mean: [Double], inverseDeviation: [Double]

    /// The normalized parameters, which are inputs of the nets.
    func normalized(_ values: some Collection<Double>) -> [Double] {
      zip(values, zip(mean, inverseDeviation)).map { ($0 - $1.0) * $1.1 }
    }
  }

  /// Makes inputs with these numbers of parameters, which are not normalized.
  public init(
    frameParameters: Int = 0, atomParameters: Int = 0, defaultFrameParameters: [Double]? = nil
  ) {
    self.frameParameters = frameParameters
    self.atomParameters = atomParameters
    self.defaultFrameParameters = defaultFrameParameters
    frameNormalization = .init(none: frameParameters)
    atomNormalization = .init(none: atomParameters)
  }

  /// Whether the model has no frame and no atom parameters.
  public var isEmpty: Bool { frameParameters + atomParameters == 0 }

  /// Whether frames may come without parameters: the model takes no parameters, or only frame
  /// parameters that have default values.
  public var areOptional: Bool {
    atomParameters == 0 && (frameParameters == 0 || defaultFrameParameters != nil)
  }

  /// Whether `other` has the same numbers of parameters.
  public func fits(_ other: ModelInputs) -> Bool {
    frameParameters == other.frameParameters && atomParameters == other.atomParameters
  }

  /// The normalized parameters of `frame`.
  func normalized(_ frame: Frame) -> NormalizedInputs {
    precondition(frame.frameParameters.count == frameParameters, "wrong number of fparam")
    precondition(
      frame.atomParameters.count == atomParameters * frame.types.count, "wrong number of aparam")
    return NormalizedInputs(
      inputs: self, frame: frameNormalization.normalized(frame.frameParameters),
      atoms: frame.atomParameters)
  }
}

/// The normalized parameters of one frame, which are inputs of the nets.
struct NormalizedInputs {
  fileprivate let inputs: ModelInputs, frame: [Double], atoms: [Double]

  /// The parameters for the row of `atom`: those of the frame, then those of the atom.
  func ofAtom(_ atom: Int) -> [Double] {
    let count = inputs.atomParameters
    return frame + inputs.atomNormalization.normalized(atoms[atom * count..<(atom + 1) * count])
  }
}

extension ModelInputs.Normalization {
  /// Makes a normalization that does not change `count` parameters.
  fileprivate init(none count: Int) {
    mean = Array(repeating: 0, count: count)
    inverseDeviation = Array(repeating: 1, count: count)
  }
}

extension FittingOptions {
  /// The model's frame and atom parameters, without normalization.
  public var inputs: ModelInputs {
    ModelInputs(
      frameParameters: frameParameters, atomParameters: atomParameters,
      defaultFrameParameters: defaultFrameParameters)
  }
}

extension EnergyFitting {
  /// The model's frame and atom parameters.
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
  /// The model's frame and atom parameters.
  public var inputs: ModelInputs { fitting.inputs }
}

extension ModelOptions {
  /// The model's frame and atom parameters, without normalization.
  public var inputs: ModelInputs { fitting.inputs }
}
