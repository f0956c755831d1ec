import Diagnostics

/// The reason why a model of another program cannot be read, before the name of its file is known.
struct Unreadable: Error {
  let problem: String
  var remedy: String?

  init(_ problem: String, remedy: String? = nil) {
    self.problem = problem
    self.remedy = remedy
  }

  static let halfPrecision = Unreadable(
    "holds numbers in half precision, which are not supported")

  static let notFinite = Unreadable("has an option that is no finite number")

  /// The error for users, who know the file as `name`.
  func error(at name: String) -> ToolError {
    ToolError(.data, at: name, problem, remedy: remedy)
  }
}
