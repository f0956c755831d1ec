import Diagnostics
import Foundation

/// Runs workers until all cases are done, and keeps what they died of.
struct Supervisor {
  let reader: Reader
  let seedFolder: String
  let seed: UInt64
  /// Whether to name the cases that end their trial.
  let isVerbose: Bool
  /// Where the files of failed cases go.
  let failureFolder: String
  /// Cases after which a worker is replaced by a new one: what libhdf5 forgets to free is then freed.
  private let casesPerWorker = 20_000

  private(set) var accepted = 0, refused = 0
  /// Cases of which a trial process dies, and so nothing else.
  private(set) var contained = 0
  /// Cases that a reader did not survive.
  private(set) var failed: [Int] = []

  init(_ reader: Reader, seeds: String, seed: UInt64, failures: String, isVerbose: Bool) {
    self.reader = reader
    seedFolder = seeds
    self.seed = seed
    failureFolder = failures
    self.isVerbose = isVerbose
  }

  /// Runs cases 0..<`count`; stops after twenty failures.
  mutating func run(_ count: Int) throws {
    let seeds = try Seeds(seedFolder, for: reader, seed: seed)
    let files = FileManager.default
    let scratch = files.temporaryDirectory.appending(path: "fuzz-\(UUID().uuidString)").path
    try files.createDirectory(atPath: scratch, withIntermediateDirectories: true)
    defer { try? files.removeItem(atPath: scratch) }
    let progress = try Progress("\(scratch)/progress")
    var next = 0
    while next < count && failed.count < 20 {
      let end = min(next + casesPerWorker, count)
      let arguments =
        [reader.rawValue, "--seeds", seedFolder, "--seed", "\(seed)", "--from", "\(next)"]
        + ["--cases", "\(end)", "--worker", "\(scratch)/progress"]
      let isWhole = try runWorker(arguments, messages: "\(scratch)/messages")
      accepted += progress.accepted
      refused += progress.refused
      next = isWhole ? end : progress.index + 1
      if isWhole { continue }
      if progress.stage == .trying {
        contained += 1
        if isVerbose { say("\(reader.rawValue): case \(progress.index) ended its trial") }
      } else {
        failed.append(progress.index)
        try keep(progress.index, of: seeds, messages: "\(scratch)/messages")
      }
    }
  }

  private func runWorker(_ arguments: [String], messages: String) throws -> Bool {
    try Data().write(to: URL(filePath: messages))
    let process = Process()
    process.executableURL = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
    process.arguments = arguments
    var environment = ProcessInfo.processInfo.environment
    environment["OPENBLAS_NUM_THREADS"] = "1"
    environment["SWIFT_BACKTRACE"] = "enable=no"
    if reader.isHDF5 && environment["ASAN_OPTIONS"] == nil {
      // What the address sanitizer would see, glibc's checking allocator sees in part, as in a tool's trial.
      environment["LD_PRELOAD"] = "libc_malloc_debug.so.0"
      environment["MALLOC_CHECK_"] = "3"
      environment["MALLOC_PERTURB_"] = "165"
    }
    process.environment = environment
    process.standardError = FileHandle(forWritingAtPath: messages)
    try process.run()
    process.waitUntilExit()
    return process.terminationReason == .exit && process.terminationStatus == 0
  }

  private func keep(_ index: Int, of seeds: Seeds, messages: String) throws {
    let folder = "\(failureFolder)/\(reader.rawValue)-\(index)"
    try write(seeds.files(ofCase: index), to: folder)
    let text = FileManager.default.contents(atPath: messages) ?? Data()
    try text.write(to: URL(filePath: folder).appending(path: "messages"))
    say(
      "\(reader.rawValue): case \(index) ended the reader; its files and messages are in \(folder)\n"
        + "  again: fuzz-readers \(reader.rawValue) --seeds \(seedFolder) --seed \(seed) "
        + "--from \(index) --cases \(index + 1) --here")
  }
}

/// Writes `files` into `folder`, made if need be.
func write(_ files: Seeds.Files, to folder: String) throws {
  for (name, bytes) in files {
    let path = URL(filePath: folder).appending(path: name)
    try FileManager.default.createDirectory(
      at: path.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: path)
  }
}

/// Writes a line to standard error.
func say(_ line: String) {
  FileHandle.standardError.write(Data((line + "\n").utf8))
}
