import DeepPotential
import Diagnostics
import Glibc

/// MPI of the program that has loaded the library, which links none: found by name at run time.
///
/// Handles of MPICH and of what has its interface (Intel MPI, Cray) are numbers; those of Open MPI
/// are addresses.  In registers and on the stack both take eight bytes.
struct HostMPI {
  private typealias Rank =
    @convention(c) (
      _ communicator: Int, _ rank: UnsafeMutablePointer<CInt>
    ) -> CInt
  private typealias SendReceive =
    @convention(c) (
      _ sent: UnsafeRawPointer?, _ sentCount: Int, _ sentType: Int, _ to: Int, _ sentTag: Int,
      _ received: UnsafeMutableRawPointer?, _ receivedCount: Int, _ receivedType: Int, _ from: Int,
      _ receivedTag: Int, _ communicator: Int, _ status: Int
    ) -> CInt

  private let communicator: Int, byte: Int, ignoredStatus: Int
  private let sendReceive: SendReceive
  /// The rank of this process in the communicator.
  let rank: Int

  /// MPI with the communicator at `world`; nil if the program has none.
  init?(world: UnsafeRawPointer?) {
    guard let world, let send = dlsym(nil, "MPI_Sendrecv"), let rank = dlsym(nil, "MPI_Comm_rank")
    else { return nil }
    sendReceive = unsafeBitCast(send, to: SendReceive.self)
    if let address = dlsym(nil, "ompi_mpi_byte") {
      communicator = world.loadUnaligned(as: Int.self)
      (byte, ignoredStatus) = (Int(bitPattern: address), 0)
    } else {
      communicator = Int(world.loadUnaligned(as: CInt.self))
      (byte, ignoredStatus) = (0x4c00_010d, 1)  // MPI_BYTE and MPI_STATUS_IGNORE of MPICH's ABI
    }
    var own: CInt = 0
    guard unsafeBitCast(rank, to: Rank.self)(communicator, &own) == 0 else { return nil }
    self.rank = Int(own)
  }

  /// Sends bytes to a rank, and fills others with those of another rank.
  func exchange(
    _ sent: UnsafeRawBufferPointer, to: Int, _ received: UnsafeMutableRawBufferPointer, from: Int
  ) {
    let tag = 4711
    let code = sendReceive(
      sent.baseAddress, sent.count, byte, to, tag, received.baseAddress, received.count, byte,
      from, tag, communicator, ignoredStatus)
    // Other processes wait for this one: going on without the rows would end in their hanging.
    precondition(code == 0, "MPI_Sendrecv of \(sent.count) bytes with rank \(to) failed")
  }
}
