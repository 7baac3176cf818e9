"""A fictitious programme with believable answers, so that everything can be tried before anything is real."""
