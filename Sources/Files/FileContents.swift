import Diagnostics
import Glibc

/// The bytes of the file at `path`.
///
/// Throws `ToolError` of kind `.missingInput` if the file is not there or cannot be read.
package func contents(ofFile path: String) throws -> [UInt8] {
  let descriptor = open(path, O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else {
    if errno == ENOENT { throw ToolError(.missingInput, at: path, "no such file") }
    throw unreadable(path)
  }
  defer { close(descriptor) }
  var status = stat()
  guard fstat(descriptor, &status) == 0 else { throw unreadable(path) }
  var bytes: [UInt8] = []
  // A regular file needs two reads, the second of which finds the end; other files, whose length is
  // not known, may need more.
  while true {
    let room = bytes.isEmpty ? max(Int(status.st_size), 1 << 16) : 1 << 16
    let piece = try [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
      var got = read(descriptor, buffer.baseAddress, room)
      while got < 0 && errno == EINTR { got = read(descriptor, buffer.baseAddress, room) }
      guard got >= 0 else { throw unreadable(path) }
      count = got
    }
    if piece.isEmpty { return bytes }
    if bytes.isEmpty { bytes = piece } else { bytes += piece }
  }
}

/// Makes the error about a file that cannot be read; the reason is in `errno`.
func unreadable(_ path: String, _ kind: ToolError.Kind = .missingInput) -> ToolError {
  ToolError(
    errno == EIO ? .io : kind, at: path, "cannot be read: \(String(cString: strerror(errno)))")
}

/// The names in the folder at `path`, in no particular order.
///
/// Throws `ToolError` of kind `.missingInput` if the folder cannot be read.
package func folderContents(at path: String) throws -> [String] {
  guard let folder = opendir(path) else { throw unreadable(path) }
  defer { closedir(folder) }
  var names: [String] = []
  while true {
    errno = 0
    guard let entry = readdir(folder) else {
      guard errno == 0 else { throw unreadable(path) }
      return names
    }
    let name = withUnsafePointer(to: &entry.pointee.d_name) {
      UnsafeRawPointer($0).withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
    }
    if name != "." && name != ".." { names.append(name) }
  }
}

/// Whether there is a folder at `path`, perhaps behind a link.
package func isFolder(_ path: String) -> Bool {
  var status = stat()
  return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
}

/// The words of `line`, separated by blanks and tabs.
package func words(_ line: Substring.UTF8View) -> [Substring] {
  line.split { $0 == 32 || (9...13).contains($0) }.map(Substring.init)
}

/// The text in `bytes`, without the byte order mark that some editors put at the start of a file.
///
/// All UTF-8 text is read by this function, except by `JSONValue`.
package func decodedText(_ bytes: [UInt8]) -> String {
  String(
    decoding: bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes[3...] : bytes[...], as: UTF8.self)
}

/// The text of the file at `path`, as above.
///
/// Throws `ToolError` of kind `.missingInput` if the file is not there or cannot be read.
public func text(ofFile path: String) throws -> String {
  decodedText(try contents(ofFile: path))
}

/// The words of a text such as that of `type.raw`, line by line, without empty lines and `#`
/// comments.
package func wordsByLine(_ text: [UInt8]) -> [[Substring]] {
  let text = decodedText(text)
  return text.utf8.split { $0 == 10 || $0 == 13 }.compactMap { line in
    let words = words(line.prefix { $0 != UInt8(ascii: "#") })
    return words.isEmpty ? nil : words
  }
}

/// The whole numbers in `words`; throws `ToolError` of kind `.data` that names the first other
/// word.
package func integers(_ words: [Substring], at place: String) throws -> [Int] {
  try words.map { word in
    guard let value = Int(word) else {
      throw ToolError(.data, at: place, "'\(word)' found, expected whole numbers")
    }
    return value
  }
}

/// The number in `word`, also with Fortran's exponent `1.5D+01`; nil if it is none.
package func number(_ word: some StringProtocol) -> Double? {
  if let value = Double(word) { return value }
  // Words such as "d" or "0xD" have no exponent.
  guard let mark = word.firstIndex(where: { $0 == "D" || $0 == "d" }), mark > word.startIndex,
    word.utf8.allSatisfy({ $0 < 58 || $0 == UInt8(ascii: "D") || $0 == UInt8(ascii: "d") })
  else { return nil }
  return Double("\(word[..<mark])e\(word[word.index(after: mark)...])")
}

/// The numbers in `words`; throws `ToolError` of kind `.data` that names the first other word.
package func numbers(_ words: some Sequence<Substring>, at place: String) throws -> [Double] {
  try words.map { word in
    guard let value = number(word) else {
      throw ToolError(.data, at: place, "'\(word)' found, expected numbers")
    }
    return value
  }
}

/// Decodes the text of a `.raw` file: one frame per line, with the same count of numbers on each;
/// `path` is for messages.
package func decodeTextArray(_ text: [UInt8], place path: String) throws -> NumericArray {
  let lines = wordsByLine(text)
  let width = lines.first?.count ?? 0
  var values: [Double] = []
  for (index, line) in lines.enumerated() {
    let place = "\(path), frame \(index)"
    guard line.count == width else {
      throw ToolError(
        .data, at: place, "has \(counted(line.count, "number")), but the first frame has \(width)")
    }
    values += try numbers(line, at: place)
  }
  return NumericArray(shape: [lines.count, width], values: values)
}
