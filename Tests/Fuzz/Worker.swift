import Diagnostics
import Foundation
import HDF5

/// Where a worker is, in memory that it shares with its supervisor.
struct Progress {
  /// What the worker was doing when it was last heard of.
  enum Stage: Int { case preparing, trying, reading }

  private let numbers: UnsafeMutablePointer<Int>

  init() throws {
    let size = 4 * MemoryLayout<Int>.size
    guard
      let memory = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0),
      memory != MAP_FAILED
    else { throw ToolError(.io, at: "mmap", String(cString: strerror(errno))) }
    numbers = memory.bindMemory(to: Int.self, capacity: 4)
  }

  /// The case at hand.
  var index: Int {
    get { numbers[0] }
    nonmutating set { numbers[0] = newValue }
  }
  var stage: Stage {
    get { Stage(rawValue: numbers[1]) ?? .preparing }
    nonmutating set { numbers[1] = newValue.rawValue }
  }
  /// Cases that were read as good files.
  var accepted: Int {
    get { numbers[2] }
    nonmutating set { numbers[2] = newValue }
  }
  /// Cases that were refused with an error.
  var refused: Int {
    get { numbers[3] }
    nonmutating set { numbers[3] = newValue }
  }
}

/// Reads `cases` one after the other; whatever ends this process ends it in the case that `progress` names.
func work(on cases: Range<Int>, of seeds: Seeds, with reader: Reader, _ progress: Progress) {
  (progress.accepted, progress.refused) = (0, 0)
  limitMemory()
  unblockSignals()
  for index in cases {
    (progress.index, progress.stage) = (index, .preparing)
    let files = seeds.files(ofCase: index)
    if reader.isHDF5 {
      // A tool is more patient; here there are many damaged files over which libhdf5 never ends.
      limitTime(seconds: 0.1)
      progress.stage = .trying
      reader.tryFirst(files, named: "try-\(index).h5")
    }
    limitTime(seconds: 10)
    progress.stage = .reading
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
  limitTime(seconds: 0)
}

/// Lets a signal end this process after so many more seconds of computing; 0: never.
private func limitTime(seconds: Double) {
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

/// Lets memory end at 4 GiB, unless the address sanitizer, which has a limit of its own, needs all addresses.
private func limitMemory() {
  if ProcessInfo.processInfo.environment["ASAN_OPTIONS"] != nil { return }
  var limit = rlimit(rlim_cur: 4 << 30, rlim_max: 4 << 30)
  setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit)
}
