"""The country instead of the region: 26 regions' work on one instance, with 20,000 open cases."""
