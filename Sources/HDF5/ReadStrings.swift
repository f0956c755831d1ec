import CHDF5
import Diagnostics

/// Reads `count` strings of the stored type `type` of `object`, by calls of
/// `read(memory type, buffer)`.
///
/// `space` is the selected dataspace of the object; `place` names the object in messages.
func readStrings(
  _ count: Int, _ type: borrowing Handle, _ space: borrowing Handle, at place: String,
  read: (hid_t, UnsafeMutableRawPointer?) -> herr_t
) throws -> [String] {
  let kind = HDF5Type(type)
  guard case .string(let width) = kind else {
    throw ToolError(.data, at: place, "holds \(kind.description), expected strings")
  }
  if count == 0 { return [] }
  let unreadable = ToolError(.data, at: place, "cannot be read: the file is damaged")
  let notUTF8 = ToolError(.data, at: place, "holds text that is neither ASCII nor UTF-8")
  guard let width else {
    var pointers = [UnsafeMutablePointer<CChar>?](repeating: nil, count: count)
    try check(read(type.id, &pointers), orThrow: unreadable)
    defer { H5Dvlen_reclaim(type.id, space.id, hid_t(H5P_DEFAULT), &pointers) }
    return try pointers.map { pointer in
      guard let pointer else { return "" }
      guard let text = String(validatingCString: pointer) else { throw notUTF8 }
      return text
    }
  }
  let isPaddedWithSpaces = H5Tget_strpad(type.id) == H5T_STR_SPACEPAD
  guard width <= 1 << 20 else { throw unreadable }
  var bytes = [UInt8](repeating: 0, count: count * width)
  try check(read(type.id, &bytes), orThrow: unreadable)
  return try (0..<count).map { index in
    var text = bytes[index * width..<(index + 1) * width]
    if isPaddedWithSpaces {
      while text.last == UInt8(ascii: " ") { text.removeLast() }
    } else {
      text = text.prefix { $0 != 0 }
    }
    guard let text = String(validating: text, as: UTF8.self) else { throw notUTF8 }
    return text
  }
}
