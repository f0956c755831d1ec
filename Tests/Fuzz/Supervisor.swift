import Diagnostics
import Foundation
import HDF5

/// Runs workers until all cases are done, and keeps what they died of.
///
/// A worker is a fork of this process, which has read the seeds and a whole file by then: after a crash the next one
/// goes on within milliseconds.
struct Supervisor {
  let reader: Reader
  let seedFolder: String
  let seed: UInt64
  /// Whether to name the cases that end their trial.
  let isVerbose: Bool
  /// Where the files of failed cases go.
  let failureFolder: String
  private let seeds: Seeds
  private let progress: Progress
  /// Cases after which a worker is replaced by a new one: what libhdf5 forgets to free is then freed.
  private let casesPerWorker = 20_000

  private(set) var accepted = 0, refused = 0
  /// Cases of which a trial process dies, and so nothing else.
  private(set) var contained = 0
  /// Cases that a reader did not survive.
  private(set) var failed: [Int] = []

  init(
    _ reader: Reader, seeds folder: String, seed: UInt64, failures: String, isVerbose: Bool
  ) throws {
    self.reader = reader
    seedFolder = folder
    self.seed = seed
    failureFolder = failures
    self.isVerbose = isVerbose
    seeds = try Seeds(folder, for: reader, seed: seed)
    progress = try Progress()
  }

  /// Runs `cases`; stops after twenty failures.
  mutating func run(_ cases: Range<Int>) throws {
    let messages = FileManager.default.temporaryDirectory
      .appending(path: "fuzz-\(UUID().uuidString)").path
    defer { unlink(messages) }
    ForeignFile.keepNoMemory()
    try? reader.read(seeds.files(ofCase: 0), named: "seed")
    var next = cases.lowerBound
    while next < cases.upperBound && failed.count < 20 {
      let end = min(next + casesPerWorker, cases.upperBound)
      let isWhole = try runWorker(on: next..<end, messages: messages)
      accepted += progress.accepted
      refused += progress.refused
      next = isWhole ? end : progress.index + 1
      if isWhole { continue }
      if try progress.stage == .trying || endsTrial(progress.index) {
        contained += 1
        if isVerbose { say("\(reader.rawValue): case \(next - 1) ended its trial") }
      } else {
        failed.append(next - 1)
        try keep(next - 1, messages: messages)
      }
    }
  }

  /// Whether a new process would not survive the trial of case `index`, which an old one did.
  ///
  /// A tool's trial has a process of its own.  In one that has read many files, what libhdf5 reads beyond a block may
  /// well be another block.
  private func endsTrial(_ index: Int) throws -> Bool {
    try !runWorker(on: index..<index + 1, messages: "/dev/null") && progress.stage == .trying
  }

  /// Whether a worker got through `cases`; what it says goes to the file `messages`.
  private func runWorker(on cases: Range<Int>, messages: String) throws -> Bool {
    let worker = fork()
    if worker == 0 {
      dup2(open(messages, O_WRONLY | O_CREAT | O_TRUNC, 0o600), STDERR_FILENO)
      work(on: cases, of: seeds, with: reader, progress)
      _exit(0)
    }
    var status: Int32 = 0
    guard worker > 0, waitpid(worker, &status, 0) == worker else {
      throw ToolError(.software, at: "fork", String(cString: strerror(errno)))
    }
    return status == 0
  }

  private func keep(_ index: Int, messages: String) throws {
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

/// The system's `fork`, which Swift hides: safe here, where the process has this one thread.
private let fork = unsafeBitCast(
  dlsym(UnsafeMutableRawPointer(bitPattern: 0), "fork"), to: (@convention(c) () -> pid_t).self)

/// Starts this program anew with glibc's checking allocator, as a tool's trial has it, unless it has one already or
/// that of the address sanitizer, which sees more.
func useCheckingAllocator() throws {
  let library = "libc_malloc_debug.so.0"
  let environment = ProcessInfo.processInfo.environment
  setenv("SWIFT_BACKTRACE", "enable=no", 1)
  if environment["ASAN_OPTIONS"] != nil || environment["LD_PRELOAD"] == library { return }
  setenv("LD_PRELOAD", library, 1)
  setenv("MALLOC_CHECK_", "3", 1)
  setenv("MALLOC_PERTURB_", "165", 1)
  var arguments = CommandLine.arguments.map { strdup($0) } + [nil]
  execv("/proc/self/exe", &arguments)
  throw ToolError(.software, at: "/proc/self/exe", String(cString: strerror(errno)))
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
