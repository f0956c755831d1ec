import Diagnostics

/// What the launcher of a parallel job (`mpirun`, `srun`) tells its processes.
public enum Launcher {
  /// Variables that hold the number of ranks: Open MPI, MPICH and Intel MPI, Slurm.
  ///
  /// Slurm's is that of the step: a batch script itself runs once, however large the job.
  private static let sizeVariables = [
    "OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "SLURM_STEP_NUM_TASKS",
  ]

  /// The number of ranks started together; 1 without a launcher.
  public static func ranks(in environment: [String: String]) -> Int {
    sizeVariables.compactMap { environment[$0].flatMap { Int($0) } }.max() ?? 1
  }

  /// Throws a usage error when several copies of a tool that is not parallel were started.
  ///
  /// Each copy would do the same work and write the same file.
  package static func refuseSeveralRanks(
    of tool: String, in environment: [String: String]
  ) throws {
    let ranks = ranks(in: environment)
    guard ranks > 1 else { return }
    throw ToolError(
      .usage, at: "", "started as \(ranks) ranks, but this tool runs as one process",
      remedy: "start it without mpirun or srun (or as one task); threads are set by -j")
  }
}
