@main struct DPFreeze {
  static func main() {}
}
