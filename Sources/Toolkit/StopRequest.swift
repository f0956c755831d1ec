import Foundation
import Synchronization

/// A request to stop at the next good moment, made by a signal: INT, TERM or USR1.
///
/// Another INT or TERM ends the process at once, as it would have without us, but not within a
/// second after the first: launchers pass a signal on to processes that have received it already
/// (`srun`, `mpirun`, a terminal).
public enum StopRequest {
  private static let received = Atomic<Int32>(0)
  /// When the first INT or TERM came, in nanoseconds since the machine started; 0 before.
  private static let firstTime = Atomic<UInt64>(0)

  /// From now on INT, TERM and USR1 set the flag instead of ending the process.
  public static func listen() {
    received.store(0, ordering: .relaxed)  // made here, so that the handler only stores
    firstTime.store(0, ordering: .relaxed)
    var signals = sigset_t()
    sigemptyset(&signals)
    for number in [SIGINT, SIGTERM, SIGUSR1] {
      var action = sigaction()
      action.__sigaction_handler.sa_handler = { StopRequest.arrived($0) }
      action.sa_flags = SA_RESTART
      sigaction(number, &action, nil)
      sigaddset(&signals, number)
    }
    // Whoever started us may have blocked them: programs that start others from threads often do.
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
  }

  /// What the handler does; only calls that a handler may make.
  private static func arrived(_ number: Int32) {
    received.store(number, ordering: .relaxed)
    if number == SIGUSR1 { return }
    var now = timespec()
    clock_gettime(CLOCK_MONOTONIC, &now)
    let time = UInt64(now.tv_sec) * 1_000_000_000 + UInt64(now.tv_nsec)
    let (isFirst, first) = firstTime.compareExchange(
      expected: 0, desired: time, ordering: .relaxed)
    if isFirst || time < first + 1_000_000_000 { return }
    Foundation.signal(number, SIG_DFL)
    raise(number)  // comes when the handler has returned
  }

  /// The name of the signal that asked, "INT", "TERM" or "USR1"; nil while nobody did.
  public static var signal: String? {
    switch received.load(ordering: .relaxed) {
    case 0: nil
    case SIGINT: "INT"
    case SIGTERM: "TERM"
    default: "USR1"
    }
  }
}
