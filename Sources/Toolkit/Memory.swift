import CMalloc
import Foundation

/// The amount of memory that this process may use.
public enum Memory {
  /// The memory of the machine, or the smaller amount that the control group allows, in bytes.
  public static var usable: Int {
    let groups = (try? String(contentsOfFile: "/proc/self/cgroup", encoding: .utf8)) ?? ""
    let all = Int(clamping: ProcessInfo.processInfo.physicalMemory)
    return min(all, limit(groups: groups, mountedAt: "/sys/fs/cgroup") ?? .max)
  }

  /// The smallest limit of this process's control group and those above it, in bytes; nil without a
  /// limit.
  ///
  /// `groups` is the text of /proc/self/cgroup.
  /// Source: the kernel's cgroup-v2.rst (`memory.max`) and cgroup-v1/memory.rst
  /// (`memory.limit_in_bytes`).
  package static func limit(groups: String, mountedAt root: String) -> Int? {
    var limits: [Int] = []
    for line in groups.split(separator: "\n") {
      let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard fields.count == 3 else { continue }
      let isVersion2 = fields[1].isEmpty
      guard isVersion2 || fields[1].split(separator: ",").contains("memory") else { continue }
      let base = isVersion2 ? root : "\(root)/memory"
      let file = isVersion2 ? "memory.max" : "memory.limit_in_bytes"
      let names = fields[2].split(separator: "/")
      for depth in 0...names.count {
        let folder = ([base] + names.prefix(depth).map(String.init)).joined(separator: "/")
        let text = (try? String(contentsOfFile: "\(folder)/\(file)", encoding: .utf8)) ?? ""
        // "max" means no limit; version 1 gives a very large number in this case.
        if let limit = Int(text.trimmingCharacters(in: .whitespacesAndNewlines)), limit > 0 {
          limits.append(limit)
        }
      }
    }
    return limits.min()
  }

  /// Has arrays go back to the system when they are freed.
  ///
  /// Once malloc has freed an array of up to 32 MB, it takes later ones of that size from its heap,
  /// of which it keeps up to 64 MB.  Source: mallopt(3).
  static func returnFreedArrays() {
    mallopt(M_MMAP_THRESHOLD, 1 << 20)
    mallopt(M_TRIM_THRESHOLD, 1 << 20)
  }
}
