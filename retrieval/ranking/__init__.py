"""What the search is made of: questions, segments, fields, weights, spelling and confidence."""
