"""The public folder over HTTP: its files, and the same texts under names that people can write."""
