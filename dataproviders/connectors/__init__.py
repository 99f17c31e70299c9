"""One connector a wire format, not one an agency."""
