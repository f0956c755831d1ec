/// What calls and persistent objects in a pickle become.
extension PickleReader {
  /// What the call of `function` gives: an array, a container, or an object without meaning.
  mutating func called(
    _ function: PickleValue, _ arguments: [PickleValue]
  ) throws -> PickleValue {
    guard case .name(let name) = function else {
      throw Unreadable("has a pickle that calls an object")
    }
    switch name {
    case "torch._utils._rebuild_tensor_v2", "torch._utils._rebuild_tensor":
      return try tensor(arguments)
    case "torch._utils._rebuild_parameter", "torch._utils._rebuild_parameter_with_state",
      "torch.jit._pickle.restore_type_tag":
      guard let first = arguments.first else { throw damaged }
      return first
    case "collections.OrderedDict":
      let pairs = arguments.first.flatMap { pickle.elements(of: $0) } ?? []
      pickle.dictionaries.append(
        pairs.compactMap { pair in
          pickle.elements(of: pair).flatMap { $0.count == 2 ? ($0[0], $0[1]) : nil }
        })
      return .dictionary(pickle.dictionaries.count - 1)
    default:
      if name.hasPrefix("torch.jit._pickle.build_"), let first = arguments.first { return first }
      pickle.dictionaries.append([])
      return .record(pickle.dictionaries.count - 1)
    }
  }

  private mutating func tensor(_ arguments: [PickleValue]) throws -> PickleValue {
    guard arguments.count >= 4, case .storage(let storage) = arguments[0],
      case .integer(let offset) = arguments[1],
      let shape = integers(arguments[2]), let strides = integers(arguments[3]),
      shape.count == strides.count, 0..<1 << 40 ~= offset,
      strides.allSatisfy({ 0..<1 << 31 ~= $0 }),
      elementCount(shape) != nil
    else { throw Unreadable("has an array of an impossible shape") }
    pickle.tensors.append(
      PickleTensor(storage: storage, offset: offset, shape: shape, strides: strides))
    return .tensor(pickle.tensors.count - 1)
  }

  private func integers(_ value: PickleValue) -> [Int]? {
    guard let elements = pickle.elements(of: value) else { return nil }
    let numbers = elements.compactMap { if case .integer(let number) = $0 { number } else { nil } }
    return numbers.count == elements.count ? numbers : nil
  }

  /// The storage that `identity` names.
  mutating func persistent(_ identity: PickleValue) throws -> PickleValue {
    let parts = pickle.elements(of: identity) ?? []
    guard parts.count >= 5, pickle.text(parts[0]) == "storage", let type = pickle.text(parts[1]),
      let key = pickle.text(parts[2])
    else { throw Unreadable("has a pickle with an unknown kind of object") }
    let types: [Substring: ElementType] = [
      "DoubleStorage": .float64, "FloatStorage": .float32, "HalfStorage": .float16,
      "BFloat16Storage": .bfloat16, "LongStorage": .int64, "IntStorage": .int32,
      "ShortStorage": .int16, "CharStorage": .int8, "ByteStorage": .uint8, "BoolStorage": .bool,
      "UntypedStorage": .uint8,
    ]
    guard let element = types[type.split(separator: ".").last ?? ""] else {
      throw Unreadable("has an array of an unknown type (\(type))")
    }
    pickle.storages.append(PickleStorage(type: element, key: key))
    return .storage(pickle.storages.count - 1)
  }
}
