"""Write the bundle: everything that a machine without a network needs to install and run the project."""
