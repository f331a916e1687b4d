"""Mentorskap: mentorship programmes run together; the responsibility split authorises every act."""
