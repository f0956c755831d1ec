// Nothing to call: standalone.c stands in for what libdeepmd_c.so does not bring along.
