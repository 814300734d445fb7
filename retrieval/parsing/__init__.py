"""What the readers of text share: decoding, front matter, numbering, and posts out of lines."""
