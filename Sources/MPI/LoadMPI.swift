import CMPI
import Diagnostics

/// Loads the first MPI library that there is; throws `.usage` if there is none.
func loadMPI(in environment: [String: String]) throws {
  var problems: [String] = []
  for library in mpiLibraries(in: environment) {
    if cmpi_load(library) { return }
    let problem = String(cString: cmpi_problem())
    problems.append(problem.hasPrefix(library) ? problem : "\(library): \(problem)")
  }
  throw ToolError(
    .usage, at: "",
    "started as several ranks, but there is no MPI library: \(problems.joined(separator: "; "))",
    remedy: "load the MPI of this launcher (module load), or give the path of its library in "
      + "DP_MPI_LIBRARY")
}

/// The MPI libraries to try, as the dynamic linker knows them: that of `DP_MPI_LIBRARY`; or Open
/// MPI's and MPICH's, the one whose launcher started this process first.
///
/// Intel MPI, MVAPICH and Cray's MPI have MPICH's interface and the name `libmpi.so.12`, which
/// Debian calls `libmpich.so.12`.
package func mpiLibraries(in environment: [String: String]) -> [String] {
  if let given = environment["DP_MPI_LIBRARY"], !given.isEmpty { return [given] }
  let openMPI = ["libmpi.so.40"], mpich = ["libmpi.so.12", "libmpich.so.12"]
  // MPICH's process manager and Slurm's PMI-2 set it, Open MPI's launchers and PMIx do not.
  let isMPICH = environment["PMI_RANK"] != nil && environment["OMPI_COMM_WORLD_SIZE"] == nil
  return isMPICH ? mpich + openMPI : openMPI + mpich
}
