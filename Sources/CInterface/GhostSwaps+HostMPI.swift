import CMPI
import DeepPotential

extension GhostSwaps {
  /// Runs `swaps` by the MPI of the program that has loaded the library, in the communicator at
  /// `world`; nil if the program has none.
  init?(_ swaps: [Swap], world: UnsafeRawPointer?) {
    guard cmpi_load_host(world) else { return nil }
    self.init(swaps, ownRank: Int(cmpi_rank())) { sent, to, received, from in
      let code = cmpi_swap(
        sent.baseAddress, CInt(sent.count), CInt(to), received.baseAddress, CInt(received.count),
        CInt(from))
      // Other processes wait for this one: going on without the rows would end in their hanging.
      precondition(code == 0, "MPI_Sendrecv of \(sent.count) bytes with rank \(to) failed")
    }
  }
}
