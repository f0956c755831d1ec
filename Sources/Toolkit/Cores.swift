import Foundation

/// The number of cores that this process may use.
public enum Cores {
  /// `OMP_NUM_THREADS`, otherwise the number of cores that affinity and the cgroup's quota allow;
  /// at least 1.
  public static var usable: Int {
    wanted ?? max(1, min(allowed.count, granted))
  }

  /// The number in `OMP_NUM_THREADS`.
  static var wanted: Int? {
    ProcessInfo.processInfo.environment["OMP_NUM_THREADS"].flatMap(threads(fromOpenMP:))
  }

  /// The cores that affinity allows.
  static var allowed: [Int] {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    return affinity(status: status) ?? Array(0..<ProcessInfo.processInfo.activeProcessorCount)
  }

  /// The number of cores that the control group's quota allows.
  static var granted: Int {
    let groups = (try? String(contentsOfFile: "/proc/self/cgroup", encoding: .utf8)) ?? ""
    return quota(groups: groups, mountedAt: "/sys/fs/cgroup") ?? .max
  }

  /// The first number of an `OMP_NUM_THREADS` list ("4" or "4,2"); nil if it is not a number of
  /// threads.
  package static func threads(fromOpenMP text: String) -> Int? {
    let first = text.split(separator: ",").first?.trimmingCharacters(in: .whitespaces)
    return first.flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil }
  }

  /// The cores in the line `Cpus_allowed_list: 0-3,8` of /proc/self/status; nil without such a
  /// line.
  package static func affinity(status: String) -> [Int]? {
    let lines = status.split(separator: "\n")
    guard let line = lines.first(where: { $0.hasPrefix("Cpus_allowed_list:") }) else { return nil }
    let ranges = line.split(whereSeparator: \.isWhitespace).last?.split(separator: ",") ?? []
    var cores: [Int] = []
    for range in ranges {
      let ends = range.split(separator: "-").compactMap { Int($0) }
      guard let first = ends.first, let last = ends.last, first <= last else { return nil }
      cores += first...last
    }
    return cores.isEmpty ? nil : cores
  }

  /// The smallest CPU quota of this process's control group and those above it, rounded up; nil
  /// without a quota.
  ///
  /// `groups` is the text of /proc/self/cgroup.
  /// Source: the kernel's cgroup-v2.rst (`cpu.max`) and sched-bwc.rst (`cpu.cfs_quota_us`).
  package static func quota(groups: String, mountedAt root: String) -> Int? {
    var quotas: [Int] = []
    for line in groups.split(separator: "\n") {
      let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard fields.count == 3 else { continue }
      let isVersion2 = fields[1].isEmpty
      guard isVersion2 || fields[1].split(separator: ",").contains("cpu") else { continue }
      let base = isVersion2 ? root : "\(root)/cpu"
      let names = fields[2].split(separator: "/")
      for depth in 0...names.count {
        let folder = ([base] + names.prefix(depth).map(String.init)).joined(separator: "/")
        if let quota = isVersion2 ? quota2(folder) : quota1(folder) { quotas.append(quota) }
      }
    }
    return quotas.min()
  }

  private static func quota2(_ folder: String) -> Int? {
    let fields = words("\(folder)/cpu.max")  // "max 100000", or quota and period in µs
    guard fields.count == 2, let quota = Int(fields[0]), let period = Int(fields[1]) else {
      return nil
    }
    return cores(quota, period)
  }

  private static func quota1(_ folder: String) -> Int? {
    guard let quota = words("\(folder)/cpu.cfs_quota_us").first.flatMap({ Int($0) }),
      let period = words("\(folder)/cpu.cfs_period_us").first.flatMap({ Int($0) })
    else { return nil }
    return cores(quota, period)  // -1 means no quota
  }

  private static func cores(_ quota: Int, _ period: Int) -> Int? {
    quota > 0 && period > 0 ? max(1, (quota + period - 1) / period) : nil
  }

  private static func words(_ path: String) -> [String] {
    let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    return text.split(whereSeparator: \.isWhitespace).map(String.init)
  }
}
