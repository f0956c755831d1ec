import Diagnostics
import Foundation

/// Where a worker is, in memory that it shares with its supervisor.
struct Progress {
  private let numbers: UnsafeMutablePointer<Int>

  init() throws {
    let size = 3 * MemoryLayout<Int>.size
    guard
      let memory = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0),
      memory != MAP_FAILED
    else { throw ToolError(.io, at: "mmap", String(cString: strerror(errno))) }
    numbers = memory.bindMemory(to: Int.self, capacity: 3)
  }

  /// The case at hand.
  var index: Int {
    get { numbers[0] }
    nonmutating set { numbers[0] = newValue }
  }
  /// Cases that were read as good files.
  var accepted: Int {
    get { numbers[1] }
    nonmutating set { numbers[1] = newValue }
  }
  /// Cases that were refused with an error.
  var refused: Int {
    get { numbers[2] }
    nonmutating set { numbers[2] = newValue }
  }
}

/// Seconds of computing that a reader may take.
let readingLimit = 10.0
/// Those after which a trial counts as not survived.  Tools wait longer; there are many damaged
/// files over which libhdf5 never ends.
let hdf5Limit = 0.1

/// Reads `cases` one after the other; whatever ends this process ends it in the case that
/// `progress` names.
func work(on cases: Range<Int>, of seeds: Seeds, with reader: Reader, _ progress: Progress) {
  (progress.accepted, progress.refused) = (0, 0)
  limitMemory()
  for index in cases {
    progress.index = index
    let files = seeds.files(ofCase: index)
    limitTime(seconds: reader.isHDF5 ? hdf5Limit : readingLimit)
    do {
      try reader.read(files, named: "case-\(index)")
      progress.accepted += 1
    } catch is ToolError {
      progress.refused += 1
    } catch is ToolErrors {
      progress.refused += 1
    } catch {
      fatalError("an error that no tool would report: \(error)")
    }
  }
}

/// Lets a signal end this process after so many more seconds of computing.
func limitTime(seconds: Double) {
  unblockSignals()
  var timer = itimerval()
  timer.it_value.tv_sec = Int(seconds)
  timer.it_value.tv_usec = Int(1e6 * (seconds - seconds.rounded(.down)))
  setitimer(__itimer_which_t(ITIMER_PROF.rawValue), &timer, nil)
}

/// Lets the signal that ends the time arrive, which whoever started us may have blocked.
private func unblockSignals() {
  var none = sigset_t()
  sigemptyset(&none)
  sigprocmask(SIG_SETMASK, &none, nil)
}

/// Lets memory end at 4 GiB, unless the address sanitizer, which has a limit of its own, needs all
/// addresses.
private func limitMemory() {
  if ProcessInfo.processInfo.environment["ASAN_OPTIONS"] != nil { return }
  var limit = rlimit(rlim_cur: 4 << 30, rlim_max: 4 << 30)
  setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit)
}
