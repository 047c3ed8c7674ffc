"""Mail: what is written to people, and what they write back."""
