"""`make bench`: what the machine can do, what we do on it, and the ratio of the two, taken in one interleaved run."""
