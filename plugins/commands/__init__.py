"""Every command, thin: each calls the rooms below. tasks.py hands them to Invoke."""
