"""The offline brain: follows playbooks and routes by similarity. It is no language model and says so."""
