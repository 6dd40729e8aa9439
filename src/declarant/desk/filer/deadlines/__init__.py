"""Every date with how it was worked out, who holds it, and the reminders that go out for it."""
