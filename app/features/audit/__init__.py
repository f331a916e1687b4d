"""Can anybody see whether the logs are as they were written, and who has used them how?"""
