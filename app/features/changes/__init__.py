"""One log, many readers: history, feed and (later) webhooks."""
