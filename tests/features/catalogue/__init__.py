"""Does the public catalogue show what is published, to anybody, in every form that others look for?"""
