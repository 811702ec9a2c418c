"""The use cases. Each is a function inside one transaction, under the token of whoever works; none waits for the outside."""
