"""What is printed, for WeasyPrint."""
