import Communication
import Foundation

extension Cores {
  /// The number of cores that this rank may use, at least 1: its part of the cores that the ranks
  /// on this machine share.
  ///
  /// Every rank must call this.
  static func usable(sharedWith communicator: Communicator) -> Int {
    let own = ([hostName] + allowed.map(String.init)).joined(separator: " ")
    let ranks = communicator.gather(Array(own.utf8)).map {
      String(decoding: $0, as: UTF8.self).split(separator: " ").map(String.init)
    }
    return wanted ?? min(part(of: communicator.rank, among: ranks), max(1, granted))
  }

  /// The number of ranks on this machine, at least 1.  Every rank must call this.
  static func ranksHere(of communicator: Communicator) -> Int {
    if communicator.size == 1 { return 1 }
    let own = Array(hostName.utf8)
    return communicator.gather(own).count { $0 == own }
  }

  /// The number of cores for rank `rank`, where each rank is given by its machine and its cores; a
  /// core that several ranks may use is divided among them.
  package static func part(of rank: Int, among ranks: [[String]]) -> Int {
    let neighbors = ranks.filter { $0.first == ranks[rank].first }.map { Set($0.dropFirst()) }
    let part = ranks[rank].dropFirst().reduce(0.0) { sum, core in
      sum + 1 / Double(neighbors.count { $0.contains(core) })
    }
    return max(1, Int(part + 1e-9))
  }

  private static var hostName: String {
    var name = [CChar](repeating: 0, count: 256)
    gethostname(&name, name.count - 1)
    return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
