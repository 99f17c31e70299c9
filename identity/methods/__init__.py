"""依驗證強度,提供多元身分驗證: one module a method, all of one shape."""
