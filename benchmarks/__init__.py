"""Speed as ratios within one run: these machines are noisy, so nothing here asserts a time."""
