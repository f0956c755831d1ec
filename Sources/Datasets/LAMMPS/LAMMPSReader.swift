import Atoms
import Diagnostics

/// Whether `bytes` begin like a text dump of LAMMPS.
private func isDump(_ bytes: [UInt8]) -> Bool {
  var start = LAMMPSLines(Array(bytes.prefix(4096)), path: "")
  return start.words()?.first == "ITEM:"
}

/// Whether `bytes` begin like a data file of LAMMPS: a header with a number of atoms and a box.
private func isDataFile(_ bytes: [UInt8]) -> Bool {
  var start = LAMMPSLines(Array(bytes.prefix(8192)), path: "")
  _ = start.line()
  var hasAtoms = false, hasBox = false
  while let words = start.words(withComment: false), words[0].first?.isLetter != true {
    if words.count == 2 && words[1] == "atoms" && Int(words[0]) != nil { hasAtoms = true }
    if words.suffix(2) == ["xlo", "xhi"] || words.last == "avec" { hasBox = true }
  }
  return hasAtoms && hasBox
}

/// Whether `bytes` are a text file of LAMMPS that `decodeLAMMPS` reads.
package func isLAMMPS(_ bytes: [UInt8]) -> Bool { isDump(bytes) || isDataFile(bytes) }

/// Decodes the bytes of a text dump or a data file of LAMMPS; `path` is for messages.
///
/// Atoms are sorted by their ids.  Types without elements are counted from 0 and have no names.
/// Forces become labels only if `options` say so.  Throws `ToolError` of kind `.data`, with the
/// number of the line, if the file is damaged.
package func decodeLAMMPS(
  _ bytes: [UInt8], place path: String, _ options: ReadingOptions = ReadingOptions()
) throws -> (systems: [AtomicSystem], notes: ReadingNotes) {
  var reading = LAMMPSReading(path, options)
  let lines = LAMMPSLines(bytes, path: path)
  let frames =
    isDump(bytes)
    ? try LAMMPSDump(lines, &reading).frames
    : [try LAMMPSDataFile(lines, &reading).frame(&reading)]
  return (try systems(of: frames, path: path), reading.finish(frames))
}
