"""Reporters: findings in, text out."""
