import Diagnostics
import Measurement

/// A box of a flame graph: an amount of time, and the boxes within it.
struct FlameNode {
  let name: String
  /// Seconds of all threads.
  let seconds: Double
  /// The group that decides the color; nil for time in which no phase was running.
  let group: PhaseGroup?
  /// A further text about the box.
  var note = ""
  var children: [FlameNode] = []
}

extension Profile {
  /// The time of all threads by stages of a step, then groups, then phases; time that children do
  /// not cover belongs to no phase.
  var flame: FlameNode {
    let rows = rows
    var stages = Stage.allCases.compactMap { stage -> FlameNode? in
      let rows = rows.filter { $0.phase.stage == stage }
      return rows.isEmpty ? nil : node(stage.rawValue, groups(of: rows))
    }
    if threads > 1 {
      let kinds = [
        FlameNode(name: "for the last piece", seconds: waitingInside, group: nil),
        FlameNode(name: "for one thread", seconds: waitingForSerial, group: nil),
      ]
      stages.append(node("waiting", kinds))
    }
    stages.append(FlameNode(name: "between phases", seconds: betweenPhases, group: nil))
    return FlameNode(
      name: "\(counted(stepSeconds.count, "step")) on \(counted(threads, "thread"))",
      seconds: threadSeconds, group: nil, children: stages)
  }

  private func groups(of rows: [PhaseRow]) -> [FlameNode] {
    PhaseGroup.allCases.compactMap { group in
      let phases = rows.filter { $0.phase.group == group }.map {
        // The box above already shows the name of the group.
        let name = $0.phase.name, prefix = group.rawValue + " "
        return FlameNode(
          name: name.hasPrefix(prefix) ? String(name.dropFirst(prefix.count)) : name,
          seconds: $0.seconds, group: group, note: note($0))
      }
      return phases.isEmpty ? nil : node(group.rawValue, phases, group)
    }
  }

  private func node(_ name: String, _ children: [FlameNode], _ group: PhaseGroup? = nil)
    -> FlameNode
  {
    FlameNode(
      name: name, seconds: children.reduce(0) { $0 + $1.seconds }, group: group, children: children)
  }

  private func note(_ row: PhaseRow) -> String {
    let calls = counted(row.calls, "call")
    guard let rate = row.rate else { return calls }
    return "\(calls), \(fixed(rate.gigaflops, 1)) GFLOP/s (\(fixed(100 * rate.shareOfPeak, 0)) % "
      + "of peak), \(fixed(rate.gigabytes, 1)) GB/s per thread"
  }
}
