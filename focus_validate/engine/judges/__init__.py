"""What Python decides on the distinct texts of columns: JSON, units, exact arithmetic, intervals."""
