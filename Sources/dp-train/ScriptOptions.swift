import ArgumentParser

/// The files that scripts for DeePMD-kit look for; `dp train` asks for them.
struct ScriptOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Let <save_ckpt><ending> be the newest checkpoint too, a second name of the same file.",
      valueName: "ending"))
  var newestAs: [String] = []
  @Option(help: ArgumentHelp("Write the input as it is used.", valueName: "file"))
  var writeInput: String?

  func validate() throws {
    for ending in newestAs where !ending.hasPrefix(".") || ending.contains("/") || ending == ".h5" {
      throw ValidationError("'--newest-as \(ending)': give an ending such as .index.")
    }
  }
}
