import Datasets
import Diagnostics
import Foundation
import Models
import Runs
import TestSupport
import Testing

/// Files of ours with one flipped bit or cut anywhere: whoever reads them says so, every time.
/// 10,000 bits and 1,000 lengths, and all those of the seals.
struct DamageTests {
  @Test(arguments: SealedKind.allCases)
  func `every flipped bit and every truncation is noticed`(kind: SealedKind) throws {
    try withTemporaryFolder { folder in
      let path = folder.appending(path: "file.h5").path
      let read = try kind.write(to: path)
      try read()
      let file = open(path, O_RDWR | O_CLOEXEC)
      defer { close(file) }
      var whole = [UInt8](try Data(contentsOf: URL(filePath: path)))
      var unnoticed: [String] = []
      func look(_ what: String) { if !fails(as: .data, read) { unnoticed.append(what) } }
      // Spread evenly, each bit of a byte in turn, and all of the last bytes, where the seal is.
      let flips = (0..<2500).map { $0 * whole.count / 2500 * 8 + $0 % 8 }
      for bit in flips + Array((whole.count - 90) * 8..<whole.count * 8) {
        var byte = whole[bit / 8] ^ 1 << UInt8(bit % 8)
        pwrite(file, &byte, 1, bit / 8)
        look("bit \(bit) flipped")
        pwrite(file, &whole[bit / 8], 1, bit / 8)
      }
      for length in (0..<250).map({ $0 * whole.count / 250 }) + (whole.count - 90..<whole.count) {
        ftruncate(file, length)
        look("cut to \(length)")
        pwrite(file, whole, whole.count, 0)
      }
      try read()
      #expect(unnoticed.isEmpty)
    }
  }
}

/// The kinds of files that carry a seal.
enum SealedKind: String, CaseIterable {
  case model, checkpoint, statistics, dataset

  /// Writes an example to `path`; gives what reads it.
  func write(to path: String) throws -> () throws -> Void {
    switch self {
    case .model:
      try example(step: 1).model.write(to: path)
      return { _ = try StoredModel.read(path) }
    case .checkpoint:
      try example(step: 1).write(to: path)
      return { _ = try Checkpoint.read(path) }
    case .statistics:
      let example = try StatisticsExample(), inputs = try example.inputs
      try writeStatistics(example.statistics, for: inputs, to: path)
      return { _ = try readStatistics(at: path, for: inputs) }
    case .dataset:
      try writeSystems(readSystems(at: fixtures.appending(path: "data").path), toHDF5: path)
      return { _ = try readSystems(at: path) }
    }
  }
}
