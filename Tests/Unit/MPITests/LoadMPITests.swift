import MPI
import Testing

/// Which MPI library is loaded by whose launcher.
struct LoadMPITests {
  @Test func `the library of the launcher is tried first`() {
    let open = mpiLibraries(in: ["OMPI_COMM_WORLD_SIZE": "2", "PMI_RANK": "0"])
    let mpich = mpiLibraries(in: ["PMI_RANK": "0", "PMI_SIZE": "2"])
    let slurm = mpiLibraries(in: ["PMIX_RANK": "0", "SLURM_STEP_NUM_TASKS": "2"])
    #expect(open.first == "libmpi.so.40" && slurm == open)
    #expect(mpich.first == "libmpi.so.12")
    #expect(Set(open) == Set(mpich), "the other one will do where the first is not installed")
  }

  @Test func `a library that is named is the only one`() {
    let named = mpiLibraries(in: ["DP_MPI_LIBRARY": "/opt/mpi/libmpi.so", "PMI_RANK": "0"])
    #expect(named == ["/opt/mpi/libmpi.so"])
    #expect(mpiLibraries(in: ["DP_MPI_LIBRARY": ""]).count == 3)
  }
}
