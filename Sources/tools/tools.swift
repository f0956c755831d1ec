// This file is empty; the target `tools` builds the tools, on which it depends.
