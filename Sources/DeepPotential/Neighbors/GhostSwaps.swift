import Kernels

/// How another program's processes exchange what they know of their atoms: each swap sends the rows
/// of some atoms to a process and takes those of ghosts from one, as LAMMPS does.
///
/// A process may swap with itself: then ghosts are periodic images of its own atoms.
public struct GhostSwaps: @unchecked Sendable {
  // Unchecked: swaps run one after another, in the thread that predicts.
  /// One swap; the ranks are those that it sends to and receives from.
  public struct Swap: Sendable {
    /// The atoms whose rows are sent, and the ghosts that receive some.
    public let sent: [Int32], received: Range<Int>
    let sendRank: Int, receiveRank: Int

    /// Sends the rows of atoms `sent`, and takes those of atoms `received`.
    public init(sent: [Int32], received: Range<Int>, sendRank: Int, receiveRank: Int) {
      (self.sent, self.received) = (sent, received)
      (self.sendRank, self.receiveRank) = (sendRank, receiveRank)
    }

    /// Whether it is of process `rank` with itself.
    public func isWithin(rank: Int) -> Bool { sendRank == rank && receiveRank == rank }
  }

  /// Sends the first bytes to a rank and fills the second with those of another one.
  public typealias Exchange = (
    _ sent: UnsafeRawBufferPointer, _ to: Int, _ received: UnsafeMutableRawBufferPointer,
    _ from: Int
  ) -> Void

  let swaps: [Swap], ownRank: Int
  private let exchange: Exchange

  /// Runs `swaps` in order; those of `ownRank` with itself need no `exchange`.
  public init(_ swaps: [Swap], ownRank: Int, exchange: @escaping Exchange) {
    (self.swaps, self.ownRank, self.exchange) = (swaps, ownRank, exchange)
  }

  /// Swaps of one process alone, whose ghosts from `ownCount` on are images of the atoms `owners`.
  public init(ownCount: Int, owners: [Int32]) {
    let received = ownCount..<ownCount + owners.count
    self.init(
      [Swap(sent: owners, received: received, sendRank: 0, receiveRank: 0)], ownRank: 0
    ) { _, _, _, _ in }
  }

  /// Fills the ghosts' rows of `rows`, `[atoms][width]`.
  func fill<Scalar: NetworkScalar>(_ rows: UnsafeMutablePointer<Scalar>, width: Int) {
    for swap in swaps {
      var sent: [Scalar] = []
      sent.reserveCapacity(swap.sent.count * width)
      for atom in swap.sent {
        sent += UnsafeBufferPointer(start: rows + Int(atom) * width, count: width)
      }
      let to = UnsafeMutableBufferPointer(
        start: rows + swap.received.lowerBound * width, count: swap.received.count * width)
      sent.withUnsafeBytes {
        run($0, swap.sendRank, UnsafeMutableRawBufferPointer(to), swap.receiveRank)
      }
    }
  }

  /// Adds the ghosts' rows of `rows` to those of the atoms that they came from.
  func giveBack<Scalar: NetworkScalar>(_ rows: UnsafeMutablePointer<Scalar>, width: Int) {
    for swap in swaps.reversed() {
      let from = UnsafeBufferPointer(
        start: rows + swap.received.lowerBound * width, count: swap.received.count * width)
      var back = Array(repeating: Scalar.zero, count: swap.sent.count * width)
      back.withUnsafeMutableBytes {
        run(UnsafeRawBufferPointer(from), swap.receiveRank, $0, swap.sendRank)
      }
      back.withUnsafeMutableBufferPointer { back in
        swap.sent.withUnsafeBufferPointer { sent in
          guard let from = back.baseAddress else { return }
          addRows(
            Rows(from, stride: width), times: RowFactors(1),
            to: Rows(rows, stride: width, index: sent.baseAddress), width: width,
            count: sent.count)
        }
      }
    }
  }

  private func run(
    _ sent: UnsafeRawBufferPointer, _ to: Int, _ received: UnsafeMutableRawBufferPointer,
    _ from: Int
  ) {
    if to == ownRank && from == ownRank {
      received.copyMemory(from: sent)
    } else {
      exchange(sent, to, received, from)
    }
  }
}
