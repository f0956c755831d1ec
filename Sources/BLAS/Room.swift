// Placeholder so that the package builds before this room is furnished.
