import Diagnostics
import Files
import ForeignModels
import TestSupport
import Testing

/// Archives of PyTorch that cannot be read as models: each error says what the file is.
struct ArchiveRefusalTests {
  private func problem(_ bytes: [UInt8]) -> String {
    var choice = ModelChoice()
    choice.ignoresChecksums = true
    let error = #expect(throws: ToolError.self) {
      _ = try ForeignModel(bytes, name: "old.pt", choice: choice)
    }
    #expect(error?.kind == .data && error?.place == "old.pt")
    return "\(error?.problem ?? ""); \(error?.remedy ?? "")"
  }

  private static func pickle(_ operations: String) -> [UInt8] {
    archive([("m/data.pkl", Array(operations.unicodeScalars.map { UInt8($0.value) }))])
  }

  @Test(
    arguments: [
      (["type": "zbl", "type_map": ["O"]], "'zbl'"),
      (["type": "linear_ener", "type_map": ["O"]], "'linear_ener'"),
      (["type_map": ["O"], "descriptor": ["rcut": .number(.nan)]], "no finite number"),
      (["type": "dpa4", "type_map": ["O"]], "'dpa4'"),
      (["type_map": ["O"], "spin": ["use_spin": [true]]], "with 'spin'"),
      (["type_map": ["O"], "modifier": ["type": "dipole_charge"]], "with 'modifier'"),
      (["type_map": []], "no type_map"), (["type_map": ["O"]], "no descriptor"),
      (["type_map": ["O"], "descriptor": ["type": "dpa9"]], "'dpa9'"),
      (["type_map": ["O"], "descriptor": ["type": "hybrid", "list": []]], "'hybrid'"),
      (["model_dict": ["a": [:], "b": [:]]], "holds 2 models: a, b"),
      (["model_dict": ["a": ["type_map": ["O"]]]], "no weights of the model 'a'"),
    ] as [(JSONValue, String)])
  func `a checkpoint that is not supported is called what it is`(model: JSONValue, part: String) {
    let found = problem(checkpoint(model))
    #expect(found.contains(part), "\(found)")
  }

  @Test(arguments: [
    ("\u{80}\u{2}}.", "no checkpoint of DeePMD-kit 3"),
    ("\u{80}\u{9}}.", "unknown protocol"), ("(i__builtin__\neval\n.", "(0x69)"),
    ("(o.", "(0x6f)"), ("\u{82}\u{1}.", "(0x82)"), ("\u{83}\u{1}\u{0}.", "(0x83)"),
    ("\u{92}.", "(0x92)"), ("Pstorage\n.", "(0x50)"), ("I1\n.", "(0x49)"), ("2.", "(0x32)"),
    ("", "damaged pickle"), ("h\u{5}.", "damaged pickle"), ("t.", "damaged pickle"),
    ("N)R.", "calls an object"), ("K\u{1}Q.", "unknown kind of object"),
    ("X\u{ff}\u{ff}\u{ff}\u{7f}ab.", "damaged pickle"),
  ]) func `a pickle that models do not have is refused`(operations: String, part: String) {
    let found = problem(Self.pickle(operations))
    #expect(found.contains(part), "\(found)")
  }

  @Test func `a name in a pickle is never looked up`() {
    // What would be os.system("exit 1") in Python becomes an object without meaning.
    let found = problem(Self.pickle("\u{80}\u{2}cos\nsystem\n(X\u{6}\u{0}\u{0}\u{0}exit 1tR."))
    #expect(found.contains("no checkpoint of DeePMD-kit 3"), "\(found)")
  }

  @Test func `an archive that is none of PyTorch's is called that`() {
    #expect(problem(archive([("word/document.xml", [1])])).contains("zip archive without a model"))
    #expect(problem(Array("PK\u{3}\u{4} and the rest is missing".utf8)).contains("no directory"))
    let other = archive([("m/data.pkl", Array("N.".utf8)), ("m/byteorder", Array("big".utf8))])
    #expect(problem(other).contains("another byte order"))
    let module = archive([("m/data.pkl", Array("N.".utf8)), ("m/code/x.py", [])])
    #expect(problem(module).contains("no model of DeePMD-kit 3"))
    #expect(problem(archive([("m/data.pkl", Array("N.".utf8))], method: 8)).contains("compressed"))
    #expect(problem([0x80, 2, 0x8a, 10, 0, 0, 0, 0, 0]).contains("before 1.6"))
  }
}
