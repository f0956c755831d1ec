/// One dense layer, `y = idt ⊙ f(x W + b) + shortcut(x)`: its shape and the places of its
/// parameters.
///
/// The shortcut is `x` if the layer keeps the width, `[x, x]` if it doubles it, nothing otherwise.
/// Source: docs/MATH.md, "Dense layer"; DeePMD-kit's `Layer`.
public struct DenseLayer: Sendable, Equatable {
  /// Width of `x`.
  public let inputs: Int
  /// Width of `y`.
  public let outputs: Int
  /// The function `f`.
  public let activation: Activation
  /// Whether a shortcut is added if the widths allow one (`resnet`).
  public let wantsShortcut: Bool
  /// Places of `W`, `[inputs][outputs]`.
  public let weights: Range<Int>
  /// Places of `b`, `[outputs]`.
  public let biases: Range<Int>?
  /// Places of `idt`, `[outputs]`.
  public let timesteps: Range<Int>?

  /// How often the shortcut repeats `x` in `y`; 0 if the widths allow no shortcut.
  public var shortcutCopies: Int {
    wantsShortcut ? (outputs == inputs ? 1 : outputs == 2 * inputs ? 2 : 0) : 0
  }

  /// Lays out a layer in `layout`: weights, then biases, then timesteps.
  public init(
    inputs: Int, outputs: Int, activation: Activation, hasBias: Bool, hasTimestep: Bool,
    wantsShortcut: Bool, precision: Precision, in layout: inout ParameterLayout
  ) {
    precondition(inputs > 0 && outputs > 0)
    self.inputs = inputs
    self.outputs = outputs
    self.activation = activation
    self.wantsShortcut = wantsShortcut
    weights = layout.take(inputs * outputs, precision)
    biases = hasBias ? layout.take(outputs, precision) : nil
    timesteps = hasTimestep ? layout.take(outputs, precision) : nil
  }

  /// The same layer with places of its own in `layout`.
  public func laidOut(_ precision: Precision, in layout: inout ParameterLayout) -> DenseLayer {
    DenseLayer(
      inputs: inputs, outputs: outputs, activation: activation, hasBias: biases != nil,
      hasTimestep: timesteps != nil, wantsShortcut: wantsShortcut, precision: precision,
      in: &layout)
  }
}

/// A chain of dense layers of one precision.
public struct DenseNetwork: Sendable, Equatable {
  /// The number format of all layers.
  public let precision: Precision
  /// The layers, first to last; never empty.
  public let layers: [DenseLayer]

  /// Width of the input.
  public var inputs: Int { layers[0].inputs }
  /// Width of the output.
  public var outputs: Int { layers[layers.count - 1].outputs }

  /// The places of all parameters; the layers are laid out one after the other.
  public var parameterRange: Range<Int> {
    let last = layers[layers.count - 1]
    return layers[0].weights.lowerBound..<(last.timesteps ?? last.biases ?? last.weights).upperBound
  }

  /// Makes a network of `layers`; each must be as wide as the next one expects.
  public init(precision: Precision, layers: [DenseLayer]) {
    precondition(!layers.isEmpty)
    precondition(zip(layers, layers.dropFirst()).allSatisfy { $0.outputs == $1.inputs })
    self.precision = precision
    self.layers = layers
  }

  /// Makes DeePMD-kit's embedding net (`output` nil) or fitting net (`output` wide, with a linear
  /// last layer).
  ///
  /// A layer has timesteps only if `resnetTimestep` asks for them and the widths allow a shortcut.
  public init(
    inputs: Int, hidden: [Int], output: Int?, activation: Activation, resnetTimestep: Bool,
    precision: Precision, in layout: inout ParameterLayout
  ) {
    var layers: [DenseLayer] = []
    var width = inputs
    for next in hidden {
      layers.append(
        DenseLayer(
          inputs: width, outputs: next, activation: activation, hasBias: true,
          hasTimestep: resnetTimestep && (next == width || next == 2 * width),
          wantsShortcut: true, precision: precision, in: &layout))
      width = next
    }
    if let output {
      layers.append(
        DenseLayer(
          inputs: width, outputs: output, activation: .linear, hasBias: true, hasTimestep: false,
          wantsShortcut: false, precision: precision, in: &layout))
    }
    self.init(precision: precision, layers: layers)
  }

  /// The same network with places of its own in `layout`.
  public func laidOut(in layout: inout ParameterLayout) -> DenseNetwork {
    DenseNetwork(
      precision: precision, layers: layers.map { $0.laidOut(precision, in: &layout) })
  }
}
