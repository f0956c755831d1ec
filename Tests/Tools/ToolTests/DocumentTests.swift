import Foundation
import TestSupport
import Testing

/// What README.md and docs/ name exists: options of tools, targets and variables of make, files.
struct DocumentTests {
  private struct Document { var name: String, text: String }

  private func documents() throws -> [Document] {
    let folder = checkout.appending(path: "docs").path
    let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    return try (["README.md"] + names.filter { $0.hasSuffix(".md") }.map { "docs/\($0)" }).map {
      Document(
        name: $0, text: try String(contentsOf: checkout.appending(path: $0), encoding: .utf8))
    }
  }

  /// The code of `text`: spans, and the lines of blocks, continued lines joined.
  private func code(in text: String) -> [String] {
    var pieces: [String] = [], isFenced = false
    for line in text.replacing("\\\n", with: " ").split(separator: "\n") {
      if line.hasPrefix("```") {
        isFenced.toggle()
      } else if isFenced || line.hasPrefix("    ") {
        pieces.append(String(line.prefix { $0 != "#" }))
      }
    }
    return pieces + text.matches(of: /`([^`\n]+)`/).map { String($0.1) }
  }

  /// The commands in a piece of code, as words.
  private func commands(in code: String) -> [[String]] {
    code.split { "|;&()".contains($0) }.map { command in
      command.split { " \t'\"`[]".contains($0) }.map { String($0.prefix { $0 != "=" }) }
    }
  }

  /// The long options that `tool` lists, those of its subcommands included.
  private func options(of tool: String) throws -> Set<String> {
    let run = try runTool(tool, ["--experimental-dump-help"])
    var names: Set<String> = ["--help", "--version"]
    func collect(_ value: Any) {
      if let values = value as? [Any] { values.forEach(collect) }
      guard let value = value as? [String: Any] else { return }
      if let name = value["name"] as? String, value["kind"] as? String == "long" {
        names.insert("--\(name)")
      }
      value.values.forEach(collect)
    }
    collect(try JSONSerialization.jsonObject(with: Data(run.output.utf8)))
    return names
  }

  private func isLongOption(_ word: String) -> Bool {
    word.wholeMatch(of: /--[a-z][a-z0-9_-]*/) != nil
  }

  @Test func `every option that a document gives a tool is in the tool's own list`() throws {
    let known = try Dictionary(
      uniqueKeysWithValues: toolNames.map { ($0, try options(of: $0)) })
    #expect(known.values.allSatisfy { $0.count > 5 })
    var looked = 0
    for document in try documents() {
      for words in code(in: document.text).flatMap(commands) {
        // Behind mpirun, srun or a path; what comes before belongs to others.
        let names = words.map { String($0.split(separator: "/").last ?? "") }
        guard let place = names.lastIndex(where: { known[$0] != nil }) else { continue }
        for option in words[place...] where isLongOption(option) {
          looked += 1
          #expect(
            known[names[place]]?.contains(option) == true,
            "\(document.name): \(names[place]) has no \(option)")
        }
      }
    }
    #expect(looked > 50)
  }

  /// Options that documents name alone, of programs that are not ours.
  private static let others = [
    "--signal": "sbatch", "--force-load": "DeePMD-kit", "--shuffle-test": "DeePMD-kit",
  ]

  @Test func `every option that a document names alone is one of a tool or a script`() throws {
    var known = try Set(toolNames.flatMap { try options(of: $0) }).union(Self.others.keys)
    for folder in ["Benchmarks", "Tests", "pipelines"] {
      let root = checkout.appending(path: folder)
      for case let file as URL in FileManager.default.enumerator(
        at: root, includingPropertiesForKeys: nil) ?? .init()
      where ["py", "sh", ""].contains(file.pathExtension) {
        let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
        for match in text.matches(of: /--[a-z][a-z0-9_-]*/) { known.insert(String(match.output)) }
      }
    }
    for document in try documents() {
      for span in document.text.matches(of: /`(--[a-z][a-z0-9_-]*)/) {
        #expect(known.contains(String(span.1)), "\(document.name): nothing has \(span.1)")
      }
    }
  }

  @Test func `every target and variable of make that a document names is in the Makefile`() throws {
    let makefile = try String(
      contentsOf: checkout.appending(path: "Makefile"), encoding: .utf8)
    let rules = makefile.split(separator: "\n").filter {
      $0.wholeMatch(of: /[a-z][^=]*:[^=]*.*/) != nil
    }
    let targets = Set(
      rules.flatMap { $0.prefix { $0 != ":" }.split(separator: " ").map(String.init) })
    let variables = Set(makefile.matches(of: /\b[A-Z]+\b/).map { String($0.output) })
    var looked = 0
    for document in try documents() {
      for piece in code(in: document.text).filter({ $0.contains("make ") }) {
        for command in piece.split(whereSeparator: { "|;&()".contains($0) }) {
          let words = command.split(separator: " ")
          guard words.first == "make" else { continue }
          for word in words.dropFirst() {
            if let match = word.wholeMatch(of: /([A-Z]+)=.*/) {
              #expect(variables.contains(String(match.1)), "\(document.name): make has no \(word)")
            } else if word.wholeMatch(of: /[a-z][a-z-]*/) != nil {
              looked += 1
              #expect(targets.contains(String(word)), "\(document.name): make has no \(word)")
            }
          }
        }
      }
    }
    #expect(looked > 20)
  }

  @Test func `every file that a document links to is there`() throws {
    var looked = 0
    for document in try documents() {
      let folder = checkout.appending(path: document.name).deletingLastPathComponent()
      for link in document.text.matches(of: /\]\(([^)#\s]+)(?:#[^)]*)?\)/)
      where !link.1.contains(":") {
        looked += 1
        let path = folder.appending(path: String(link.1)).path
        #expect(FileManager.default.fileExists(atPath: path), "\(document.name): no \(link.1)")
      }
    }
    #expect(looked > 20)
  }

  @Test func `every section that a comment or a document cites is in its document`() throws {
    let sections = try Dictionary(
      uniqueKeysWithValues: documents().map { ($0.name, headings(of: $0.text)) })
    var looked = 0
    for folder in ["Sources", "Tests", "Benchmarks", "pipelines", "docs"] {
      let root = checkout.appending(path: folder)
      for case let file as URL in FileManager.default.enumerator(
        at: root, includingPropertiesForKeys: nil) ?? .init()
      where ["swift", "h", "py", "mk", "md", ""].contains(file.pathExtension) {
        // Comments break lines where they are full.
        let text = ((try? String(contentsOf: file, encoding: .utf8)) ?? "")
          .replacing(/\n *(\/\/\/?|#)? */, with: " ")
        for found in text.matches(of: /docs\/([A-Z]+\.md), "([^"]+)"/) {
          looked += 1
          let isThere = sections["docs/\(found.1)"]?.contains(String(found.2)) == true
          #expect(isThere, "\(file.lastPathComponent): \(found.0)")
        }
      }
    }
    #expect(looked > 50)
  }

  @Test func `every type in the picture of a frame's way is declared in the sources`() throws {
    let text = try #require(documents().first { $0.name == "docs/ARCHITECTURE.md" }).text
    let section = try #require(text.firstRange(of: "## A frame's way"))
    let picture = text[section.upperBound...].split(separator: "```")[1]
    let names = Set(picture.matches(of: /\b(?:[A-Z][a-z0-9]+){2,}\b/).map { String($0.output) })
    let root = checkout.appending(path: "Sources")
    var known = Set(try FileManager.default.contentsOfDirectory(atPath: root.path))
    for case let file as URL in FileManager.default.enumerator(
      at: root, includingPropertiesForKeys: nil) ?? .init()
    where file.pathExtension == "swift" {
      let source = try String(contentsOf: file, encoding: .utf8)
      for found in source.matches(of: /\b(?:struct|class|enum|protocol) ([A-Z][A-Za-z0-9]+)/) {
        known.insert(String(found.1))
      }
    }
    #expect(names.count > 15)
    #expect(names.isSubset(of: known), "\(names.subtracting(known))")
  }

  /// The headings of a document, without numbers.
  private func headings(of text: String) -> Set<String> {
    Set(text.matches(of: /(?m)^#+ (?:[0-9]+\. )?(.+)$/).map { String($0.1) })
  }
}
