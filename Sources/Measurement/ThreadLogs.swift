import Glibc
import Synchronization

/// The logs of all threads.
///
/// A thread takes a log when it first measures something, and returns it for another thread when it
/// ends.  So there are at most as many logs as there were threads at one time.
final class ThreadLogs: Sendable {
  static let shared = ThreadLogs()
  /// The number of the present recording, and the largest number of events in it per thread.
  let recording = Atomic(0), eventLimit = Atomic(0)
  private let key: pthread_key_t
  private let logs = Mutex<(all: [ThreadLog], free: [ThreadLog])>(([], []))

  private init() {
    var key = pthread_key_t()
    let status = pthread_key_create(&key) { log in  // called when a thread ends
      guard let log else { return }
      ThreadLogs.shared.giveBack(Unmanaged<ThreadLog>.fromOpaque(log).takeUnretainedValue())
    }
    precondition(status == 0, "no thread-specific storage: \(status)")
    self.key = key
  }

  /// The log of the calling thread.
  var current: ThreadLog {
    if let known = pthread_getspecific(key) {
      return Unmanaged<ThreadLog>.fromOpaque(known).takeUnretainedValue()
    }
    let log = logs.withLock { logs in
      if let free = logs.free.popLast() { return free }
      let new = ThreadLog(number: logs.all.count)
      logs.all.append(new)  // a log stays, so that threads need not own it
      return new
    }
    pthread_setspecific(key, Unmanaged.passUnretained(log).toOpaque())
    return log
  }

  /// All logs there are.
  var all: [ThreadLog] { logs.withLock { $0.all } }

  private func giveBack(_ log: ThreadLog) { logs.withLock { $0.free.append(log) } }
}
