@main struct DPSynth {
  static func main() {}
}
