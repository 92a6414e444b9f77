"""The parts of screens. They show, and announce what the coder did; they decide nothing."""
