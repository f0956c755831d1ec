/// The page about the pipeline in the folder at `path`: one HTML file without scripts or references
/// to other files.
///
/// `system` is the pipeline's name, `name` the name of the page's file, and `head` the task that
/// the page is about if the training has several.  The same files give the same page.  `warn`
/// receives a message for each part that had to be left out.  Throws `.missingInput` if no file of
/// a pipeline is there, `.data` if a file is damaged.
public func makeReport(
  of path: String, system: String, name: String, head: String? = nil, warn: (String) -> Void
) throws -> String {
  try withoutActuallyEscaping(warn) { warn in
    let folder = try PipelineFolder(at: path, head: head, warn: warn)
    return try ReportPage(folder: folder, system: system, name: name, warn: warn).page().markup
  }
}
