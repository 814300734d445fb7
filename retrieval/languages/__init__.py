"""What Bobbin knows of languages: their function words (a text file each), their letters, their scripts."""
