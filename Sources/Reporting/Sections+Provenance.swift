import Datasets
import Diagnostics
import Files

extension ReportPage {
  /// The origin of the model: the tools and inputs of each file, and all digests.
  func provenance() throws -> HTML {
    let lines = try digests()
    let made = try files.compactMap(stage)
    var content: HTML = ""
    if let program = folder.model?.provenance["program"] {
      content = content + facts([("Program", "deep-potential \(program)")])
    }
    if !made.isEmpty {
      let columns = [
        Table.Column("File", isNumber: false), .init("Made by", isNumber: false),
        .init("From", isNumber: false),
      ]
      content =
        content + "<h3>What was made of what</h3>\n\(Table(columns: columns, rows: made).html)"
    }
    return content + """
      <h3>Digests</h3>
      <p>SHA-256 of the files that this page is about.  To compare them with what is there, type in their folder, \
      with this page in it:</p>
      <pre class="command">grep -E '^[0-9a-f]{64}  ' \(name) | sha256sum --check</pre>
      <pre class="digests">
      \(lines)</pre>

      """
  }

  /// The files of a pipeline in the order in which they are made.
  private var files: [String] {
    var names = [
      "training.h5", "validation.h5", "input.json", "stat.h5", "run/lcurve.out",
      "run/metrics.jsonl",
    ]
    if let checkpoint = folder.checkpointName { names.append("run/\(checkpoint)") }
    return names + [
      "model.h5", "errors.json", "errors-training.json", "predictions.h5", "data.json",
    ]
  }

  /// A line for sha256sum for each existing file; a checkpoint with an unusual name has none.
  private func digests() throws -> HTML {
    try files.compactMap { file -> HTML? in
      let name = PipelineFolder.place(of: file, folder.head)
      guard name.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "._+-/".contains($0)) }),
        let path = folder.existing(file)
      else { return nil }
      return "\(try Digest.sha256(fileAt: path))  \(name)\n"
    }.joined()
  }

  /// The tool and the inputs of a file, as pipelines/stage recorded them.
  private func stage(_ name: String) throws -> [Table.Cell]? {
    let isCheckpoint = name == folder.checkpointName.map { "run/\($0)" }
    guard let path = folder.existing(isCheckpoint ? "run.made" : "\(name).made") else { return nil }
    var tool = "", inputs: [String] = []
    for line in try PipelineFolder.lines(path) {
      let words = line.split(separator: " ")
      guard words.count >= 3 else { continue }
      if words[0] == "tool" { tool = String(words[1]) }
      if words[0] == "input" { inputs.append(words[1...words.count - 2].joined(separator: " ")) }
    }
    var from = inputs.prefix(8).map { "<code>\($0)</code>" as HTML }
    if inputs.count > from.count { from.append("\(grouped(inputs.count - from.count)) more") }
    return [
      .piece("<code>\(name)</code>"), .piece("<code class=\"tool\">\(tool)</code>"),
      .piece(from.joined(separator: ", ")),
    ]
  }
}
