"""Write the bundle: a folder with everything that is needed to run the project on a machine without a network."""
