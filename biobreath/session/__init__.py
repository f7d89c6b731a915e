"""One sitting: live, and looked at again."""
