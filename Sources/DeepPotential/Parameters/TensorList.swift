import Kernels

/// Collects the tensors of a model, network by network.
public struct TensorList {
  /// The tensors so far.
  private(set) var tensors: [ParameterTensor] = []
  private var networkCount = 0
  /// What the places in the descriptor begin with: nothing, or that of the part of a hybrid whose
  /// tensors are added, `list[1]/`.
  var descriptorPlace = ""
  /// The object of the file that has the descriptor and the fitting net.
  var modelPlace = "model"
  /// What the names of places begin with: nothing, or that of one net of several, `models[1]/`.
  private var netPlace = ""

  /// What the names of the tensors of net `k` of several begin with.
  static func place(ofNet k: Int) -> String { "models[\(k)]/" }

  /// Adds the tensors of net `k` of several from now on.
  mutating func begin(net k: Int) {
    netPlace = Self.place(ofNet: k)
    modelPlace = "model/models[\(k)]"
  }

  /// Adds the tensors of `network` at `place` of `part`.
  ///
  /// A network of a collection has a `number` there, and is for `types`.  `trainable` has one flag
  /// per layer.  If the network `takesTypes`, its inputs are unit vectors of types, and the first
  /// matrix has one row per type.
  mutating func add(
    _ network: DenseNetwork, _ part: ParameterTensor.Part, _ place: String, number: Int? = nil,
    types: [Int] = [], trainable: [Bool], takesTypes: Bool = false
  ) {
    precondition(trainable.count == network.layers.count)
    let place = self.place(place, in: part)
    let path = place + (number.map { "/networks[\($0)]" } ?? "")
    for (index, layer) in network.layers.enumerated() {
      let maker = Maker(
        part: part, place: netPlace + place, types: types, layer: index,
        precision: network.precision, network: networkCount, isTrainable: trainable[index],
        path: "\(modelPlace)/\(part.rawValue)/\(path)/layers[\(index)]")
      tensors += maker.tensors(layer, takesTypes: takesTypes && index == 0)
    }
    networkCount += 1
  }

  /// Adds the tensors of a layer that belongs to no network.
  mutating func add(
    _ layer: DenseLayer, _ precision: Precision, _ part: ParameterTensor.Part, _ place: String,
    isTrainable: Bool, initial: InitialValues? = nil
  ) {
    tensors += maker(precision, part, place, isTrainable).tensors(layer).map { tensor in
      var tensor = tensor
      tensor.initial = initial
      return tensor
    }
    networkCount += 1
  }

  /// Adds the vectors of a layer norm.
  mutating func addNorm(
    weights: Range<Int>, biases: Range<Int>, _ precision: Precision,
    _ part: ParameterTensor.Part, _ place: String, isTrainable: Bool
  ) {
    let maker = maker(precision, part, place, isTrainable)
    tensors.append(maker.tensor(weights, .normWeights, "w"))
    tensors.append(maker.tensor(biases, .normBiases, "b"))
    networkCount += 1
  }

  /// Adds the vectors that a layer's updates are multiplied by, which are the list `key` in model
  /// files.
  mutating func addScales(
    _ ranges: [Range<Int>], _ precision: Precision, _ part: ParameterTensor.Part, _ place: String,
    _ key: String, initial: InitialValues, isTrainable: Bool
  ) {
    for (number, range) in ranges.enumerated() {
      let place = self.place(place, in: part)
      let maker = Maker(
        part: part, place: "\(netPlace)\(place)/\(key)", types: [], layer: number,
        precision: precision, network: networkCount, isTrainable: isTrainable,
        path: "\(modelPlace)/\(part.rawValue)/\(place)")
      var tensor = maker.tensor(range, .updateScale, "\(key)[\(number)]")
      tensor.initial = initial
      tensors.append(tensor)
      networkCount += 1
    }
  }

  /// Adds the tensors of nets that mend frames: that of `types` and the `heads`.
  mutating func add(_ types: DenseNetwork, _ heads: DenoisingHeads, isTrainable: Bool) {
    let first = tensors.count, flags = [isTrainable, isTrainable]
    add(types, .fitting, "nets", number: 0, trainable: flags)
    // The last layer begins as PyTorch's linear layers do, without bias.
    let deviation = 1 / (3 * Double(types.layers[1].inputs)).squareRoot()
    for k in tensors.indices[first...] where tensors[k].name.layer == 1 {
      tensors[k].initial =
        tensors[k].name.role == .biases
        ? InitialValues(mean: 0, deviation: 0)
        : InitialValues(mean: 0, deviation: deviation, isUniform: true)
    }
    addNorm(
      weights: heads.normWeights, biases: heads.normBiases, types.precision, .fitting, "type_norm",
      isTrainable: isTrainable)
    add(heads.coordinates, .fitting, "coordinate_net", trainable: flags)
  }

  private func place(_ place: String, in part: ParameterTensor.Part) -> String {
    part == .descriptor ? descriptorPlace + place : place
  }

  private func maker(
    _ precision: Precision, _ part: ParameterTensor.Part, _ place: String, _ isTrainable: Bool
  ) -> Maker {
    let place = self.place(place, in: part)
    return Maker(
      part: part, place: netPlace + place, types: [], layer: 0, precision: precision,
      network: networkCount, isTrainable: isTrainable,
      path: "\(modelPlace)/\(part.rawValue)/\(place)")
  }
}

/// Makes the tensors of one layer.
private struct Maker {
  let part: ParameterTensor.Part, place: String, types: [Int], layer: Int
  let precision: Precision, network: Int, isTrainable: Bool, path: String

  func tensors(_ layer: DenseLayer, takesTypes: Bool = false) -> [ParameterTensor] {
    var list = [
      tensor(
        layer.weights, .weights, "w", rows: layer.inputs, columns: layer.outputs,
        typeShortcuts: takesTypes ? layer.shortcutCopies : nil)
    ]
    if let biases = layer.biases { list.append(tensor(biases, .biases, "b")) }
    if let timesteps = layer.timesteps { list.append(tensor(timesteps, .timesteps, "idt")) }
    return list
  }

  func tensor(
    _ range: Range<Int>, _ role: ParameterTensor.Role, _ variable: String, rows: Int? = nil,
    columns: Int = 1, typeShortcuts: Int? = nil
  ) -> ParameterTensor {
    ParameterTensor(
      name: .init(part: part, place: place, types: types, layer: layer, role: role),
      path: "\(path)/@variables/\(variable)", rows: rows ?? range.count, columns: columns,
      precision: precision, range: range, network: network, isTrainable: isTrainable,
      typeShortcuts: typeShortcuts)
  }
}

extension DescriptorPart {
  /// One flag per layer of an embedding net: whether training changes the layer.
  private var trainable: [Bool] { options.neuron.map { _ in options.trainable } }

  fileprivate func add(
    _ network: DenseNetwork, _ place: String, number: Int, types: [Int] = [],
    to list: inout TensorList
  ) {
    list.add(
      network, .descriptor, place, number: number, types: types, trainable: trainable)
  }

  fileprivate func addTypes(
    _ network: DenseNetwork, _ types: TypeEmbeddingOptions, to list: inout TensorList
  ) {
    list.add(
      network, .descriptor, "type_embedding/embedding", trainable: [options.trainable],
      takesTypes: !types.usesElectrons)
  }
}

extension SeE2A {
  /// Adds the tensors of the descriptor.
  public func list(in list: inout TensorList) {
    for (number, network) in embeddings.enumerated() {
      let (neighbor, center) = number.quotientAndRemainder(dividingBy: typeCount)
      add(
        network, "embeddings", number: number,
        types: options.typeOneSide ? [number] : [neighbor, center], to: &list)
    }
  }
}

extension SeE2R {
  /// Adds the tensors of the descriptor.
  public func list(in list: inout TensorList) {
    for (number, network) in embeddings.enumerated() {
      let (neighbor, center) = number.quotientAndRemainder(dividingBy: typeCount)
      add(
        network, "embeddings", number: number,
        types: options.typeOneSide ? [number] : [neighbor, center], to: &list)
    }
  }
}

extension SeE3 {
  /// Adds the tensors of the descriptor, which uses one net per unordered pair of types; files have
  /// one per ordered pair.
  public func list(in list: inout TensorList) {
    for (pair, network) in zip(Self.typePairs(typeCount), embeddings) {
      add(
        network, "embeddings", number: pair.first + typeCount * pair.second,
        types: [pair.first, pair.second], to: &list)
    }
  }
}

extension SeE3TypeEmbedding {
  /// Adds the tensors of the descriptor.
  public func list(in list: inout TensorList) {
    add(embedding, "embeddings", number: 0, to: &list)
    if let gate { add(gate, "embeddings_strip", number: 0, to: &list) }
    addTypes(typeEmbedding, options.types, to: &list)
  }
}

extension DPA1 {
  /// Adds the tensors of the descriptor.
  public func list(in list: inout TensorList) {
    for (number, layer) in attention.enumerated() {
      let place = "attention_layers/attention_layers[\(number)]", precision = options.precision
      for (name, part) in [("in_proj", layer.projection), ("out_proj", layer.output)] {
        list.add(
          part, precision, .descriptor, "\(place)/attention_layer/\(name)",
          isTrainable: options.trainable)
      }
      list.addNorm(
        weights: layer.normWeights, biases: layer.normBiases, precision, .descriptor,
        "\(place)/attn_layer_norm",
        isTrainable: options.trainable && options.attention.trainableNorm)
    }
    add(embedding, "embeddings", number: 0, to: &list)
    if let gate { add(gate, "embeddings_strip", number: 0, to: &list) }
    addTypes(typeEmbedding, options.types, to: &list)
  }
}

extension DPA2 {
  /// Adds the tensors of the descriptor.
  public func list(in list: inout TensorList) {
    addBlock(first, "repinit_variable", options.first.neuron.count, to: &list)
    if let threeBody {
      addBlock(
        threeBody, "repinit_three_body_variable", options.threeBody.neuron.count, to: &list)
    }
    add(edgeEmbedding, "repformers_variable/g2_embd", to: &list)
    for (number, layer) in layers.enumerated() {
      add(layer, "repformers_variable/repformer_layers[\(number)]", to: &list)
    }
    addTypes(typeEmbedding, options.first.types, to: &list)
    if let shape {
      // The only layer that DeePMD-kit does not begin with normal numbers.
      let deviation = (2 / Double(shape.inputs + shape.outputs)).squareRoot()
      list.add(
        shape, options.precision, .descriptor, "g1_shape_tranform",
        isTrainable: options.trainable,
        initial: InitialValues(mean: 0, deviation: deviation, isUniform: true))
    }
    if let ofTypes { add(ofTypes, "tebd_transform", to: &list) }
  }

  private func addBlock(
    _ nets: BlockNets, _ place: String, _ layers: Int, to list: inout TensorList
  ) {
    for (key, net) in [("embeddings", nets.embedding), ("embeddings_strip", nets.gate)] {
      guard let net else { continue }
      list.add(
        net, .descriptor, "\(place)/\(key)", number: 0,
        trainable: Array(repeating: options.trainable, count: layers))
    }
  }

  private func add(_ layer: DenseLayer, _ place: String, to list: inout TensorList) {
    list.add(layer, options.precision, .descriptor, place, isTrainable: options.trainable)
  }

  private func add(_ layer: RepformerLayer, _ place: String, to list: inout TensorList) {
    let precision = options.precision, own = options.messages
    for (key, dense) in layer.named {
      add(dense, "\(place)/\(key.rawValue)", to: &list)
      if key == .edgeHeads, let norm = layer.edgeAttention?.edges {
        list.addNorm(
          weights: norm.normWeights, biases: norm.normBiases, precision, .descriptor,
          "\(place)/attn2_lm", isTrainable: options.trainable && own.trainableNorm)
      }
    }
    let initial =
      own.residualStart == .constant
      ? InitialValues(mean: own.residual, deviation: 0)
      : InitialValues(mean: 0, deviation: own.residual)
    for (key, ranges) in layer.scales {
      list.addScales(
        ranges, precision, .descriptor, place, key.rawValue, initial: initial,
        isTrainable: options.trainable)
    }
  }
}

extension DPA3 {
  /// Adds the tensors of the descriptor.
  public func list(in list: inout TensorList) {
    let precision = options.precision, isTrainable = options.trainable
    func add(_ layer: DenseLayer?, _ place: String, to list: inout TensorList) {
      guard let layer else { return }
      list.add(
        layer, precision, .descriptor, "repflow_variable/\(place)", isTrainable: isTrainable)
    }
    add(edgeEmbedding, "edge_embd", to: &list)
    add(angleEmbedding, "angle_embd", to: &list)
    let initial =
      options.residualStart == .constant
      ? InitialValues(mean: options.residual, deviation: 0)
      : InitialValues(mean: 0, deviation: options.residual)
    for (number, layer) in layers.enumerated() {
      let place = "repflow_layers[\(number)]"
      for (key, dense) in layer.named { add(dense, "\(place)/\(key.rawValue)", to: &list) }
      for (key, ranges) in layer.scales.named {
        list.addScales(
          ranges, precision, .descriptor, "repflow_variable/\(place)", key, initial: initial,
          isTrainable: isTrainable)
      }
    }
    addTypes(typeEmbedding, options.types, to: &list)
  }
}

extension EnergyFitting {
  /// Adds the tensors of the fitting nets; a shared net has no types in its name.
  func list(in list: inout TensorList) {
    if let heads = nets.heads {
      return list.add(networks[0], heads, isTrainable: options.trainable[0])
    }
    for (number, network) in networks.enumerated() {
      list.add(
        network, .fitting, "nets", number: number, types: isShared ? [] : [number],
        trainable: options.trainable)
    }
    for (number, network) in nets.energy.enumerated() {
      list.add(
        network, .fitting, "energy_nets", number: number, types: isShared ? [] : [number],
        trainable: options.trainable)
    }
  }
}
