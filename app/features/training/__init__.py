"""Courses, sessions, attendance and certificates for both sides."""
