// mallopt, which Swift's module of glibc leaves out.
#include <malloc.h>
