"""How kernels are compiled: a shorter way through numba, and what is kept on disk."""
