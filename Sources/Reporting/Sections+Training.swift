import Datasets
import Diagnostics
import Runs

extension ReportPage {
  /// The learning curves, and the best models of full validation.
  func training() throws -> HTML {
    guard let checkpoint = folder.checkpoint else {
      return missing("Nothing was trained", "make train")
    }
    var pairs: [(String, HTML)] = [
      ("Steps", "\(grouped(checkpoint.state.step))"),
      ("Optimizer", "\(checkpoint.state.optimizer.name)"),
    ]
    if let name = folder.checkpointName { pairs.append(("Checkpoint", "<code>run/\(name)</code>")) }
    for (weights, state) in checkpoint.state.validation.sorted(by: {
      $0.key.rawValue < $1.key.rawValue
    }) {
      guard let best = state.best.first else { continue }
      pairs.append(
        (
          "Best by full validation",
          "\(state.metric) \(short(1000 * best.value)) after \(counted(best.step, "step")) (\(weights.rawValue) weights)"
        ))
    }
    if !folder.heads.isEmpty {
      let heads = folder.heads.map { "<code>--head \($0)</code>" as HTML }
      pairs.append(
        (
          "Tasks",
          "\(folder.heads.joined(separator: ", ")); a page of one: \(heads.joined(separator: ", "))"
        ))
    }
    return try figure(
      ["run"], "Errors of training and validation batches as they were taken, and their means")
      + facts(pairs)
  }

  /// The times of the training; they are the part of the page that cannot be repeated.
  func timing() throws -> HTML {
    let warning: HTML = """
      <p class="note measured">Measured on the machine that ran it: the only part of this page that differs from one \
      run to the next.</p>

      """
    let starts = folder.timing.filter { $0["event"]?.text == "start" }
    var pairs: [(String, HTML)] = []
    if let last = folder.lastTiming, let seconds = last["seconds"]?.number {
      let steps = last["step"]?.count ?? 0, all = folder.checkpoint?.state.step ?? steps
      let done =
        steps < all
        ? "the first \(grouped(steps)) of \(counted(all, "step"))" : counted(steps, "step")
      pairs = [
        ("Training", "\(duration(seconds)) for \(done)"),
        ("Speed", "\(short(TimingSummary(folder.timing).speed ?? 0)) frames/s"),
      ]
    }
    if let start = starts.last {
      let threads = counted(start["threads"]?.count ?? 1, "thread")
      let ranks = start["ranks"]?.count ?? 1
      pairs.append(("On", ranks > 1 ? "\(counted(ranks, "rank")), \(threads) each" : "\(threads)"))
    }
    if starts.count > 1 {
      pairs.append(("Interrupted", "\(counted(starts.count - 1, "time"))"))
    }
    let profile =
      folder.profile == nil
      ? missing("No profile", "make profile")
      : try figure(["profile.json"], "Where the time of training steps goes (dp-profile)")
    let timed = pairs.isEmpty ? "" : facts(pairs)
    return (pairs.isEmpty && folder.profile == nil ? "" : warning) + timed + profile
  }
}
