"""What anybody may fetch to check the portal: its keys, its CA, its health."""
