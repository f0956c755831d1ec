import Diagnostics
import Files

/// The lines of one frame of an XYZ file, extended or plain.
struct XYZBlock {
  let header: ExtendedXYZHeader
  let atoms: ArraySlice<Substring.UTF8View>

  /// The frames of the XYZ file at `path` with the content `bytes`; the second lines may hold
  /// anything.
  ///
  /// Throws `ToolError` of kind `.data` if the file ends too early, is no XYZ file, or holds no
  /// frames.
  static func all(in bytes: [UInt8], path: String) throws -> [XYZBlock] {
    try requireText(bytes, path)
    let text = decodedText(bytes)
    let lines = text.utf8.split(separator: 10, omittingEmptySubsequences: false)
    var blocks: [XYZBlock] = [], next = 0
    while next < lines.count {
      let head = words(lines[next])
      if head.isEmpty {
        next += 1
        continue
      }
      let place = "\(path), frame \(blocks.count) (line \(next + 1))"
      guard head.count == 1, let atoms = Int(head[0]), atoms > 0 else {
        throw ToolError(
          .data, at: place,
          "begins with '\(Substring(lines[next]).prefix(60))', expected the number of atoms",
          remedy: otherFormats)
      }
      guard atoms <= lines.count - next - 2 else {
        throw ToolError(.data, at: place, "ends early, expected \(counted(atoms, "atom"))")
      }
      let header = try ExtendedXYZHeader(Substring(lines[next + 1]), place: place)
      blocks.append(XYZBlock(header: header, atoms: lines[next + 2..<next + 2 + atoms]))
      next += 2 + atoms
    }
    guard !blocks.isEmpty else { throw ToolError(.data, at: path, "holds no frames") }
    return blocks
  }
}

private let otherFormats =
  "give a folder with type.raw, an HDF5, extended XYZ or LAMMPS text file; of most others "
  + "'ase convert <file> data.xyz' makes one"

/// Throws if `bytes`, the content of the file at `path`, are not UTF-8 text; the first bytes tell
/// which format it may be.
private func requireText(_ bytes: [UInt8], _ path: String) throws {
  if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
    throw ToolError(
      .data, at: path, "is text in UTF-16, expected UTF-8", remedy: "save it as UTF-8")
  }
  if let (program, _) = compressions.first(where: { bytes.starts(with: $0.1) }) {
    throw ToolError(
      .data, at: path, "is compressed, expected text", remedy: "unpack it first, with \(program)")
  }
  if bytes.dropFirst(16).starts(with: magicNumberOfLMDB) { throw refusalOfLMDB(path) }
  if bytes.prefix(512).contains(0) {
    throw ToolError(
      .data, at: path, "is a binary file of an unknown kind, expected text",
      remedy: otherFormats)
  }
}

/// The bytes of an LMDB file that follow the head of its first page.
private let magicNumberOfLMDB: [UInt8] = [0xDE, 0xC0, 0xEF, 0xBE]

/// What is said of data in LMDB, a format of DeePMD-kit 3.2 for PyTorch.
func refusalOfLMDB(_ path: String) -> ToolError {
  ToolError(
    .data, at: path, "is an LMDB database, which is not read",
    remedy: "write the data as npy or HDF5, for example with dpdata")
}

/// The commands that unpack compressed files, each with the first bytes of such a file.
private let compressions: [(String, [UInt8])] = [
  ("gunzip", [0x1F, 0x8B]), ("bunzip2", [0x42, 0x5A, 0x68]), ("unxz", [0xFD, 0x37, 0x7A, 0x58]),
  ("unzstd", [0x28, 0xB5, 0x2F, 0xFD]), ("unzip", [0x50, 0x4B, 3, 4]),
]
