// Nothing is called from here: Sources/CToolbox/toolbox.c is the beginning of a program.
