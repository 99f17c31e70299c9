"""資料提供者介接, the portal's side: what an agency asks about the token it was called with."""
