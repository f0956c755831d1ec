// Empty: the target `tools` is what it depends on, all tools.
