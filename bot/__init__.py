"""The desk: what a message means, what a request is, what people are told. Imports nothing else of Deskmate."""
