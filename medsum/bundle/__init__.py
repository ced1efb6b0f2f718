"""Write the bundle: a folder with everything that a machine without a network needs to run the project."""
