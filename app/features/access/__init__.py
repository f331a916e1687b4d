"""May they? Roles from the token, duties from agreements in force, reach from the row."""
