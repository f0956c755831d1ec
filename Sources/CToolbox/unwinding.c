// Where the unwinder of C++ exceptions finds the frames of a function.
#define _GNU_SOURCE
#include <link.h>
#include <stddef.h>
#include <stdint.h>

// glibc has this function from 2.35 on, for speed alone.  Here it does what the unwinder does
// where glibc lacks it, so that the program runs there as well.
struct search {
  uintptr_t place;
  void **frames;
};

static int look(struct dl_phdr_info *object, size_t size, void *wanted) {
  (void)size;
  struct search *search = wanted;
  void *frames = NULL;
  int is_here = 0;
  for (int k = 0; k < object->dlpi_phnum; k++) {
    const ElfW(Phdr) *part = &object->dlpi_phdr[k];
    uintptr_t start = object->dlpi_addr + part->p_vaddr;
    if (part->p_type == PT_LOAD && search->place - start < part->p_memsz) is_here = 1;
    if (part->p_type == PT_GNU_EH_FRAME) frames = (void *)start;
  }
  if (!is_here || !frames) return 0;
  *search->frames = frames;
  return 1;
}

// The unwinder reads nothing else of the answer, which is glibc's struct dl_find_object.
struct answer {
  unsigned long long flags;
  void *start, *end, *object, *frames;
};

// Under a name of its own here, because headers may declare glibc's.
__attribute__((visibility("hidden"))) int find_object(void *place, struct answer *answer)
  __asm__("_dl_find_object");

int find_object(void *place, struct answer *answer) {
  struct search search = {(uintptr_t)place, &answer->frames};
  return dl_iterate_phdr(look, &search) ? 0 : -1;
}
