"""What happens to tickets and orders, told to other programs as it happens (Standard Webhooks)."""
