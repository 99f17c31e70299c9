"""取用通知(簡訊/email): one notice for each event and channel, without a link and without personal data."""
