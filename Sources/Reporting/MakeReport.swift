/// The page about the pipeline in the folder at `path`: HTML in one file, without scripts or
/// references to others.
///
/// `system` is the pipeline's name, `name` that of the page's file.  The same files give the same
/// page.  `warn` hears of what had to be left out.  Throws `.missingInput` if there is nothing of a
/// pipeline, `.data` for what is damaged.
public func makeReport(
  of path: String, system: String, name: String, warn: (String) -> Void
) throws -> String {
  try withoutActuallyEscaping(warn) { warn in
    let folder = try PipelineFolder(at: path, warn: warn)
    return try ReportPage(folder: folder, system: system, name: name, warn: warn).page().markup
  }
}
