"""What holds for every test."""

import signal

# A shell that starts a command in the background lets it ignore interrupts, and so would all it starts: the
# tests that interrupt a command would wait for ever.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
