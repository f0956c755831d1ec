import Communication
import Diagnostics
import Foundation
import Synchronization

/// The facts that the launcher of a parallel job (`mpirun`, `srun`) tells its processes, and their
/// communicator.
public enum Launcher {
  /// The variables that hold the number of ranks: those of Open MPI, of MPICH and Intel MPI, and of
  /// Slurm.
  ///
  /// Slurm's is the number in the step, because a batch script itself runs once in any job.
  private static let sizeVariables = [
    "OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "SLURM_STEP_NUM_TASKS",
  ]

  /// The number of ranks that were started together; 1 without a launcher.
  public static func ranks(in environment: [String: String]) -> Int {
    sizeVariables.compactMap { environment[$0].flatMap { Int($0) } }.max() ?? 1
  }

  private static let joined = Mutex<Communicator>(.alone)
  private static let share = Mutex<Int?>(nil)

  /// The number of cores for this rank; nil without a launcher.
  static var threads: Int? { share.withLock { $0 } }

  /// The ranks that run this program together.
  public static var communicator: Communicator { joined.withLock { $0 } }

  /// Joins the other ranks, if there are any, by `join`.
  ///
  /// Throws a usage error if several copies were started that cannot work together, since each
  /// would do the same work and write the same file.
  static func start(
    _ tool: String, in environment: [String: String], _ join: () throws -> (any Transport)?
  ) throws {
    let ranks = ranks(in: environment)
    if ranks == 1 { return }
    guard let transport = try join() else {
      throw ToolError(
        .usage, at: "", "started as \(counted(ranks, "rank")), but this tool runs as one process",
        remedy: "start it without mpirun or srun (or as one task); threads are set by -j")
    }
    guard transport.size == ranks else {
      throw ToolError(
        .usage, at: "",
        "started as \(counted(ranks, "rank")), of which MPI finds \(transport.size)",
        remedy:
          "start it with srun --mpi=pmix, or give the library of the MPI whose mpirun this is in "
          + "DP_MPI_LIBRARY")
    }
    let communicator = Communicator(transport)
    joined.withLock { $0 = communicator }
    let cores = Cores.usable(sharedWith: communicator)
    share.withLock { $0 = cores }
    if transport.rank > 0 { Console.shared.mute() }
    warnOfKernels(of: communicator)
  }

  /// Warns if the ranks have kernels for different CPUs, by which the numbers depend on the rank
  /// that computes them.  Every rank must call this.
  private static func warnOfKernels(of communicator: Communicator) {
    let all = communicator.gather(Array(Version.kernels.utf8))
    let kinds = Set(all.map { String(decoding: $0, as: UTF8.self) }).sorted()
    if kinds.count == 1 { return }
    Console.shared.warn(
      "the ranks have kernels for \(kinds.joined(separator: " and ")): the bytes depend on how the "
        + "work is shared out; not so with DP_KERNELS=v3")
  }

  /// Writes the error and, if the job is still running, ends it on all ranks; otherwise returns the
  /// exit code.
  ///
  /// Usually all ranks find the same error; then the first rank writes it before the others would.
  static func end(_ report: ErrorReport) -> Int32 {
    let communicator = communicator
    if communicator.size == 1 {
      // After all ranks have left the job, the first one reports its end; before that, a launcher
      // might end it as soon as another rank ends.
      if Console.shared.isMuted { return 0 }
      Console.shared.write(report.text)
      return report.exitCode
    }
    if !communicator.isFirst { Thread.sleep(forTimeInterval: 3) }
    let place = communicator.isFirst ? "" : "rank \(communicator.rank): "
    Console.shared.write(place + report.text)
    communicator.abort(exitCode: report.exitCode)
    return report.exitCode
  }

  /// Leaves the job, as all ranks do; this program then continues as a single process.
  public static func finish() {
    communicator.finish()
    joined.withLock { $0 = .alone }
  }
}
