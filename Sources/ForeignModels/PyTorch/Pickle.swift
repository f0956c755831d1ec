/// A value in a pickle; containers are numbers of lists in the `Pickle`.
enum PickleValue {
  case none
  case bool(Bool)
  case integer(Int)
  case number(Double)
  case text(String)
  /// The name of something in a program, which is never looked up.
  case name(String)
  /// A list, tuple or set.
  case list(Int)
  case dictionary(Int)
  /// An object with attributes, the number of a dictionary.
  case record(Int)
  case storage(Int)
  case tensor(Int)
}

/// The bytes of an array in an archive of PyTorch.
struct PickleStorage {
  let type: ElementType
  /// The name of the entry below `data`.
  let key: String
}

/// An array that is part of a storage.
struct PickleTensor {
  let storage: Int
  let offset: Int
  let shape: [Int]
  let strides: [Int]
}

/// The content of a pickle as data: nothing named in it is imported, and nothing is called.
///
/// Containers hold no containers but numbers of them, so that no nesting, however deep, and no
/// circle costs more than its bytes.
struct Pickle {
  var root = PickleValue.none
  var lists: [[PickleValue]] = []
  var dictionaries: [[(key: PickleValue, value: PickleValue)]] = []
  var storages: [PickleStorage] = []
  var tensors: [PickleTensor] = []

  /// The value of `key` in a dictionary or record; nil if there is none.
  func member(_ key: String, of value: PickleValue) -> PickleValue? {
    items(of: value)?.last { if case .text(key) = $0.key { true } else { false } }?.value
  }

  /// The keys and values of a dictionary or record; nil for anything else.
  func items(of value: PickleValue) -> [(key: PickleValue, value: PickleValue)]? {
    switch value {
    case .dictionary(let number), .record(let number): dictionaries[number]
    default: nil
    }
  }

  /// The elements of a list or tuple; nil for anything else.
  func elements(of value: PickleValue) -> [PickleValue]? {
    if case .list(let number) = value { lists[number] } else { nil }
  }
}
