"""Every sentence that an employee, an agent or an admin is shown in chat. Each says what happens next."""
