"""How much tax is owed, and to whom: the tables of the laws, for the papers that show tax."""
