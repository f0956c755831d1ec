import CHDF5

/// The type of the elements of a dataset or an attribute.
public enum HDF5Type: Sendable, Equatable {
  /// Floating-point numbers of this many bytes.
  case float(bytes: Int)
  /// Integers of this many bytes.
  case integer(bytes: Int)
  /// Truth values as h5py stores them: an enumeration of FALSE = 0 and TRUE = 1.
  case boolean
  /// Strings of at most this many bytes; nil for variable length.
  case string(bytes: Int?)
  /// Anything else, such as bfloat16, which h5py writes as an opaque type.
  case other

  /// The type that `handle` describes.
  init(_ handle: borrowing Handle) {
    let id = handle.id, size = H5Tget_size(handle.id)
    switch H5Tget_class(id) {
    case H5T_FLOAT: self = .float(bytes: size)
    case H5T_INTEGER: self = .integer(bytes: size)
    case H5T_ENUM: self = H5Tget_nmembers(id) == 2 && size == 1 ? .boolean : .other
    case H5T_STRING: self = .string(bytes: H5Tis_variable_str(id) > 0 ? nil : size)
    default: self = .other
    }
  }

  /// The type in words, for messages.
  public var description: String {
    switch self {
    case .float(let bytes): "float\(8 * bytes)"
    case .integer(let bytes): "int\(8 * bytes)"
    case .boolean: "bool"
    case .string: "strings"
    case .other: "an unknown type"
    }
  }

  /// Whether the elements can be read as float64 numbers.
  var isNumeric: Bool {
    switch self {
    case .float, .integer, .boolean: true
    case .string, .other: false
    }
  }

  /// Whether the elements can be read as integers without loss.
  var isIntegral: Bool {
    switch self {
    case .integer, .boolean: true
    case .float, .string, .other: false
    }
  }
}

/// The kind of the object that a name stands for.
public enum HDF5Kind: Sendable, Equatable {
  /// A group of named members.
  case group
  /// An array.
  case dataset
  /// A named type, or a link without target.
  case other
}

/// A member of a group.
public struct HDF5Member: Sendable, Equatable {
  /// The name within the group.
  public let name: String
  /// The kind of the member.
  public let kind: HDF5Kind
}

/// The layout of a dataset in the file.
public enum HDF5Layout: Sendable, Equatable {
  /// One block without checksum.
  case contiguous
  /// Blocks of this many rows, each with a Fletcher checksum; `gzip` is 0 (none) to 9.
  case chunked(rows: Int, gzip: Int = 0)
}
