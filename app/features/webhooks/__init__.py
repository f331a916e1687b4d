"""What is told to a partner's own systems as it happens: subscriptions, secrets, deliveries."""
