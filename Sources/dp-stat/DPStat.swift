@main struct DPStat {
  static func main() {}
}
