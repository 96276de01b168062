"""Answers: what power a satellite holds for ever, and for how long it can go above that."""
