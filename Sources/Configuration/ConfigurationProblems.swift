import Diagnostics

/// Collects all errors that are found while a configuration is read.
package final class ConfigurationProblems {
  private let place: String
  private var errors: [ToolError] = []

  /// Starts without errors of the file `place`.
  package init(place: String) { self.place = place }

  /// Records a problem at the JSON path `path`, which is empty for the whole file.
  package func add(_ path: String, _ problem: String, remedy: String? = nil) {
    errors.append(
      ToolError(
        .configuration, at: path.isEmpty ? place : "\(place): \(path)", problem, remedy: remedy))
  }

  /// Throws all recorded errors at once, if there are any.
  package func throwIfAny() throws { if !errors.isEmpty { throw ToolErrors(errors) } }
}
