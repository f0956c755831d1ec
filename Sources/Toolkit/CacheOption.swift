import ArgumentParser

/// The option of tools that read data again and again: the amount of data that may stay in memory.
public struct CacheOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Keep at most so much data in memory, as 500MB or 2GiB; more is read from the disk again and "
        + "again (default: half of the memory, divided by the ranks on this machine).",
      valueName: "size"))
  var cache: ByteCount?

  /// Makes the option with its default.
  public init() {}

  /// The number of bytes that this process may keep; every rank of a job must ask for it.
  public var bytes: Int {
    cache?.count ?? Memory.usable / 2 / Cores.ranksHere(of: Launcher.communicator)
  }
}

/// A number of bytes in the form that users write: `500MB`, `2GiB`, `1.5 G`, `4096`.
package struct ByteCount: ExpressibleByArgument, Equatable {
  /// The number of bytes.
  package let count: Int

  /// Reads `argument`: a number and a unit, of powers of 1000, or of 1024 with an `i`.
  package init?(argument: String) {
    guard let match = argument.wholeMatch(of: /([0-9.]+) *([kKMGT]?)(i?)(B?)/),
      let number = Double(match.1), match.3.isEmpty || !match.2.isEmpty
    else { return nil }
    let power = ["": 0, "k": 1, "K": 1, "M": 2, "G": 3, "T": 4][String(match.2)] ?? 0
    var bytes = number
    for _ in 0..<power { bytes *= match.3.isEmpty ? 1000 : 1024 }
    guard bytes >= 1, let count = Int(exactly: bytes.rounded()) else { return nil }
    self.count = count
  }
}
