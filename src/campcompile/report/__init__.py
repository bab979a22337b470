"""Reporters: findings in, text out. stdout carries what they return and nothing else."""
