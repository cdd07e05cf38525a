"""What the project needs around itself: the demo, its packages, programs for the tests."""
