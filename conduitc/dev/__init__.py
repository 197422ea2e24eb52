"""``conduitc dev``: watch, check, reload; the last good version keeps serving while the new one is broken."""
