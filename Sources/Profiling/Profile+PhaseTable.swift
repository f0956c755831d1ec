import Measurement

extension Profile {
  /// The phases by groups, then the time that belongs to no phase.
  var phaseTable: String {
    let rows = rows
    var text = """
      Where the time goes.  ms/frame add up to the time of a frame; rates are those of one thread, beside
      them the share of what a thread reaches here\(threads > 1 ? " when all \(threads) are busy" : "").


      """
    text += line(
      "", "calls", "seconds", "share", "ms/frame", ("GFLOP/s", "of peak", "GB/s", "of peak"))
    for group in PhaseGroup.allCases {
      let rows = rows.filter { $0.phase.group == group }
      if rows.isEmpty { continue }
      text += sum(group.rawValue, rows.reduce(0) { $0 + $1.seconds })
      for row in rows { text += line(row) }
    }
    let waiting = waitingInside + waitingForSerial
    if threads > 1 {
      text += sum("waiting", waiting)
      text += sum("  for the last piece of work", waitingInside)
      text += sum("  for work on one thread", waitingForSerial)
    }
    text += sum("between phases", betweenPhases)
    text += line(
      "all", "", fixed(threadSeconds, 3), "100.0 %", fixed(1000 * seconds / Double(frames), 3),
      columns(overallRate))
    return text
  }

  private func line(_ row: PhaseRow) -> String {
    line(
      "  " + row.phase.name, "\(row.calls)", fixed(row.seconds, 3), percent(row.share, 1),
      fixed(1000 * row.secondsPerFrame, 3), row.rate.map(columns) ?? ("", "", "", ""))
  }

  private func sum(_ name: String, _ seconds: Double) -> String {
    line(
      name, "", fixed(seconds, 3), percent(seconds / threadSeconds, 1),
      fixed(1000 * seconds / Double(threads * frames), 3), ("", "", "", ""))
  }

  private func columns(_ rate: PhaseRow.Rate) -> (String, String, String, String) {
    (
      fixed(rate.gigaflops, 1), percent(rate.shareOfPeak, 0), fixed(rate.gigabytes, 1),
      percent(rate.shareOfBandwidth, 0)
    )
  }

  private func percent(_ x: Double, _ digits: Int) -> String { fixed(100 * x, digits) + " %" }

  private func line(
    _ name: String, _ calls: String, _ seconds: String, _ share: String, _ perFrame: String,
    _ rate: (String, String, String, String)
  ) -> String {
    let text =
      left(name, 31) + right(calls, 8) + right(seconds, 9) + right(share, 9) + right(perFrame, 10)
      + right(rate.0, 9) + right(rate.1, 8) + right(rate.2, 8) + right(rate.3, 8)
    return String(text.reversed().drop { $0 == " " }.reversed()) + "\n"
  }
}
