import Diagnostics
import Plotting
import Storage

/// The picture of the data that the statistics at `path` were computed from.
func dataOverview(of path: String) throws -> Figure {
  throw ToolError(
    .data, at: path, "does not say what the data hold: an older dp-stat wrote it",
    remedy: "run dp-stat again")
}
