import Diagnostics
import Foundation
import HDF5
import Synchronization

/// Tries foreign HDF5 files in a process of their own before a tool opens them (see
/// `HDF5.ForeignFile`).
///
/// The child is the tool itself, started anew: a process with threads must not just fork.  It reads
/// the file and ends; memory and time are limited, and glibc's checking allocator, where there is
/// one, ends it when libhdf5 writes beyond a block, even if that would have done no harm this time.
enum FileTrial {
  /// What the child finds in place of options.  It is not for users, so `--help` does not tell.
  private static let option = "--try-hdf5"
  /// The child's exit code for a file with a group that cannot be listed.
  private static let notListed: Int32 = 65

  /// Makes this process ready for foreign files; in a child that is to try one, does so and exits.
  static func begin(_ arguments: [String]) {
    if arguments.count == 4, arguments[1] == option { serve(arguments[2], arguments[3]) }
    signal(SIGCHLD, SIG_DFL)  // a launcher that ignores it would have us lose how the child ended
    ForeignFile.use(Self.run)
  }

  /// The groups that were tried of each file, by the file's identity.
  private static let tried = Mutex<[String: Set<String>]>([:])

  /// Tries `group` of the file at `path`; the whole file when another one is asked for, then
  /// nothing any more: each of its systems may be named.
  private static func run(_ path: String, _ group: String) throws {
    let identity = identity(path), groups = tried.withLock { $0[identity] ?? [] }
    if groups.contains("/") || groups.contains(group) { return }
    let part = groups.isEmpty ? group : "/"
    try start(path, part)
    tried.withLock { _ = $0[identity, default: []].insert(part) }
  }

  /// What tells the file at `path` from others, and from itself after a change.
  private static func identity(_ path: String) -> String {
    var status = stat()
    guard stat(path, &status) == 0 else { return path }
    let time = status.st_mtim
    return "\(status.st_dev) \(status.st_ino) \(status.st_size) \(time.tv_sec) \(time.tv_nsec)"
  }

  /// Lets a child try `group` of the file at `path`; throws `.data` if it does not survive that.
  private static func start(_ path: String, _ group: String) throws {
    let tool = CommandLine.arguments.first ?? "tool"
    let child = try spawn([tool, option, path, group], at: path)
    var status: Int32 = 0
    while waitpid(child, &status, 0) < 0 {
      guard errno == EINTR else {
        throw ToolError(.io, at: path, "the process that tries it cannot be waited for")
      }
    }
    if status == 0 { return }
    throw ToolError(
      .data, at: group == "/" ? path : "\(path)#\(group)",
      "is not a readable HDF5 file: \(reason(status & 0x7f, exitCode: status >> 8 & 0xff))",
      remedy: "take another copy of the file, or write it anew")
  }

  /// Why a child ended by `signal`, or with `exitCode` if that is 0.
  private static func reason(_ signal: Int32, exitCode: Int32) -> String {
    switch (signal, exitCode) {
    case (SIGXCPU, _), (SIGALRM, _): "reading it takes longer than its size explains"
    case (0, notListed): "a group in it cannot be listed"
    case (0, _): "the HDF5 library crashes on it (exit code \(exitCode))"
    default: "the HDF5 library crashes on it (signal \(signal))"
    }
  }

  private static func serve(_ path: String, _ group: String) -> Never {
    let size = (try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int) ?? 0
    let megabytes = size >> 20
    // Seconds of computing; of waiting too, for a file may name another that never ends; room to
    // unpack it; no core.  A megabyte may hold hundreds of small arrays, each of them checked.
    limit(RLIMIT_CPU, 10 + megabytes / 2)
    alarm(UInt32(clamping: 60 + megabytes))
    limit(RLIMIT_AS, 4 << 30 + 32 * size)
    limit(RLIMIT_CORE, 0)
    ForeignFile.keepNoMemory()
    guard let file = try? HDF5File(reading: path) else { exit(0) }  // the tool will say why not
    exit((try? file.readEverything(in: group)) == nil ? notListed : 0)
  }

  private static func limit(_ resource: __rlimit_resource, _ value: Int) {
    var limits = rlimit()
    let number = __rlimit_resource_t(resource.rawValue)
    guard getrlimit(number, &limits) == 0 else { return }
    limits.rlim_cur = min(limits.rlim_max, rlim_t(value))
    setrlimit(number, &limits)
  }

  /// Starts this program with `arguments`; without input and output, with no signal ignored or
  /// blocked, and in a group of its own: a Ctrl-C is for us, and is no fault of the file.
  private static func spawn(_ arguments: [String], at path: String) throws -> pid_t {
    var files = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&files)
    defer { posix_spawn_file_actions_destroy(&files) }
    for descriptor: Int32 in 0...2 {
      posix_spawn_file_actions_addopen(&files, descriptor, "/dev/null", O_RDWR, 0)
    }
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    sigfillset(&signals)
    posix_spawnattr_setsigdefault(&attributes, &signals)
    posix_spawnattr_setflags(
      &attributes,
      Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP))
    var child = pid_t()
    let status = withArguments(arguments) { arguments in
      withArguments(environment.map { "\($0)=\($1)" }) {
        posix_spawn(&child, "/proc/self/exe", &files, &attributes, arguments, $0)
      }
    }
    guard status == 0 else {
      throw ToolError(
        .io, at: path,
        "no process to try it in can be started: \(String(cString: strerror(status)))",
        remedy: "the limit on processes may be reached, or /proc may not be mounted")
    }
    return child
  }

  /// Our environment and what makes the child start fast, check its memory and die in silence.
  private static var environment: [String: String] {
    var environment = ProcessInfo.processInfo.environment
    environment["OPENBLAS_NUM_THREADS"] = "1"
    environment["SWIFT_BACKTRACE"] = "enable=no"
    let checker = "libc_malloc_debug.so.0"
    environment["LD_PRELOAD"] = [environment["LD_PRELOAD"], checker].compactMap(\.self)
      .joined(separator: ":")
    environment["MALLOC_CHECK_"] = "3"
    // Memory that was never set must not pass for zeros.
    environment["MALLOC_PERTURB_"] = "165"
    // Else the end of the heap moves with every array, which took two thirds of the time with
    // thousands of systems.  There is no room added to it, in which reading beyond a block would do
    // less harm than in the tool.
    environment["MALLOC_TRIM_THRESHOLD_"] = "1073741824"
    return environment
  }

  /// Lends `texts` to `body` as C does its arguments: pointers, the last one null.
  private static func withArguments<Result>(
    _ texts: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
  ) -> Result {
    let pointers = texts.map { strdup($0) } + [nil]
    defer { for pointer in pointers { free(pointer) } }
    return body(pointers)
  }
}
