import Diagnostics
import Foundation
import HDF5
import Synchronization

/// Tries foreign HDF5 files in a separate process before a tool opens them (see
/// `HDF5.ForeignFile`).
///
/// The child process is the tool itself, started anew, because a process with threads must not just
/// fork.  It reads the file and exits.  Its memory and time are limited; where glibc's checking
/// allocator exists, it ends the child if libhdf5 writes beyond a block, even if that would have
/// done no harm this time.
enum FileTrial {
  /// The first argument of the child.  It is not for users, so `--help` does not mention it.
  private static let option = "--try-hdf5"
  /// The child's exit code for a file with a group that cannot be listed.
  private static let notListed: Int32 = 65

  /// Prepares this process for foreign files; a child tries its file and exits.
  static func begin(_ arguments: [String]) {
    if arguments.count == 4, arguments[1] == option { serve(arguments[2], arguments[3]) }
    signal(SIGCHLD, SIG_DFL)  // if it were ignored, the exit code of the child would be lost
    ForeignFile.use(Self.run)
  }

  /// The groups of each file that have been tried, by the file's identity.
  private static let tried = Mutex<[String: Set<String>]>([:])

  /// Tries `group` of the file at `path`.
  ///
  /// If a second group of the file is asked for, the whole file is tried, and then no more, because
  /// users may name each of its systems.
  private static func run(_ path: String, _ group: String) throws {
    let identity = identity(path), groups = tried.withLock { $0[identity] ?? [] }
    if groups.contains("/") || groups.contains(group) { return }
    let part = groups.isEmpty ? group : "/"
    try start(path, part)
    tried.withLock { _ = $0[identity, default: []].insert(part) }
  }

  /// The identity of the file at `path` and of its last change.
  private static func identity(_ path: String) -> String {
    var status = stat()
    guard stat(path, &status) == 0 else { return path }
    let time = status.st_mtim
    return "\(status.st_dev) \(status.st_ino) \(status.st_size) \(time.tv_sec) \(time.tv_nsec)"
  }

  /// Starts a child that tries `group` of the file at `path`; throws `.data` if the child does not
  /// survive.
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

  /// The reason why a child ended by `signal`, or with `exitCode` if `signal` is 0.
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
    // The limits are seconds of computing, seconds of waiting, because a file may name another that
    // never ends, memory to unpack the file, and no core dump.  A megabyte may hold hundreds of
    // small arrays, each of which is checked.
    limit(RLIMIT_CPU, 10 + megabytes / 2)
    alarm(UInt32(clamping: 60 + megabytes))
    limit(RLIMIT_AS, 4 << 30 + 32 * size)
    limit(RLIMIT_CORE, 0)
    ForeignFile.keepNoMemory()
    guard let file = try? HDF5File(reading: path) else { exit(0) }  // the tool reports the reason
    exit((try? file.readEverything(in: group)) == nil ? notListed : 0)
  }

  private static func limit(_ resource: __rlimit_resource, _ value: Int) {
    var limits = rlimit()
    let number = __rlimit_resource_t(resource.rawValue)
    guard getrlimit(number, &limits) == 0 else { return }
    limits.rlim_cur = min(limits.rlim_max, rlim_t(value))
    setrlimit(number, &limits)
  }

  /// Starts this program with `arguments`, without input and output, with no signal ignored or
  /// blocked, and in a process group of its own, so that a Ctrl-C, which says nothing about the
  /// file, does not reach it.
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

  /// The environment of this process, with variables that make the child start fast, check its
  /// memory, and end without a message.
  private static var environment: [String: String] {
    var environment = ProcessInfo.processInfo.environment
    environment["OPENBLAS_NUM_THREADS"] = "1"
    environment["SWIFT_BACKTRACE"] = "enable=no"
    let checker = "libc_malloc_debug.so.0"
    environment["LD_PRELOAD"] = [environment["LD_PRELOAD"], checker].compactMap(\.self)
      .joined(separator: ":")
    environment["MALLOC_CHECK_"] = "3"
    // Memory that was never set must not look like zeros.
    environment["MALLOC_PERTURB_"] = "165"
    // Otherwise the end of the heap would move with every array, which took two thirds of the time
    // with thousands of systems.  Nothing is added to the heap's end, since reading beyond a block
    // would then do less harm than in the tool.
    environment["MALLOC_TRIM_THRESHOLD_"] = "1073741824"
    return environment
  }

  /// Calls `body` with `texts` in the form of C's arguments: pointers, the last one null.
  private static func withArguments<Result>(
    _ texts: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
  ) -> Result {
    let pointers = texts.map { strdup($0) } + [nil]
    defer { for pointer in pointers { free(pointer) } }
    return body(pointers)
  }
}
