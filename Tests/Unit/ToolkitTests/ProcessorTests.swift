import CProcessor
import Testing

/// The comparison of the CPU that the program was built for with the one it runs on.
struct ProcessorTests {
  private let count = cprocessor_count

  private func missing(_ used: [Bool], _ there: [Bool], room: Int = 512) -> (Int, String) {
    var text = [CChar](repeating: 1, count: room)
    let found = cprocessor_missing(used, there, &text, room)
    return (Int(found), String(decoding: text.prefix { $0 != 0 }.map { UInt8($0) }, as: UTF8.self))
  }

  @Test func `nothing is missing where the tests run`() {
    for extension_ in 0..<count where cprocessor_uses(extension_) {
      #expect(cprocessor_has(extension_), "\(String(cString: cprocessor_name(extension_)))")
    }
  }

  @Test func `what is used and not there is named, and nothing else`() {
    let all = Array(repeating: true, count: count), none = Array(repeating: false, count: count)
    #expect(missing(all, all) == (0, "") && missing(none, none) == (0, ""))
    #expect(missing(none, all) == (0, ""))
    for extension_ in 0..<count {
      var used = none
      used[extension_] = true
      let name = String(cString: cprocessor_name(extension_))
      #expect(missing(used, none) == (1, name))
      #expect(missing(all, used).0 == count - 1)
    }
    let names = (0..<count).map { String(cString: cprocessor_name($0)) }
    #expect(missing(all, none) == (count, names.joined(separator: ", ")))
  }

  @Test func `a list that does not fit is cut between names`() {
    let all = Array(repeating: true, count: count), none = Array(repeating: false, count: count)
    let (found, text) = missing(all, none, room: 16)
    #expect(found == count && text.utf8.count < 16)
    let names = (0..<count).map { String(cString: cprocessor_name($0)) }
    #expect(text.split(separator: ", ").allSatisfy { names.contains(String($0)) })
  }

  #if arch(x86_64)
    @Test func `the program uses what its kernels need`() {
      let used = (0..<count).filter(cprocessor_uses).map { String(cString: cprocessor_name($0)) }
      #expect(used.contains("avx2") && used.contains("fma"))
    }
  #endif
}
