import Diagnostics
import Figures
import Foundation
import Plotting

/// A page about a pipeline: one file without scripts or references to other files.
struct ReportPage {
  let folder: PipelineFolder
  /// The pipeline's name.
  let system: String
  /// The name of the page's file, for the command that checks digests.
  let name: String
  /// Receives messages about pictures that could not be drawn.
  let warn: (String) -> Void

  /// The largest number of systems in a table.
  static let mostRows = 40

  /// The whole page.
  func page() throws -> HTML {
    let sections: [(id: String, title: String, content: HTML)] = [
      ("summary", "Summary", summary()),
      ("training", "Training", try training()),
      ("errors", "Errors", try errors()),
      ("data", "Data", try data()),
      ("configuration", "Configuration", configuration()),
      ("timing", "Timing", try timing()),
      ("provenance", "Provenance", try provenance()),
    ]
    let links = sections.map { "<a href=\"#\($0.id)\">\($0.title)</a>\n" as HTML }
    let body = sections.map { section -> HTML in
      """
      <section id="\(section.id)">
      <h2>\(section.title)</h2>
      \(section.content)
      </section>

      """
    }
    return """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8"/>
      <meta name="viewport" content="width=device-width, initial-scale=1"/>
      <meta name="color-scheme" content="light dark"/>
      <title>\(title) – Deep Potential</title>
      <style>
      \(HTML(markup: Self.style))</style>
      </head>
      <body>
      <header>
      <p class="eyebrow">Deep Potential model</p>
      <h1>\(title)</h1>
      <p class="lede">\(lede)</p>
      <nav>
      \(links)</nav>
      </header>
      <main>
      \(body)</main>
      <footer><p>Made by dp-report. The same files give the same page.</p></footer>
      </body>
      </html>

      """
  }

  /// The name of the pipeline, and of the task that is meant.
  private var title: String {
    ([system] + [folder.head].compactMap(\.self)).joined(separator: ", ")
  }

  /// The line about the model below the title.
  private var lede: HTML {
    guard let model = folder.model else { return "no model yet" }
    let parts =
      [
        model.typeMap.joined(separator: " "), model.descriptor,
        "cutoff \(plain(model.outerCutoff)) Å",
        counted(model.embedding.parameters + model.fitting.parameters, "parameter"),
      ] + (folder.checkpoint.map { [counted($0.state.step, "step")] } ?? [])
    return parts.map { "<span>\($0)</span>" as HTML }.joined(separator: " ")
  }

  /// The text in place of a part that was not made.
  func missing(_ what: String, _ command: String) -> HTML {
    if let head = folder.head {
      return "<p class=\"note\">\(what) yet: no file of it in <code>\(head)/</code></p>\n"
    }
    return "<p class=\"note\">\(what) yet: <code>\(command) SYSTEM=\(system)</code></p>\n"
  }

  /// The picture that dp-plot makes of files in the folder, with as many panels side by side as the
  /// page has room for; empty if a file is missing.
  func figure(_ names: [String], _ caption: String) throws -> HTML {
    let paths = names.compactMap(folder.existing)
    guard paths.count == names.count else { return "" }
    do {
      var options = FigureOptions()
      options.task = folder.head
      let figure = try makeFigure(of: paths, options, warn: warn)
      let panels = figure.panels.map { panel -> HTML in
        let svg = Figure("", [panel], columns: 1, panelWidth: figure.panelWidth).svg
        return "<div>\n\(HTML(markup: svg))</div>\n"
      }
      return """
        <figure>
        <div class="panels\(figure.panelWidth > 450 ? " wide" : "")">
        \(panels)</div>
        <figcaption>\(caption).</figcaption>
        </figure>

        """
    } catch let error as ToolError where error.kind != .io {
      warn("\(error.place): \(error.problem)")
      return "<p class=\"note\">\(caption): not drawn, \(error.problem)</p>\n"
    }
  }

  /// A list of names and their values.
  func facts(_ pairs: [(String, HTML)]) -> HTML {
    let rows = pairs.map { "<dt>\($0)</dt><dd>\($1)</dd>\n" as HTML }
    return "<dl>\n\(rows)</dl>\n"
  }
}
