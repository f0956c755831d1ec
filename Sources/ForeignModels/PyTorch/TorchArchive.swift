import Files

/// An archive that PyTorch wrote: a pickle, and arrays in entries of their own.
struct TorchArchive {
  private let zip: ZipArchive
  private let root: String
  let pickle: Pickle
  /// Whether it is a module of TorchScript, not a checkpoint.
  let isModule: Bool

  init(_ zip: ZipArchive) throws {
    self.zip = zip
    let names = zip.names
    guard
      let entry = names.first(where: { name in
        name.hasSuffix("/data.pkl") && name.filter { $0 == "/" }.count == 1
      })
    else {
      throw Unreadable(
        "is a zip archive without a model", remedy: "supported: .pth, .pt and .pt2 of DeePMD-kit 3")
    }
    root = String(entry.dropLast("data.pkl".count))
    let root = root
    isModule = names.contains { $0.hasPrefix("\(root)code/") }
    if let order = try zip.content("\(root)byteorder"), !order.elementsEqual("little".utf8) {
      throw Unreadable("was written by a computer with another byte order")
    }
    guard let bytes = try zip.content(entry) else { throw Unreadable("is a damaged zip archive") }
    pickle = try PickleReader.read(bytes)
  }

  /// The array `number` of the pickle.
  func tensor(_ number: Int) throws -> Tensor {
    let part = pickle.tensors[number], storage = pickle.storages[part.storage]
    let type = storage.type
    try type.refuseHalf()
    let count = elementCount(part.shape) ?? 0
    guard count > 0 else {
      return Tensor(shape: part.shape, values: [], isSingle: type == .float32)
    }
    guard let bytes = try zip.content("\(root)data/\(storage.key)") else {
      throw Unreadable("lacks the numbers of an array (data/\(storage.key))")
    }
    // The reader of the pickle has bounded these factors, so that the sum is below 2⁶³.
    let last = Swift.zip(part.shape, part.strides).reduce(part.offset) { $0 + ($1.0 - 1) * $1.1 }
    guard last < bytes.count / type.size else {
      throw Unreadable("has an array that reaches beyond its storage")
    }
    // Strides of 0 repeat numbers, so that a few bytes may claim any number of values.
    guard count <= max(1 << 22, bytes.count / type.size) else {
      throw Unreadable("has an array of shape \(part.shape) in \(bytes.count) bytes")
    }
    let first = bytes.startIndex + part.offset * type.size
    let values = type.numbers(in: bytes[first..<bytes.startIndex + (last + 1) * type.size])
    return Tensor(
      shape: part.shape, values: part.isContiguous ? values : part.ordered(values, count),
      isSingle: type == .float32)
  }
}

extension PickleTensor {
  /// Whether the numbers are stored in the order of the indices, without gaps.
  fileprivate var isContiguous: Bool {
    var step = 1
    for (extent, stride) in Swift.zip(shape, strides).reversed() {
      if extent != 1, stride != step { return false }
      step *= extent
    }
    return true
  }

  /// `values`, from the first number of the array on, in the order of the indices.
  fileprivate func ordered(_ values: [Double], _ count: Int) -> [Double] {
    var index = Array(repeating: 0, count: shape.count), place = 0, result: [Double] = []
    result.reserveCapacity(count)
    for _ in 0..<count {
      result.append(values[place])
      for axis in shape.indices.reversed() {
        index[axis] += 1
        place += strides[axis]
        if index[axis] < shape[axis] { break }
        place -= shape[axis] * strides[axis]
        index[axis] = 0
      }
    }
    return result
  }
}
