import Diagnostics
import Foundation

/// Runs workers until all cases are done, and keeps what they died of.
///
/// A worker is a fork of this process, which has read the seeds and a whole file by then: after a
/// crash the next one goes on within milliseconds.
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
  /// Cases after which a worker is replaced by a new one: what libhdf5 forgets to free is then
  /// freed.
  private let casesPerWorker = 20_000

  private(set) var accepted = 0, refused = 0
  /// Cases that a reader would not survive, but that it does not see: the trial process dies of
  /// them.
  private(set) var contained = 0
  /// Cases in which libhdf5 reads bytes beyond a block, which only the sanitizer minds.
  private(set) var strayed = 0
  /// Cases that a reader sees and does not survive.
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
    try? reader.read(seeds.files(ofCase: 0), named: "seed")
    var next = cases.lowerBound
    while next < cases.upperBound && failed.count < 20 {
      let end = min(next + casesPerWorker, cases.upperBound)
      let status = try runChild(messages: messages) {
        work(on: next..<end, of: seeds, with: reader, progress)
        _exit(0)
      }
      accepted += progress.accepted
      refused += progress.refused
      next = status == 0 ? end : progress.index + 1
      if status != 0 { try judge(progress.index, status, messages) }
    }
  }

  /// Finds out what the end of a worker in case `index` means; it left a status and `messages`.
  private mutating func judge(_ index: Int, _ status: Int32, _ messages: String) throws {
    let verdict = try reader.isHDF5 ? verdict(on: index) : .failed
    switch verdict {
    case .contained:
      contained += 1
      if isVerbose { say("\(reader.rawValue): case \(index) ends its trial") }
    // It took its time, or libhdf5 looked beyond its memory, and nothing else.
    case .read where try status == SIGPROF || isStrayRead(messages): accepted += 1
    case .refused where try status == SIGPROF || isStrayRead(messages): refused += 1
    case .strayed where try isStrayRead(messages): strayed += 1
    default:
      failed.append(index)
      try keep(index, messages)
    }
  }

  private enum Verdict { case read, refused, contained, strayed, failed }

  /// What would become of case `index` in a tool, which reads what a process of its own has
  /// survived reading.
  ///
  /// First a fork tries.  A new process has the last word: here, where files have been read before,
  /// what libhdf5 reads beyond a block may well be another block.
  private func verdict(on index: Int) throws -> Verdict {
    let status = try runChild(messages: "/dev/null") {
      limitTime(seconds: hdf5Limit)
      let isFine = (try? reader.tryFirst(seeds.files(ofCase: index), named: "try-\(index)")) != nil
      _exit(isFine ? 0 : 1)
    }
    if status != 0 { return .contained }
    let scratch = FileManager.default.temporaryDirectory
      .appending(path: "fuzz-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: scratch, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: scratch) }
    let command = again(index) + ["--failures", scratch]
    let end = try runChild(messages: scratch + "/messages") {
      var arguments = command.map { strdup($0) } + [nil]
      execv("/proc/self/exe", &arguments)
    }
    let contents = FileManager.default.contents(atPath: scratch + "/messages") ?? Data()
    let text = String(decoding: contents, as: UTF8.self)
    if !text.contains("survived the trial") { return .contained }
    if end != 0 { return try isStrayRead(scratch + "/messages") ? .strayed : .failed }
    return text.hasSuffix(": read\n") ? .read : .refused
  }

  /// Whether the address sanitizer's report in the file `messages` is of a read, no write, by
  /// libhdf5 itself.
  ///
  /// It decodes an attribute from as many bytes as this says it has, though the file's block may
  /// have fewer: what it finds there depends on what was read before.
  private func isStrayRead(_ messages: String) throws -> Bool {
    let text = try String(contentsOfFile: messages, encoding: .utf8)
    return text.contains("\nREAD of size ")
      && text.split(separator: "\n").first { $0.hasPrefix("    #1 ") }?.contains("libhdf5") == true
  }

  /// The command that repeats case `index` in its own process.
  private func again(_ index: Int) -> [String] {
    [
      "fuzz-readers", reader.rawValue, "--seeds", seedFolder, "--seed", "\(seed)", "--from",
      "\(index)", "--cases", "\(index + 1)", "--here",
    ]
  }

  /// The exit status of a fork of this process that runs `body`; what it says goes to the file
  /// `messages`.
  private func runChild(messages: String, _ body: () -> Void) throws -> Int32 {
    let child = fork()
    if child == 0 {
      dup2(open(messages, O_WRONLY | O_CREAT | O_TRUNC, 0o600), STDERR_FILENO)
      body()
      _exit(1)
    }
    var status: Int32 = 0
    guard child > 0, waitpid(child, &status, 0) == child else {
      throw ToolError(.software, at: "fork", String(cString: strerror(errno)))
    }
    return status
  }

  private func keep(_ index: Int, _ messages: String) throws {
    let folder = "\(failureFolder)/\(reader.rawValue)-\(index)"
    try write(seeds.files(ofCase: index), to: folder)
    let text = FileManager.default.contents(atPath: messages) ?? Data()
    try text.write(to: URL(filePath: folder).appending(path: "messages"))
    say(
      "\(reader.rawValue): case \(index) ended the reader; its files and messages are in \(folder)\n"
        + "  again: \(again(index).joined(separator: " "))")
  }
}

/// The system's `fork`, which Swift hides: safe here, where the process has this one thread.
private let fork = unsafeBitCast(
  dlsym(UnsafeMutableRawPointer(bitPattern: 0), "fork"), to: (@convention(c) () -> pid_t).self)

/// Starts this program anew with glibc's checking allocator, as a tool's trial has it, unless it
/// has one already or that of the address sanitizer, which sees more.
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
