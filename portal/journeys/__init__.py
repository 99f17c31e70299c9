"""服務模式 1, 2, 3: each journey on one screen. Pages and API are faces over them."""
