/// A kind of model file, which the content tells, since files are renamed.
enum ForeignKind {
  case graph, archive, yaml

  /// The kind of the file with the content `bytes`; nil if it is not one of these.
  ///
  /// Throws `Unreadable` for kinds that are known and cannot be read.
  init?(_ bytes: [UInt8]) throws {
    try Self.refusePointer(bytes)
    let head = bytes.prefix(4096)
    if head.starts(with: Array("PK\u{3}\u{4}".utf8)) {
      self = .archive
    } else if head.starts(with: [0x80, 0x02]) || head.starts(with: [0x80, 0x04]) {
      throw Unreadable(
        "is a checkpoint of PyTorch before 1.6",
        remedy: "load and save it with a newer PyTorch, or freeze it with DeePMD-kit")
    } else if head.starts(with: [0x7f, 0x45, 0x4c, 0x46])
      || head.starts(with: Array("!<arch>\n".utf8))
    {
      throw Unreadable("is compiled code, not a model", remedy: Self.conversion)
    } else if head.first == 0x0a, bytes.count > 8, Self.startsWithNode(head) {
      self = .graph
    } else {
      let text = String(decoding: head, as: UTF8.self)
      if text.holds("node {"), text.holds("op: \"") {
        throw Unreadable(
          "is a TensorFlow graph written as text",
          remedy: "make a .pb of it: dp convert-from pbtxt -i graph.pbtxt -o graph.pb (DeePMD-kit)")
      }
      guard !text.hasPrefix("{"), text.holds("@class") || text.holds("@variables") else {
        return nil
      }
      self = .yaml
    }
  }

  static let conversion = "convert it with DeePMD-kit: dp convert-backend <model> model.dp"

  /// Whether the first field is a message that starts with a name, as a node of a graph does.
  private static func startsWithNode(_ head: ArraySlice<UInt8>) -> Bool {
    let length = head.dropFirst().prefix { $0 >= 0x80 }.count + 1
    guard length <= 5, head.count > length + 1 else { return false }
    return [0x0a, 0x12, 0x1a, 0x2a].contains(head[length + 1])
  }

  /// Throws if the file only says where the model is.
  private static func refusePointer(_ bytes: [UInt8]) throws {
    guard bytes.count < 300 else { return }
    let text = String(decoding: bytes, as: UTF8.self)
    if text.hasPrefix("version https://git-lfs") {
      throw Unreadable(
        "is not the model, but a pointer of Git LFS to it",
        remedy: "fetch the model: git lfs pull")
    }
    let path = text.trimmed
    if path.contains("/"), !path.contains(where: \.isWhitespace), path.utf8.allSatisfy({ $0 > 32 }),
      !path.contains("\u{FFFD}")
    {
      throw Unreadable(
        "is not the model, but a link that became a file: it holds the path \(path)",
        remedy: "take the file to which the path leads")
    }
  }
}

extension StringProtocol {
  /// Whether `words` stand in the text.
  ///
  /// Swift's `contains` would bring code of regular expressions, a megabyte, into the C library.
  func holds(_ words: String) -> Bool {
    let text = Array(utf8), words = Array(words.utf8)
    return text.indices.contains { text[$0...].starts(with: words) }
  }

  /// The text without blanks and line ends around it.
  var trimmed: Substring {
    let rest = self[startIndex...].drop(while: \.isWhitespace)
    let end = rest.lastIndex { !$0.isWhitespace }
    return Substring(end.map { rest[...$0] } ?? rest.prefix(0))
  }
}
