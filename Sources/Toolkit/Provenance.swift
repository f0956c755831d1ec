/// The origin of an artifact: program, arguments, seeds and the digests of its inputs.
///
/// It does not depend on the time, the place or the number of threads: the same command on the same
/// inputs records the same text in any folder of any machine.
public struct Provenance: Sendable {
  /// The names and values for the artifact's attributes.
  public private(set) var attributes: [String: String]
  private var inputCount = 0

  /// Starts with the program, the CPU that its kernels are for if that has a name, and its
  /// arguments; paths are reduced to their last part.
  public init(tool: String, arguments: [String] = Array(CommandLine.arguments.dropFirst())) {
    attributes = [
      "tool": tool, "program": Version.program,
      "arguments": Self.portable(arguments).joined(separator: " "),
    ]
    if Version.kernels != "native" { attributes["kernels"] = Version.kernels }
  }

  /// Records a seed, or any other value that decides the result.
  public mutating func record(_ name: String, _ value: some CustomStringConvertible) {
    attributes[name] = value.description
  }

  /// Records an input and the SHA-256 of its content, as `input.1`, `input.2`, ...
  public mutating func recordInput(_ path: String, sha256: String) {
    inputCount += 1
    attributes["input.\(inputCount)"] = "\(Self.lastPart(path)) sha256:\(sha256)"
  }

  /// `arguments` without folders, which belong to this machine, and without options that do not
  /// change results (threads, memory, messages).
  package static func portable(_ arguments: [String]) -> [String] {
    var kept: [String] = []
    var skipsValue = false, isUnits = false
    for argument in arguments {
      defer { isUnits = argument == "--units" }
      if skipsValue {
        skipsValue = false
      } else if isUnits || argument.hasPrefix("--units=") {
        kept.append(argument)  // hartree/bohr is no path
      } else if ["-j", "--jobs", "--cache"].contains(argument) {
        skipsValue = true
      } else if argument.wholeMatch(of: /-j=?[0-9]+|--(jobs|cache)=.*/) != nil {
        continue
      } else if !["--quiet", "-v", "--verbose", "--json"].contains(argument) {
        kept.append(reduced(argument))
      }
    }
    return kept
  }

  private static func reduced(_ argument: String) -> String {
    guard argument.hasPrefix("--"), let equals = argument.firstIndex(of: "=") else {
      return lastPart(argument)
    }
    return argument[...equals] + lastPart(String(argument[argument.index(after: equals)...]))
  }

  /// The last part of a path; the group in `file.h5#/group` is kept.
  private static func lastPart(_ path: String) -> String {
    let pieces = path.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
    let file = pieces[0].split(separator: "/").last.map(String.init) ?? String(pieces[0])
    return pieces.count == 1 ? file : "\(file)#\(pieces[1])"
  }
}
